"""Figures that a source printed: the newest by the day, with its own date; and measures nobody has entered yet."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from mongcai_portal.common.numbers import percentage
from programmes.measures.common import judge, nothing_known
from programmes.measures.facts import ObservedFact, World
from programmes.measures.values import Change, Measure, MeasureValue, Point, Reason


def observations(world: World, measure: Measure) -> tuple[ObservedFact, ...]:
    """Return one figure a day by the day asked, oldest first; of two sources of a day the firmer, then the newer."""
    best: dict[date, ObservedFact] = {}
    for fact in sorted(
        world.observed.get(measure.code, ()), key=lambda o: (o.provenance == "sourced", o.recorded_at, o.source)
    ):
        best[fact.as_of] = fact
    return tuple(best[day] for day in sorted(best) if day <= world.as_of)


def figure(fact: ObservedFact) -> Decimal | None:
    """Return the value of a printed figure: the percentage of a ratio, the figure itself otherwise."""
    if fact.numerator is not None and fact.denominator is not None:
        return percentage(fact.numerator, fact.denominator)
    return fact.value


def observed(world: World, measure: Measure) -> MeasureValue:
    """The newest printed figure by the day; it speaks for its own date, which is shown with it."""
    facts = observations(world, measure)
    if world.group_asked is not None:
        facts = tuple(fact for fact in facts if fact.group == world.group_asked)
    if not facts:
        return nothing_known(world, measure, Reason.NOT_ENTERED, group=measure.group)
    fact = facts[-1]
    history = tuple(Point(f.as_of, v, f.numerator) for f in facts if (v := figure(f)) is not None)
    value = figure(fact)
    baseline = _baseline(world, history, fact)
    target, status = judge(world, measure, value, baseline)
    return MeasureValue(
        code=measure.code,
        label=measure.label,
        unit=measure.unit,
        direction=measure.direction,
        as_of=world.as_of,
        area=world.area.uid,
        group=fact.group or measure.group,
        numerator=fact.numerator,
        denominator=fact.denominator,
        value=value,
        status=status,
        provenance=fact.provenance,
        baseline=baseline,
        target=target,
        change=_change(history, fact),
        computed_at=fact.recorded_at,
        data_up_to=fact.recorded_at,
        observed=fact,
        history=history,
    )


def _baseline(world: World, history: tuple[Point, ...], fact: ObservedFact) -> Point | None:
    """The last figure before the phase began, when it is not the present one."""
    if world.phase_years is None:
        return None
    before = [p for p in history if p.as_of < date(world.phase_years[0], 1, 1) and p.as_of < fact.as_of]
    return before[-1] if before else None


def _change(history: tuple[Point, ...], fact: ObservedFact) -> Change | None:
    earlier = [p for p in history if p.as_of < fact.as_of]
    now = next((p for p in history if p.as_of == fact.as_of), None)
    if not earlier or now is None:
        return None
    return Change(earlier[-1].as_of, now.value - earlier[-1].value)
