"""The world of one day as calculators read it: plain values that a selector loaded in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, NamedTuple, TypeVar

from communes.selectors.poverty_area import AreaDay, Ground
from communes.selectors.poverty_cohort import PublishedCohort
from indicators.rules.freshness import Late, latest
from indicators.rules.titles import holds
from programmes.measures.figures import ObservedFact, TargetFact
from programmes.measures.register_facts import MoneyFact, MoneyLine, OcopFact

T = TypeVar("T")
MET = "met"

# Facts of which a province has hundreds are named tuples: made in a third of the time that a dataclass takes.

# The area whose leaders read the overview. It is an identity of ours that outlives the city government of that name.
HOME_AREA = "mong-cai"

# Which group is counted over once a published one has ended and the city's units are others: all communes of the day.
FOLLOWED_BY = {"ntm_assessed": "ntm_communes", "ntm_upgrade": "ntm_communes"}


class Place(NamedTuple):
    """A unit as it was on the day, and since and until when it was that (None for open)."""

    id: int
    uid: str
    name_vi: str
    name_en: str
    kind: str
    parent_id: int | None
    sort_key: str
    tile_row: int | None = None
    tile_column: int | None = None
    valid_from: date | None = None
    valid_to: date | None = None

    def held_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class SetFact:
    """A criteria set of a level: whether reports of a year are judged by it, and how firm its norms are."""

    id: int
    code: str
    name_vi: str
    name_en: str
    decision: str
    first_year: int
    last_year: int
    published: bool
    norms_unverified: int = 0


@dataclass(frozen=True, slots=True)
class LevelFact:
    """A level of a phase; a higher rank includes the lower ones."""

    code: str
    phase: str
    rank: int
    name_vi: str
    name_en: str
    sets: tuple[SetFact, ...] = ()

    published_set: SetFact | None = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "published_set", next((one for one in self.sets if one.published), None))


@dataclass(frozen=True, slots=True)
class GroupFact:
    """A named unit group with the members of the day; `in_force` is False outside its dates."""

    code: str
    name_vi: str
    name_en: str
    provenance: str
    source: str
    note: str
    valid_from: date | None
    valid_to: date | None
    in_force: bool
    member_ids: frozenset[int] = frozenset()


class RecognitionFact(NamedTuple):
    """A decision that a unit meets a level."""

    id: int
    unit_id: int
    level: str
    phase: str
    rank: int
    level_name_vi: str
    level_name_en: str
    decision_number: str
    decided_on: date
    date_precision: str
    signer: str
    expires_on: date | None
    withdrawn_on: date | None
    withdrawal_decision: str
    provenance: str
    source: str
    note: str

    def holds_on(self, day: date) -> bool:
        """Decided by the day, and neither expired nor withdrawn on it."""
        return holds(self, day)


class ReportFact(NamedTuple):
    """An approved report."""

    id: int
    unit_id: int
    period_id: int
    period: str
    starts_on: date
    ends_on: date
    illustrative: bool


def last_of(reports: Iterable[ReportFact], day: date) -> ReportFact | None:
    """Return the report of the last period ending by the day."""
    past = [r for r in reports if r.ends_on <= day]
    return max(past, key=lambda r: (r.ends_on, r.starts_on)) if past else None


class AttainmentFact(NamedTuple):
    """What evaluation stored for a unit, a period and a set."""

    id: int
    unit_id: int
    period_id: int
    set_id: int
    outcome: str
    criteria_met: int
    criteria_total: int
    indicators_met: int
    indicators_total: int
    unverified: bool
    judged: bool
    computed_at: datetime
    data_up_to: datetime


@dataclass(frozen=True, slots=True)
class RegisterFact:
    """What the register of households says of the area, as its reader may see it.

    `now`: on the newest published day by the day asked, under the country's standard of that year; `beside` under the
    others that count. `before`: a year earlier. `cohort`: what became of those who were poor before the phase began.
    """

    day: date
    now: AreaDay | None
    beside: tuple[AreaDay, ...]
    before: AreaDay | None
    cohort: PublishedCohort | None
    ground: Ground
    # The ends of the phase's years by the day, where they were asked for.
    years: tuple[AreaDay, ...] = ()


class Standing(NamedTuple):
    """Where a unit stands on a day, at the levels of the phase in force."""

    last: ReportFact | None  # its approved report of the last period ending by the day
    held: tuple[RecognitionFact, ...]  # its recognitions, the highest level first
    stored: tuple[AttainmentFact | None, ...]  # what evaluation stored for that period at each level
    attains: tuple[bool | None, ...]  # does that attain each level or a higher one; None: nothing is stored

    @property
    def rank(self) -> int:
        """The rank of the highest level recognised, 0 for none."""
        return self.held[0].rank if self.held else 0


NOWHERE = Standing(None, (), (), ())


@dataclass(frozen=True, slots=True)
class World:
    """Everything measures of one area and day are computed from.

    `earlier` is the day a change is told since. `levels` are those of the phase in force, lowest first.
    """

    as_of: date
    earlier: date
    area: Place
    places: Mapping[int, Place]
    levels: tuple[LevelFact, ...]
    phase: str
    phase_years: tuple[int, int] | None
    groups: Mapping[str, GroupFact]
    recognitions: Mapping[int, tuple[RecognitionFact, ...]]
    reports: Mapping[int, tuple[ReportFact, ...]]
    attainments: Mapping[tuple[int, int], tuple[AttainmentFact, ...]]
    observed: Mapping[str, tuple[ObservedFact, ...]]
    targets: Mapping[str, tuple[TargetFact, ...]]
    # Figures and plans of the units inside the area, by unit.
    of_units: Mapping[int, Mapping[str, tuple[ObservedFact, ...]]] = field(default_factory=dict)
    plans: Mapping[int, Mapping[str, tuple[TargetFact, ...]]] = field(default_factory=dict)
    group_asked: str | None = None
    computed_at: datetime | None = None
    data_up_to: datetime | None = None
    in_area: frozenset[int] = field(default_factory=frozenset)
    late: Mapping[tuple[int, int], Late] = field(default_factory=dict)  # results older than they should be
    register: RegisterFact | None = None
    ocop: OcopFact | None = None
    money: MoneyFact | None = None
    # Answers that calculators and presenters ask for again and again; the facts above never change.
    _answers: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    def within(self, unit_id: int) -> World:
        """Return the world of one unit of the area on the same day, from what is loaded already."""
        register = self.register
        if register is not None:
            now, before = (one and one.of(unit_id) for one in (register.now, register.before))
            years = tuple(one.of(unit_id) for one in register.years)
            register = replace(register, now=now, beside=(), before=before, cohort=None, years=years)
        return replace(
            self,
            area=self.places[unit_id],
            in_area=frozenset({unit_id}),
            observed=self.of_units.get(unit_id, {}),
            targets=self.plans.get(unit_id, {}),
            of_units={},
            plans={},
            register=register,
            _answers={},
        )

    def over(self, group: str | None) -> World:
        """Return the same world with its ratios counted over a group."""
        return self if group == self.group_asked else replace(self, group_asked=group, _answers={})

    def late_on(self, unit_ids: Iterable[int], day: date) -> Late | None:
        """Return how late a figure of the day is that rests on these units' last approved periods; None: it is not."""
        if not self.late:
            return None
        reports = (self.last_report(pk, day) for pk in unit_ids)
        return latest(self.late.get((report.unit_id, report.period_id)) for report in reports if report)

    def money_of(self, year: int) -> tuple[MoneyLine, ...]:
        """Return the lines of a year that lie in the area; of the town all there are, its own among them.

        A line may be of a unit that is no unit of the day, and the town's money is what the portal holds.
        """
        if self.money is None:
            return ()
        found = self.money.lines if self.area.uid == HOME_AREA else self.money.within(self.in_area)
        return tuple(one for one in found if one.line.year == year)

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what was made for a key, and make it the first time: the facts never change."""
        if key not in self._answers:
            self._answers[key] = make()
        return self._answers[key]  # type: ignore[no-any-return]

    def group_in_place_of(self, code: str) -> str:
        """Return the group itself, or the one that stands in its place after it has ended."""
        group, heir = self.groups.get(code), self.groups.get(FOLLOWED_BY.get(code, ""))
        ended = group is not None and group.valid_to is not None and group.valid_to < self.as_of
        return heir.code if ended and heir is not None and heir.in_force else code

    def members(self, code: str) -> tuple[Place, ...]:
        """Return the members of a group on the day that lie in the area, in the order of their names."""
        group = self.groups.get(code)
        if group is None or not group.in_force:
            return ()
        key = ("members", code)
        if key not in self._answers:
            found = (self.places[pk] for pk in group.member_ids if pk in self.in_area)
            self._answers[key] = tuple(sorted(found, key=lambda place: place.sort_key))
        return self._answers[key]  # type: ignore[no-any-return]

    def stood_before(self, code: str) -> bool:
        """Was every member of a group in the area the same unit on the earlier day?"""
        key = ("stood", code)
        if key not in self._answers:
            self._answers[key] = all(place.held_on(self.earlier) for place in self.members(code))
        return self._answers[key]  # type: ignore[no-any-return]

    def place_of(self, level: LevelFact) -> int:
        """Return where a level stands among those of the phase, 0 for the lowest."""
        return next(at for at, one in enumerate(self.levels) if one.code == level.code)

    def standings(self, day: date) -> Mapping[int, Standing]:
        """Return where each unit stands on a day, in one pass: a page over a province asks it thousands of times."""
        key = ("standings", day)
        if key not in self._answers:
            self._answers[key] = {
                pk: self._standing(pk, day) for pk in self.in_area.union(self.recognitions, self.reports)
            }
        return self._answers[key]  # type: ignore[no-any-return]

    def standing(self, unit_id: int, day: date) -> Standing:
        """Return where a unit stands on a day; nowhere when nothing is known of it."""
        return self.standings(day).get(unit_id, NOWHERE)

    def _standing(self, unit_id: int, day: date) -> Standing:
        held = [r for r in self.recognitions.get(unit_id, ()) if r.phase == self.phase and r.holds_on(day)]
        held.sort(key=lambda r: (-r.rank, r.decided_on))
        last = last_of(self.reports.get(unit_id, ()), day)
        found = {a.set_id: a for a in self.attainments.get((unit_id, last.period_id), ())} if last else {}
        stored = tuple(found.get(level.published_set.id) if level.published_set else None for level in self.levels)
        attains, so_far = [], None
        for one in reversed(stored):
            if one is not None:
                so_far = bool(so_far) or one.outcome == MET
            attains.append(so_far)
        return Standing(last, tuple(held), stored, tuple(reversed(attains)))

    def recognitions_on(self, unit_id: int, day: date) -> tuple[RecognitionFact, ...]:
        """Return the unit's recognitions of the phase in force on the day, the highest level first."""
        return self.standing(unit_id, day).held

    def last_report(self, unit_id: int, day: date) -> ReportFact | None:
        """Return the unit's approved report of the last period ending by the day, whichever day that is."""
        if day in (self.as_of, self.earlier):
            return self.standing(unit_id, day).last
        return last_of(self.reports.get(unit_id, ()), day)

    def attainment(self, unit_id: int, set_id: int, day: date) -> AttainmentFact | None:
        """Return what is stored for the unit's last approved period by the day, at one set."""
        report = self.last_report(unit_id, day)
        if report is None:
            return None
        for stored in self.attainments.get((unit_id, report.period_id), ()):
            if stored.set_id == set_id:
                return stored
        return None
