"""Who read identity numbers in clear, of which household, and what for: for those who review the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from communes.models import Household
from communes.scope import Scope
from communes.selectors.audit import events_seen
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.audit.selectors import AuditFilter, EventPage, page_of

MOST = 10


@dataclass(frozen=True, slots=True)
class Reader:
    """Someone who read numbers, how often, and of how many households."""

    actor: str
    name: str
    times: int
    households: int


@dataclass(frozen=True, slots=True)
class Unmaskings:
    """A portion of the readings, who read most among all that were asked for, and the households that open."""

    page: EventPage
    readers: tuple[Reader, ...]
    open_households: frozenset[str]


def unmaskings(
    scope: Scope,
    *,
    who: str = "",
    unit: str = "",
    since: date | None = None,
    until: date | None = None,
    before: int | None = None,
    after: int | None = None,
    size: int = 50,
) -> Unmaskings:
    """Return the readings of identity numbers that the reader may review: three queries."""
    wanted = AuditFilter(who=who, kind=Kind.HOUSEHOLD_UNMASKED, unit=unit, since=since, until=until)
    rows = events_seen(wanted, scope)
    page = page_of(rows, before=before, after=after, size=size)
    numbers = {int(event.object_id) for event in page.events if event.object_id.isdecimal()}
    seen = Household.objects.visible_to(scope).filter(pk__in=numbers).values_list("pk", flat=True) if numbers else ()
    return Unmaskings(page, _readers(rows), frozenset(map(str, seen)))


def _readers(rows: QuerySet[AuditEvent]) -> tuple[Reader, ...]:
    told = rows.order_by().values_list("actor_id", "actor_name")
    counted = told.annotate(times=Count("pk"), households=Count("object_id", distinct=True))
    return tuple(Reader(*one) for one in counted.order_by("-times", "actor_name")[:MOST])
