"""What the form of a report shows: every cell with its value, its past, its norms and its outcome as of now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F

from communes.models import UnitVersion
from communes.scope import Scope
from indicators.models import Evidence, Judgement, Report, ReportedValue, ReportRevision, Verdict
from indicators.rules.evaluate import evaluate_indicator
from indicators.rules.types import IndicatorOutcome, UnitContext, UnitData, Value
from indicators.selectors.data import cell_of
from indicators.selectors.definitions import CellDef, Definitions, contexts
from indicators.selectors.evidence import evidence_of
from indicators.selectors.layout import Layout, Name, Reader, Row, Section, layout_for
from indicators.selectors.register_rows import rows_as_told
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.audit.selectors import events_of
from mongcai_portal.common.models import in_force_q
from mongcai_portal.common.workflow import EDITABLE

PAST_PERIODS = 3

# The audit events that are steps of a report's way; saved cells and evaluations are not.
STEPS = (
    Kind.REPORT_OPENED,
    Kind.REPORT_SUBMITTED,
    Kind.REPORT_VERIFIED,
    Kind.REPORT_SENT_BACK,
    Kind.REPORT_APPROVED,
    Kind.REPORT_REOPENED,
    Kind.REPORT_IMPORTED,
)

CellKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class PastValue:
    """What an approved report of an earlier period says of a cell."""

    period: str
    state: str
    value: Value | None
    reason: str


@dataclass(frozen=True, slots=True)
class CellState:
    """A cell now: its definition, the stored row if there is one, and its past, newest first."""

    element: str
    definition: CellDef
    row: ReportedValue | None
    past: tuple[PastValue, ...]

    @property
    def key(self) -> CellKey:
        return self.element, self.definition.part

    @property
    def previous(self) -> PastValue | None:
        return self.past[0] if self.past else None


@dataclass(frozen=True, slots=True)
class RowState:
    """An element now: its cells, how each level judges it, and what its office said."""

    row: Row
    cells: tuple[CellState, ...]
    outcomes: tuple[tuple[Reader, IndicatorOutcome], ...]
    verdict: Verdict | None
    judgements: dict[str, Judgement]
    evidence: tuple[Evidence, ...] = ()

    @property
    def entered(self) -> int:
        return sum(cell.row is not None for cell in self.cells)


@dataclass(frozen=True, slots=True)
class SectionState:
    """A criterion of the form and how much of it is entered."""

    section: Section
    rows: tuple[RowState, ...]

    @property
    def entered(self) -> int:
        return sum(row.entered for row in self.rows)

    @property
    def total(self) -> int:
        return sum(len(row.cells) for row in self.rows)

    @property
    def returned(self) -> int:
        return sum(_is_returned(row.verdict) for row in self.rows)


@dataclass(frozen=True, slots=True)
class ReportState:
    """A report with everything its pages show."""

    report: Report
    unit_name: Name
    unit_kind: str
    layout: Layout
    sections: tuple[SectionState, ...]
    revision: ReportRevision | None  # the one shown
    events: tuple[AuditEvent, ...]  # oldest first
    past_periods: tuple[str, ...]

    @property
    def entered(self) -> int:
        return sum(section.entered for section in self.sections)

    @property
    def total(self) -> int:
        return self.layout.cells_total

    @property
    def rows(self) -> tuple[RowState, ...]:
        return tuple(row for section in self.sections for row in section.rows)


def _is_returned(verdict: Verdict | None) -> bool:
    return verdict is not None and verdict.state == Verdict.State.RETURNED


def find_report(*, scope: Scope, report_id: int) -> Report:
    """Return a report the person sees, with its unit and period; one query.

    Raises:
        Report.DoesNotExist: there is none, or none for this person.
    """
    return Report.objects.visible_to(scope).select_related("unit", "period").get(pk=report_id)


def may_edit(scope: Scope, report: Report) -> bool:
    """Whether this person may type into the report as it stands now."""
    return "reports.edit" in scope.permissions and report.unit_id in scope.unit_ids and report.status in EDITABLE


def unit_name(report: Report) -> tuple[Name, str]:
    """Return the unit's name and kind on the last day of the period."""
    row = (
        UnitVersion.objects.filter(in_force_q(report.period.ends_on), unit=report.unit_id)
        .values_list("name_vi", "name_en", "kind")
        .first()
    )
    return (Name(row[0], row[1]), row[2]) if row else (Name(report.unit.uid, report.unit.uid), "")


def report_state(report: Report, revision: int | None = None, *, exact: bool = False) -> ReportState:
    """Return the whole state of a report (of the current revision, or another): a fixed number of queries, however
    many elements it has.

    An old revision is judged by the norms as they stand now. `exact` as for `rows_as_told`.
    """
    number = revision or report.revision
    layout = layout_for(report.period)
    rows = _rows_of(report, number, exact)
    past, periods = _past(report)
    verdicts = {v.element_id: v for v in Verdict.objects.filter(report=report, revision=number)}
    judgements: dict[int, dict[str, Judgement]] = defaultdict(dict)
    for judgement in _judgements(report, number):
        judgements[judgement.element_id][judgement.criteria_set.code] = judgement
    files = evidence_of(report, number)
    context = contexts([report.unit_id], report.period.ends_on, layout.definitions.commune_groups)[report.unit_id]
    data = _data(layout.definitions, report, rows.values(), (j for d in judgements.values() for j in d.values()))
    sections = tuple(
        SectionState(
            section,
            tuple(
                RowState(
                    row,
                    tuple(
                        CellState(
                            row.element.code,
                            cell,
                            rows.get((row.element.id, cell.part)),
                            past[row.element.id, cell.part],
                        )
                        for cell in row.element.cells
                    ),
                    judge(row, layout.definitions, context, data),
                    verdicts.get(row.element.id),
                    judgements[row.element.id],
                    files.get(row.element.id, ()),
                )
                for row in section.rows
            ),
        )
        for section in layout.sections
    )
    revisions = ReportRevision.objects.select_related("imported_from").defer("imported_from__plan")
    shown = revisions.filter(report=report, number=number).first()
    events = tuple(events_of(obj_type="report", obj_id=report.pk, kinds=STEPS).order_by("id"))
    return ReportState(report, *unit_name(report), layout, sections, shown, events, periods)


def judge(
    row: Row, definitions: Definitions, context: UnitContext, data: UnitData
) -> tuple[tuple[Reader, IndicatorOutcome], ...]:
    """Judge one element at every level that reads it, by the pure rules; nothing is stored."""
    sets = {s.code: s for s in definitions.sets}
    return tuple(
        (
            reader,
            evaluate_indicator(
                reader.indicator, criteria_set=reader.criteria_set, sets=sets, context=context, data=data
            ),
        )
        for reader in row.readers
        if not reader.indicator.derived_from_attainment
    )


@dataclass(frozen=True, slots=True)
class LiveRows:
    """What a saved cell changes on the page: its own row, and the counts."""

    layout: Layout
    rows: dict[str, RowState]
    entered: dict[str, tuple[int, int]]  # section key -> entered, total


def live_rows(report: Report, layout: Layout, elements: Iterable[str]) -> LiveRows:
    """Return the state of some elements after a save, without their past: what the page needs to redraw them."""
    rows = _rows_of(report, report.revision)
    judgements = list(_judgements(report, report.revision)) if report.status != Report.Status.DRAFT else []
    context = contexts([report.unit_id], report.period.ends_on, layout.definitions.commune_groups)[report.unit_id]
    data = _data(layout.definitions, report, rows.values(), judgements)
    found: dict[str, RowState] = {}
    for code in set(elements):
        row = layout.row(code)
        if row is None:
            continue
        found[code] = RowState(
            row,
            tuple(CellState(code, cell, rows.get((row.element.id, cell.part)), ()) for cell in row.element.cells),
            judge(row, layout.definitions, context, data),
            None,
            {},
        )
    entered = {
        s.key: (
            sum((r.element.id, c.part) in rows for r in s.rows for c in r.element.cells),
            sum(len(r.element.cells) for r in s.rows),
        )
        for s in layout.sections
    }
    return LiveRows(layout, found, entered)


@dataclass(frozen=True, slots=True)
class CopyableCell:
    """An empty cell that an earlier approved value could fill."""

    element: str
    part: str
    value: Value


def copyable(report: Report, section: str = "") -> tuple[str, tuple[CopyableCell, ...]]:
    """Return the newest earlier approved period, and its values for the cells that are still empty."""
    rows = _rows_of(report, report.revision)
    past, periods = _past(report, periods=1)
    if not periods:
        return "", ()
    layout = layout_for(report.period)
    found = [
        CopyableCell(row.element.code, cell.part, values[0].value)
        for s in layout.sections
        if section in ("", s.key)
        for row in s.rows
        for cell in row.element.cells
        if (row.element.id, cell.part) not in rows
        and (values := past[row.element.id, cell.part])
        and values[0].value is not None
    ]
    return periods[0], tuple(found)


def _rows_of(report: Report, revision: int, exact: bool = False) -> dict[tuple[int, str], ReportedValue]:
    rows = ReportedValue.objects.filter(report=report, revision=revision)
    return {(row.element_id, row.part): row for row in rows_as_told(report, rows, exact=exact)}


def _judgements(report: Report, revision: int) -> Any:
    return Judgement.objects.filter(report=report, revision=revision).select_related("criteria_set")


def _data(
    definitions: Definitions, report: Report, rows: Iterable[ReportedValue], judgements: Iterable[Judgement]
) -> UnitData:
    codes = {e.id: e.code for e in definitions.elements}
    return UnitData(
        report.period.ends_on.year,
        {(codes[row.element_id], row.part): cell_of(row) for row in rows if row.element_id in codes},
        {(j.criteria_set.code, codes[j.element_id]): j.outcome for j in judgements if j.element_id in codes},
    )


def _past(
    report: Report, periods: int = PAST_PERIODS
) -> tuple[dict[tuple[int, str], tuple[PastValue, ...]], tuple[str, ...]]:
    """Read earlier approved reports of the unit, newest first: two queries."""
    earlier = list(
        Report.objects.approved()
        .filter(unit=report.unit_id, period__ends_on__lt=report.period.starts_on)
        .select_related("period")
        .order_by("-period__ends_on")[:periods]
    )
    order = {r.pk: position for position, r in enumerate(earlier)}
    codes = {r.pk: r.period.code for r in earlier}
    found: dict[tuple[int, str], list[tuple[int, PastValue]]] = defaultdict(list)
    for row in ReportedValue.objects.filter(report__in=order, revision=F("report__approved_revision")):
        cell = cell_of(row)
        found[row.element_id, row.part].append(
            (order[row.report_id], PastValue(codes[row.report_id], cell.state, cell.value, cell.reason))
        )
    past: dict[tuple[int, str], tuple[PastValue, ...]] = defaultdict(tuple)
    for key, values in found.items():
        past[key] = tuple(value for _, value in sorted(values, key=lambda item: item[0]))
    return past, tuple(codes.values())
