"""Which units of a day something lies in that was written down under a unit of another day."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import TypeVar

from communes.rules.lineage import Step

K = TypeVar("K")


def units_on(unit: K, day: date, there: Collection[K], steps: Iterable[Step[K]]) -> frozenset[K]:
    """Return the unit itself while it exists, afterwards those it passed into, before that those it came from.

    Several where a unit was split, or came from several: then only a place that holds all of them holds the thing.

    Args:
        there: the units that exist on the day.
    """
    if unit in there:
        return frozenset({unit})
    known = tuple(steps)
    return _after(unit, day, there, known, None) or _before(unit, day, there, known, None)


def _after(unit: K, day: date, there: Collection[K], steps: tuple[Step[K], ...], since: date | None) -> frozenset[K]:
    found: frozenset[K] = frozenset()
    for one in steps:
        if one.predecessor == unit and one.effective_on <= day and (since is None or one.effective_on > since):
            heir = one.successor
            found |= frozenset({heir}) if heir in there else _after(heir, day, there, steps, one.effective_on)
    return found


def _before(unit: K, day: date, there: Collection[K], steps: tuple[Step[K], ...], until: date | None) -> frozenset[K]:
    found: frozenset[K] = frozenset()
    for one in steps:
        if one.successor == unit and one.effective_on > day and (until is None or one.effective_on < until):
            old = one.predecessor
            found |= frozenset({old}) if old in there else _before(old, day, there, steps, one.effective_on)
    return found
