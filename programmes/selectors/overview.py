"""What the overview shows: all measures, the small matrix, and what needs attention, in one fixed set of queries."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from programmes.measures.facts import HOME_AREA, LevelFact, RecognitionFact, World
from programmes.measures.ntm import ASSESSED, UPGRADE, differing
from programmes.measures.values import MeasureValue
from programmes.selectors.criteria_cells import Cells, stored_cells
from programmes.selectors.matrix import Matrix, filled, matrix_of
from programmes.selectors.measures import values_in
from programmes.selectors.period_states import PeriodState, period_states
from programmes.selectors.reporting import Reporting, reporting
from programmes.selectors.shorts import Short, last_periods, shorts_of
from programmes.selectors.slips import Slip, Watched, slips_of, watched_in
from programmes.selectors.targets import PlanRow, late_rows
from programmes.selectors.tasks import OverdueTasks, overdue_tasks
from programmes.selectors.world import load_world

# A recognition that ends within half a year needs its next assessment to be prepared.
EXPIRES_SOON = timedelta(days=183)
ATTENTION_TOLD = 40  # of all that needs attention, on the overview itself


@dataclass(frozen=True, slots=True)
class Overview:
    """One day as the leader sees it; `slips` by recognition, `shorts` by unit and level."""

    world: World
    values: dict[str, MeasureValue]
    days: tuple[date, ...]
    matrix: Matrix | None
    slipping: frozenset[int]  # recognised at a level that the figures do not attain, in a group or not
    slips: tuple[Slip, ...]
    shorts: tuple[Short, ...]
    periods: tuple[PeriodState, ...]
    waiting_evaluations: int
    failed_evaluations: int
    expiring: tuple[RecognitionFact, ...]
    behind: tuple[PlanRow, ...] = ()  # targets that are behind or late, of the area and of its communes
    overdue: OverdueTasks = OverdueTasks()

    @property
    def levels(self) -> tuple[LevelFact, ...]:
        return self.world.levels

    @property
    def has_ratios(self) -> bool:
        """Is the group in force that the ratios by level are counted over, with a member in the area?"""
        return bool(self.world.members(self.world.group_in_place_of(ASSESSED)))


def default_day(known: Reporting, today: date) -> date:
    """Return the end of the newest period with an approved report, else today."""
    return known.days_with_data[0] if known.days_with_data else today


def overview(
    as_of: date | None,
    *,
    today: date,
    area: str = HOME_AREA,
    told: tuple[int, int] = (0, ATTENTION_TOLD),
    seen: frozenset[int] | None = frozenset(),
) -> Overview:
    """Return the overview of a day (None: the newest with data): at most twelve queries, whatever the number of units.

    Thirteen more where the register of households has counted. `told`: from which to which of all that needs attention
    is told in full, with its indicators. `seen`: as for `load_world`.

    Raises:
        Unit.DoesNotExist: no such area on the day.
    """
    known = reporting()
    found = figures(as_of or default_day(known, today), area, known=known, told=told, seen=seen)
    return reported(found, known, today=today)


def reported(found: Overview, known: Reporting, *, today: date) -> Overview:
    """Add where the reports of each period stand, and which tasks are overdue today: one query."""
    world = found.world
    late = overdue_tasks(None if world.area.uid == HOME_AREA else world.in_area, today)
    return replace(found, periods=period_states(known, world), overdue=late)


def figures(
    as_of: date,
    area: str = HOME_AREA,
    *,
    known: Reporting,
    told: tuple[int, int] = (0, ATTENTION_TOLD),
    seen: frozenset[int] | None = frozenset(),
) -> Overview:
    """Return the overview of a day without the state of its reports: of them it rests on what counts alone.

    Raises:
        Unit.DoesNotExist: no such area on the day.
    """
    world = load_world(as_of, area, known=known, seen=seen)
    values = {value.code: value for value in values_in(world)}
    members = {p.id: p for code in (UPGRADE, ASSESSED) for p in world.members(world.group_in_place_of(code))}
    watched = watched_in(world)
    apart = differing(world)
    matrix = matrix_of(world, members.values())
    cells = _cells(world, matrix, watched, apart)
    slips = slips_of(world, watched, cells)
    # What stands before the shorts in the list of all that needs attention is at most this.
    before = sum(slip.reading.warns for slip in slips) + len(world.levels) + 1
    return Overview(
        world=world,
        values=values,
        days=known.days_with_data,
        matrix=matrix and filled(matrix, cells),
        slipping=frozenset().union(*apart.values()),
        slips=slips,
        shorts=shorts_of(world, apart, slips, cells, told=slice(max(0, told[0] - before), told[1])),
        periods=(),
        waiting_evaluations=known.waiting_evaluations,
        failed_evaluations=known.failed_evaluations,
        expiring=tuple(
            r
            for pk in sorted(world.in_area)
            for r in world.recognitions_on(pk, world.as_of)
            if r.expires_on and r.expires_on <= world.as_of + EXPIRES_SOON
        ),
        behind=late_rows(world, None),
    )


def _cells(
    world: World, matrix: Matrix | None, watched: Iterable[Watched], apart: Mapping[str, Collection[int]]
) -> Cells:
    """Return the criteria that attention rests on, and those of the matrix: one query.

    Of the units that are watched or fall short only what is not met: of a province that is a tenth, and the rest is
    known to be met, because evaluation stores every criterion of a set.
    """
    whole = {row.key for row in matrix.rows} if matrix else set()
    wanted = {(one.recognition.unit_id, at, one.set_id) for one in watched for at in (one.now, one.then) if at}
    sets = {level.code: level.published_set.id for level in world.levels if level.published_set}
    for level, units in apart.items():
        wanted |= {(pk, period, sets[level]) for pk, period in last_periods(world, units).items()}
    return stored_cells(whole, open_only=wanted)
