"""How the cells of an element came to be: every save, and what was done with the report around it."""

from __future__ import annotations

from dataclasses import dataclass

from indicators.models import Report, ValueChange
from indicators.selectors.entry import STEPS
from indicators.selectors.layout import Layout, Row, Section, layout_for
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.audit.selectors import events_of


@dataclass(frozen=True, slots=True)
class Saved:
    """A save of one cell and what stood there before it (None: nothing yet)."""

    change: ValueChange
    before: ValueChange | None


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
    last: dict[str, ValueChange] = {}
    saves = []
    for change in ValueChange.objects.filter(report=report, element=row.element.id).order_by("id"):
        saves.append(Saved(change, last.get(change.part)))
        last[change.part] = change
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
