"""Which numbers readers outside may see: small ones are left out, and so many others that subtraction gives none back.

A published family is a table of units by classes for each year, with its totals over units, over classes, and over
both. Numbers of different years are never added, so each year is a table of its own. A number from 1 to 4 is left out:
of so few households of a small place people know who they are. 0 is not small and always shown.

Whoever reads the table knows that what is missing is at least 1, and that lines and columns add up. A missing number is
safe when some other number could stand in its place and everything shown would stay as it is. That is so when one can
go around from it, over missing numbers only, by lines and columns in turn, and come back to it, adding one here and
taking one away there, and nothing falls below 1: then both tables look the same. `withheld` leaves out the cheapest
such round for every small number; the further numbers left out lie on it and are safe by it, too.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

SMALLEST, LARGEST = 1, 4  # the numbers that say too much of too few

Key = tuple[Hashable, Hashable]


def few(number: int) -> bool:
    """Whether a number says too much of too few: 1 to 4."""
    return SMALLEST <= number <= LARGEST


class _Total:
    """Stands for "all of them" among units or classes, which may be called anything."""

    def __repr__(self) -> str:
        return "TOTAL"


TOTAL: Final = _Total()


@dataclass(frozen=True, slots=True)
class Published:
    """A table with its totals as outsiders see it: None where a number is left out."""

    cells: Mapping[Key, int | None]

    def __getitem__(self, key: Key) -> int | None:
        return self.cells[key]

    @property
    def withheld(self) -> frozenset[Key]:
        return frozenset(key for key, value in self.cells.items() if value is None)


def with_totals(counts: Mapping[Key, int]) -> dict[Key, int]:
    """Return the whole table: every unit with every class, and the totals under `TOTAL`.

    Raises:
        ValueError: a number below 0.
    """
    if any(number < 0 for number in counts.values()):
        raise ValueError("a number of households below 0")
    units = list(dict.fromkeys(unit for unit, _one in counts))
    classes = list(dict.fromkeys(one for _unit, one in counts))
    table: dict[Key, int] = {(unit, one): counts.get((unit, one), 0) for unit in units for one in classes}
    for unit in units:
        table[unit, TOTAL] = sum(table[unit, one] for one in classes)
    for one in (*classes, TOTAL):
        table[TOTAL, one] = sum(table[unit, one] for unit in units)
    return table


class Unprotected(LookupError):
    """A small number of a table has no round: whatever else were left out, it could be told."""


def withheld(
    table: Mapping[Key, int],
    hidden: Collection[Key] = (),
    *,
    also: Collection[Key] = (),
    floors: Mapping[Key, int] | None = None,
    dear: Mapping[Key, int] | None = None,
) -> frozenset[Key]:
    """Return the cells that are left out of a table: the small ones, and those that keep them safe.

    Lines and columns add up to what they do: a total that is not among the cells is known to the reader from elsewhere,
    and no round goes over it.

    Args:
        hidden: cells that are never shown; they cost nothing and need no keeping safe.
        also: cells that would tell of few, whatever their number is.
        floors: what the reader knows a cell to be at least, where that is more than 1.
        dear: what it costs to leave a cell out, beside its number.

    Raises:
        Unprotected: a table without some of its totals may have a small number that nothing keeps safe.
    """
    unseen = frozenset(hidden)
    small = [key for key, number in table.items() if (few(number) or key in also) and key not in unseen]
    left_out = {*small, *unseen}
    ground = _Ground(table, _ways(table), floors or {}, dear or {})
    for key in small:
        rounds = [found for found in (_round(ground, left_out, key, forth) for forth in (True, False)) if found]
        if not rounds:
            raise Unprotected(key)
        left_out |= min(rounds, key=lambda found: (found[0], len(found[1])))[1]
    return frozenset(left_out)


def tells_of_few(parts: Iterable[int]) -> bool:
    """Whether one of the parts of a known whole is small: who is told one of two parts knows the other."""
    return any(map(few, parts))


def publish_overlapping(whole: int, parts: Mapping[str, int]) -> dict[str, int | None] | None:
    """Return how many of a known whole are in each part, as readers outside may see it; None: nothing of it.

    Each of the whole is in one part at least and may be in any number of them, so that parts add up to the whole or
    more. A part is left out when it, or what is in none but the others, is small. The reader knows that the parts left
    out cover whatever those shown do not: where that is more than the least that they can be, it would tell of them.
    Where every part is shown, what they have more than the whole is how often one stands in a further part: where that
    is small, so few of the whole are in more than one.
    """
    shown: dict[str, int | None] = {}
    covered = 0
    for one, number in parts.items():
        all_but_few = few(whole - number)
        shown[one] = None if few(number) or all_but_few else number
        covered += SMALLEST if few(number) else whole - LARGEST if all_but_few else number
    told_of = covered < whole if None in shown.values() else few(covered - whole)
    return None if told_of else shown


# The further line and column of a table of changes: what the reader cannot know.
_SLACK = "slack"
_PLENTY = 10**9


def publish_changes(
    changes: Mapping[tuple[str, str], int],
    opening: Mapping[str, int],
    closing: Mapping[str, int],
    classes: Collection[str],
) -> dict[tuple[str, str], int | None] | None:
    """Return how many went from which class to which as readers outside may see it; None: nothing of it.

    How many stay in a class, taken off its balance, says how many left it and how many came to it: where one of these
    is few, it is left out like a small number.

    Args:
        changes: of households that were or are of one of the `classes`; everything else is "the rest" of a side.
        opening, closing: the balances of each class that the reader knows. A class in `changes` that has none is open
            on that side (who came from outside or went there is counted nowhere else).
        classes: those whose every change is among `changes`. Of the rest only what begins or ends in one of them is:
            how many of it stay what they are is the difference from its balance, and is not shown.
    """
    table: dict[Key, int] = {pair: number for pair, number in changes.items()}  # noqa: C416 - keys widen
    hidden: set[Key] = {(_SLACK, _SLACK)}
    table[_SLACK, _SLACK] = _PLENTY
    sides = [(0, opening), (1, closing)]
    for side, balances in sides:
        for one in {pair[side] for pair in changes} - set(classes):
            told = sum(number for pair, number in changes.items() if pair[side] == one)
            key: Key = (one, _SLACK) if side == 0 else (_SLACK, one)
            table[key] = balances[one] - told if one in balances else _PLENTY
            hidden.add(key)
    stay = {
        (one, one)
        for _side, balances in sides
        for one, balance in balances.items()
        if one in classes and changes.get((one, one)) and few(balance - changes[one, one])
    }
    try:
        left_out = withheld(table, hidden, also=stay)
    except Unprotected:
        return None
    return {pair: None if pair in left_out else number for pair, number in changes.items()}


Place = tuple[str, Hashable]
Ways = Mapping[Place, list[tuple[Key, Place, bool]]]


def _ways(table: Mapping[Key, int]) -> Ways:
    """Return, by line and column, the cells at it that are not 0, where each leads, and whether from line to column."""
    found: dict[Place, list[tuple[Key, Place, bool]]] = defaultdict(list)
    for key, value in table.items():
        if value:
            line, column = ("line", key[0]), ("column", key[1])
            found[line].append((key, column, True))
            found[column].append((key, line, False))
    return found


@dataclass(frozen=True, slots=True)
class _Ground:
    """Where rounds are looked for: the table, its ways, what cells are at least, and what they cost beside."""

    table: Mapping[Key, int]
    ways: Ways
    floors: Mapping[Key, int]
    dear: Mapping[Key, int]

    def may(self, key: Key, forth: bool) -> bool:
        """Whether one can go along a cell so: what is taken away from must stay at least 1, or at its floor."""
        # The total of a line, or of a column, stands on the other side of its sum; the total of both on this one again.
        other_side = (key[0] is TOTAL) != (key[1] is TOTAL)
        adds = forth != other_side
        return adds or self.table[key] > self.floors.get(key, SMALLEST)


def _round(ground: _Ground, left_out: set[Key], start: Key, forth: bool) -> tuple[int, set[Key]] | None:
    """Return the cheapest round through a cell: what it costs to leave out (the numbers shown so far), and its cells.

    Lines and columns, the totals' among them, are places; a cell is a way between its line and its column. Going along
    it from line to column adds one to a number (takes one from a total of one kind), going back takes one away. None
    when there is no round in that direction.
    """
    if not ground.may(start, forth):
        return None
    line, column = ("line", start[0]), ("column", start[1])
    origin, goal = (column, line) if forth else (line, column)
    best: dict[Place, int] = {origin: 0}
    came: dict[Place, tuple[Place, Key]] = {}
    waiting = [(0, 0, origin)]
    number = 0
    while waiting:
        cost, _number, place = heapq.heappop(waiting)
        if place == goal:
            cells = {start}
            while place != origin:
                place, key = came[place]
                cells.add(key)
            return cost, cells
        if cost > best[place]:
            continue
        for key, further, onwards in ground.ways[place]:
            if key == start or not ground.may(key, onwards):
                continue
            price = cost + (0 if key in left_out else ground.table[key] + ground.dear.get(key, 0))
            if further not in best or price < best[further]:
                number += 1
                best[further], came[further] = price, (place, key)
                heapq.heappush(waiting, (price, number, further))
    return None
