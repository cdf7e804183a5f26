"""How the cells of an element came to be: every save, and what was done with the report around it."""

from __future__ import annotations

from dataclasses import dataclass

from indicators.models import Report, ValueChange
from indicators.selectors.entry import STEPS
from indicators.selectors.layout import Layout, Row, Section, layout_for
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.audit.selectors import events_of
from mongcai_portal.audit.services.record import SYSTEM


@dataclass(frozen=True, slots=True)
class Saved:
    """A save of one cell and what stood there before it (None: nothing yet).

    `derived`, `before_derived`: whether the number after it, and before it, is the register's: saves of these follow
    every decision on a household, so that one taken off the next tells of single households.
    """

    change: ValueChange
    before: ValueChange | None
    derived: bool = False
    before_derived: bool = False


@dataclass(frozen=True, slots=True)
class ElementTrail:
    """An element of a report with its saves and the report's steps that concern it, each oldest first."""

    report: Report
    layout: Layout
    section: Section
    row: Row
    saves: tuple[Saved, ...]
    steps: tuple[AuditEvent, ...]


def element_trail(report: Report, element: str) -> ElementTrail | None:
    """Return the trail of an element; None when the report is not asked for it. A fixed number of queries."""
    layout = layout_for(report.period)
    row, section = layout.row(element), layout.section_of(element)
    if row is None or section is None:
        return None
    last: dict[str, Saved] = {}
    saves = []
    for change in ValueChange.objects.filter(report=report, element=row.element.id).order_by("id"):
        before = last.get(change.part)
        was_derived = before is not None and before.derived
        # A cleared cell is nobody's. What people save over a derived number is its note.
        derived = change.state != ValueChange.CLEARED and (change.by == SYSTEM or was_derived)
        last[change.part] = Saved(change, before.change if before else None, derived, was_derived)
        saves.append(last[change.part])
    events = events_of(obj_type="report", obj_id=report.pk, kinds=STEPS).order_by("id")
    steps = tuple(event for event in events if _concerns(event, element))
    return ElementTrail(report, layout, section, row, tuple(saves), steps)


def _concerns(event: AuditEvent, element: str) -> bool:
    """Whether a step of the report is one of this element: the moves of the whole, and the verdicts on itself."""
    if event.kind == Kind.REPORT_VERIFIED:
        return element in event.details.get("elements", ())
    if event.kind == Kind.REPORT_SENT_BACK:
        return element in event.details.get("reasons", {})
    return True
