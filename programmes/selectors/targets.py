"""Plan against actual: the targets of an area and its communes with what is reached by the day; without a query."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from communes.models import UnitVersion
from communes.scope import Scope
from communes.selectors.directory import names_on
from indicators.models import Level
from mongcai_portal.common.models import Source
from mongcai_portal.common.numbers import round_half_up
from programmes.measures.common import start_of
from programmes.measures.facts import GroupFact, LevelFact, Place, World
from programmes.measures.figures import TargetFact
from programmes.measures.money import PROGRAMMES
from programmes.measures.registry import measures_of, measures_with
from programmes.measures.values import Measure, MeasureValue
from programmes.models import Target
from programmes.rules.progress import BEHIND, NEUTRAL, NO_DATA, ON_TRACK, REACHED, Aim, expected, status_of, way_done
from programmes.selectors.seen import targets_seen

# In the order in which a page counts them.
STATES = (REACHED, ON_TRACK, BEHIND, NO_DATA)


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A target and how it stands on the day.

    `value` is the measure of the target's unit or group on that day, with its own date. `due`: what the straight line
    from the baseline asks for on the day; `way`: which part of the way is done, None when there is none to go.
    `late`: its year is over and it is not reached. Of a measure that begins anew with every year the value is that of
    the target's year.
    """

    target: TargetFact
    place: Place
    group: GroupFact | None
    measure: Measure
    value: MeasureValue
    status: str
    due: Decimal
    way: Decimal | None
    late: bool


@dataclass(frozen=True, slots=True)
class PlanFilter:
    """What is asked for; empty means all."""

    programme: str = ""
    year: int | None = None
    measure: str = ""
    status: str = ""

    def takes(self, row: PlanRow) -> bool:
        """Whether a target is asked for."""
        return (
            self.programme in ("", row.measure.programme)
            and self.year in (None, row.target.year)
            and self.measure in ("", row.measure.code)
            and self.status in ("", row.status)
        )


EVERYTHING = PlanFilter()


def plan_rows(world: World, scope: Scope, wanted: PlanFilter = EVERYTHING) -> tuple[PlanRow, ...]:
    """Return the targets of a loaded world: by programme, the area before its communes, as the overview has measures.

    Targets of communes that the account does not see are left out, and so are those of units that the day's map does
    not have.
    """
    return _ordered(world, (row for row in _rows(world, scope) if wanted.takes(row)))


def area_rows(world: World, programme: str = "") -> tuple[PlanRow, ...]:
    """Return the targets of the area itself and of its groups, of one programme or all, in the same order."""
    known = {one.code: one for one in measures_of(world) if programme in ("", one.programme)}
    return _ordered(world, _rows_of(world, known))


def _ordered(world: World, found: Iterable[PlanRow]) -> tuple[PlanRow, ...]:
    order = {measure.code: at for at, measure in enumerate(measures_of(world))}
    programmes = {code: at for at, code in enumerate(PROGRAMMES)}
    return tuple(
        sorted(
            found,
            key=lambda row: (
                programmes.get(row.measure.programme, len(programmes)),
                order[row.measure.code],
                row.place.id != world.area.id,
                row.place.sort_key,
                row.target.group or "",
                row.target.year,
            ),
        )
    )


def targets_below(world: World, scope: Scope, programme: str) -> int:
    """Count the targets of a programme that the communes of the area have, as `plan_rows` would return them."""
    codes = {measure.code for measure in measures_of(world) if measure.programme == programme}
    seen = (plans for pk, plans in world.plans.items() if scope.sees_unit(pk) and pk in world.places)
    return sum(len(targets) for plans in seen for code, targets in plans.items() if code in codes)


def _rows(world: World, scope: Scope | None) -> Iterator[PlanRow]:
    """The area's targets and, as far as they are seen, its communes'; without a scope all are."""
    known = {measure.code: measure for measure in measures_of(world)}
    yield from _rows_of(world, known)
    for unit_id in world.plans:
        if (scope is None or scope.sees_unit(unit_id)) and unit_id in world.places:
            yield from _rows_of(world.within(unit_id), known)


def _rows_of(world: World, known: dict[str, Measure]) -> Iterator[PlanRow]:
    for code, targets in world.targets.items():
        measure = known.get(code)
        if measure is None:
            continue
        if measure.of_year is not None:
            for target in targets:
                yield _row(world, measure, target, measure.of_year(world.over(target.group), measure, target.year))
            continue
        values = {group: measure.calculate(world.over(group), measure) for group in {one.group for one in targets}}
        for target in targets:
            yield _row(world, measure, target, values[target.group])


def _row(world: World, measure: Measure, target: TargetFact, value: MeasureValue) -> PlanRow:
    aim, start = Aim(target.year, target.value), start_of(target)
    status = status_of(value.value, aim=aim, start=start, direction=measure.direction, day=world.as_of)
    return PlanRow(
        target=target,
        place=world.area,
        group=world.groups.get(target.group) if target.group else None,
        measure=measure,
        value=value,
        status=status,
        due=round_half_up(expected(start, aim, world.as_of), 4),
        way=way_done(value.value, aim=aim, start=start),
        late=status == BEHIND and world.as_of.year > target.year,
    )


def late_rows(world: World, scope: Scope | None) -> tuple[PlanRow, ...]:
    """Return the targets of the area and its communes that are behind or late.

    Of what begins anew with every year only this year's: what an earlier one missed nobody can make good any more.
    """
    behind = (row for row in _rows(world, scope) if row.status == BEHIND)
    return tuple(row for row in behind if not (row.late and row.measure.of_year is not None))


def planned_measures() -> tuple[Measure, ...]:
    """Return the measures that can be planned: those with a good direction, at the levels of every phase; one query."""
    levels = {row.code: row for row in Level.objects.order_by("phase", "rank")}
    facts = (LevelFact(row.code, row.phase, row.rank, row.name_vi, row.name_en) for row in levels.values())
    return tuple(one for one in measures_with(facts) if one.direction != NEUTRAL)


@dataclass(frozen=True, slots=True)
class TargetPage:
    """A plan with its earlier and later versions, the newest first, and what its unit was called."""

    row: Target
    versions: tuple[Target, ...]
    unit: UnitVersion | None
    measure: Measure | None  # None for a code that is no measure any more
    sources: Mapping[str, str]  # titles of the public texts that are named by their codes


def target_page(scope: Scope, target_id: int) -> TargetPage:
    """Return a plan and its versions: five queries.

    Raises:
        Target.DoesNotExist: none that the account sees.
    """
    seen = targets_seen(scope).select_related("area", "group")
    row = seen.get(pk=target_id)
    others = seen.filter(measure=row.measure, area=row.area_id, group=row.group_id, year=row.year)
    versions = tuple(others.order_by("-recorded_at", "-pk"))
    measure = next((one for one in planned_measures() if one.code == row.measure), None)
    codes = {code for one in versions for code in (one.source, one.baseline_source)}
    titles = dict(Source.objects.filter(code__in=codes).values_list("code", "title"))
    return TargetPage(row, versions, names_on(row.baseline_on, [row.area_id]).get(row.area_id), measure, titles)


def years_planned(rows: Collection[PlanRow]) -> tuple[int, ...]:
    """Return the years of these targets, the latest first."""
    return tuple(sorted({row.target.year for row in rows}, reverse=True))
