"""Whom a new norm concerns: the units and periods judged by it, and what they turn into; nothing is stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from indicators.models import CriteriaSet, Criterion, IndicatorVersion, Norm, Period, Report, ZoneNormRule
from indicators.rules.successions import Succession, Turn, succession, touches, turns
from indicators.rules.types import NormSpec, SetSpec
from indicators.selectors.data import approved_data
from indicators.selectors.definitions import definitions_by_period, norm_spec
from indicators.selectors.layout import Name
from indicators.selectors.unit_days import UnitOnDay, units_on_days


@dataclass(frozen=True, slots=True)
class Touched:
    """An approved report that is judged by another row than before."""

    report: Report
    unit: UnitOnDay


@dataclass(frozen=True, slots=True)
class UnitTurn:
    """How a unit stands at one set for a period, before and after."""

    unit: Name
    sort_key: str
    uid: str
    period: Period
    criteria_set: str
    illustrative: bool
    turn: Turn


@dataclass(frozen=True, slots=True)
class NormEffect:
    """All that a new norm changes.

    `turned`: outcomes that turn, by period and unit; `touched`: how many reports are judged by the new row;
    `firmer`: how many results only lose or gain a mark. `names` of criteria and versions, by id.
    """

    turned: tuple[UnitTurn, ...]
    touched: int
    firmer: int
    criteria: dict[int, Name]
    versions: dict[int, Name]
    levels: dict[str, Name]


def change_of(version: IndicatorVersion, new: NormSpec) -> Succession:
    """Return the version's current rows before and after the new one: one query."""
    rows = [norm_spec(norm) for norm in Norm.objects.filter(version=version).order_by("pk")]
    return succession(version.pk, rows, new)


def touched_reports(version: IndicatorVersion, change: Succession) -> list[Touched]:
    """Return the approved reports that are judged by another row than before: a fixed number of queries."""
    criteria_set: CriteriaSet = version.indicator.criterion.criteria_set
    if criteria_set.status != CriteriaSet.Status.PUBLISHED:
        return []
    rules = ZoneNormRule.objects.filter(criteria_set=criteria_set).order_by("zone").values_list("zone", "region")
    spec = SetSpec(criteria_set.pk, criteria_set.code, "", 0, "", criteria_set.default_region, tuple(rules), ())
    reports = [
        report
        for report in Report.objects.approved()
        .filter(
            period__ends_on__year__gte=criteria_set.first_year,
            period__ends_on__year__lte=criteria_set.last_year,
        )
        .select_related("unit", "period")
        if version.holds_on(report.period.ends_on)
    ]
    units = units_on_days(((r.unit_id, r.period.ends_on) for r in reports), also=[change.changed.group])
    found = []
    for report in reports:
        day: date = report.period.ends_on
        unit = units[report.unit_id, day]
        if touches(change, spec, context=unit.context, day=day):
            found.append(Touched(report, unit))
    return found


def norm_effect(version: IndicatorVersion, new: NormSpec) -> NormEffect:
    """Run the rules again for every report that the new row concerns: a fixed number of queries."""
    change = change_of(version, new)
    touched = touched_reports(version, change)
    periods = {one.report.period_id: one.report.period for one in touched}
    definitions = definitions_by_period(periods.values())
    data = approved_data([one.report for one in touched])
    turned: list[UnitTurn] = []
    firmer = 0
    for one in touched:
        report = one.report
        sets = definitions[report.period_id].sets
        for turn in turns(change, sets, context=one.unit.context, data=data[report.pk], day=report.period.ends_on):
            if turn.turns:
                name = Name(one.unit.name_vi or report.unit.uid, one.unit.name_en or report.unit.uid)
                turned.append(
                    UnitTurn(
                        name,
                        one.unit.sort_key,
                        report.unit.uid,
                        report.period,
                        turn.after.spec.code,
                        report.illustrative,
                        turn,
                    )
                )
            elif turn.marks_turn:
                firmer += 1
    turned.sort(key=lambda t: (t.period.ends_on, t.turn.after.spec.rank, t.sort_key))
    return NormEffect(tuple(turned), len(touched), firmer, *_names(turned))


def _names(turned: list[UnitTurn]) -> tuple[dict[int, Name], dict[int, Name], dict[str, Name]]:
    """Names of the sets that turn, and of their criteria and versions: three queries."""
    sets = {t.criteria_set for t in turned}
    criteria = {
        pk: Name(vi, en)
        for pk, vi, en in Criterion.objects.filter(criteria_set__code__in=sets).values_list("pk", "name_vi", "name_en")
    }
    ids = {t.turn.after.criteria[c].indicators[i].spec.version_id for t in turned for c, i in t.turn.indicators}
    versions = {
        pk: Name(vi, en)
        for pk, vi, en in IndicatorVersion.objects.filter(pk__in=ids).values_list("pk", "name_vi", "name_en")
    }
    rows = CriteriaSet.objects.filter(code__in=sets).values_list("code", "level__name_vi", "level__name_en")
    return criteria, versions, {code: Name(vi, en) for code, vi, en in rows}
