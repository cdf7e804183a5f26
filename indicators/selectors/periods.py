"""Periods as the coordinator looks after them, and the groups whose reports are opened together."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q

from communes.models import UnitGroup
from communes.scope import Scope
from communes.selectors.directory import groups_on
from indicators.models import Period, Report, ReportRevision
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.audit.selectors import events_of


@dataclass(frozen=True, slots=True)
class GroupChoice:
    """A group in force on a day, with its members of that day."""

    group: UnitGroup
    uids: tuple[str, ...]


def groups_for(period: Period) -> list[GroupChoice]:
    """Return the groups of the period's last day: two queries."""
    return [
        GroupChoice(group, tuple(member.unit.uid for member in group.members_on_day))
        for group in groups_on(period.ends_on).order_by("code")
    ]


def opened_units(period: Period, scope: Scope) -> set[int]:
    """Return the ids of the units whose report of the period is opened: one query."""
    return set(Report.objects.visible_to(scope).filter(period=period).values_list("unit_id", flat=True))


def deadline_history(period: Period) -> list[AuditEvent]:
    """Return the events of the period, its opening and each move of its deadline, newest first: one query."""
    kinds = (Kind.PERIOD_OPENED.value, Kind.PERIOD_DEADLINE_MOVED.value)
    return list(events_of(obj_type="period", obj_id=period.pk, kinds=kinds))


def archived() -> Q:
    """Return the condition of periods that the archive alone brought: all reports imported, due on the last day.

    Nobody was asked to report then, so nobody is late or missing. Who opens a report or moves the deadline asks.
    """
    first = ReportRevision.objects.filter(report__period=OuterRef("pk"), number=1)
    asked = first.filter(imported_from__isnull=True)
    return Q(Exists(first), ~Exists(asked), due_on=F("ends_on"))
