"""Figures that a source printed: the newest by the day, with its own date; and measures nobody has entered yet.

Where communes have entered theirs, what these give stands beside what was printed, and is the figure itself where
nothing was printed for as late a day.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from indicators.rules.marks import Marks
from mongcai_portal.common.numbers import percentage, round_half_up
from programmes.measures.common import judge, nothing_known
from programmes.measures.facts import World
from programmes.measures.figures import ObservedFact
from programmes.measures.gathered import by_day, gathered_days, settle
from programmes.measures.parts import Gathered
from programmes.measures.values import INCOME, Change, Measure, MeasureValue, Point, Reason


def observations(world: World, measure: Measure) -> tuple[ObservedFact, ...]:
    """Return the figure that counts of each day by the day asked, oldest first; see `settle`."""
    settled = (settle(facts)[0] for facts in _days(world, measure).values())
    return tuple(fact for fact in settled if fact is not None)


def every_observation(world: World, measure: Measure) -> tuple[ObservedFact, ...]:
    """Return all figures by the day asked, oldest first, also those that differ from one another."""
    return tuple(fact for facts in by_day(world.observed.get(measure.code, ()), world.as_of).values() for fact in facts)


def figure(fact: ObservedFact) -> Decimal | None:
    """Return the value of a printed figure: the percentage of a ratio, the figure itself otherwise."""
    if fact.numerator is not None and fact.denominator is not None:
        return percentage(fact.numerator, fact.denominator)
    return fact.value


def whole_value(unit: str, found: Gathered) -> Decimal | None:
    """Return a gathered figure as figures of its unit are written: a share with one decimal, income with three."""
    if found.whole is None:
        return None
    if found.whole.denominator is not None and found.whole.numerator is not None:
        return percentage(found.whole.numerator, found.whole.denominator)
    return round_half_up(found.whole.value, 3 if unit == INCOME else 4)


def _days(world: World, measure: Measure) -> dict[date, list[ObservedFact]]:
    facts = world.observed.get(measure.code, ())
    if world.group_asked is not None:
        facts = tuple(fact for fact in facts if fact.group == world.group_asked)
    return by_day(facts, world.as_of)


def observed(world: World, measure: Measure) -> MeasureValue:
    """The newest figure by the day; it speaks for its own date, which is shown with it."""
    days = _days(world, measure)
    gathered = gathered_days(world, measure)
    whole = next((one for one in reversed(gathered) if one.whole is not None), None)
    printed_on = max(days, default=None)
    points = _points(measure, days, gathered)
    if whole is not None and (printed_on is None or whole.day > printed_on):
        return _from_communes(world, measure, whole, points)
    beside = gathered[-1] if gathered else None
    if printed_on is None:
        value = nothing_known(world, measure, Reason.PART if gathered else Reason.NOT_ENTERED, group=measure.group)
        return replace(value, gathered=beside)
    fact, differing = settle(days[printed_on])
    same_day = next((one for one in gathered if one.day == printed_on), beside)
    if fact is None:
        value = nothing_known(world, measure, Reason.CONFLICT, group=measure.group)
        return replace(value, gathered=same_day, conflict=differing, history=points)
    return _printed(world, measure, fact, differing, points, same_day)


def _printed(
    world: World,
    measure: Measure,
    fact: ObservedFact,
    differing: tuple[ObservedFact, ...],
    points: tuple[Point, ...],
    beside: Gathered | None,
) -> MeasureValue:
    value = figure(fact)
    judged = judge(world, measure, value)
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
        status=judged.status,
        provenance=fact.provenance,
        baseline=_baseline(world, points, fact.as_of),
        target=judged.target,
        overdue=judged.overdue,
        change=_change(points, fact.as_of),
        computed_at=fact.recorded_at,
        data_up_to=fact.recorded_at,
        observed=fact,
        history=points,
        conflict=differing,
        gathered=beside,
    )


def _from_communes(world: World, measure: Measure, found: Gathered, points: tuple[Point, ...]) -> MeasureValue:
    assert found.whole is not None  # one without is not chosen
    value = whole_value(measure.unit, found)
    judged = judge(world, measure, value)
    return MeasureValue(
        code=measure.code,
        label=measure.label,
        unit=measure.unit,
        direction=measure.direction,
        as_of=world.as_of,
        area=world.area.uid,
        group=found.group,
        numerator=found.whole.numerator,
        denominator=found.whole.denominator,
        value=value,
        status=judged.status,
        provenance=found.provenance,
        baseline=_baseline(world, points, found.day),
        target=judged.target,
        overdue=judged.overdue,
        change=_change(points, found.day),
        computed_at=found.recorded_at,
        data_up_to=found.recorded_at,
        history=points,
        marks=Marks(illustrative=found.provenance == "illustrative"),
        gathered=found,
        is_gathered=True,
    )


def _points(
    measure: Measure, days: dict[date, list[ObservedFact]], gathered: tuple[Gathered, ...]
) -> tuple[Point, ...]:
    """One value a day: what was printed, else what the communes give; none where sources differ."""
    found: dict[date, Point] = {}
    for one in gathered:
        if (value := whole_value(measure.unit, one)) is not None and one.whole is not None:
            found[one.day] = Point(one.day, value, one.whole.numerator)
    for day, facts in days.items():
        found.pop(day, None)
        fact, _differing = settle(facts)
        if fact is not None and (value := figure(fact)) is not None:
            found[day] = Point(day, value, fact.numerator)
    return tuple(found[day] for day in sorted(found))


def _baseline(world: World, points: tuple[Point, ...], day: date) -> Point | None:
    """The last figure before the phase began, when it is not the present one."""
    if world.phase_years is None:
        return None
    before = [p for p in points if p.as_of < date(world.phase_years[0], 1, 1) and p.as_of < day]
    return before[-1] if before else None


def _change(points: tuple[Point, ...], day: date) -> Change | None:
    earlier = [p for p in points if p.as_of < day]
    now = next((p for p in points if p.as_of == day), None)
    if not earlier or now is None:
        return None
    return Change(earlier[-1].as_of, now.value - earlier[-1].value)
