"""What the overview shows: all measures, the small matrix, and what needs attention, in one fixed set of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from indicators.models import IndicatorResult, Outcome, VersionPart
from indicators.rules.freshness import Late
from indicators.rules.withdrawal import MEASURED_ON, CriterionState, WithdrawalReading, read_withdrawal, slipped
from indicators.selectors.watch import stored_criteria
from programmes.measures.facts import HOME_AREA, LevelFact, Place, RecognitionFact, World
from programmes.measures.ntm import ASSESSED, UPGRADE, differing
from programmes.measures.values import MeasureValue
from programmes.selectors.measures import values_in
from programmes.selectors.reporting import PeriodFact, Reporting, ReportState, reporting
from programmes.selectors.world import load_world

# A recognition that ends within half a year needs its next assessment to be prepared.
EXPIRES_SOON = timedelta(days=183)


class CriterionCell(NamedTuple):
    """The stored outcome of one criterion for a unit's last approved period."""

    number: int
    name_vi: str
    name_en: str
    outcome: str
    unverified: bool
    judged: bool


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A unit's criteria at one level."""

    place: Place
    key: tuple[int, int, int]
    period: str
    cells: tuple[CriterionCell, ...]
    met: int
    total: int
    illustrative: bool = False
    late: Late | None = None


@dataclass(frozen=True, slots=True)
class Matrix:
    """Units by criteria of one level's set; `columns` are (number, name_vi, name_en)."""

    level: LevelFact
    columns: tuple[CriterionCell, ...]
    rows: tuple[MatrixRow, ...]
    hidden: int = 0

    @property
    def late(self) -> bool:
        """Is a result older than it should be?"""
        return any(row.late for row in self.rows)


class Gap(NamedTuple):
    """An indicator that keeps a unit from a level, and how far it is away."""

    code: str
    name_vi: str
    name_en: str
    unit: str
    outcome: str
    gap: Decimal | None
    comparison: str  # of the part whose norm decided
    norm: Decimal | None
    unverified: bool
    judged: bool


@dataclass(frozen=True, slots=True)
class Slip:
    """A recognition whose unit no longer meets what it met then, or falls under the withdrawal rule (QĐ 18/2022).

    `level` is the one whose criteria are counted: advanced and model communes are measured on the advanced set.
    """

    recognition: RecognitionFact
    level: str
    failed: tuple[CriterionCell, ...]
    slipped: tuple[CriterionCell, ...]
    named: tuple[CriterionCell, ...]
    reading: WithdrawalReading


@dataclass(frozen=True, slots=True)
class Short:
    """A recognised unit whose figures fall short of a level, or slipped from it.

    `open_now`: the criteria of the level's set that are not met now. `gaps`: the first indicators behind them and how
    many there are; None where they were not asked for.
    """

    unit_id: int
    level: str
    slip: Slip | None
    open_now: tuple[CriterionCell, ...]
    gaps: tuple[Gap, ...] | None = None


@dataclass(frozen=True, slots=True)
class PeriodState:
    """Where the reports of one period stand: `missing` units have none although they should."""

    period: PeriodFact
    by_status: dict[str, int]
    missing: int

    @property
    def unapproved(self) -> int:
        return sum(count for status, count in self.by_status.items() if status != "approved") + self.missing


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

    @property
    def levels(self) -> tuple[LevelFact, ...]:
        return self.world.levels

    @property
    def has_ratios(self) -> bool:
        """Is the group in force that the ratios by level are counted over, with a member in the area?"""
        return bool(self.world.members(self.world.group_in_place_of(ASSESSED)))


MATRIX_ROWS = 20
ATTENTION_TOLD = 40  # of all that needs attention, on the overview itself


def default_day(known: Reporting, today: date) -> date:
    """Return the end of the newest period with an approved report, else today."""
    return known.days_with_data[0] if known.days_with_data else today


def overview(
    as_of: date | None, *, today: date, area: str = HOME_AREA, told: tuple[int, int] = (0, ATTENTION_TOLD)
) -> Overview:
    """Return the overview of a day (None: the newest with data): at most ten queries, whatever the number of units.

    `told`: from which to which of all that needs attention is told in full, with its indicators.

    Raises:
        Unit.DoesNotExist: no such area on the day.
    """
    known = reporting()
    return reported(figures(as_of or default_day(known, today), area, known=known, told=told), known)


def reported(found: Overview, known: Reporting) -> Overview:
    """Add where the reports of each period stand: no query."""
    return replace(found, periods=_periods(known, found.world))


def figures(
    as_of: date, area: str = HOME_AREA, *, known: Reporting, told: tuple[int, int] = (0, ATTENTION_TOLD)
) -> Overview:
    """Return the overview of a day without the state of its reports: of them it rests on what counts alone.

    Raises:
        Unit.DoesNotExist: no such area on the day.
    """
    world = load_world(as_of, area, known=known)
    values = {value.code: value for value in values_in(world)}
    members = {p.id: p for code in (UPGRADE, ASSESSED) for p in world.members(world.group_in_place_of(code))}
    watched = _watched(world)
    apart = differing(world)
    matrix = _matrix(world, members.values())
    cells = _cells(world, matrix, watched, apart)
    slips = _slips(world, watched, cells)
    # What stands before the shorts in the list of all that needs attention is at most this.
    before = sum(slip.reading.warns for slip in slips) + len(world.levels) + 1
    return Overview(
        world=world,
        values=values,
        days=known.days_with_data,
        matrix=matrix and _filled(matrix, cells),
        slipping=frozenset().union(*apart.values()),
        slips=slips,
        shorts=_shorts(world, apart, slips, cells, told=slice(max(0, told[0] - before), told[1])),
        periods=(),
        waiting_evaluations=known.waiting_evaluations,
        failed_evaluations=known.failed_evaluations,
        expiring=tuple(
            r
            for pk in sorted(world.in_area)
            for r in world.recognitions_on(pk, world.as_of)
            if r.expires_on and r.expires_on <= world.as_of + EXPIRES_SOON
        ),
    )


def _last_periods(world: World, unit_ids: Iterable[int]) -> dict[int, int]:
    found = {pk: world.last_report(pk, world.as_of) for pk in unit_ids}
    return {pk: report.period_id for pk, report in found.items() if report}


# Stored criteria by unit, period and set.
Key = tuple[int, int, int]
Cells = dict[Key, list[CriterionCell]]


@dataclass(frozen=True, slots=True)
class Watched:
    """A recognition to be held against figures: the measured set, the last period, and the one before the decision."""

    recognition: RecognitionFact
    level: str
    set_id: int
    now: int
    then: int | None
    since_decision: bool  # the last period ends after the decision


def _watched(world: World) -> tuple[Watched, ...]:
    """Return the recognitions of the area whose rule is known and whose unit has figures; of two on one set the higher.

    No query.
    """
    sets = {one.code: one.published_set.id for one in world.levels if one.published_set}
    found: dict[tuple[int, str], Watched] = {}
    for pk in sorted(world.in_area):
        for act in world.recognitions_on(pk, world.as_of):
            level = MEASURED_ON.get(act.level, "")
            now, then = world.last_report(pk, world.as_of), world.last_report(pk, act.decided_on)
            if level in sets and now is not None:
                since, past = now.ends_on > act.decided_on, then.period_id if then else None
                one = Watched(act, level, sets[level], now.period_id, past, since)
                found.setdefault((pk, level), one)
    return tuple(found.values())


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
        wanted |= {(pk, period, sets[level]) for pk, period in _last_periods(world, units).items()}
    found: Cells = defaultdict(list)
    for key, row in stored_criteria(whole, open_only=wanted):
        found[key].append(CriterionCell._make(row))
    return found


def _slips(world: World, watched: Iterable[Watched], cells: Cells) -> tuple[Slip, ...]:
    """Return the recognitions that need attention by what slipped or by the withdrawal rule."""
    found = []
    for one in watched:
        unit_id = one.recognition.unit_id
        now = cells.get((unit_id, one.now, one.set_id), ())
        stored = world.attainment(unit_id, one.set_id, world.as_of)
        failed = tuple(c for c in now if c.outcome == Outcome.NOT_MET)
        if stored is None or not failed:
            continue
        states = [CriterionState(c.number, c.name_vi, c.outcome) for c in now]
        reading = read_withdrawal(states, since_decision=one.since_decision, applicable=stored.criteria_total)
        then = None
        if one.then is not None:
            then = dict.fromkeys((c.number for c in failed), str(Outcome.MET))
            then |= {c.number: c.outcome for c in cells.get((unit_id, one.then, one.set_id), ())}
        numbers = {s.number for s in slipped(states, then)}
        slid = tuple(c for c in failed if c.number in numbers)
        named = {s.number for s in reading.named}
        if slid or reading.warns:
            found.append(
                Slip(one.recognition, one.level, failed, slid, tuple(c for c in now if c.number in named), reading)
            )
    return tuple(found)


def _matrix(world: World, places: Iterable[Place]) -> Matrix | None:
    """Choose the rows of the lowest published level; of more units than fit, those with the most criteria missing."""
    level = next((one for one in world.levels if one.published_set), None)
    if level is None or level.published_set is None:
        return None
    rows = []
    for place in places:
        report = world.last_report(place.id, world.as_of)
        stored = world.attainment(place.id, level.published_set.id, world.as_of)
        if stored and report:
            key = (place.id, report.period_id, level.published_set.id)
            met, total = stored.criteria_met, stored.criteria_total
            late = world.late.get((place.id, report.period_id))
            rows.append(MatrixRow(place, key, report.period, (), met, total, report.illustrative, late))
    if not rows:
        return None
    hidden = max(0, len(rows) - MATRIX_ROWS)
    if hidden:
        rows = sorted(rows, key=lambda r: (r.met - r.total, r.place.sort_key))[:MATRIX_ROWS]
    rows.sort(key=lambda r: r.place.sort_key)
    return Matrix(level, (), tuple(rows), hidden)


def _filled(matrix: Matrix, cells: Cells) -> Matrix | None:
    """Put the stored criteria into the rows chosen."""
    rows = tuple(replace(row, cells=tuple(cells[row.key])) for row in matrix.rows if row.key in cells)
    columns = {c.number: c for row in rows for c in row.cells}
    return replace(matrix, columns=tuple(columns[n] for n in sorted(columns)), rows=rows) if rows else None


def _shorts(
    world: World, apart: Mapping[str, Collection[int]], slips: Iterable[Slip], cells: Cells, *, told: slice
) -> tuple[Short, ...]:
    """Return who falls short: first what slipped, then what was never met; the gaps of those that are told."""
    sets = {level.code: level.published_set.id for level in world.levels if level.published_set}
    slipped = {(slip.recognition.unit_id, slip.level): slip for slip in slips if slip.slipped}
    last = _last_periods(world, {pk for units in apart.values() for pk in units})
    open_now = {
        (pk, level): tuple(c for c in cells.get((pk, last[pk], sets[level]), ()) if c.outcome != Outcome.NOT_APPLICABLE)
        for level, units in apart.items()
        for pk in sorted(units, key=lambda pk: world.places[pk].sort_key)
    }
    found = [
        Short(*key, slipped.get(key), open_now.get(key, ()))
        for key in {**dict.fromkeys(slipped), **{key: None for key, own in open_now.items() if own}}
    ]
    gaps = _gaps({(one.unit_id, last[one.unit_id], sets[one.level]) for one in found[told] if one.open_now})
    found[told] = [
        replace(one, gaps=gaps.get((one.unit_id, last[one.unit_id], sets[one.level]), ())) if one.open_now else one
        for one in found[told]
    ]
    return tuple(found)


def _gaps(wanted: Collection[Key]) -> dict[Key, tuple[Gap, ...]]:
    """Return the indicators that keep units from attaining: one query, none when there is no such unit."""
    if not wanted:
        return {}
    part = VersionPart.objects.filter(version=OuterRef("version"), part__code=OuterRef("norm__part"))
    rows = (
        IndicatorResult.objects.filter(
            unit__in={key[0] for key in wanted},
            period__in={key[1] for key in wanted},
            version__indicator__criterion__criteria_set__in={key[2] for key in wanted},
        )
        .exclude(outcome__in=[Outcome.MET, Outcome.NOT_APPLICABLE])
        .annotate(comparison=Coalesce(Subquery(part.values("comparison")[:1]), "version__comparison"))
        .order_by("version__indicator__criterion__number", "version__indicator__position")
        .values_list(
            "unit_id",
            "period_id",
            "version__indicator__criterion__criteria_set_id",
            "version__indicator__code",
            "version__name_vi",
            "version__name_en",
            "version__unit",
            "outcome",
            "gap",
            "comparison",
            "norm__number",
            "rests_on_unverified",
            "rests_on_judgement",
        )
    )
    found: dict[Key, list[Gap]] = defaultdict(list)
    for row in rows:
        if row[:3] in wanted:
            found[row[:3]].append(Gap._make(row[3:]))
    return {key: tuple(own) for key, own in found.items()}


def _periods(known: Reporting, world: World) -> tuple[PeriodState, ...]:
    """Return the periods with reports that are not approved, newest first; a group's member without one is missing.

    Those report that are communes on the period's last day: a member that ended before, or began after, is not missing.
    Nobody is missing in a period that the archive alone brought.
    """
    members = world.members(world.group_in_place_of(UPGRADE))
    found = []
    reports: dict[int, list[ReportState]] = defaultdict(list)
    for report in known.reports:
        if report.unit_id in world.in_area:
            reports[report.period.id].append(report)
    for period in reversed(known.periods):
        own = reports[period.id]
        by_status: dict[str, int] = defaultdict(int)
        for report in own:
            by_status[report.status] += 1
        should = {p.id for p in members if p.held_on(period.ends_on)} if not period.archived else set()
        state = PeriodState(period, dict(by_status), len(should - {r.unit_id for r in own}))
        if state.unapproved:
            found.append(state)
    return tuple(found)
