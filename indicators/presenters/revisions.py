"""The revisions of a report, and one of them whole, for reading only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from indicators.models import Report, ReportRevision
from indicators.presenters.reports import level_groups, sections_of
from indicators.presenters.words import period_label, unit_title
from indicators.selectors.entry import ReportState
from indicators.selectors.layout import Name


@dataclass(frozen=True, slots=True)
class RevisionLine:
    """One revision of the list: how far it came, and whether it is the one that counts."""

    revision: ReportRevision
    entered: int
    counts: bool
    current: bool
    compared_with: int  # the one before it; 0 for the first


def revision_lines(
    report: Report, revisions: Sequence[ReportRevision], entered: Mapping[int, int]
) -> list[RevisionLine]:
    """The revisions, newest first."""
    return [
        RevisionLine(
            one,
            entered.get(one.number, 0),
            counts=one.number == report.approved_revision,
            current=one.number == report.revision,
            compared_with=one.number - 1,
        )
        for one in sorted(revisions, key=lambda r: -r.number)
    ]


def head_context(report: Report, unit_name: Name, unit_kind: str) -> dict[str, Any]:
    """What the head of every page about a report's past shows."""
    return {
        "report": report,
        "unit": unit_title(unit_name, unit_kind),
        "period": period_label(report.period.code),
    }


def revision_context(state: ReportState, revisions: Sequence[ReportRevision]) -> dict[str, Any]:
    """Everything that `indicators/revision.html` shows."""
    report, shown = state.report, state.revision
    assert shown is not None
    sections = sections_of(state)
    lines = revision_lines(report, revisions, {})
    return {
        **head_context(report, state.unit_name, state.unit_kind),
        "line": next(line for line in lines if line.revision.number == shown.number),
        "lines": lines,
        "sections": sections,
        "groups": level_groups(sections, state.layout),
        "several_levels": len(state.layout.sets) > 1,
    }
