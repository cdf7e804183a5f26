"""Reports and their values as other systems read them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from communes.models import Office, UnitVersion
from communes.scope import Scope
from indicators.models import Report, ReportedValue, ReportRevision, Verdict
from indicators.selectors.data import cell_of
from indicators.selectors.definitions import CellDef, ElementDef, definitions_for
from mongcai_portal.common.errors import Fault, Invalid

NOT_ENTERED, MIXED = "not_entered", "mixed"


def _everything(*names: str) -> bool:
    return True


def _count(state: str) -> Coalesce:
    """How many elements of the current revision stand there; counted for the rows of a page only, not for all."""
    rows = Verdict.objects.filter(report=OuterRef("pk"), revision=OuterRef("revision"), state=state)
    counted = rows.order_by().values("report").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def reports_seen(scope: Scope, shown: Callable[..., bool] = _everything) -> QuerySet[Report]:
    """Return the reports of the scope with revisions, unit names and how many elements stand where: three queries.

    `shown` says of `unit_name`, `revisions`, `imported` and `elements` whether they are; what is not is not read.
    """
    rows = Report.objects.visible_to(scope).select_related("unit", "period")
    if shown("unit_name"):
        rows = rows.prefetch_related(Prefetch("unit__versions", UnitVersion.objects.all()))
    if shown("revisions", "imported"):
        revisions = ReportRevision.objects.select_related("imported_from").defer("imported_from__plan")
        rows = rows.prefetch_related(Prefetch("revisions", revisions.order_by("number")))
    if shown("elements"):
        rows = rows.annotate(**{f"elements_{state}": _count(state) for state in Verdict.State.values})
    return rows


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


def values_of(report: Report, *, revision: int | None = None, only: Iterable[str] | None = None) -> list[ElementValue]:
    """Return the elements of a revision (the current one) in the order of the form: three queries.

    Raises:
        Invalid: the report has no such revision.
    """
    number = revision if revision is not None else report.revision
    if not 1 <= number <= report.revision:
        message = _("Báo cáo này có các lần lập từ 1 đến %(last)s.") % {"last": report.revision}
        raise Invalid([Fault("/revision", "unknown", message)])
    rows = {(row.element_id, row.part): row for row in ReportedValue.objects.filter(report=report, revision=number)}
    verdicts = {v.element_id: v for v in Verdict.objects.filter(report=report, revision=number)}
    wanted = None if only is None else set(only)
    return [
        ElementValue(e, tuple(CellValue(c, rows.get((e.id, c.part))) for c in e.cells), verdicts.get(e.id))
        for e in definitions_for(report.period).elements
        if wanted is None or e.code in wanted
    ]
