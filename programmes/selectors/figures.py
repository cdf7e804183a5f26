"""Figures that sources printed and plans that were made, of the units of an area: one query, and one for incomes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

from django.db.models import (
    BigIntegerField,
    DecimalField,
    F,
    Field,
    OuterRef,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from indicators.models import ReportedValue
from mongcai_portal.common.models import Provenance, Source
from programmes.measures.facts import ReportFact
from programmes.measures.figures import ObservedFact, TargetFact
from programmes.measures.gathered import POPULATION
from programmes.measures.registry import INCOME_OF_COMMUNE
from programmes.models import ObservedStatistic, Target

T = TypeVar("T")
# What a commune reports of its income, and how the report is called where a source is named.
INCOME_ELEMENT = "per_capita_income"
REPORT = "approved_report"
REPORT_TITLE = _("báo cáo năm của xã đã được phê duyệt")

Figures = dict[int, dict[str, tuple[ObservedFact, ...]]]
Plans = dict[int, dict[str, tuple[TargetFact, ...]]]


class _Row(NamedTuple):
    """A printed figure, or a plan with its year as `numerator`, its baseline as `as_of`, `start` and `printed_vi`."""

    planned: bool
    pk: int
    measure: str
    area: int
    group: str | None
    as_of: date
    numerator: int | None
    denominator: int | None
    value: Decimal | None
    start: Decimal | None
    printed_vi: str
    poverty_standard: str
    provenance: str
    source: str
    title: str | None
    url: str | None
    recorded_at: datetime
    recorded_by: str
    note: str

    def figure(self) -> ObservedFact:
        return ObservedFact(
            self.measure, self.group, self.as_of, self.numerator, self.denominator, self.value, self.printed_vi,
            self.poverty_standard, self.provenance, self.source, self.title or self.source, self.url or "",
            self.recorded_at, self.pk, self.recorded_by, self.note,
        )  # fmt: skip

    def plan(self) -> TargetFact:
        assert self.numerator is not None and self.value is not None and self.start is not None, "as the table asks"
        return TargetFact(
            self.pk, self.measure, self.area, self.group, self.numerator, self.value, self.as_of, self.start,
            self.printed_vi, self.provenance, self.source,
        )  # fmt: skip


def figures_and_plans(
    units: Collection[int], day: date, reports: Mapping[int, Sequence[ReportFact]]
) -> tuple[Figures, Plans]:
    """Return the figures of units by the day and their targets, both by unit and measure: one query.

    Where a population is known, a mean can be weighted: then the incomes of approved yearly reports are among them.
    """
    figures: dict[int, dict[str, list[ObservedFact]]] = defaultdict(lambda: defaultdict(list))
    plans: dict[int, dict[str, list[TargetFact]]] = defaultdict(lambda: defaultdict(list))
    rows = [_Row(*row) for row in _figures(units, day).union(_plans(units), all=True)]
    # Figures as they came, plans by their year.
    for row in sorted((row for row in rows if not row.planned), key=lambda one: (one.as_of, one.recorded_at, one.pk)):
        figures[row.area][row.measure].append(row.figure())
    for row in sorted((row for row in rows if row.planned), key=lambda one: (one.numerator, one.pk)):
        plans[row.area][row.measure].append(row.plan())
    if any(POPULATION in one for one in figures.values()):
        for unit, fact in _reported_incomes(units, day, reports):
            figures[unit][INCOME_OF_COMMUNE].append(fact)
    return _settled(figures), _settled(plans)


def _settled(found: Mapping[int, Mapping[str, list[T]]]) -> dict[int, dict[str, tuple[T, ...]]]:
    return {unit: {code: tuple(rows) for code, rows in own.items()} for unit, own in found.items()}


_SHARED = ("provenance", "source")
_TOLD = ("recorded_at", "recorded_by", "note")


def _figures(units: Collection[int], day: date) -> QuerySet[Any, Any]:
    source = Source.objects.filter(code=OuterRef("source"))
    rows: QuerySet[Any, Any] = (
        ObservedStatistic.objects.filter(area__in=units, as_of__lte=day)
        .order_by()
        .annotate(
            planned=Value(False),
            start=_nothing(DecimalField(max_digits=15, decimal_places=4)),
            title=Subquery(source.values("title")[:1]),
            url=Subquery(source.values("url")[:1]),
        )
        .values_list(
            "planned", "pk", "measure", "area_id", "group__code", "as_of", "numerator", "denominator", "value", "start",
            "printed_vi", "poverty_standard", *_SHARED, "title", "url", *_TOLD,
        )
    )  # fmt: skip
    return rows


def _plans(units: Collection[int]) -> QuerySet[Any, Any]:
    rows: QuerySet[Any, Any] = (
        Target.objects.filter(area__in=units)
        .order_by()
        .annotate(
            planned=Value(True),
            numerator=Cast("year", BigIntegerField()),
            denominator=_nothing(BigIntegerField()),
            standard=Value(""),
            title=_nothing(TextField()),
            url=_nothing(TextField()),
        )
        .values_list(
            "planned", "pk", "measure", "area_id", "group__code", "baseline_on", "numerator", "denominator", "value",
            "baseline_value", "baseline_source", "standard", *_SHARED, "title", "url", *_TOLD,
        )
    )  # fmt: skip
    return rows


def _nothing(column: Field[Any, Any]) -> Cast:
    """A column that one of the two tables does not have."""
    return Cast(Value(None), column)


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
