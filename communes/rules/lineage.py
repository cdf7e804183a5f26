"""How units follow one another: what may not be said of them, and who came from whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Generic, TypeVar

K = TypeVar("K")

MERGE, SPLIT, RENAME = "merge", "split", "rename"
KINDS = (MERGE, SPLIT, RENAME)

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `start` to `end`, both inclusive, None for open."""

    start: date | None = None
    end: date | None = None

    def holds(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


@dataclass(frozen=True, slots=True)
class Step(Generic[K]):
    """That one unit's territory passed, whole (merge, rename) or in part (split), to another on a day."""

    predecessor: K
    successor: K
    effective_on: date
    kind: str


@dataclass(frozen=True, slots=True)
class StepFault:
    """What is wrong with a step: at which end, and a stable code."""

    end: str  # predecessor, successor or kind
    code: str


@dataclass(frozen=True, slots=True)
class Branch(Generic[K]):
    """A relative, the step that leads to it, and its own relatives further on."""

    unit: K
    step: Step[K]
    branches: tuple[Branch[K], ...] = ()


def exists(spans: Iterable[Span], day: date) -> bool:
    """Whether a unit with these versions exists on a day."""
    return any(span.holds(day) for span in spans)


def life_faults(spans: Sequence[Span]) -> list[tuple[int, str]]:
    """Return (position, code) of versions that overlap an earlier one, or leave days without any: a unit lives once."""
    order = sorted(range(len(spans)), key=lambda at: spans[at].start or date.min)
    faults = []
    for before, after in zip(order, order[1:], strict=False):
        end, start = spans[before].end, spans[after].start
        if end is None or start is None or start <= end:
            faults.append((after, "overlap"))
        elif start > end + _ONE_DAY:
            faults.append((after, "gap"))
    return faults


def step_faults(step: Step[K], lives: Mapping[K, Sequence[Span]]) -> list[StepFault]:
    """Return what contradicts the lives of both units.

    The predecessor exists until the day before, the successor on the day. What is merged or renamed ends there; what
    is split off or renamed begins there. A successor may have existed before only when it takes another in.
    """
    if step.kind not in KINDS:
        return [StepFault("kind", "unknown_kind")]
    day, eve = step.effective_on, step.effective_on - _ONE_DAY
    before, after = lives[step.predecessor], lives[step.successor]
    faults = []
    if not exists(before, eve):
        faults.append(StepFault("predecessor", "not_there_before"))
    elif step.kind != SPLIT and exists(before, day):
        faults.append(StepFault("predecessor", "goes_on"))
    if not exists(after, day):
        faults.append(StepFault("successor", "not_there"))
    elif step.kind != MERGE and exists(after, eve):
        faults.append(StepFault("successor", "there_before"))
    return faults


def clashes(holders: Sequence[tuple[str, K, Span]]) -> list[int]:
    """Return the positions of (code, unit, days) whose code another unit holds on one of those days already."""
    found = []
    for at, (code, unit, span) in enumerate(holders):
        for other_code, other_unit, other in holders[:at]:
            if code and code == other_code and unit != other_unit and _meet(span, other):
                found.append(at)
                break
    return found


def _meet(one: Span, other: Span) -> bool:
    return (one.start or date.min) <= (other.end or date.max) and (other.start or date.min) <= (one.end or date.max)


def covers(spans: Sequence[Span], wanted: Span) -> bool:
    """Whether a unit with these versions exists on every day of `wanted`."""
    start = wanted.start or date.min
    for span in sorted(spans, key=lambda s: s.start or date.min):
        if (span.start or date.min) <= start <= (span.end or date.max):
            if span.end is None:
                return True
            if wanted.end is not None and wanted.end <= span.end:
                return True
            start = span.end + _ONE_DAY
    return False


def ancestors(steps: Iterable[Step[K]], unit: K, until: date | None = None) -> tuple[Branch[K], ...]:
    """Return the units that a unit came from, each with those it came from itself, the latest first.

    What a predecessor took in after the step is none of this unit's past, so the days only go back.
    """
    known = tuple(steps)
    return tuple(
        Branch(s.predecessor, s, ancestors(known, s.predecessor, s.effective_on))
        for s in sorted(known, key=lambda s: s.effective_on, reverse=True)
        if s.successor == unit and (until is None or s.effective_on < until)
    )


def descendants(steps: Iterable[Step[K]], unit: K, since: date | None = None) -> tuple[Branch[K], ...]:
    """Return the units that came from a unit, each with those that came from it, the earliest first."""
    known = tuple(steps)
    return tuple(
        Branch(s.successor, s, descendants(known, s.successor, s.effective_on))
        for s in sorted(known, key=lambda s: s.effective_on)
        if s.predecessor == unit and (since is None or s.effective_on > since)
    )


def past_of(branches: Iterable[Branch[K]], until: date | None = None) -> dict[K, date]:
    """Return, per ancestor, the day from which its own acts no longer belong to the past of the unit asked about."""
    found: dict[K, date] = {}
    for branch in branches:
        end = min(branch.step.effective_on, until or date.max)
        found[branch.unit] = max(end, found.get(branch.unit, date.min))
        for unit, day in past_of(branch.branches, end).items():
            found[unit] = max(day, found.get(unit, date.min))
    return found
