"""Cells that the register of households gives, as readers may see them in revisions that no longer follow it."""

from __future__ import annotations

from collections.abc import Iterable

from communes.scope import Scope
from communes.selectors.poverty_published import seen_by
from indicators.models import Report, ReportedValue


def knows_register(scope: Scope, report: Report) -> bool:
    """Whether the reader looks after the households of the report's unit, and so knows every number of them."""
    held = seen_by(scope)
    return held is None or report.unit_id in held


def rows_as_told(report: Report, rows: Iterable[ReportedValue], *, exact: bool) -> list[ReportedValue]:
    """Return cells of any revisions of a report as a reader may see them: at most one query more.

    Whom the rate of a day is told is not told that of another one: taken off one another they tell of single households
    (docs/decisions/0055). The current and the approved revision follow the register; an earlier one keeps what it said
    then, and shows outsiders what it says now.

    Args:
        exact: the reader looks after the unit's households (`knows_register`).
    """
    found = list(rows)
    follow = {report.revision, report.approved_revision}
    kept = [row for row in found if row.derived_from and row.revision not in follow]
    if exact or not kept:
        return found
    derived = ReportedValue.objects.filter(report=report, element__in={row.element_id for row in kept})
    newest = {
        (element, part): number
        for element, part, number in derived.exclude(derived_from="")
        .order_by("revision")
        .values_list("element", "part", "number")
    }
    for row in kept:
        row.number = newest[row.element_id, row.part]
    return found
