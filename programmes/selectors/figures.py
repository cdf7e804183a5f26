"""Figures that sources printed and plans that were made, of the units of an area: two queries, and one for incomes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db.models import F, OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from indicators.models import ReportedValue
from mongcai_portal.common.models import Provenance, Source
from programmes.measures.facts import ReportFact
from programmes.measures.figures import ObservedFact, TargetFact
from programmes.measures.gathered import POPULATION
from programmes.measures.registry import INCOME_OF_COMMUNE
from programmes.models import ObservedStatistic, Target

# What a commune reports of its income, and how the report is called where a source is named.
INCOME_ELEMENT = "per_capita_income"
REPORT = "approved_report"
REPORT_TITLE = _("báo cáo năm của xã đã được phê duyệt")

Figures = dict[int, dict[str, tuple[ObservedFact, ...]]]
Plans = dict[int, dict[str, tuple[TargetFact, ...]]]


def figures_of(units: Collection[int], day: date, reports: Mapping[int, Sequence[ReportFact]]) -> Figures:
    """Return the figures of units by the day, by unit and measure.

    Where a population is known, a mean can be weighted: then the incomes of approved yearly reports are among them.
    """
    found: dict[int, dict[str, list[ObservedFact]]] = defaultdict(lambda: defaultdict(list))
    source = Source.objects.filter(code=OuterRef("source"))
    rows = (
        ObservedStatistic.objects.filter(area__in=units, as_of__lte=day)
        .select_related("group")
        .annotate(source_title=Subquery(source.values("title")[:1]), source_url=Subquery(source.values("url")[:1]))
        .order_by("as_of", "recorded_at", "pk")
    )
    for row in rows:
        found[row.area_id][row.measure].append(fact_of(row))
    if any(POPULATION in figures for figures in found.values()):
        for unit, fact in _reported_incomes(units, day, reports):
            found[unit][INCOME_OF_COMMUNE].append(fact)
    return {unit: {code: tuple(facts) for code, facts in figures.items()} for unit, figures in found.items()}


def fact_of(row: ObservedStatistic) -> ObservedFact:
    """A stored figure as calculators read it; title and address of the source are annotations."""
    return ObservedFact(
        row.measure,
        row.group.code if row.group else None,
        row.as_of,
        row.numerator,
        row.denominator,
        row.value,
        row.printed_vi,
        row.poverty_standard,
        row.provenance,
        row.source,
        getattr(row, "source_title", None) or row.source,
        getattr(row, "source_url", None) or "",
        row.recorded_at,
        row.pk,
        row.recorded_by,
        row.note,
    )


def _reported_incomes(
    units: Collection[int], day: date, reports: Mapping[int, Sequence[ReportFact]]
) -> list[tuple[int, ObservedFact]]:
    """Return what approved reports of whole years say of the income of communes: one query."""
    yearly = {
        report.id: report
        for unit in units
        for report in reports.get(unit, ())
        if report.ends_on <= day and (report.starts_on, report.ends_on) == _year(report.ends_on.year)
    }
    rows = ReportedValue.objects.filter(
        report__in=yearly,
        element__code=INCOME_ELEMENT,
        part="",
        state="value",
        revision=F("report__approved_revision"),
    ).values_list("report_id", "number", "entered_at")
    return [(yearly[pk].unit_id, _reported(yearly[pk], number, at)) for pk, number, at in rows.order_by("pk")]


def _year(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)


def _reported(report: ReportFact, number: Decimal, at: datetime) -> ObservedFact:
    mark = Provenance.ILLUSTRATIVE if report.illustrative else Provenance.SOURCED
    return ObservedFact(
        INCOME_OF_COMMUNE, None, report.ends_on, None, None, number, "", "", str(mark), REPORT, REPORT_TITLE, "", at
    )


def plans_of(units: Collection[int]) -> Plans:
    """Return the targets of units, by unit and measure."""
    found: dict[int, dict[str, list[TargetFact]]] = defaultdict(lambda: defaultdict(list))
    rows = Target.objects.filter(area__in=units).order_by("year", "pk").values_list(
        "pk", "measure", "area_id", "group__code", "year", "value", "baseline_on", "baseline_value", "baseline_source",
        "provenance", "source",
    )  # fmt: skip
    for row in rows:
        found[row[2]][row[1]].append(TargetFact(*row))
    return {unit: {code: tuple(rows) for code, rows in plans.items()} for unit, plans in found.items()}
