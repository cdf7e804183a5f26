"""How many households of each kind a village has, from day to day: from their histories to spans of a number.

A cell is a village, the standard (None: the households themselves, whatever they are), what they are under it, and the
ethnic group of the head. Its number holds from one day to another, so that every day has its count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

_ONE_DAY = timedelta(days=1)


class Cell(NamedTuple):
    """What is counted together. `standard` None and `status` "": every household."""

    village: int
    standard: int | None
    status: str
    ethnicity: str


class Span(NamedTuple):
    """So many households of a cell from a day to another, both inclusive; None: until today and on."""

    cell: Cell
    start: date
    end: date | None
    households: int


@dataclass(slots=True)
class History:
    """A household as the register has it, in the order of days.

    `stays`: village, first and last day (None: still). `heads`: the head's ethnic group, first and last day. `statuses`
    by standard: what it is from a day on, until the next.
    """

    stays: list[tuple[int, date, date | None]] = field(default_factory=list)
    heads: list[tuple[str, date, date | None]] = field(default_factory=list)
    statuses: dict[int, list[tuple[date, str]]] = field(default_factory=dict)


def steps(history: History, villages: Iterable[int] | None = None) -> Iterator[tuple[Cell, date, int]]:
    """Pass on where the household comes into a cell (1) and leaves it (-1), and on which day."""
    wanted = None if villages is None else frozenset(villages)
    for village, first, last in history.stays:
        if wanted is not None and village not in wanted:
            continue
        for ethnicity, since, until in history.heads:
            start, end = max(first, since), _earlier(last, until)
            if end is not None and end < start:
                continue
            yield from _span(Cell(village, None, "", ethnicity), start, end)
            for standard, rows in history.statuses.items():
                for at, (day, status) in enumerate(rows):
                    following = rows[at + 1][0] - _ONE_DAY if at + 1 < len(rows) else None
                    begun, done = max(start, day), _earlier(end, following)
                    if done is None or done >= begun:
                        yield from _span(Cell(village, standard, status, ethnicity), begun, done)


def _span(cell: Cell, start: date, end: date | None) -> Iterator[tuple[Cell, date, int]]:
    yield cell, start, 1
    if end is not None:
        yield cell, end + _ONE_DAY, -1


def _earlier(one: date | None, other: date | None) -> date | None:
    if one is None or other is None:
        return other if one is None else one
    return min(one, other)


def spans(moves: Iterable[tuple[Cell, date, int]]) -> list[Span]:
    """Return the spans of all cells; days without a household of a cell have none.

    Raises:
        ValueError: more left a cell than were in it.
    """
    changes: Mapping[Cell, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for cell, day, change in moves:
        changes[cell][day] += change
    found = []
    for cell, days in changes.items():
        number, since = 0, date.min
        for day in sorted(days):
            if not days[day]:
                continue
            if number:
                found.append(Span(cell, since, day - _ONE_DAY, number))
            number, since = number + days[day], day
            if number < 0:
                raise ValueError(cell)
        if number:
            found.append(Span(cell, since, None, number))
    return found
