"""OCOP products that live on a recognition: from the register once it has one, before that as a source printed them.

The code is that of the printed figure, so its series goes on where the register begins.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal

from indicators.rules.marks import Marks
from programmes.measures.common import judge, weakest
from programmes.measures.explained import CountedProduct
from programmes.measures.facts import World
from programmes.measures.observed import figure, observations, observed
from programmes.measures.register_facts import OcopFact, ProductFact
from programmes.measures.values import Change, Measure, MeasureValue, OcopCount, Point
from programmes.rules.ocop import Certificate, event_of, newest, standing, state_on

LIVE_PRODUCTS = "ocop.recognised.count"


def count(world: World, measure: Measure) -> MeasureValue:
    """Products with a recognition in force on the day, each once, by its newest decision."""
    register = world.ocop
    if register is None or world.group_asked is not None:
        return observed(world, measure)
    products = register.within(world.in_area)
    alive = _alive(products, world.as_of)
    value = Decimal(len(alive))
    history, baseline = _history(world, measure, products, value)
    judged = judge(world, measure, value)
    marks = [one.provenances[found.id] for one, found in alive]
    printed = observations(world, measure)
    return MeasureValue(
        code=measure.code,
        label=measure.label,
        unit=measure.unit,
        direction=measure.direction,
        as_of=world.as_of,
        area=world.area.uid,
        group=None,
        numerator=None,
        denominator=None,
        value=value,
        status=judged.status,
        provenance=weakest(marks),
        baseline=baseline,
        target=judged.target,
        overdue=judged.overdue,
        change=Change(baseline.as_of, value - baseline.value) if baseline else None,
        computed_at=register.recorded_at,
        data_up_to=register.recorded_at,
        observed=printed[-1] if printed else None,
        history=history,
        marks=Marks(illustrative="illustrative" in marks),
        ocop=OcopCount(
            by_stars=tuple(sorted(Counter(found.stars for _one, found in alive).items(), reverse=True)),
            ever=len(products),
            before=baseline.as_of if baseline else None,
            was=int(baseline.value) if baseline and _knows(register, baseline.as_of) else None,
        ),
    )


def counted_products(world: World) -> tuple[CountedProduct, ...]:
    """Return every product recognised by the day, with whether and why it counts: those that do first, by name."""
    if world.ocop is None:
        return ()
    before = _before(world)
    known = before is not None and _knows(world.ocop, before)
    found = []
    for one in world.ocop.within(world.in_area):
        last = newest(one.certificates, world.as_of)
        assert last is not None, "a product of the register was recognised by the day"
        found.append(
            CountedProduct(
                id=one.id,
                name=one.name,
                producer=one.producer,
                places=tuple(world.places[pk] for pk in sorted(one.units)),
                certificate=last,
                event=event_of(last, one.certificates),
                state=state_on(one.certificates, world.as_of),
                decision_number=one.numbers[last.id],
                provenance=one.provenances[last.id],
                counts=last.holds_on(world.as_of),
                counted_before=standing(one.certificates, before) is not None if before and known else None,
            )
        )
    return tuple(sorted(found, key=lambda one: not one.counts))


def _alive(products: tuple[ProductFact, ...], day: date) -> list[tuple[ProductFact, Certificate]]:
    return [(one, found) for one in products if (found := standing(one.certificates, day)) is not None]


def _before(world: World) -> date | None:
    """The last day before the phase of programmes, when the day is later: the plan starts from there."""
    if world.phase_years is None:
        return None
    day = date(world.phase_years[0] - 1, 12, 31)
    return day if day < world.as_of else None


def _knows(register: OcopFact, day: date) -> bool:
    """Whether the register had a decision by the day; before that it says nothing, not zero."""
    return any(one.decided_on <= day for product in register.products for one in product.certificates)


def _history(
    world: World, measure: Measure, products: tuple[ProductFact, ...], now: Decimal
) -> tuple[tuple[Point, ...], Point | None]:
    """Return the counts at the ends of years since the phase began, and the one it began with.

    Of days that the register knows nothing of, what a source printed then.
    """
    before = _before(world)
    if before is None or world.ocop is None:
        return (Point(world.as_of, now),), None
    printed = {fact.as_of: value for fact in observations(world, measure) if (value := figure(fact)) is not None}
    points = []
    for year in range(before.year, world.as_of.year + 1):
        day = date(year, 12, 31)
        if day >= world.as_of:
            break
        if _knows(world.ocop, day):
            points.append(Point(day, Decimal(len(_alive(products, day)))))
        elif day in printed:
            points.append(Point(day, printed[day]))
    baseline = points[0] if points and points[0].as_of == before else None
    return (*points, Point(world.as_of, now)), baseline
