"""What became of recognitions by the figures: criteria that slipped, and the withdrawal rule; any number at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q

from indicators.models import Attainment, CriterionResult, Outcome, Recognition, Report
from indicators.rules.freshness import Late
from indicators.rules.titles import holds
from indicators.rules.withdrawal import MEASURED_ON, CriterionState, WithdrawalReading, read_withdrawal, slipped
from indicators.selectors.freshness import late_results


@dataclass(frozen=True, slots=True)
class WatchedCriterion:
    """A criterion of the measured set now, with its names."""

    number: int
    name_vi: str
    name_en: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Watch:
    """A recognition against the unit's last approved period by the day; `then` is the period before the decision.

    `then` is "" when there are no figures of that time: the decision itself says that every criterion was met.
    """

    recognition: Recognition
    set_code: str
    level: str  # of the measured set
    period: str
    then: str
    criteria: tuple[WatchedCriterion, ...]
    reading: WithdrawalReading
    slipped: tuple[WatchedCriterion, ...]
    illustrative: bool
    unverified: bool
    judged: bool
    late: Late | None = None  # since when the figures are older than they should be

    @property
    def calls(self) -> bool:
        """Whether it needs attention."""
        return bool(self.slipped) or self.reading.warns

    @property
    def failed(self) -> tuple[WatchedCriterion, ...]:
        return self._of(self.reading.failed)

    @property
    def named(self) -> tuple[WatchedCriterion, ...]:
        return self._of(self.reading.named)

    @property
    def unclear(self) -> tuple[WatchedCriterion, ...]:
        return self._of(self.reading.unclear)

    def _of(self, states: Iterable[CriterionState]) -> tuple[WatchedCriterion, ...]:
        numbers = {one.number for one in states}
        return tuple(c for c in self.criteria if c.number in numbers)


def watches(recognitions: Iterable[Recognition], day: date) -> dict[int, Watch]:
    """Return {recognition id: watch} for those whose rule is known and whose unit has figures by the day: 4 queries.

    Recognitions come with `level` loaded.
    """
    acts = [r for r in recognitions if r.level.code in MEASURED_ON]
    if not acts:
        return {}
    units = {r.unit_id for r in acts}
    levels = {MEASURED_ON[r.level.code] for r in acts}
    stored: dict[tuple[int, str], list[Attainment]] = defaultdict(list)
    rows = Attainment.objects.filter(
        unit__in=units, criteria_set__level__code__in=levels, period__ends_on__lte=day
    ).select_related("period", "criteria_set__level")
    for row in rows.order_by("-period__ends_on", "-period__starts_on"):
        stored[row.unit_id, row.criteria_set.level.code].append(row)
    pairs: dict[int, tuple[Attainment, Attainment | None]] = {}
    for act in acts:
        own = stored.get((act.unit_id, MEASURED_ON[act.level.code]))
        if own:
            pairs[act.pk] = own[0], next((a for a in own if a.period.ends_on <= act.decided_on), None)
    criteria = _criteria({a for pair in pairs.values() for a in pair if a is not None})
    made_up = _illustrative({now for now, _then in pairs.values()})
    late = late_results() if pairs else {}
    found = {}
    for act in acts:
        if act.pk not in pairs:
            continue
        now, then = pairs[act.pk]
        present = criteria.get(_key(now), ())
        if present:
            past = None if then is None else {c.number: c.outcome for c in criteria.get(_key(then), ())}
            key = (now.unit_id, now.period_id)
            found[act.pk] = replace(_watch(act, now, then, present, past, key in made_up), late=late.get(key))
    return found


Key = tuple[int, int, int]


def _key(row: Attainment) -> Key:
    return row.unit_id, row.period_id, row.criteria_set_id


def stored_criteria(
    wanted: Collection[Key], *, open_only: Collection[Key] = ()
) -> Iterator[tuple[Key, tuple[Any, ...]]]:
    """Yield the stored criteria of (unit, period, set) keys by number: one query for any number of keys.

    A row is (number, name_vi, name_en, outcome, rests on an unverified norm, rests on a judgement). Of the keys in
    `open_only` the criteria that are met are left out.
    """
    asked = [_of_keys(wanted)] if wanted else []
    if open_only:
        asked.append(_of_keys(open_only) & ~Q(outcome=Outcome.MET))
    if not asked:
        return
    results = (
        CriterionResult.objects.filter(reduce(or_, asked))
        .order_by("criterion__number")
        .values_list(
            "unit_id",
            "period_id",
            "criterion__criteria_set_id",
            "outcome",
            "criterion__number",
            "criterion__name_vi",
            "criterion__name_en",
            "rests_on_unverified",
            "rests_on_judgement",
        )
    )
    for row in results:
        key, outcome = row[:3], row[3]
        if key in wanted or (outcome != Outcome.MET and key in open_only):
            yield key, (*row[4:7], outcome, *row[7:])


def _of_keys(keys: Collection[Key]) -> Q:
    """Ask for the units of each period and set: of a province all units in all periods were five times as many rows."""
    units: dict[tuple[int, int], list[int]] = defaultdict(list)
    for unit, period, criteria_set in keys:
        units[period, criteria_set].append(unit)
    asked = (
        Q(period=period, criterion__criteria_set=criteria_set, unit__in=own)
        for (period, criteria_set), own in units.items()
    )
    return reduce(or_, asked)


def _criteria(rows: set[Attainment]) -> dict[Key, tuple[WatchedCriterion, ...]]:
    found: dict[Key, list[WatchedCriterion]] = defaultdict(list)
    for key, (number, name_vi, name_en, outcome, _unverified, _judged) in stored_criteria({_key(row) for row in rows}):
        found[key].append(WatchedCriterion(number, name_vi, name_en, outcome))
    return {key: tuple(own) for key, own in found.items()}


def _illustrative(rows: set[Attainment]) -> set[tuple[int, int]]:
    reports = Report.objects.filter(
        unit__in={r.unit_id for r in rows}, period__in={r.period_id for r in rows}, illustrative=True
    )
    return set(reports.values_list("unit_id", "period_id"))


def _watch(
    act: Recognition,
    now: Attainment,
    then: Attainment | None,
    present: tuple[WatchedCriterion, ...],
    past: dict[int, str] | None,
    illustrative: bool,
) -> Watch:
    states = [CriterionState(c.number, c.name_vi, c.outcome) for c in present]
    numbers = {one.number for one in slipped(states, past)}
    return Watch(
        recognition=act,
        set_code=now.criteria_set.code,
        level=now.criteria_set.level.code,
        period=now.period.code,
        then=then.period.code if then else "",
        criteria=present,
        reading=read_withdrawal(states, since_decision=now.period.ends_on > act.decided_on),
        slipped=tuple(c for c in present if c.number in numbers),
        illustrative=illustrative,
        unverified=now.rests_on_unverified,
        judged=now.rests_on_judgement,
    )


def watched(recognitions: Iterable[Recognition], day: date) -> tuple[Watch, ...]:
    """Return what needs attention among the recognitions in force on the day, the highest level first: 4 queries.

    Of those measured on the same set (advanced and model) the higher one speaks. None in force: no query.
    """
    rows = sorted((r for r in recognitions if in_force(r, day)), key=lambda r: (-r.level.rank, r.decided_on))
    found = watches(rows, day)
    kept: dict[tuple[int, str], Watch] = {}
    for row in rows:
        watch = found.get(row.pk)
        if watch is not None and watch.calls:
            kept.setdefault((row.unit_id, watch.level), watch)
    return tuple(kept.values())


def in_force(row: Recognition, day: date) -> bool:
    """Whether a record holds on the day, as `RecognitionQuerySet.in_force` asks the database."""
    return row.annulled_at is None and holds(row, day)
