"""Searching the log, and reading it in portions that stay the same while it grows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common.text import search_key


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What the reader asked for; empty asks for everything. `since` and `until` are whole days, both inclusive."""

    who: str = ""
    q: str = ""
    kind: str = ""
    actor: str = ""
    obj_type: str = ""
    obj_id: str = ""
    unit: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class EventPage:
    """A portion of the log, newest first, and the ids from which the next portions go on (None: there are none)."""

    events: tuple[AuditEvent, ...]
    newer: int | None
    older: int | None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, timezone.get_default_timezone())


def search(wanted: AuditFilter, *, units: Collection[str] | None = None) -> QuerySet[AuditEvent]:
    """Return the events that match every condition; `units` narrows them to those about these units (uids)."""
    rows = AuditEvent.objects.all()
    if units is not None:
        rows = rows.filter(unit_uid__in=list(units))
    for word in search_key(wanted.who).split():
        rows = rows.filter(actor_key__contains=word)
    for word in search_key(wanted.q).split():
        rows = rows.filter(search_key__contains=word)
    exact = {
        "kind": wanted.kind,
        "actor_id": wanted.actor,
        "object_type": wanted.obj_type,
        "object_id": wanted.obj_id,
        "unit_uid": wanted.unit,
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if wanted.since:
        rows = rows.filter(at__gte=_midnight(wanted.since))
    if wanted.until:
        rows = rows.filter(at__lt=_midnight(wanted.until + timedelta(days=1)))
    return rows


def page_of(
    rows: QuerySet[AuditEvent], *, before: int | None = None, after: int | None = None, size: int = 50
) -> EventPage:
    """Return `size` events older than `before`, newer than `after`, or the newest: one query, however long the log."""
    if after is not None:
        found = list(rows.filter(pk__gt=after).order_by("pk")[: size + 1])
        more = len(found) > size
        events = found[:size][::-1]
        older = events[-1].pk if events else None
        return EventPage(tuple(events), events[0].pk if more else None, older)
    asked = rows.filter(pk__lt=before) if before is not None else rows
    found = list(asked.order_by("-pk")[: size + 1])
    events = found[:size]
    return EventPage(
        tuple(events),
        events[0].pk if before is not None and events else None,
        events[-1].pk if len(found) > size else None,
    )
