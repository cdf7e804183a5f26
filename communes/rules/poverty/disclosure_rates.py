"""The published counts of units, beside which the rate of poor and near-poor households of each unit is told.

Criteria of communes ask for that rate (`Nghèo đa chiều`), and reports of communes are read by everyone within the
administration. Who knows it and how many households a unit has knows how many of them are of the class that makes up
the rest. Two standards, moreover, count the same households: a total that one table leaves out the other one shows. So
here the households of a unit and, where a rate is told, those of the rest are known to every reader, and no round that
keeps a small number safe goes over them (`disclosure.withheld`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Mapping

from communes.rules.poverty.disclosure import LARGEST, TOTAL, Key, Published, few, with_totals, withheld

# To say nothing of a unit's rate is dearer than to leave any number out of the table, but for the sums of all units.
_RATE, _SUM = 10**9, 10**12


class _Joined:
    """Stands for units of so few households that each is told of together with others alone."""


_JOINED = _Joined()


def rated_units(counts: Mapping[Key, int], rest: Hashable) -> frozenset[Hashable]:
    """Return the units whose rate may be told exactly: all but those of few, and those that keep a small number safe.

    Args:
        counts: households by (unit, class).
        rest: the class of those whom the rate leaves out.

    Raises:
        ValueError: a number below 0.
    """
    table, together = with_totals(counts), _together(counts)
    able = {unit for unit in {key[0] for key in counts} - together if _exact(table, unit, rest)}
    dear = {(unit, rest): _RATE for unit in able}
    left_out = _left_out(_joined(counts, together), rest, rated=frozenset(), dear=dear)
    return frozenset(unit for unit in able if (unit, rest) not in left_out)


def publish_rated(counts: Mapping[Key, int], rest: Hashable, seen: Collection[Hashable] = ()) -> Published:
    """Return a table of (unit, class) with totals as a reader may see it who knows the rates of `rated_units`, too.

    Of a unit with 1 to 4 households nothing is shown, nor of the one that it is counted together with: the noughts of
    one of them would say that a number of both is the other's.

    Args:
        counts: households by (unit, class); pairs that are not given count 0.
        rest: the class of those whom the rate leaves out.
        seen: the units of which the reader knows every number anyway (`disclosure.publish`).

    Raises:
        ValueError: a number below 0.
    """
    table, known = with_totals(counts), frozenset(seen)
    others = {key: number for key, number in counts.items() if key[0] not in known}
    silent: frozenset[Hashable] = _together(counts) - known
    if not any(few(table[unit, TOTAL]) for unit in silent):
        silent = frozenset()  # the reader looks after the units of few
    joined = _joined(others, silent)
    if few(sum(table[unit, TOTAL] for unit in silent)):
        # The one that they are counted together with is known to the reader, so that the sums would tell of them.
        joined = {key: number for key, number in joined.items() if key[0] is not _JOINED}
        silent |= {TOTAL}
    left_out = _left_out(joined, rest, rated=rated_units(counts, rest), dear={})
    return Published(
        {
            key: None if key in left_out or key[0] in silent else number
            for key, number in table.items()
        }
    )  # fmt: skip


def _exact(table: Mapping[Key, int], unit: Hashable, rest: Hashable) -> bool:
    """Whether neither those of a rate nor those that it leaves out are few."""
    others = table.get((unit, rest), 0)
    return not few(table[unit, TOTAL]) and not few(table[unit, TOTAL] - others) and not few(others)


def _together(counts: Mapping[Key, int]) -> frozenset[Hashable]:
    """Return the units of few households, and the smallest other one when all of them together are few.

    It is a matter of their sizes alone, so that it is the same under every standard.
    """
    sizes: dict[Hashable, int] = defaultdict(int)
    for (unit, _one), number in counts.items():
        sizes[unit] += number
    small = {unit for unit, size in sizes.items() if few(size)}
    if few(sum(sizes[unit] for unit in small)):
        larger = [unit for unit, size in sizes.items() if size > LARGEST]
        small |= set(sorted(larger, key=lambda unit: (sizes[unit], str(unit)))[:1])
    return frozenset(small)


def _joined(counts: Mapping[Key, int], together: Collection[Hashable]) -> dict[Key, int]:
    """Return the counts with some units in one line."""
    found: dict[Key, int] = defaultdict(int)
    for (unit, one), number in counts.items():
        found[_JOINED if unit in together else unit, one] += number
    return dict(found)


def _left_out(
    counts: Mapping[Key, int], rest: Hashable, *, rated: Collection[Hashable], dear: Mapping[Key, int]
) -> frozenset[Key]:
    table = with_totals(counts)
    if few(table[TOTAL, TOTAL]):
        return frozenset(key for key, number in table.items() if number)
    floors = {}
    for unit in {key[0] for key in counts}:
        all_of_it = table[unit, TOTAL]
        if few(all_of_it - table.get((unit, rest), 0)):
            floors[unit, rest] = all_of_it - LARGEST  # its rate is told to be at most that of four households
    sums = {key: _SUM for key in table if key[0] is TOTAL}
    free = {
        key: number
        for key, number in table.items()
        if key[1] is not TOTAL and not (key[0] in rated and key[1] == rest)
    }  # fmt: skip
    return withheld(free, floors=floors, dear={**dear, **sums})
