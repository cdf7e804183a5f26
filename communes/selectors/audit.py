"""Which part of the log a person reads, what it tells them of households, and how the units in it are called.

Whoever watches the log without seeing the households of a unit reads that something was done, by whom and when: no
class, nothing counted, and no lines to count (`docs/decisions/0055`). The stored events, and their seals, stay whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Min, Q, QuerySet
from django.db.models.functions import TruncDay

from communes.models import Unit, UnitVersion
from communes.scope import Scope
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.audit.selectors import AuditFilter, search

HOUSEHOLD = "household"
# What is done to the poor and to who asked to be reviewed, or counts them. A look at a household is mostly one at a
# sheet of a round. Readings of identity numbers are told of each household: they are there to be reviewed.
CLOSED = frozenset(
    {
        *(kind for kind in Kind if kind.value.startswith(("review.", "opening_list."))),
        Kind.HOUSEHOLD_CLASSIFIED, Kind.HOUSEHOLD_VIEWED, Kind.HOUSEHOLDS_LISTED, Kind.HOUSEHOLDS_EXPORTED,
        Kind.POVERTY_TABLES_EXPORTED, Kind.AUDIT_EXPORTED,
    }
)  # fmt: skip
# What these tell to everyone: days, papers and what a file was. A field that is not here is told to nobody else, so
# that a new one is not told by chance.
TOLD = frozenset(
    {
        "on", "until", "number", "decision_number", "decided_on", "sha256", "scan", "second", "standard", "year",
        "tables", "exact", "format", "numbers", "purpose", "agreed",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reach:
    """Of which units the reader sees households: their uids; None for every unit, and for what is of no unit."""

    uids: frozenset[str] | None

    @classmethod
    def of(cls, scope: Scope) -> Reach:
        """Read it: one query at most."""
        held = scope.units_with(Permission.HOUSEHOLDS_VIEW)
        return cls(frozenset(Unit.objects.filter(pk__in=held).values_list("uid", flat=True)) if held else held)

    def closes(self, event: AuditEvent) -> bool:
        """Whether an event keeps from the reader what it tells of households."""
        return event.kind in CLOSED and self.uids is not None and event.unit_uid not in self.uids

    def hides_object(self, event: AuditEvent) -> bool:
        """Whether an event is of a single household that the reader must not know: its line stands for many."""
        return self.closes(event) and event.object_type == HOUSEHOLD


def events_seen(wanted: AuditFilter, scope: Scope, reach: Reach | None = None) -> QuerySet[AuditEvent]:
    """Return the events a person may read: whoever watches the whole town all of them, others those of their units.

    Of closed events about single households one stands for all that a person did of a kind in a unit on a day: the
    first. Words, and the number of a household, find none of what is closed. `reach`: the reader's, where it is known.
    """
    units = None if scope.town else list(Unit.objects.visible_to(scope).values_list("uid", flat=True))
    rows = search(wanted, units=units)
    if wanted.kind and wanted.kind not in CLOSED:
        return rows
    reach = reach or Reach.of(scope)
    if reach.uids is None:
        return rows
    closed = Q(kind__in=CLOSED) & ~Q(unit_uid__in=reach.uids)
    single = closed & Q(object_type=HOUSEHOLD)
    if wanted.q:
        return rows.exclude(closed)
    if wanted.obj_id:
        return rows.exclude(single)
    # Grouped once, of what is asked for: asking of every event for one before it, a log of some thousand took half a
    # minute. Whatever else is asked for is of whole days and groups.
    same = ("kind", "unit_uid", "actor_id", "object_type", "day")
    days = rows.filter(single).annotate(day=TruncDay("at")).order_by().values(*same)
    return rows.exclude(single & ~Q(pk__in=days.annotate(first=Min("pk")).values("first")))


def details_told(event: AuditEvent, reach: Reach) -> dict[str, Any]:
    """Return the details of an event as far as the reader may know them."""
    details: dict[str, Any] = event.details
    if reach.hides_object(event):
        return {}
    if reach.closes(event):
        told = {name: value for name, value in details.items() if name in TOLD}
        if event.kind == Kind.AUDIT_EXPORTED and "asked" in details:
            # What was typed into a search may be a household.
            told["asked"] = {name: value for name, value in details["asked"].items() if name not in ("q", "id")}
        return told
    if not details.get("derived_from"):
        return details
    # Older events of derived cells hold numbers of the register, for everyone: one taken off the next would tell of
    # single households (`indicators.services.derived`).
    cells = [
        cell if cell.get("after") is None else {**cell, "before": None, "after": None} for cell in details["cells"]
    ]
    return {**details, "cells": cells}


def unit_names(events: Iterable[AuditEvent]) -> dict[str, UnitVersion]:
    """Return the last version of the units that events name, by uid: one query."""
    uids = {event.unit_uid for event in events if event.unit_uid}
    rows = UnitVersion.objects.filter(unit__uid__in=uids).select_related("unit").order_by("valid_from", "pk")
    # The open start sorts first on one database and last on the other.
    return {row.unit.uid: row for row in sorted(rows, key=lambda v: (v.valid_from is not None, str(v.valid_from)))}
