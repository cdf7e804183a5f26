"""A measure over time, what is planned for it, and where it would be if it went on so; no query.

Points are known values only. The projection is of the rule in `programmes.rules.projection`, to the end of the phase,
and is never mixed with them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from mongcai_portal.common.numbers import percentage
from programmes.measures.common import group_of
from programmes.measures.facts import World
from programmes.measures.figures import TargetFact
from programmes.measures.poverty import STATUS_OF, TOTAL
from programmes.measures.values import Measure, MeasureValue, Point
from programmes.measures.words import KNOWN, PLANNED, PROJECTED
from programmes.rules.limits import LOWEST, highest
from programmes.rules.progress import Aim, overdue
from programmes.rules.projection import Known, Projection, project

# Why there is no line beside what the rule itself says.
NO_PHASE, YEARLY = "no_phase", "begins_anew_every_year"


def year_end(year: int) -> date:
    """The day that a plan of a year is for."""
    return date(year, 12, 31)


@dataclass(frozen=True, slots=True)
class Trend:
    """Known points, oldest first; plans by year; the straight line to the end of the phase, or why there is none."""

    points: tuple[Point, ...]
    plans: tuple[TargetFact, ...]
    until: date | None
    projection: Projection
    missed: frozenset[int] = frozenset()  # years that are over with their plan not reached

    @property
    def drawn(self) -> bool:
        """Whether there is something to draw: two points, or a point and a plan."""
        return len(self.points) > 1 or bool(self.points and self.plans)


@dataclass(frozen=True, slots=True)
class SeriesPoint:
    """A value on a day and what kind it is: known, planned or projected."""

    as_of: date
    kind: str
    value: Decimal
    numerator: int | None = None


def points_of(trend: Trend) -> tuple[SeriesPoint, ...]:
    """Return all of a trend by the day, each of its kind."""
    found = [SeriesPoint(point.as_of, KNOWN, point.value, point.numerator) for point in trend.points]
    found += [SeriesPoint(year_end(row.year), PLANNED, row.value) for row in trend.plans]
    if trend.projection.ends is not None:
        found.append(SeriesPoint(trend.projection.ends.day, PROJECTED, trend.projection.ends.value))
    order = (KNOWN, PLANNED, PROJECTED)
    return tuple(sorted(found, key=lambda one: (one.as_of, order.index(one.kind))))


def trend_of(world: World, measure: Measure, value: MeasureValue) -> Trend:
    """Return the series of a measure with its plans and its projection."""
    points = series_of(world, measure, value)
    plans = tuple(row for row in world.targets.get(measure.code, ()) if row.group == world.group_asked)
    until = year_end(world.phase_years[1]) if world.phase_years else None
    projection = Projection(NO_PHASE, points=len(points))
    if measure.of_year is not None:
        projection = Projection(YEARLY, points=len(points))
    elif until is not None:
        known = [Known(point.as_of, point.value) for point in points]
        projection = project(known, until, lowest=LOWEST, highest=highest(measure.unit))
    return Trend(points, plans, until, projection, _missed(world, measure, value, plans))


def _missed(world: World, measure: Measure, value: MeasureValue, plans: tuple[TargetFact, ...]) -> frozenset[int]:
    """Return the years that are over with their plan not reached."""
    found: set[int] = set()
    for row in plans:
        reached = measure.of_year(world, measure, row.year).value if measure.of_year else value.value
        aims = [Aim(row.year, row.value)]
        found |= {aim.year for aim in overdue(aims, reached, direction=measure.direction, day=world.as_of)}
    return frozenset(found)


def series_of(world: World, measure: Measure, value: MeasureValue) -> tuple[Point, ...]:
    """Return the known values of a measure by the day, oldest first."""
    if value.register is not None:
        return _counted(world, measure, value)
    if measure.code.startswith("ntm.recognised."):
        return _recognised(world, measure, value)
    if value.history or value.value is None or not value.is_ratio:
        return value.history
    now = Point(world.as_of, value.value, value.numerator)
    if value.change is None or value.numerator is None:
        return (now,)
    before = value.numerator - int(value.change.amount)
    then = percentage(before, value.denominator or 0)
    return (now,) if then is None else (Point(value.change.since, then, before), now)


def _recognised(world: World, measure: Measure, value: MeasureValue) -> tuple[Point, ...]:
    """The ratio at the ends of the phase's years, over the members of the day; none of them before all existed."""
    level, code = measure.level, group_of(world, measure)
    if value.value is None or level is None or world.phase_years is None:
        return ()
    places = world.members(code)
    ends = [year_end(year) for year in range(world.phase_years[0] - 1, world.as_of.year + 1)]
    days = [day for day in ends if day < world.as_of and all(place.held_on(day) for place in places)]
    found = []
    for day in (*days, world.as_of):
        count = sum(1 for place in places if world.standing(place.id, day).rank >= level.rank)
        share = percentage(count, len(places))
        if share is not None:
            found.append(Point(day, share, count))
    return tuple(found)


def _counted(world: World, measure: Measure, value: MeasureValue) -> tuple[Point, ...]:
    """The counts of the register at the ends of years, as far as they are by the standard of the day."""
    assert world.register is not None and value.register is not None  # the register speaks for the figure
    status = STATUS_OF.get(measure.code)
    if status is None:
        return value.history
    found = {point.as_of: point for point in value.history}
    for day in world.register.years:
        if not day.whole or day.standard.code != value.register.standard.code or day.day in found:
            continue
        number, everyone = day.number(status), day.number(TOTAL)
        if number is None:
            continue
        if not value.is_ratio:
            found[day.day] = Point(day.day, Decimal(number))
        elif everyone and day.complete and (share := percentage(number, everyone)) is not None:
            found[day.day] = Point(day.day, share, number)
    return tuple(found[day] for day in sorted(found))
