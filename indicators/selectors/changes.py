"""Two revisions of a report side by side: what was changed, and what turns because of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count

from indicators.models import Criterion, Judgement, Report, ReportedValue, ReportRevision
from indicators.rules.changes import CellChange, LevelTurn, Said, compare, turns
from indicators.rules.standing import stand
from indicators.rules.types import Cell, IndicatorOutcome, UnitData
from indicators.selectors.data import cell_of
from indicators.selectors.definitions import CellDef, contexts
from indicators.selectors.layout import Layout, Name, Reader, Row, Section, layout_for
from indicators.selectors.register_rows import rows_as_told


@dataclass(frozen=True, slots=True)
class ChangedCell:
    """A cell of the form in both revisions."""

    definition: CellDef
    change: CellChange


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """An element in both revisions; `outcomes`: what each level says of it before and after."""

    section: Section
    row: Row
    cells: tuple[ChangedCell, ...]
    outcomes: tuple[tuple[Reader, IndicatorOutcome, IndicatorOutcome], ...]

    @property
    def changed(self) -> bool:
        return any(cell.change.kind for cell in self.cells)

    @property
    def turned(self) -> bool:
        return any(before.outcome != after.outcome for _reader, before, after in self.outcomes)


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything that differs between two revisions, in the order of the form."""

    report: Report
    layout: Layout
    old: ReportRevision
    new: ReportRevision
    rows: tuple[ChangedRow, ...]
    levels: tuple[LevelTurn, ...]
    criteria: Mapping[int, Name]

    def row(self, element: str) -> ChangedRow | None:
        return next((r for r in self.rows if r.row.element.code == element), None)


def revisions_of(report: Report) -> tuple[ReportRevision, ...]:
    """Return the revisions of a report, oldest first: one query."""
    return tuple(ReportRevision.objects.filter(report=report).order_by("number"))


def entered_by_revision(report: Report) -> dict[int, int]:
    """Return how many cells each revision holds: one query."""
    rows = ReportedValue.objects.filter(report=report).values_list("revision").annotate(n=Count("pk"))
    return dict(rows.order_by())


def usual_pair(report: Report) -> tuple[int, int] | None:
    """Return which two revisions a reader wants compared: the approved one and the present one, or the last two."""
    if report.revision < 2:
        return None
    approved = report.approved_revision
    return (approved if approved and approved < report.revision else report.revision - 1), report.revision


def changes_between(report: Report, old: int, new: int, *, exact: bool = False) -> Changes:
    """Return what differs between two revisions; both are judged by the norms as they stand now.

    `exact` as for `rows_as_told`.

    A fixed number of queries, however many elements there are.

    Raises:
        ReportRevision.DoesNotExist: the report has no such revision.
    """
    found = {r.number: r for r in ReportRevision.objects.filter(report=report, number__in=(old, new))}
    if old not in found or new not in found:
        raise ReportRevision.DoesNotExist
    layout = layout_for(report.period)
    said = _said(report, layout, (old, new), exact)
    judged = _judged(report, layout, (old, new))
    context = contexts([report.unit_id], report.period.ends_on, layout.definitions.commune_groups)[report.unit_id]
    before, after = (
        stand(layout.definitions.sets, context=context, data=_data(report, said[n], judged[n])) for n in (old, new)
    )
    changed = {(c.element, c.part): c for c in compare(said[old], said[new])}
    outcomes = {
        (level.spec.code, i.spec.version_id): (i, j)
        for level, other in zip(before, after, strict=True)
        for c, d in zip(level.criteria, other.criteria, strict=True)
        for i, j in zip(c.indicators, d.indicators, strict=True)
    }
    rows = tuple(_row(section, row, changed, outcomes) for section in layout.sections for row in section.rows)
    names = Criterion.objects.filter(criteria_set__in=[s.id for s in layout.definitions.sets])
    criteria = {c.pk: Name(c.name_vi, c.name_en) for c in names}
    return Changes(report, layout, found[old], found[new], rows, turns(before, after), criteria)


def _row(
    section: Section,
    row: Row,
    changed: Mapping[tuple[str, str], CellChange],
    outcomes: Mapping[tuple[str, int], tuple[IndicatorOutcome, IndicatorOutcome]],
) -> ChangedRow:
    code = row.element.code
    return ChangedRow(
        section,
        row,
        tuple(
            ChangedCell(cell, changed.get((code, cell.part)) or CellChange(code, cell.part, None, None))
            for cell in row.element.cells
        ),
        tuple(
            (reader, *outcomes[reader.criteria_set.code, reader.indicator.version_id])
            for reader in row.readers
            if not reader.indicator.derived_from_attainment
        ),
    )


def _said(
    report: Report, layout: Layout, numbers: tuple[int, int], exact: bool
) -> dict[int, dict[tuple[str, str], Said]]:
    codes = {e.id: e.code for e in layout.definitions.elements}
    found: dict[int, dict[tuple[str, str], Said]] = {n: {} for n in numbers}
    rows = ReportedValue.objects.filter(report=report, revision__in=numbers, element__in=codes)
    for row in rows_as_told(report, rows, exact=exact):
        cell = cell_of(row)
        found[row.revision][codes[row.element_id], row.part] = Said(cell.state, cell.value, cell.reason, row.note)
    return found


def _judged(report: Report, layout: Layout, numbers: tuple[int, int]) -> dict[int, dict[tuple[str, str], str]]:
    codes = {e.id: e.code for e in layout.definitions.elements}
    sets = {s.id: s.code for s in layout.definitions.sets}
    found: dict[int, dict[tuple[str, str], str]] = {n: {} for n in numbers}
    for j in Judgement.objects.filter(report=report, revision__in=numbers, element__in=codes, criteria_set__in=sets):
        found[j.revision][sets[j.criteria_set_id], codes[j.element_id]] = j.outcome
    return found


def _data(report: Report, said: Mapping[tuple[str, str], Said], judged: dict[tuple[str, str], str]) -> UnitData:
    cells = {key: Cell(one.state, one.value, one.reason) for key, one in said.items()}
    return UnitData(report.period.ends_on.year, cells, judged)
