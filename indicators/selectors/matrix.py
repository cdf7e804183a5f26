"""Attainment as other systems read it: rows with their marks, and the matrix of units and criteria."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from communes.models import UnitVersion
from communes.scope import Scope
from indicators.models import Attainment, CriteriaSet, Criterion, CriterionResult, Level, Period, Report
from indicators.rules.marks import Marks
from indicators.selectors.attainment import latest_attainments
from mongcai_portal.common.stamped import kept, stamp_now


def with_marks(rows: QuerySet[Attainment]) -> QuerySet[Attainment]:
    """Add whether the report behind each row is illustrative."""
    made_up = Report.objects.filter(unit=OuterRef("unit"), period=OuterRef("period"), illustrative=True)
    return rows.select_related("unit", "period", "criteria_set", "criteria_set__level").annotate(
        illustrative=Exists(made_up)
    )


def attainments(scope: Scope, day: date, period: Period | None = None) -> QuerySet[Attainment]:
    """Return the rows of a period that ended by the day, or of each unit's last such period."""
    if period is not None:
        rows = Attainment.objects.visible_to(scope).filter(period=period, period__ends_on__lte=day)
    else:
        rows = latest_attainments(day, scope=scope)
    return with_marks(rows).select_related(None).select_related("unit")


def with_names(rows: list[Attainment]) -> list[Attainment]:
    """Give rows of `attainments` their set and period, which are few: planning and reading their joins costs more.

    The stamp is read after the rows: what they point to was there by then.
    """
    sets, periods = kept("sets and periods", _sets_and_periods, stamp=stamp_now().of(CriteriaSet, Level, Period))
    for row in rows:
        row.criteria_set, row.period = sets[row.criteria_set_id], periods[row.period_id]
    return rows


def _sets_and_periods() -> tuple[dict[int, CriteriaSet], dict[int, Period]]:
    return CriteriaSet.objects.select_related("level").in_bulk(), Period.objects.in_bulk()


def attainment_seen(scope: Scope, pk: int) -> Attainment:
    """Return one row.

    Raises:
        Attainment.DoesNotExist: none of this number in the scope.
    """
    return with_marks(Attainment.objects.visible_to(scope)).get(pk=pk)


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A unit: its name in the period, its standing, the outcome of each criterion by number, and the marks of some."""

    uid: str
    version: UnitVersion | None
    attainment: Attainment
    outcomes: dict[int, str]
    marks: dict[int, Marks]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Units × criteria of a set in a period."""

    criteria_set: CriteriaSet
    period: Period
    criteria: tuple[Criterion, ...]
    rows: tuple[MatrixRow, ...]


def matrix_of(criteria_set: CriteriaSet, period: Period, scope: Scope) -> Matrix:
    """Return the matrix in the order of the units' names: four queries."""
    stored = list(with_marks(Attainment.objects.visible_to(scope).filter(criteria_set=criteria_set, period=period)))
    outcomes: dict[int, dict[int, str]] = {row.unit_id: {} for row in stored}
    criteria = tuple(Criterion.objects.filter(criteria_set=criteria_set).order_by("number"))
    numbers = {c.pk: c.number for c in criteria}
    results = CriterionResult.objects.visible_to(scope).filter(criterion__criteria_set=criteria_set, period=period)
    marks: dict[int, dict[int, Marks]] = {row.unit_id: {} for row in stored}
    for result in results:
        if result.unit_id in outcomes:
            number = numbers[result.criterion_id]
            outcomes[result.unit_id][number] = result.outcome
            if result.rests_on_unverified or result.rests_on_judgement:
                marks[result.unit_id][number] = Marks(result.rests_on_unverified, result.rests_on_judgement)
    versions = {v.unit_id: v for v in UnitVersion.objects.in_force(period.ends_on).filter(unit__in=list(outcomes))}
    rows = [
        MatrixRow(
            row.unit.uid,
            versions.get(row.unit_id),
            row,
            dict(sorted(outcomes[row.unit_id].items())),
            dict(sorted(marks[row.unit_id].items())),
        )
        for row in stored
    ]
    rows.sort(key=lambda row: (row.version.sort_key if row.version else "", row.uid))
    return Matrix(criteria_set, period, criteria, tuple(rows))
