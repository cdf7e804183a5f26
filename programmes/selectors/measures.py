"""Headline measures: all of them in one fixed set of queries, and one of them with everything behind it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from django.utils import timezone
from django.utils.translation import get_language

from communes.scope import NOBODY, Scope
from communes.selectors.poverty_published import seen_by
from indicators.models import CriterionResult, Outcome
from indicators.rules.marks import Marks
from mongcai_portal.common.stamped import kept
from programmes.measures.explained import Contribution, Explanation, MissingCriterion
from programmes.measures.facts import HOME_AREA, World
from programmes.measures.observed import every_observation
from programmes.measures.ocop import counted_products
from programmes.measures.registry import UnknownMeasure, calculate, measures_of
from programmes.measures.series import trend_of
from programmes.measures.values import Measure, MeasureValue
from programmes.selectors.households import breakdown_of
from programmes.selectors.money_parts import money_parts_of
from programmes.selectors.world import load_world


def measures_for(
    as_of: date,
    area: str = HOME_AREA,
    *,
    group: str | None = None,
    codes: Collection[str] | None = None,
    scope: Scope | None = None,
) -> tuple[MeasureValue, ...]:
    """Return the measures of an area (a unit's uid) on a day, in the order of the overview: see `load_world`.

    `group`: ratios are counted over this group, and only figures of this group are returned. `codes`: only these.
    `scope`: whose households the reader looks after; None: of none.

    Raises:
        Unit.DoesNotExist: no such area on the day.
        UnitGroup.DoesNotExist: no such group.
    """
    return values_in(load_world(as_of, area, group=group, seen=seen_by(scope or NOBODY)), codes)


def values_in(world: World, codes: Collection[str] | None = None) -> tuple[MeasureValue, ...]:
    """Compute the measures from a loaded world: no query."""
    wanted = [m for m in measures_of(world) if codes is None or m.code in codes]
    values = (calculate(world, measure) for measure in wanted)
    return tuple(v for v in values if world.group_asked is None or v.group == world.group_asked)


@dataclass(frozen=True, slots=True)
class AreaFigures:
    """All measures of an area on a day, and what says to whom they may be told; `uid` and `in_area` as in a `World`."""

    uid: str
    in_area: frozenset[int]
    group_asked: str | None
    codes: frozenset[str]
    values: tuple[MeasureValue, ...]


def area_figures(as_of: date, area: str, *, group: str | None, seen: frozenset[int] | None) -> AreaFigures:
    """Return all measures of an area; of one that holds others kept while their data stands: one query then.

    Arguments as in `load_world`.

    Raises:
        Unit.DoesNotExist, UnitGroup.DoesNotExist: as `load_world`.
    """

    def read() -> AreaFigures:
        world = load_world(as_of, area, group=group, seen=seen)
        codes = frozenset(measure.code for measure in measures_of(world))
        return AreaFigures(world.area.uid, world.in_area, world.group_asked, codes, values_in(world))

    return kept(
        ("figures", as_of, area, group, seen, timezone.localdate(), get_language()),
        read,
        # How late a figure is, the clock says. Systems ask at night for each commune once: kept, these would push out
        # the pages that people open in the morning.
        stands=lambda made: len(made.in_area) > 1 and not any(value.late for value in made.values),
    )


def measure_in(world: World, code: str) -> Measure:
    """Return a measure by its code.

    Raises:
        UnknownMeasure: the registry has no such code on the day.
    """
    for measure in measures_of(world):
        if measure.code == code:
            return measure
    raise UnknownMeasure(code)


def explanation_of(
    code: str, as_of: date, area: str = HOME_AREA, *, group: str | None = None, scope: Scope | None = None
) -> Explanation:
    """Return a measure with its members and what each contributes: one query more than the measures, see `explain`.

    `scope`: members the reader may not see are counted in `hidden` instead of listed.

    Raises:
        UnknownMeasure: the registry has no such code on the day.
        Unit.DoesNotExist: no such area on the day.
        UnitGroup.DoesNotExist: no such group.
    """
    world = load_world(as_of, area, group=group, seen=seen_by(scope or NOBODY))
    return explain(world, measure_in(world, code), scope)


def explain(world: World, measure: Measure, scope: Scope | None = None) -> Explanation:
    """Explain a measure of a loaded world: one query, for the criteria that members miss.

    Of counts of households see `breakdown_of`, of money `money_parts_of`.
    """
    value = calculate(world, measure)
    seen = [p for p in value.population if scope is None or scope.sees_unit(p.id)]
    products = [
        (one, scope is None or scope.all_units or any(scope.sees_unit(place.id) for place in one.places))
        for one in (counted_products(world) if value.ocop is not None else ())
    ]
    money, hidden_lines = money_parts_of(world, measure, scope)
    members: list[Contribution] = []
    if measure.contribution is not None:
        members = [measure.contribution(world, measure, place) for place in seen]
    return Explanation(
        value=_as_seen(value, scope),
        rule=measure.rule,
        group=world.groups.get(value.group) if value.group else None,
        members=_with_missing(measure, members),
        hidden=len(value.population) - len(seen) + sum(not is_seen for _one, is_seen in products) + hidden_lines,
        observations=tuple(reversed(every_observation(world, measure))),
        breakthrough=measure.breakthrough,
        programme=measure.programme,
        trend=trend_of(world, measure, value),
        beside=_beside(world, measure),
        households=breakdown_of(world, measure, scope),
        products=tuple(one for one, is_seen in products if is_seen),
        money=money,
        below=next((one for one in reversed(world.levels) if measure.level and one.rank < measure.level.rank), None),
    )


def _as_seen(value: MeasureValue, scope: Scope | None) -> MeasureValue:
    """Leave out what communes contribute that the reader does not see; the whole stays."""
    found = value.gathered
    if found is None or scope is None or scope.all_units:
        return value
    parts = tuple(one for one in found.parts if scope.sees_unit(one.place.id))
    hidden = len(found.parts) - len(parts)
    return replace(value, gathered=replace(found, parts=parts, hidden=hidden))


def _beside(world: World, measure: Measure) -> MeasureValue | None:
    """Compute the other ratio of the level, when it has a value."""
    if measure.level is None:
        return None
    code, level = measure.code, f".{measure.level.code}"
    other = {f"ntm.recognised{level}": f"ntm.attained{level}", f"ntm.attained{level}": f"ntm.recognised{level}"}[code]
    value = calculate(world, measure_in(world, other))
    return value if value.value is not None else None


def _with_missing(measure: Measure, members: list[Contribution]) -> tuple[Contribution, ...]:
    """Add the criteria that keep members from attaining the level."""
    stored = measure.level.published_set if measure.level else None
    open_ones = [m for m in members if m.attainment is not None and m.attainment.outcome != Outcome.MET]
    if stored is None or not open_ones:
        return tuple(members)
    missing: dict[tuple[int, int], list[MissingCriterion]] = {}
    rows = (
        CriterionResult.objects.filter(
            unit__in=[m.place.id for m in open_ones],
            period__in={m.attainment.period_id for m in open_ones if m.attainment},
            criterion__criteria_set=stored.id,
        )
        .exclude(outcome__in=[Outcome.MET, Outcome.NOT_APPLICABLE])
        .select_related("criterion")
        .order_by("criterion__number")
    )
    for row in rows:
        missing.setdefault((row.unit_id, row.period_id), []).append(
            MissingCriterion(
                row.criterion.number,
                row.criterion.name_vi,
                row.criterion.name_en,
                row.outcome,
                Marks(row.rests_on_unverified, row.rests_on_judgement),
            )
        )
    return tuple(
        replace(m, missing=tuple(missing.get((m.place.id, m.attainment.period_id), ()))) if m.attainment else m
        for m in members
    )
