"""Reports and their values as other systems read them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Exists, IntegerField, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from communes.models import Office
from communes.scope import Scope
from communes.selectors.directory import UnitName, name_in, spans_of_names
from indicators.models import Report, ReportedValue, ReportRevision, Verdict
from indicators.selectors.data import cell_of
from indicators.selectors.definitions import CellDef, ElementDef, definitions_for
from indicators.selectors.register_rows import rows_as_told
from mongcai_portal.common.errors import Fault, Invalid

NOT_ENTERED, MIXED = "not_entered", "mixed"


def _everything(*names: str) -> bool:
    return True


class CountedRows(Subquery):
    """How many rows a subquery has: one walk of the index, without the grouping that Django's way would need."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


def reports_seen(scope: Scope, *, counted: bool = False) -> QuerySet[Report]:
    """Return the reports of the scope with unit and period.

    `counted`: with how many elements of the current revision stand where (`elements_open`, …), which is counted for the
    rows of a page only, not for all.
    """
    rows = Report.objects.visible_to(scope).select_related("unit", "period")
    if not counted:
        return rows
    own = Verdict.objects.filter(report=OuterRef("pk"), revision=OuterRef("revision")).values("pk")
    return rows.annotate(
        **{f"elements_{state}": CountedRows(own.filter(state=state)) for state in Verdict.State.values}
    )


class Revision(NamedTuple):
    """One pass of a report through the workflow, and the file of past years that it was brought from."""

    number: int
    opened_by: str
    opened_at: datetime
    reason: str
    submitted_by: str
    submitted_at: datetime | None
    approved_by: str
    approved_at: datetime | None
    file_id: int | None
    file: str | None

    @property
    def imported(self) -> bool:
        return self.file_id is not None


@dataclass(frozen=True, slots=True)
class ReportCard:
    """A report as other systems read it; what was not asked for is empty."""

    report: Report
    unit_name: UnitName | None
    revisions: Sequence[Revision]

    @property
    def imported(self) -> Revision | None:
        """The revision that counts, when it was brought from a file of past years."""
        counts = self.report.approved_revision
        return next((one for one in self.revisions if one.number == counts and one.imported), None)


def report_cards(reports: Iterable[Report], shown: Callable[..., bool] = _everything) -> list[ReportCard]:
    """Describe reports, in their order: two queries for any number.

    `shown` says of `unit_name`, `revisions` and `imported` whether they are asked for; what is not is not read.
    """
    wanted = list(reports)
    names = spans_of_names({report.unit_id for report in wanted}) if shown("unit_name") else {}
    revisions = _revisions(wanted) if shown("revisions", "imported") else {}
    return [
        ReportCard(
            report,
            name_in(names[report.unit_id], report.period.ends_on) if report.unit_id in names else None,
            revisions.get(report.pk, ()),
        )
        for report in wanted
    ]


def _revisions(reports: Iterable[Report]) -> dict[int, list[Revision]]:
    """Return the revisions of each report in their order."""
    rows = ReportRevision.objects.filter(report__in=[report.pk for report in reports]).order_by("number")
    columns = (*Revision._fields[:-2], "imported_from_id", "imported_from__name")
    found: dict[int, list[Revision]] = defaultdict(list)
    for row in rows.values_list("report_id", *columns):
        found[row[0]].append(Revision._make(row[1:]))
    return found


def waiting_for(reports: QuerySet[Report], office: Office) -> QuerySet[Report]:
    """Keep the reports in which an element waits for the office."""
    waits = Verdict.objects.filter(
        report=OuterRef("pk"), revision=OuterRef("revision"), state=Verdict.State.OPEN, office=office
    )
    return reports.filter(Exists(waits))


def verdicts_of(report: Report) -> list[Verdict]:
    """Return what the offices say of each element of the current revision: one query."""
    return list(
        Verdict.objects.filter(report=report, revision=report.revision)
        .select_related("element", "office")
        .order_by("element__code")
    )


@dataclass(frozen=True, slots=True)
class CellValue:
    """One cell; `row` None when it was never entered."""

    definition: CellDef
    row: ReportedValue | None

    @property
    def state(self) -> str:
        return self.row.state if self.row else NOT_ENTERED

    @property
    def value(self) -> Any:
        return cell_of(self.row).value if self.row else None

    @property
    def reason(self) -> str:
        return self.row.reason if self.row else ""

    @property
    def note(self) -> str:
        return self.row.note if self.row else ""

    @property
    def derived_from(self) -> str:
        return self.row.derived_from if self.row else ""

    @property
    def entered_by(self) -> str:
        return self.row.entered_by if self.row else ""

    @property
    def entered_at(self) -> datetime | None:
        return self.row.entered_at if self.row else None


@dataclass(frozen=True, slots=True)
class ElementValue:
    """An element of a report with its cells and the office's verdict (None before it was submitted)."""

    element: ElementDef
    cells: tuple[CellValue, ...]
    verdict: Verdict | None

    @property
    def state(self) -> str:
        """The state of all cells, or `mixed` when they differ: the three never collapse into one another."""
        states = {cell.state for cell in self.cells}
        return states.pop() if len(states) == 1 else MIXED

    @property
    def whole(self) -> bool:
        """Whether the element is one cell and nothing else."""
        return len(self.cells) == 1 and self.cells[0].definition.part == ""


def values_of(
    report: Report, *, revision: int | None = None, only: Iterable[str] | None = None, exact: bool = False
) -> list[ElementValue]:
    """Return the elements of a revision (the current one) in the order of the form: three queries, or four.

    `exact` as for `rows_as_told`.

    Raises:
        Invalid: the report has no such revision.
    """
    number = revision if revision is not None else report.revision
    if not 1 <= number <= report.revision:
        message = _("Báo cáo này có các lần lập từ 1 đến %(last)s.") % {"last": report.revision}
        raise Invalid([Fault("/revision", "unknown", message)])
    told = rows_as_told(report, ReportedValue.objects.filter(report=report, revision=number), exact=exact)
    rows = {(row.element_id, row.part): row for row in told}
    verdicts = {v.element_id: v for v in Verdict.objects.filter(report=report, revision=number)}
    wanted = None if only is None else set(only)
    return [
        ElementValue(e, tuple(CellValue(c, rows.get((e.id, c.part))) for c in e.cells), verdicts.get(e.id))
        for e in definitions_for(report.period).elements
        if wanted is None or e.code in wanted
    ]
