"""Reported cells as the rules read them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import F

from indicators.models import Judgement, Report, ReportedValue
from indicators.rules.types import Cell, UnitData, Value

# All that a cell is read from: reports are loaded by the hundred, and their elements' wording is long.
CELL_COLUMNS = ("report_id", "part", "state", "number", "boolean", "choice", "reason", "element__code")


def cell_of(row: ReportedValue) -> Cell:
    """Return the cell of a stored row; a zero stays a zero."""
    value: Value | None = None
    if row.state == ReportedValue.State.VALUE:
        value = row.boolean if row.boolean is not None else row.choice if row.choice else row.number
    return Cell(row.state, value, row.reason)


def unit_data(report: Report, revision: int, year: int) -> UnitData:
    """Return the cells and judgements of one revision: two queries."""
    cells = {
        (row.element.code, row.part): cell_of(row)
        for row in ReportedValue.objects.filter(report=report, revision=revision)
        .select_related("element")
        .only(*CELL_COLUMNS)
    }
    judgements = {
        (j.criteria_set.code, j.element.code): j.outcome
        for j in Judgement.objects.filter(report=report, revision=revision).select_related("criteria_set", "element")
    }
    return UnitData(year, cells, judgements)


def approved_data(reports: Iterable[Report]) -> dict[int, UnitData]:
    """Return the approved data of many reports (with `period` loaded), by report id: two queries."""
    years = {r.pk: r.period.ends_on.year for r in reports}
    cells: dict[int, dict[tuple[str, str], Cell]] = defaultdict(dict)
    approved = {"report__in": list(years), "revision": F("report__approved_revision")}
    for row in ReportedValue.objects.filter(**approved).select_related("element").only(*CELL_COLUMNS):
        cells[row.report_id][row.element.code, row.part] = cell_of(row)
    judgements: dict[int, dict[tuple[str, str], str]] = defaultdict(dict)
    for j in Judgement.objects.filter(**approved).select_related("criteria_set", "element"):
        judgements[j.report_id][j.criteria_set.code, j.element.code] = j.outcome
    return {pk: UnitData(year, cells[pk], judgements[pk]) for pk, year in years.items()}
