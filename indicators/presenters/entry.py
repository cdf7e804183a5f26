"""What the entry page is given: sections, progress, deadlines and the summary of what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communes.scope import Scope
from indicators.models import Report
from indicators.presenters.comments import comments_due
from indicators.presenters.entry_rows import drawn_rows
from indicators.presenters.evidence import limits
from indicators.presenters.history import history
from indicators.presenters.report_views import CellView, Overlay, SectionView
from indicators.presenters.reports import level_groups, sections_of
from indicators.presenters.words import language, local, period_label, unit_title, value_text
from indicators.selectors.comments import ThreadMark
from indicators.selectors.entry import ReportState
from indicators.selectors.layout import layout_for
from indicators.selectors.typed import CellKey, Typed
from mongcai_portal.common.workflow import EDITABLE


@dataclass(frozen=True, slots=True)
class Attention:
    """A cell that needs something before the report can go on, with a link to it."""

    code: str
    name: str
    cell: CellView


@dataclass(frozen=True, slots=True)
class AttentionGroup:
    """Cells of one criterion that need something."""

    section: SectionView
    cells: list[Attention]


def due_text(due_on: date, *, today: date | None = None) -> tuple[str, str]:
    """How far the deadline is (it ends at 24:00 of its day), and how pressing: "", "part", "unmet"."""
    days = (due_on - (today or timezone.localdate())).days
    if days < 0:
        return ngettext("quá hạn %(n)s ngày", "quá hạn %(n)s ngày", -days) % {"n": -days}, "unmet"
    if days == 0:
        return _("hết hạn lúc 24:00 hôm nay"), "part"
    return ngettext("còn %(n)s ngày", "còn %(n)s ngày", days) % {"n": days}, "part" if days <= 7 else ""


def entry_context(
    state: ReportState, overlay: Overlay, *, editable: bool, scope: Scope, threads: Mapping[str, ThreadMark]
) -> dict[str, Any]:
    """Everything that `indicators/entry.html` shows."""
    report = state.report
    sections = sections_of(state, overlay, threads=threads)
    for section in sections:
        section.drawn = drawn_rows(section.rows, report, editable=editable)
    left, pressing = due_text(report.period.due_on)
    return {
        "report": report,
        "unit": unit_title(state.unit_name, state.unit_kind),
        "period": period_label(report.period.code),
        "previous_period": period_label(state.past_periods[0]) if state.past_periods else "",
        "editable": editable,
        "waiting": report.status in EDITABLE,
        "language": language(),
        "sections": sections,
        "groups": level_groups(sections, state.layout),
        "entered": state.entered,
        "total": state.total,
        "due_left": left,
        "due_pressing": pressing,
        "revision": state.revision,
        "comments": comments_due(threads),
        "history": history(state),
        "missing": _attention(sections, "missing"),
        "wrong": _attention(sections, "wrong", "conflict"),
        "returned": [row for section in sections for row in section.rows if row.returned],
        **limits(),
        "may_verify": bool(scope.permissions & {"reports.verify", "reports.approve", "reports.send_back"}),
    }


def _attention(sections: list[SectionView], *statuses: str) -> list[AttentionGroup]:
    groups = []
    for section in sections:
        cells = [
            Attention(row.code, cell.label, cell)
            for row in section.rows
            for cell in row.cells
            if cell.status in statuses
        ]
        if cells:
            groups.append(AttentionGroup(section, cells))
    return groups


def unsaved_lines(report: Report, typed: Mapping[CellKey, Typed]) -> list[tuple[str, str]]:
    """Name and text of what was typed but could not be stored any more."""
    layout = layout_for(report.period)
    lines = []
    for (element, part), cell in typed.items():
        row = layout.row(element)
        if row is None:
            continue
        definition = next((c for c in row.element.cells if c.part == part), None)
        label = f"{row.code} {local(row.name)}"
        if definition is not None and part:
            label += f" – {definition.name_en if language() == 'en' else definition.name_vi}"
        text = {"true": value_text(True), "false": value_text(False)}.get(cell.raw, cell.raw)
        lines.append((label, text or cell.reason or cell.note))
    return lines
