"""Where a measure stands against its planned target (chỉ tiêu kế hoạch): pure, documented, the same on page and API.

A target is the town's plan for the last day of a year; a norm (mức đạt chuẩn) is the State's and is not judged here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

REACHED, ON_TRACK, BEHIND, NO_TARGET, NO_DATA = "reached", "on_track", "behind", "no_target", "no_data"
STATUSES = (REACHED, ON_TRACK, BEHIND, NO_TARGET, NO_DATA)
UP, DOWN, NEUTRAL = "up", "down", "neutral"


@dataclass(frozen=True, slots=True)
class Aim:
    """A planned value for the end of a year."""

    year: int
    value: Decimal


@dataclass(frozen=True, slots=True)
class Start:
    """Where the plan started from: the last figure before the programme's phase."""

    as_of: date
    value: Decimal


def choose_aim(aims: Sequence[Aim], day: date) -> Aim | None:
    """Return the aim a day is judged by: the next one that falls due, else the last one that did."""
    ordered = sorted(aims, key=lambda aim: aim.year)
    return next((aim for aim in ordered if aim.year >= day.year), ordered[-1] if ordered else None)


def reaches(value: Decimal, aim: Decimal, direction: str) -> bool:
    """Is the value at its aim or beyond it? Unrounded."""
    return value <= aim if direction == DOWN else value >= aim


def expected(start: Start, aim: Aim, day: date) -> Decimal:
    """Return the value due on the day on a straight line from the start to the end of the aim's year."""
    whole = (date(aim.year, 12, 31) - start.as_of).days
    if whole <= 0:
        return aim.value
    passed = min(max((day - start.as_of).days, 0), whole)
    return start.value + (aim.value - start.value) * Decimal(passed) / Decimal(whole)


def overdue(aims: Sequence[Aim], value: Decimal | None, *, direction: str, day: date) -> tuple[Aim, ...]:
    """Return the aims whose year is over and that the value does not reach, the oldest first.

    A later plan does not make a missed one good: it stays due until the value reaches it, or it is revised.
    """
    if value is None or direction == NEUTRAL:
        return ()
    past = sorted((aim for aim in aims if day > date(aim.year, 12, 31)), key=lambda aim: aim.year)
    return tuple(aim for aim in past if not reaches(value, aim.value, direction))


def way_done(value: Decimal | None, *, aim: Aim, start: Start) -> Decimal | None:
    """Return which part of the way from the start to the aim is done: 0 at the start or before it, 1 at the aim.

    None when nothing is known, and when the aim is where the plan started from: there is no way to go.
    """
    if value is None or aim.value == start.value:
        return None
    return min(max((value - start.value) / (aim.value - start.value), Decimal(0)), Decimal(1))


def status_of(value: Decimal | None, *, aim: Aim | None, start: Start | None, direction: str, day: date) -> str:
    """Return the status of a value on a day.

    Nothing known: `no_data`. No target, or a measure without a good direction: `no_target`. At the target or beyond:
    `reached`. After the target's year: `behind`. Before: `behind` when a starting value is known and the straight line
    from it is not held, otherwise `on_track`; without a starting value no pace can be told, and time is not up yet.
    """
    if value is None:
        return NO_DATA
    if aim is None or direction == NEUTRAL:
        return NO_TARGET
    if reaches(value, aim.value, direction):
        return REACHED
    if day > date(aim.year, 12, 31):
        return BEHIND
    if start is None or reaches(value, expected(start, aim, day), direction):
        return ON_TRACK
    return BEHIND
