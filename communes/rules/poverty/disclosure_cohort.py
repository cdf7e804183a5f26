"""What became of those who were poor on a day, unit by unit, as readers outside may see it.

Who was poor, and who is poor on the later day, the published counts tell. So to say how many escaped says how many did
not, and how many of those who are poor now were not: the three stand and fall together. All units together are told
too, so that one unit left out could be taken off them: the table of units by (escaped, rest) with the sums of its
columns is kept safe by rounds (`disclosure.withheld`); the sums of its lines are known, and no round goes over them.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass

from communes.rules.poverty.classify import NEAR_POOR, POOR
from communes.rules.poverty.disclosure import SMALLEST, TOTAL, Key, Unprotected, few, tells_of_few, withheld

ESCAPED, REST = "escaped", "rest"
_OPEN = "open"

# To say nothing of all units together is dearer than to say nothing of any number of them.
_SUM = 10**9


@dataclass(frozen=True, slots=True)
class Fate:
    """Households of a unit that were poor on the first day: so many escaped, the rest did not.

    `still`: of the rest, those that are poor on the later day. `now`: households of the unit that are poor on the later
    day. `known`: the reader is told how many were poor on either day.
    """

    escaped: int
    rest: int
    still: int
    now: int
    known: bool

    @property
    def came(self) -> int:
        """Who is poor on the later day and was not on the first one."""
        return self.now - self.still

    @property
    def least_escaped(self) -> int:
        """What the reader knows to have escaped at least, if nobody left the register: no more stay poor than are."""
        least = self.escaped + self.rest - self.now
        return max(SMALLEST, least) if self.rest <= self.now else SMALLEST


def publish_cohort(units: Mapping[Hashable, Fate], whole: Fate) -> frozenset[Hashable]:
    """Return of which units, and whether of all of them (`TOTAL`), it may be told how many escaped.

    Of whom the published counts say nothing on one of the days nothing is told here, nor by taking the others off
    all of them: its partner in the counts may have had no poor, and so be no line of the table.

    Args:
        units: those that the reader does not look after.
        whole: all these units together.
    """
    fates = {**units, TOTAL: whole}
    table: dict[Key, int] = {}
    hidden: set[Key] = set()
    also: set[Key] = set()
    floors: dict[Key, int] = {}
    for unit, fate in fates.items():
        cells: tuple[Key, Key] = ((unit, ESCAPED), (unit, REST))
        table |= dict(zip(cells, (fate.escaped, fate.rest), strict=True))
        if unit == TOTAL and not fate.known:
            hidden.update(cells)
        elif not fate.known:
            # The line is open: nobody outside knows what it adds up to. That nobody is in a cell tells of nobody.
            table[unit, _OPEN] = _SUM
            hidden |= {(unit, _OPEN), *(cell for cell in cells if not table[cell])}
            also.update(cell for cell in cells if table[cell])
            continue
        elif few(fate.came):
            also.update(cells)
        floors[unit, ESCAPED] = fate.least_escaped
    dear: dict[Key, int] = {(TOTAL, ESCAPED): _SUM, (TOTAL, REST): _SUM}
    try:
        left_out = withheld(table, hidden, also=also, floors=floors, dear=dear)
    except Unprotected:
        return frozenset()
    return frozenset(unit for unit in fates if (unit, ESCAPED) not in left_out and (unit, REST) not in left_out)


_ESCAPES: frozenset[str] = frozenset({NEAR_POOR, "others"})


def tells_escaped(changes: Mapping[tuple[str, str], int | None]) -> bool:
    """Whether the published changes of a class say how many of the poor escaped: one side of their line is shown.

    Args:
        changes: by (class before, class after), among them every change of the poor; None: left out.
    """
    line = {after: number for (before, after), number in changes.items() if before == POOR}
    sides: tuple[Collection[int | None], ...] = (
        [number for after, number in line.items() if after in _ESCAPES],
        [number for after, number in line.items() if after not in _ESCAPES],
    )
    return any(None not in side for side in sides)


def escaped_gives_back(changes: Mapping[tuple[str, str], int | None], undetermined: int) -> bool:
    """Whether to say how many escaped would tell more than the published changes between the same days do.

    Where these say it anyway, only the households of whom nothing is known are new: they stand among all others in the
    changes, and not among those who escaped.
    """
    return not tells_escaped(changes) or few(undetermined)


def changes_give_back(numbers: Mapping[tuple[str, str], int], shown: Mapping[tuple[str, str], int | None]) -> bool:
    """Whether the changes as they are shown say that few escaped or that few did not."""
    line = {after: number for (before, after), number in numbers.items() if before == POOR}
    escaped = sum(number for after, number in line.items() if after in _ESCAPES)
    return tells_escaped(shown) and tells_of_few((escaped, sum(line.values()) - escaped))
