"""What became of the poor households of an area between two published days, as a reader may see it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from communes.rules.poverty.classify import POOR
from communes.rules.poverty.disclosure import TOTAL, Key
from communes.rules.poverty.disclosure_cohort import Fate, escaped_gives_back, publish_cohort
from communes.scope import NOBODY
from communes.selectors.poverty_area import AreaDay
from communes.selectors.poverty_changes import changes
from communes.selectors.poverty_counts import Cohort, added, cohorts


@dataclass(frozen=True, slots=True)
class PublishedCohort:
    """Those of an area who were poor on a day, and what became of them; None where the reader may not see how many.

    `rest` are those who did not escape: still poor, gone, or nothing is known of them; `parts` says how many of each to
    whoever looks after all of them: how many are still poor is a number of the table of changes.
    """

    since: AreaDay
    now: AreaDay
    poor: int | None
    escaped: int | None
    rest: int | None
    parts: Cohort | None


def area_cohort(since: AreaDay, now: AreaDay, *, seen: frozenset[int] | None, today: date) -> PublishedCohort:
    """Return the cohort of an area between two published days: none to some twenty queries for any area.

    Others than who looks after all of the area are told of units, and of all units of the register, what one table of
    the first day keeps safe: it is the same for every area that a reader asks for.

    Args:
        seen: the units whose households the reader looks after; None: all.
    """
    exact = since.known and now.known
    poor = since.number(POOR)
    if poor == 0 or (poor is None and not exact):
        return PublishedCohort(since, now, poor, poor, poor, None)
    found = cohorts(since.day, now.day, now.standard.code, then=since.standard.code)
    whole = added(found[unit] for unit in since.units & found.keys())
    if exact:
        return PublishedCohort(since, now, whole.poor, whole.escaped, whole.poor - whole.escaped, whole)
    own: frozenset[int] = seen or frozenset()
    told = _told(since, now, found, own) | own
    asked: Collection[object] = {TOTAL} if since.everywhere else {unit for unit in since.counted if unit in found}
    if not told.issuperset(asked) or _gives_back(since, now, added(found.values()), today):
        return PublishedCohort(since, now, poor, None, None, None)
    return PublishedCohort(since, now, poor, whole.escaped, whole.poor - whole.escaped, None)


def _told(since: AreaDay, now: AreaDay, found: dict[int, Cohort], own: frozenset[int]) -> frozenset[object]:
    """Return of which units, and whether of all (`TOTAL`), it may be told how many escaped: from the whole table."""
    others = {unit: one for unit, one in found.items() if unit not in own}

    def fate(key: object, one: Cohort, less: int = 0) -> Fate:
        cell: Key = (key, POOR)
        then, later = since.table.cells.get(cell), now.table.cells.get(cell)
        known = then is not None and later is not None
        return Fate(one.escaped, one.poor - one.escaped, one.still_poor, (later or 0) - less, known)

    taken_off = sum(now.table.cells.get((unit, POOR)) or 0 for unit in own)
    return publish_cohort(
        {unit: fate(unit, one) for unit, one in others.items()}, fate(TOTAL, added(others.values()), taken_off)
    )


def _gives_back(since: AreaDay, now: AreaDay, whole: Cohort, today: date) -> bool:
    """Whether the cohort of any area would give back what the published changes between its days leave out.

    Changes stand under one standard: who was poor by another one is none of their numbers.
    """
    if since.standard.code != now.standard.code:
        return False
    found = changes(NOBODY, now.standard.code, since.day, now.day, today=today)
    return found.published and escaped_gives_back(found.numbers, whole.undetermined)
