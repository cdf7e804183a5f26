"""New-rural ratios over a named group: recognised (legal acts), attained (computed), and who upgrades criteria.

Recognition and attainment are two things (DOMAIN, "New rural development" 4-6); each has its own measure, and where
they differ both are shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from indicators.rules.marks import NO_MARKS, Marks, together
from programmes.measures.common import group_of, nothing_known, ratio, refusal
from programmes.measures.explained import Contribution
from programmes.measures.facts import AttainmentFact, LevelFact, Place, Standing, World
from programmes.measures.values import Measure, MeasureValue, Reason

ASSESSED, UPGRADE = "ntm_assessed", "ntm_upgrade"


def _level(measure: Measure) -> LevelFact:
    if measure.level is None:
        raise ValueError(measure.code)
    return measure.level


# --- Recognised -------------------------------------------------------------------------------------------------


def recognised(world: World, measure: Measure) -> MeasureValue:
    """Members with a recognition of this level or a higher one of the same phase in force that day."""
    refused = refusal(world, measure)
    if refused is not None:
        return refused
    level, population = _level(measure), world.members(group_of(world, measure))
    now, then = world.standings(world.as_of), world.standings(world.earlier)
    counted = frozenset(p.id for p in population if now[p.id].rank >= level.rank)
    before = frozenset(p.id for p in population if then[p.id].rank >= level.rank)
    return ratio(
        world,
        measure,
        counted=counted,
        before=before,
        # A member counts by any one of its recognitions, so the firmest of them is what it rests on.
        marks={_firmest([r.provenance for r in now[pk].held if r.rank >= level.rank]) for pk in counted},
    )


def _firmest(marks: list[str]) -> str:
    order = ("sourced", "unverified", "missing", "illustrative")
    return min(marks, key=order.index)


def recognised_member(world: World, measure: Measure, place: Place) -> Contribution:
    """The recognitions that make a member count, or all it holds when none does."""
    level = _level(measure)
    held = world.recognitions_on(place.id, world.as_of)
    counting = tuple(r for r in held if r.rank >= level.rank)
    return Contribution(
        place,
        bool(counting),
        recognitions=counting or held,
        report=world.last_report(place.id, world.as_of),
        attainment=_attainment(world, level, place.id, world.as_of),
        recognised=bool(counting),
        attained=attains(world, level, place.id, world.as_of),
        late=world.late_on([place.id], world.as_of),
    )


# --- Attained ---------------------------------------------------------------------------------------------------


def _attainment(world: World, level: LevelFact, unit_id: int, day: date) -> AttainmentFact | None:
    stored = level.published_set
    return world.attainment(unit_id, stored.id, day) if stored else None


def attains(world: World, level: LevelFact, unit_id: int, day: date) -> bool | None:
    """Does the unit's last approved period attain the level or a higher one? None when nothing is stored."""
    answers = world.standing(unit_id, day).attains
    return answers[world.place_of(level)] if answers else None


def attained(world: World, measure: Measure) -> MeasureValue:
    """Members whose last approved period ending by the day attains the set of this level or of a higher one."""
    value = _attained(world, measure)
    late = world.late_on((p.id for p in world.members(group_of(world, measure))), world.as_of)
    return replace(value, late=late) if late and measure.level and measure.level.published_set else value


def _attained(world: World, measure: Measure) -> MeasureValue:
    level = _level(measure)
    if level.published_set is None:
        return nothing_known(world, measure, Reason.NOT_PUBLISHED, group=group_of(world, measure))
    refused = refusal(world, measure)
    if refused is not None:
        return refused
    population, at = world.members(group_of(world, measure)), world.place_of(level)
    standings, earlier = world.standings(world.as_of), world.standings(world.earlier)
    now = {p.id: standings[p.id].attains[at] for p in population}
    if all(answer is None for answer in now.values()):
        return nothing_known(world, measure, Reason.NO_REPORT, group=group_of(world, measure))
    rests = together(_distinct_rests((standings[p.id] for p in population), at))
    then = {p.id: earlier[p.id].attains[at] for p in population}
    return ratio(
        world,
        measure,
        counted=frozenset(pk for pk, answer in now.items() if answer),
        before=frozenset(pk for pk, answer in then.items() if answer)
        if any(answer is not None for answer in then.values())
        else None,
        marks=_provenances(rests),
        rests=rests,
        unknown=frozenset(pk for pk, answer in now.items() if answer is None),
    )


def rests_of(world: World, level: LevelFact, unit_id: int) -> Marks:
    """Return what the unit's stored result at a level rests on; nothing when there is none."""
    return _rests(world.standing(unit_id, world.as_of), world.place_of(level))


def _rests(standing: Standing, at: int) -> Marks:
    stored = standing.stored[at] if standing.stored else None
    if standing.last is None or stored is None:
        return NO_MARKS
    return Marks(stored.unverified, stored.judged, standing.last.illustrative)


def _distinct_rests(standings: Iterable[Standing], at: int) -> Iterable[Marks]:
    # Of five hundred units there are a handful of kinds: told apart as they are stored, made once each.
    kinds = {
        (stored.unverified, stored.judged, one.last.illustrative)
        for one in standings
        if one.last is not None and (stored := one.stored[at]) is not None
    }
    return (Marks(*kind) for kind in kinds)


def _provenances(rests: Marks) -> list[str]:
    return ["illustrative"] * rests.illustrative + ["unverified"] * rests.unverified


def attained_member(world: World, measure: Measure, place: Place) -> Contribution:
    """The last approved period of a member and its stored result."""
    level = _level(measure)
    held, attained_it = world.recognitions_on(place.id, world.as_of), attains(world, level, place.id, world.as_of)
    return Contribution(
        place,
        attained_it,
        recognitions=held,
        report=world.last_report(place.id, world.as_of),
        attainment=_attainment(world, level, place.id, world.as_of),
        recognised=any(r.rank >= level.rank for r in held),
        attained=attained_it,
        late=world.late_on([place.id], world.as_of),
    )


def differing(world: World) -> dict[str, frozenset[int]]:
    """Return, per level, the units of the area that are recognised while their figures are known not to attain it.

    The ratios count a named group; a unit outside it that differs needs attention no less.
    """
    standings = world.standings(world.as_of)
    return {
        level.code: frozenset(
            pk for pk in world.in_area if standings[pk].rank >= level.rank and standings[pk].attains[at] is False
        )
        for at, level in enumerate(world.levels)
        if level.published_set is not None
    }


def apart(recognised: MeasureValue, attained: MeasureValue) -> tuple[tuple[Place, ...], tuple[Place, ...]]:
    """Return the members recognised while their figures fall short, and those the other way, by name.

    Members without figures are neither.
    """
    short = recognised.counted - attained.counted - attained.unknown
    ahead = attained.counted - recognised.counted
    population = recognised.population
    return tuple(p for p in population if p.id in short), tuple(p for p in population if p.id in ahead)


# --- Upgrading criteria -----------------------------------------------------------------------------------------


def _reports(world: World, unit_id: int, day: date) -> bool:
    if world.phase_years is None:
        return False
    first, last = world.phase_years
    return any(first <= r.ends_on.year <= last and r.ends_on <= day for r in world.reports.get(unit_id, ()))


def criteria_upgrade(world: World, measure: Measure) -> MeasureValue:
    """Members with an approved report of the phase for a period ending by the day."""
    refused = refusal(world, measure)
    if refused is not None:
        return refused
    population = world.members(group_of(world, measure))
    counted = frozenset(p.id for p in population if _reports(world, p.id, world.as_of))
    last = [world.last_report(pk, world.as_of) for pk in counted]
    rests = Marks(illustrative=any(report.illustrative for report in last if report))
    return ratio(
        world,
        measure,
        counted=counted,
        before=frozenset(p.id for p in population if _reports(world, p.id, world.earlier)),
        marks=_provenances(rests),
        rests=rests,
    )


def criteria_upgrade_member(world: World, measure: Measure, place: Place) -> Contribution:
    """The last approved report of a member."""
    return Contribution(
        place,
        _reports(world, place.id, world.as_of),
        recognitions=world.recognitions_on(place.id, world.as_of),
        report=world.last_report(place.id, world.as_of),
    )
