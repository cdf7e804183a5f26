"""What every calculator needs: the target it is judged by, and the weakest mark of what it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from indicators.rules.marks import NO_MARKS, Marks
from mongcai_portal.common.numbers import percentage
from programmes.measures.facts import Place, World
from programmes.measures.figures import TargetFact
from programmes.measures.values import Change, Measure, MeasureValue, Reason, TargetValue
from programmes.rules.progress import NO_DATA, Aim, Start, choose_aim, overdue, status_of

_WEAKEST = ("illustrative", "unverified", "missing", "sourced")


def weakest(marks: Iterable[str]) -> str:
    """Return the mark that a figure resting on all of these carries: illustrative outweighs unverified."""
    found = set(marks)
    return next((mark for mark in _WEAKEST if mark in found), "sourced")


class Judged(NamedTuple):
    """The target by which a value is judged, what it is judged to be, and the targets that are over and not reached."""

    target: TargetValue | None
    status: str
    overdue: tuple[TargetValue, ...]


def _plans(world: World, measure: Measure, year: int | None = None) -> list[TargetFact]:
    """Return what is planned for the area: over the group asked for, else over the measure's own.

    What begins anew with every year is judged by the plan of that year alone (None: the day's).
    """
    rows = [row for row in world.targets.get(measure.code, ()) if row.group == world.group_asked]
    return [row for row in rows if measure.of_year is None or row.year == (year or world.as_of.year)]


def target_of(world: World, measure: Measure, year: int | None = None) -> TargetValue | None:
    """Return the target by which the day is judged."""
    rows = _plans(world, measure, year)
    aim = choose_aim([Aim(row.year, row.value) for row in rows], world.as_of)
    return next((_told(row) for row in rows if aim is not None and row.year == aim.year), None)


def judge(world: World, measure: Measure, value: Decimal | None, *, year: int | None = None) -> Judged:
    """Judge a value by what is planned for the area; every plan names where it starts from.

    `year`: of which year the value is, where every year begins anew.
    """
    rows = _plans(world, measure, year)
    target = target_of(world, measure, year)
    row = next((row for row in rows if target is not None and row.year == target.year), None)
    status = status_of(
        value,
        aim=Aim(row.year, row.value) if row else None,
        start=start_of(row) if row else None,
        direction=measure.direction,
        day=world.as_of,
    )
    missed = overdue([Aim(row.year, row.value) for row in rows], value, direction=measure.direction, day=world.as_of)
    years = {aim.year for aim in missed}
    return Judged(target, status, tuple(_told(row) for row in rows if row.year in years))


def start_of(row: TargetFact) -> Start:
    """Where a plan starts from."""
    return Start(row.baseline_on, row.baseline_value)


def _told(row: TargetFact) -> TargetValue:
    return TargetValue(row.year, row.value, row.provenance, row.id)


def nothing_known(world: World, measure: Measure, reason: Reason, *, group: str | None = None) -> MeasureValue:
    """Return a measure without a value, saying why."""
    return MeasureValue(
        code=measure.code,
        label=measure.label,
        unit=measure.unit,
        direction=measure.direction,
        as_of=world.as_of,
        area=world.area.uid,
        group=group,
        numerator=None,
        denominator=None,
        value=None,
        status=NO_DATA,
        provenance="missing",
        reason=reason,
        target=target_of(world, measure),
        level=measure.level,
    )


def group_of(world: World, measure: Measure) -> str:
    """Return the code of the group that is the denominator: the one asked for, else the measure's own on the day."""
    return world.group_asked or world.group_in_place_of(measure.group or "")


def ratio(
    world: World,
    measure: Measure,
    *,
    counted: frozenset[int],
    before: frozenset[int] | None,
    marks: Iterable[str],
    unknown: frozenset[int] = frozenset(),
    dated: bool = True,
    rests: Marks = NO_MARKS,
) -> MeasureValue:
    """Build the value of a ratio over a group: sums first, then the division (nothing averages averages).

    `before` are the same members counted on the earlier day, None when that cannot be told. It cannot when a member did
    not exist then: what its predecessors had is not its own.
    """
    code = group_of(world, measure)
    population: tuple[Place, ...] = world.members(code)
    value = percentage(len(counted), len(population))
    judged = judge(world, measure, value)
    published = world.observed.get(measure.code, ())
    group = world.groups[code]
    if not world.stood_before(code):
        before = None
    return MeasureValue(
        code=measure.code,
        label=measure.label,
        unit=measure.unit,
        direction=measure.direction,
        as_of=world.as_of,
        area=world.area.uid,
        group=code,
        numerator=len(counted),
        denominator=len(population),
        value=value,
        status=judged.status,
        provenance=weakest([*marks, group.provenance]),
        target=judged.target,
        overdue=judged.overdue,
        change=_change(world.earlier, counted, before),
        computed_at=world.computed_at if dated else None,
        data_up_to=world.data_up_to if dated else None,
        observed=max(published, key=lambda o: o.as_of, default=None),
        population=population,
        counted=counted,
        unknown=unknown,
        level=measure.level,
        marks=rests,
    )


def refusal(world: World, measure: Measure) -> MeasureValue | None:
    """Return the valueless measure when its group is not in force or has no member in the area, else None."""
    code = group_of(world, measure)
    group = world.groups.get(code)
    if group is None or not group.in_force:
        return nothing_known(world, measure, Reason.NO_GROUP, group=code)
    if not world.members(code):
        return nothing_known(world, measure, Reason.NO_MEMBER, group=code)
    return None


def _change(since: date, counted: frozenset[int], before: frozenset[int] | None) -> Change | None:
    if before is None:
        return None
    return Change(since, Decimal(len(counted) - len(before)), counts_units=True)
