"""Figures of an area from those that its communes entered: sums, then the division, means weighted by population."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from programmes.measures.common import weakest
from programmes.measures.facts import Place, World
from programmes.measures.figures import ObservedFact
from programmes.measures.parts import Gather, Gathered, GatheredPart
from programmes.measures.values import Measure
from programmes.rules.gather import MEAN, Part, gather

POPULATION = "population.resident.count"
# How far a mark may be trusted, the firmest first.
FIRMNESS = ("sourced", "unverified", "missing", "illustrative")


def settle(facts: Sequence[ObservedFact]) -> tuple[ObservedFact | None, tuple[ObservedFact, ...]]:
    """Return which figure of one day counts, and all of them where they differ.

    The firmest mark counts, of equal figures the newest record. Where the firmest sources themselves differ none does:
    nobody has said yet which of them is right.
    """
    if not facts:
        return None, ()
    mark = min((fact.provenance for fact in facts), key=FIRMNESS.index)
    firmest = [fact for fact in facts if fact.provenance == mark]
    differing = tuple(facts) if len({fact.figures for fact in facts}) > 1 else ()
    if len({fact.figures for fact in firmest}) > 1:
        return None, differing
    return max(firmest, key=lambda fact: (fact.recorded_at, fact.source)), differing


def by_day(facts: Iterable[ObservedFact], until: date) -> dict[date, list[ObservedFact]]:
    """Return figures by the day they speak of, oldest first, up to a day."""
    found: dict[date, list[ObservedFact]] = {}
    for fact in sorted(facts, key=lambda one: (one.as_of, one.recorded_at, one.source)):
        if fact.as_of <= until:
            found.setdefault(fact.as_of, []).append(fact)
    return found


def gathered_days(world: World, measure: Measure) -> tuple[Gathered, ...]:
    """Return what the communes' figures give on each day that one of them has one for, oldest first; no query."""
    asked = measure.gather
    if asked is None or not world.of_units:
        return ()
    code = world.group_asked or world.group_in_place_of(asked.group)
    places = world.members(code)
    if not places or any(place.id == world.area.id for place in places):
        return ()
    source = asked.measure or measure.code
    figures = {place.id: by_day(world.of_units.get(place.id, {}).get(source, ()), world.as_of) for place in places}
    days = sorted({day for found in figures.values() for day in found})
    return tuple(_on(world, asked, code, places, day, figures) for day in days)


def _on(
    world: World,
    asked: Gather,
    code: str,
    places: Sequence[Place],
    day: date,
    figures: dict[int, dict[date, list[ObservedFact]]],
) -> Gathered:
    parts = tuple(_part(world, asked, place, day, figures[place.id].get(day, [])) for place in places)
    complete = all(one.usable for one in parts)
    facts = [fact for one in parts for fact in (*one.facts, *([one.people] if one.people else []))]
    return Gathered(
        day=day,
        how=asked.how,
        group=code,
        parts=parts,
        whole=gather([one.part for one in parts], asked.how) if complete else None,
        provenance=weakest([*(fact.provenance for fact in facts), world.groups[code].provenance]),
        recorded_at=max((fact.recorded_at for fact in facts), default=None),
    )


def _part(world: World, asked: Gather, place: Place, day: date, facts: list[ObservedFact]) -> GatheredPart:
    fact, _differing = settle(facts)
    people = people_of(world, place, day) if asked.how == MEAN else None
    if fact is None:
        return GatheredPart(place, tuple(facts), Part(), people, conflict=bool(facts))
    weight = int(people.value) if people is not None and people.value is not None else None
    return GatheredPart(place, tuple(facts), Part(fact.value, fact.numerator, fact.denominator, weight), people)


def people_of(world: World, place: Place, day: date) -> ObservedFact | None:
    """Return the newest population of a commune by the day, of that year: who moved in later is not counted."""
    days = by_day(world.of_units.get(place.id, {}).get(POPULATION, ()), day)
    known = [settle(facts)[0] for at, facts in days.items() if at.year == day.year]
    return next((fact for fact in reversed(known) if fact is not None), None)
