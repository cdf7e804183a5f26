"""Recognitions held against figures: what slipped since the decision, and what the withdrawal rule says of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from indicators.models import Outcome
from indicators.rules.withdrawal import MEASURED_ON, CriterionState, WithdrawalReading, read_withdrawal, slipped
from programmes.measures.facts import RecognitionFact, World
from programmes.selectors.criteria_cells import Cells, CriterionCell


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
class Watched:
    """A recognition to be held against figures: the measured set, the last period, and the one before the decision."""

    recognition: RecognitionFact
    level: str
    set_id: int
    now: int
    then: int | None
    since_decision: bool  # the last period ends after the decision


def watched_in(world: World) -> tuple[Watched, ...]:
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


def slips_of(world: World, watched: Iterable[Watched], cells: Cells) -> tuple[Slip, ...]:
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
