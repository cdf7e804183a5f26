"""Who went from which class to which between two days, as a reader may see it: no household, and no few of them.

Classes are those of the published counts: poor, near poor, and all others of the register; who was not in the register,
or not in the unit, is `absent`. Only households that are poor or near poor on one of the two days are looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from communes.models import Unit, UnitVersion
from communes.rules.poverty.classify import NEAR_POOR, POOR
from communes.rules.poverty.disclosure import TOTAL, publish_changes
from communes.rules.poverty.disclosure_cohort import changes_give_back
from communes.rules.poverty.flows import ABSENT, Account
from communes.scope import Scope
from communes.selectors.count_freshness import stale_since, stale_units
from communes.selectors.poverty_flows import poverty_flows
from communes.selectors.poverty_published import OTHERS, published_counts
from mongcai_portal.accounts.permissions import Permission

HERE = "here"
COUNTED = (POOR, NEAR_POOR)
SIDES = (POOR, NEAR_POOR, OTHERS, ABSENT)
PAIRS = tuple(
    (before, after) for before in SIDES for after in SIDES if before in COUNTED or after in COUNTED
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Balance:
    """A class between two days: what it began with, what came from each other class, what left, what it ended with."""

    status: str
    opening: int
    came: Mapping[str, int | None]
    left: Mapping[str, int | None]
    closing: int


@dataclass(frozen=True, slots=True)
class Changes:
    """The changes of a unit (None: of all) under a standard between the ends of two days.

    `numbers` by (class before, class after): None where a number is not published. `published` False: nothing is, and
    `numbers` is empty. `accounts` by class, with their causes, for those alone who look after the households; what they
    see is read from the register itself. `outdated_since`: since when the counts lack something by which it is decided
    what others may see; None when they do not.
    """

    standard: str
    opening: date
    closing: date
    unit: UnitVersion | None
    numbers: Mapping[tuple[str, str], int | None]
    balances: tuple[Balance, ...] = ()
    published: bool = True
    exact: bool = True
    accounts: Mapping[str, Account] = field(default_factory=dict)
    outdated_since: datetime | None = None

    @property
    def withheld(self) -> bool:
        return not self.published or None in self.numbers.values()


def sees_exactly(scope: Scope, unit: UnitVersion | None) -> bool:
    """Whether someone looks after the households of the unit, or of all, and so sees its numbers as they are."""
    held = scope.units_with(Permission.HOUSEHOLDS_VIEW)
    return held is None or (unit is not None and unit.unit_id in held)


def may_ask(scope: Scope, unit: UnitVersion | None) -> bool:
    """Whether the changes of a unit are told to someone at all.

    Of single units only who looks after their households is told; of all together who sees every unit, unless they
    look after some of them: what they know could be taken off.
    """
    if sees_exactly(scope, unit):
        return True
    return unit is None and scope.all_units and not scope.units_with(Permission.HOUSEHOLDS_VIEW)


def public_days(today: date, years: tuple[int, ...]) -> list[date]:
    """Return the days of which outsiders are told changes: those of the published counts."""
    return [min(date(year, 12, 31), today) for year in years if date(year, 1, 1) <= today]


def changes(
    scope: Scope, standard: str, opening: date, closing: date, *, unit: UnitVersion | None = None, today: date
) -> Changes:
    """Return the changes that the reader may see (`may_ask`): some eight queries for any number of households.

    Raises:
        PovertyStandard.DoesNotExist: no such standard. ValueError: the closing day is before the opening one.
    """
    # All units are one place: what moves between them moves nowhere.
    inside = list(Unit.objects.values_list("pk", flat=True)) if unit is None else [unit.unit_id]
    flows = poverty_flows(opening, closing, standard, places=dict.fromkeys(inside, HERE))
    numbers: dict[tuple[str, str], int] = dict.fromkeys(PAIRS, 0)
    for (before, after), number in flows.changes.items():
        numbers[_side(before), _side(after)] += number
    if sees_exactly(scope, unit):
        accounts = {status: flows.accounts.get((HERE, status)) or Account() for status in COUNTED}
        return Changes(standard, opening, closing, unit, numbers, _balances(numbers, numbers), accounts=accounts)
    shown = _published(scope, standard, opening, closing, numbers, today)
    stale = stale_units((opening, closing)).values()
    since = min(filter(None, map(stale_since, stale)), default=None)
    if shown is None:
        return Changes(standard, opening, closing, unit, {}, published=False, exact=False, outdated_since=since)
    return Changes(
        standard, opening, closing, unit, shown, _balances(numbers, shown), exact=False, outdated_since=since
    )


def _side(status: str) -> str:
    return status if status in (*COUNTED, ABSENT) else OTHERS


def _balances(
    numbers: Mapping[tuple[str, str], int], shown: Mapping[tuple[str, str], int | None]
) -> tuple[Balance, ...]:
    return tuple(
        Balance(
            status,
            sum(number for (before, _after), number in numbers.items() if before == status),
            {other: shown[other, status] for other in SIDES if other != status},
            {other: shown[status, other] for other in SIDES if other != status},
            sum(number for (_before, after), number in numbers.items() if after == status),
        )
        for status in COUNTED
    )


def _published(
    scope: Scope,
    standard: str,
    opening: date,
    closing: date,
    numbers: Mapping[tuple[str, str], int],
    today: date,
) -> dict[tuple[str, str], int | None] | None:
    """What outsiders may see of the changes of all units; None when a balance itself is not published.

    Nothing either where the parts left out add up to what is: how many escaped is a figure of its own, and so few that
    it is left out (`poverty_cohort`).
    """
    tables = published_counts(scope, standard, {opening.year, closing.year}, today=today)
    balances = []
    for day in (opening, closing):
        table = tables.get(day.year)
        # A day that is not published stands in no table, and neither does a year in which nobody was classified.
        if table is None or day != min(date(day.year, 12, 31), today):
            return None
        told = {one: table[TOTAL, one] for one in (*COUNTED, OTHERS)}
        known = {one: number for one, number in told.items() if number is not None}
        if len(known) < len(told):
            return None
        balances.append(known)
    shown = publish_changes(numbers, balances[0], balances[1], COUNTED)
    return None if shown is None or changes_give_back(numbers, shown) else shown


@dataclass(frozen=True, slots=True)
class FlowRow:
    """One change of one unit (None: of all together). `households` None: it is `suppressed`."""

    standard: str
    opening: date
    closing: date
    unit: str | None
    name: UnitVersion | None
    before: str
    after: str
    households: int | None
    outdated_since: datetime | None = None

    @property
    def suppressed(self) -> bool:
        return self.households is None


def flow_rows(found: Changes) -> list[FlowRow]:
    """Return every change as a row; where nothing is published, rows without a number."""
    uid = found.unit.unit.uid if found.unit else None
    return [
        FlowRow(
            found.standard, found.opening, found.closing, uid, found.unit, before, after,
            found.numbers[before, after] if found.published else None, found.outdated_since,
        )
        for before, after in PAIRS
    ]  # fmt: skip
