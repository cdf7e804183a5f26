"""Reading results: the standing of units on a day, the matrix, and one unit's explanation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from communes.models import UnitVersion
from communes.scope import Scope
from indicators.models import (
    Attainment,
    CriteriaSet,
    Criterion,
    CriterionResult,
    Evidence,
    IndicatorVersion,
    Period,
    Report,
    ReportedValue,
    ReportRevision,
    Verdict,
)
from indicators.rules.standing import stand
from indicators.rules.types import Standing
from indicators.selectors.data import unit_data
from indicators.selectors.definitions import contexts, definitions_for
from indicators.selectors.evidence import evidence_of


def latest_attainments(
    day: date, *, scope: Scope | None = None, level: str | None = None, unit_ids: Iterable[int] | None = None
) -> QuerySet[Attainment]:
    """Return, per unit of the day and set, the attainment of the unit's last period ending by the day: one query."""
    # "None is later" and not "the period is the last one": a database joins against that instead of asking row by row.
    ends, starts = OuterRef("period__ends_on"), OuterRef("period__starts_on")
    later = Attainment.objects.filter(
        Q(period__ends_on__gt=ends) | Q(period__ends_on=ends, period__starts_on__gt=starts),
        unit=OuterRef("unit"),
        criteria_set=OuterRef("criteria_set"),
        period__ends_on__lte=day,
    )
    there = UnitVersion.objects.in_force(day).filter(unit=OuterRef("unit"))
    rows = Attainment.objects.filter(Exists(there), ~Exists(later), period__ends_on__lte=day).select_related(
        "unit", "period", "criteria_set", "criteria_set__level"
    )
    if scope is not None:
        rows = rows.visible_to(scope)
    if level is not None:
        rows = rows.filter(criteria_set__level__code=level)
    if unit_ids is not None:
        rows = rows.filter(unit__in=list(unit_ids))
    return rows


class StoredCriterion(NamedTuple):
    """What is stored of a criterion; units that fare alike share one."""

    outcome: str
    rests_on_unverified: bool
    rests_on_judgement: bool


def criterion_matrix(
    last: Mapping[int, int], numbers: Mapping[int, int], *, scope: Scope | None = None
) -> dict[int, dict[int, StoredCriterion]]:
    """Return {unit id: {criterion number: stored}}: one query, light rows, for a matrix has ten thousand of them.

    `last`: the period of each unit; `numbers`: the number of each criterion by its id.
    """
    rows = CriterionResult.objects.filter(period__in=set(last.values()), criterion__in=list(numbers))
    # A list of all units would cost more than reading the few rows beside them.
    rows = rows.filter(unit__in=list(last)) if scope is None else rows.visible_to(scope)
    matrix: dict[int, dict[int, StoredCriterion]] = {unit_id: {} for unit_id in last}
    kept: dict[tuple[str, bool, bool], StoredCriterion] = {}
    columns = ("unit_id", "period_id", "criterion_id", "outcome", "rests_on_unverified", "rests_on_judgement")
    for unit_id, period_id, criterion_id, *stored in rows.values_list(*columns):
        if last.get(unit_id) == period_id:
            key = tuple(stored)
            if key not in kept:
                kept[key] = StoredCriterion(*key)
            matrix[unit_id][numbers[criterion_id]] = kept[key]
    return matrix


@dataclass(frozen=True, slots=True)
class Signature:
    """Who did something to an element, and when; empty when nobody yet."""

    by: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class ElementHistory:
    """Who entered an element, which office verified it."""

    entered: Signature
    verified: Signature
    note: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """One unit at one set on a day: the rules run again, beside what is stored.

    `agrees` is False when the stored attainment says otherwise (a fault worth shouting about).
    """

    unit_id: int
    day: date
    period: Period
    report: Report
    revision: ReportRevision
    criteria_set: CriteriaSet
    standing: Standing
    stored: Attainment | None
    criteria: dict[int, Criterion]
    versions: dict[int, IndicatorVersion]
    elements: dict[str, ElementHistory]
    evidence: dict[int, tuple[Evidence, ...]]  # by element id

    @property
    def agrees(self) -> bool:
        return (
            self.stored is not None
            and self.stored.outcome == self.standing.outcome
            and self.stored.criteria_met == self.standing.criteria_met
            and self.stored.indicators_met == self.standing.indicators_met
        )


def explain(unit_id: int, criteria_set: str, day: date, *, period: Period | None = None) -> Explanation | None:
    """Explain a unit's standing by its last approved period ending by the day (or by the given period).

    Returns None when the unit has no approved report by then, or the set does not apply to that period.
    The number of queries does not depend on the data.
    """
    reports = Report.objects.approved().filter(unit=unit_id).select_related("period", "unit")
    reports = reports.filter(period=period) if period else reports.filter(period__ends_on__lte=day)
    report = reports.order_by("-period__ends_on", "-period__starts_on").first()
    if report is None or report.approved_revision is None:
        return None
    definitions = definitions_for(report.period)
    if all(s.code != criteria_set for s in definitions.sets):
        return None
    data = unit_data(report, report.approved_revision, report.period.ends_on.year)
    context = contexts([unit_id], report.period.ends_on, definitions.commune_groups)[unit_id]
    standing = next(s for s in stand(definitions.sets, context=context, data=data) if s.spec.code == criteria_set)
    row = CriteriaSet.objects.select_related("level").get(code=criteria_set)
    version_ids = [i.spec.version_id for c in standing.criteria for i in c.indicators]
    return Explanation(
        unit_id=unit_id,
        day=day,
        period=report.period,
        report=report,
        revision=ReportRevision.objects.select_related("imported_from")
        .defer("imported_from__plan")
        .get(report=report, number=report.approved_revision),
        criteria_set=row,
        standing=standing,
        stored=Attainment.objects.filter(unit=unit_id, period=report.period, criteria_set=row).first(),
        criteria={c.pk: c for c in Criterion.objects.filter(criteria_set=row)},
        versions={
            v.pk: v
            for v in IndicatorVersion.objects.filter(pk__in=version_ids).select_related(
                "indicator", "indicator__office", "element"
            )
        },
        elements=_histories(report, report.approved_revision),
        evidence=evidence_of(report, report.approved_revision),
    )


def _histories(report: Report, revision: int) -> dict[str, ElementHistory]:
    verified = {
        v.element_id: Signature(v.by, v.at)
        for v in Verdict.objects.filter(report=report, revision=revision, state=Verdict.State.VERIFIED)
    }
    result: dict[str, ElementHistory] = {}
    rows = ReportedValue.objects.filter(report=report, revision=revision).select_related("element")
    for row in rows.order_by("entered_at"):
        result[row.element.code] = ElementHistory(
            Signature(row.entered_by, row.entered_at), verified.get(row.element_id, Signature("", None)), row.note
        )
    return result
