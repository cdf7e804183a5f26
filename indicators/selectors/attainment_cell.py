"""A cell of the matrix: one criterion of one unit, computed again at the request, beside what is stored."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef

from communes.scope import Scope
from indicators.models import Criterion, CriterionResult, IndicatorResult, Period, Report, ReportedValue
from indicators.rules.types import CriterionOutcome, IndicatorOutcome
from indicators.selectors.attainment import Explanation, explain
from indicators.selectors.attainment_pages import UnitPage, unit_page


@dataclass(frozen=True, slots=True)
class Difference:
    """What is stored and what the rules say now; `code` is an indicator's, "" for the criterion itself."""

    code: str
    stored: str | None
    computed: str


@dataclass(frozen=True, slots=True)
class PastResult:
    """An indicator in one period: what was stored of it, and the approved values by part."""

    period: Period
    result: IndicatorResult
    values: tuple[ReportedValue, ...]


@dataclass(frozen=True, slots=True)
class CellPage:
    """One criterion of a unit on a day; `found` is None without an approved report by then.

    `differences` are empty when the rules, run again, say what is stored. `earlier` explains the same set on the date
    compared with. `indicator`, `past`: the indicator asked for and its periods, newest first.
    """

    page: UnitPage
    criterion: Criterion
    found: CriterionOutcome | None
    stored: CriterionResult | None
    differences: tuple[Difference, ...]
    compare: date | None
    earlier: Explanation | None
    indicator: IndicatorOutcome | None = None
    past: tuple[PastResult, ...] = ()

    @property
    def found_earlier(self) -> CriterionOutcome | None:
        """The criterion on the date compared with."""
        return _criterion(self.earlier, self.criterion.pk)


def criterion_page(
    uid: str,
    number: int,
    day: date | None,
    *,
    scope: Scope,
    today: date,
    level: str = "",
    compare: date | None = None,
) -> CellPage:
    """Return one criterion of a unit with what it rests on; a fixed number of queries.

    Raises:
        Unit.DoesNotExist: no such unit on the day, or not the reader's to see.
        Criterion.DoesNotExist: the level has no such criterion, or no published set.
    """
    page = _page(uid, day, scope=scope, today=today, level=level)
    return _cell(page, Criterion.objects.get(criteria_set=page.chosen, number=number), compare)


def indicator_page(
    uid: str,
    code: str,
    day: date | None,
    *,
    scope: Scope,
    today: date,
    level: str = "",
    compare: date | None = None,
) -> CellPage:
    """Return one indicator of a unit, within its criterion and over its periods; a fixed number of queries.

    Raises:
        Unit.DoesNotExist: no such unit on the day, or not the reader's to see.
        Criterion.DoesNotExist: the level has no such indicator, or no published set.
    """
    page = _page(uid, day, scope=scope, today=today, level=level)
    cell = _cell(page, Criterion.objects.get(criteria_set=page.chosen, indicators__code=code), compare)
    asked = next((i for i in cell.found.indicators if i.spec.code == code), None) if cell.found else None
    return CellPage(
        cell.page,
        cell.criterion,
        cell.found,
        cell.stored,
        cell.differences,
        cell.compare,
        cell.earlier,
        asked,
        _past(page, asked) if asked else (),
    )


def _page(uid: str, day: date | None, *, scope: Scope, today: date, level: str) -> UnitPage:
    page = unit_page(uid, day, scope=scope, today=today, level=level)
    if page.chosen is None or page.unpublished is not None:
        raise Criterion.DoesNotExist(level)
    return page


def _criterion(explanation: Explanation | None, pk: int) -> CriterionOutcome | None:
    return next((c for c in explanation.standing.criteria if c.spec.id == pk), None) if explanation else None


def _cell(page: UnitPage, criterion: Criterion, compare: date | None) -> CellPage:
    found = _criterion(page.explanation, criterion.pk)
    stored, differences = None, ()
    if found is not None and page.explanation is not None:
        at: dict[str, Any] = {"unit": page.unit.pk, "period": page.explanation.period}
        stored = CriterionResult.objects.filter(**at, criterion=criterion).first()
        indicators = {
            row.version_id: row
            for row in IndicatorResult.objects.filter(
                **at, version__in=[indicator.spec.version_id for indicator in found.indicators]
            )
        }
        differences = _differences(found, stored, indicators)
    earlier = explain(page.unit.pk, page.chosen.code, compare) if compare and page.chosen else None
    return CellPage(page, criterion, found, stored, differences, compare, earlier)


def _differences(
    found: CriterionOutcome, stored: CriterionResult | None, indicators: dict[int, IndicatorResult]
) -> tuple[Difference, ...]:
    """Hold the computed outcomes against the stored ones; what was never stored differs."""
    answer = []
    if stored is None or stored.outcome != found.outcome:
        answer.append(Difference("", stored.outcome if stored else None, found.outcome))
    for indicator in found.indicators:
        row = indicators.get(indicator.spec.version_id)
        if row is None or row.outcome != indicator.outcome:
            answer.append(Difference(indicator.spec.code, row.outcome if row else None, indicator.outcome))
    return tuple(answer)


def _past(page: UnitPage, indicator: IndicatorOutcome) -> tuple[PastResult, ...]:
    """Return the indicator in every period that ended by the day: two queries."""
    results = list(
        IndicatorResult.objects.filter(
            unit=page.unit.pk,
            version__indicator__criterion__criteria_set=page.chosen,
            version__indicator__code=indicator.spec.code,
            period__ends_on__lte=page.day,
        )
        .select_related("period", "version", "norm")
        .annotate(
            illustrative=Exists(
                Report.objects.filter(unit=OuterRef("unit"), period=OuterRef("period"), illustrative=True)
            )
        )
        .order_by("-period__ends_on", "-period__starts_on")
    )
    values: dict[tuple[int, int], list[ReportedValue]] = defaultdict(list)
    rows = ReportedValue.objects.filter(
        report__unit=page.unit.pk,
        report__period__in=[row.period_id for row in results],
        revision=F("report__approved_revision"),
        element__in={row.version.element_id for row in results},
    ).annotate(period_id=F("report__period"))
    for row in rows.order_by("part"):
        values[row.period_id, row.element_id].append(row)
    return tuple(PastResult(row.period, row, tuple(values[row.period_id, row.version.element_id])) for row in results)
