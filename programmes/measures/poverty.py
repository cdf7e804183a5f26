"""Poor and near-poor households: from the register where it has counted, else as a source printed them.

The codes are those of the printed figures, so a series goes on where the register begins. A count names its standard,
two that hold at once are two counts: the headline is the whole country's, the others stand beside it.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from communes.rules.poverty.classify import NEAR_POOR, POOR
from communes.selectors.poverty_area import AreaDay
from indicators.rules.freshness import Late, latest
from indicators.rules.marks import Marks
from mongcai_portal.common.numbers import percentage
from programmes.measures.common import judge, nothing_known
from programmes.measures.facts import World
from programmes.measures.figures import ObservedFact
from programmes.measures.observed import observations, observed
from programmes.measures.values import Change, Measure, MeasureValue, Point, Reason

TOTAL = "total"
STATUS_OF = {
    "poverty.poor.count": POOR,
    "poverty.near_poor.count": NEAR_POOR,
    "poverty.poor.rate": POOR,
    "poverty.near_poor.rate": NEAR_POOR,
}


def register_day(world: World, measure: Measure) -> AreaDay | None:
    """Return what the register says of the day, where it speaks for the figure; None where a printed one does.

    It does when every commune and ward of the area is in it, no group was asked for, and no source has printed a figure
    of a later day.
    """
    day = world.register.now if world.register else None
    if day is None or not day.whole or world.group_asked is not None:
        return None
    printed = observations(world, measure)
    return None if printed and printed[-1].as_of > day.day else day


def count(world: World, measure: Measure) -> MeasureValue:
    """Households of a class."""
    day = register_day(world, measure)
    if day is None:
        return observed(world, measure)
    status = STATUS_OF[measure.code]
    number, before = day.number(status), _before(world, day)
    earlier = before.number(status) if before else None
    if number is None:
        return _few(world, measure, day)
    return _value(world, measure, day, Decimal(number), None, None if earlier is None else Decimal(earlier))


def rate(world: World, measure: Measure) -> MeasureValue:
    """Households of a class among all households of the register."""
    day = register_day(world, measure)
    if day is None:
        return observed(world, measure)
    if not day.complete:
        return replace(nothing_known(world, measure, Reason.NO_OTHERS), late=late(day))
    found, earlier = _ratio(day, measure), None
    before = _before(world, day)
    if found is None:
        return _few(world, measure, day)
    if before is not None and before.complete and (then := _ratio(before, measure)) is not None:
        earlier = percentage(*then)
    value = percentage(*found)
    return _few(world, measure, day) if value is None else _value(world, measure, day, value, found, earlier)


def escaped(world: World, measure: Measure) -> MeasureValue:
    """Of those who were poor before the programme's years, the ones who are near poor or neither now."""
    day = register_day(world, measure)
    cohort = world.register.cohort if world.register else None
    if day is None or cohort is None or not cohort.since.whole:
        return observed(world, measure)
    if cohort.escaped is None or cohort.poor is None:
        return _few(world, measure, day)
    found = (cohort.escaped, cohort.poor)
    value = percentage(*found)
    if value is None:
        return replace(nothing_known(world, measure, Reason.NOBODY_POOR), late=late(cohort.since, day))
    return replace(_value(world, measure, day, value, found, None), late=late(cohort.since, day))


def late(*days: AreaDay) -> Late | None:
    """Return how late a figure is that rests on the counts of these days; None: it is not."""
    return latest(Late(day.stale_since) if day.stale_since else None for day in days)


def _ratio(day: AreaDay, measure: Measure) -> tuple[int, int] | None:
    number, everyone = day.number(STATUS_OF[measure.code]), day.number(TOTAL)
    return None if number is None or not everyone else (number, everyone)


def _before(world: World, day: AreaDay) -> AreaDay | None:
    """What the register said a year earlier, if by the same standard: counts under two are not compared."""
    before = world.register.before if world.register else None
    same = before is not None and before.whole and before.standard.code == day.standard.code
    return before if same else None


def _few(world: World, measure: Measure, day: AreaDay) -> MeasureValue:
    """So few households that the reader may not see how many; what a source printed anyway stays printed."""
    if observations(world, measure):
        return observed(world, measure)
    return replace(nothing_known(world, measure, Reason.FEW), register=day, late=late(day))


def _value(
    world: World,
    measure: Measure,
    day: AreaDay,
    value: Decimal,
    ratio: tuple[int, int] | None,
    earlier: Decimal | None,
) -> MeasureValue:
    register = world.register
    assert register is not None  # a day of it was given
    judged = judge(world, measure, value)
    before = register.before.day if register.before else day.day
    points = [Point(before, earlier)] if earlier is not None else []
    illustrative = register.ground.provenance == "illustrative"
    return MeasureValue(
        code=measure.code,
        label=measure.label,
        unit=measure.unit,
        direction=measure.direction,
        as_of=world.as_of,
        area=world.area.uid,
        group=None,
        numerator=ratio[0] if ratio else None,
        denominator=ratio[1] if ratio else None,
        value=value,
        status=judged.status,
        provenance=register.ground.provenance,
        target=judged.target,
        overdue=judged.overdue,
        change=Change(before, value - earlier) if earlier is not None else None,
        computed_at=register.ground.recorded_at,
        data_up_to=register.ground.recorded_at,
        observed=printed_of(world, measure, day),
        history=(*points, Point(day.day, value, ratio[0] if ratio else None)),
        marks=Marks(illustrative=illustrative),
        late=late(day),
        register=day,
    )


def printed_of(world: World, measure: Measure, day: AreaDay) -> ObservedFact | None:
    """Return what a source printed of the very day that the register speaks of."""
    return next((fact for fact in observations(world, measure) if fact.as_of == day.day), None)
