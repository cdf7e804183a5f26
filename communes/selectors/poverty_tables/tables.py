"""Which tables a reader gets, over what, and with which figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from communes.models import PovertyStandard, UnitVersion
from communes.rules.poverty.report_tables import (
    AVERAGE,
    CAUSES,
    CHANGES,
    CHILDREN,
    ETHNIC_GROUPS,
    GROUPS,
    LISTS,
    NOBODY,
    SUMMARY,
    TABLES,
)
from communes.scope import Scope
from communes.selectors.poverty_changes import sees_exactly
from communes.selectors.poverty_counts import register_holds
from communes.selectors.poverty_tables.causes import causes_table
from communes.selectors.poverty_tables.changes import changes_table
from communes.selectors.poverty_tables.counted import (
    average_table,
    children_table,
    ethnic_table,
    groups_table,
    summary_table,
)
from communes.selectors.poverty_tables.deprived import deprived_table
from communes.selectors.poverty_tables.extent import Extent, TableData
from communes.selectors.poverty_tables.published import published_table
from communes.selectors.village_choices import PLACES
from mongcai_portal.accounts.permissions import Permission


@dataclass(frozen=True, slots=True)
class Reach:
    """What a reader may ask for: of which units (`units`, by name) and whether of all of them; which tables.

    `lists`: the units whose households they may take out one by one, None for all.
    """

    units: tuple[UnitVersion, ...]
    whole: bool
    lists: frozenset[int] | None

    def own_on(self, day: date) -> str:
        """The uid of the first unit that existed on a day, else of the first one; "" when there is none."""
        return next((one.unit.uid for one in (*filter(lambda one: one.holds_on(day), self.units), *self.units)), "")

    def tables(self, unit: UnitVersion | None) -> tuple[int, ...]:
        """The tables of a unit or of all: lists of households only where the reader may take these out."""
        lists = self.lists is None or (unit is not None and unit.unit_id in self.lists)
        return tuple(number for number in TABLES if lists or number not in LISTS)


def reach_of(scope: Scope, today: date) -> Reach:
    """Return it: one query. Units that are gone by today are among them, under their last names."""
    held = scope.units_with(Permission.HOUSEHOLDS_VIEW)
    rows = UnitVersion.objects.filter(kind__in=PLACES)
    if held is not None:
        rows = rows.filter(unit__in=held)
    last: dict[int, UnitVersion] = {}
    for row in sorted(rows.select_related("unit"), key=lambda one: (one.holds_on(today), one.valid_from or date.min)):
        last[row.unit_id] = row
    units = sorted(last.values(), key=lambda one: (not one.holds_on(today), one.sort_key, one.pk))
    return Reach(
        units=tuple(units),
        whole=scope.all_units,
        lists=scope.units_with(Permission.HOUSEHOLDS_EXPORT),
    )


_EXACT: dict[str, Callable[[Extent, int], TableData]] = {
    AVERAGE: lambda extent, number: average_table(extent),
    CHANGES: changes_table,
    GROUPS: lambda extent, number: groups_table(extent),
    ETHNIC_GROUPS: lambda extent, number: ethnic_table(extent),
    CAUSES: lambda extent, number: causes_table(extent),
    CHILDREN: lambda extent, number: children_table(extent),
    SUMMARY: summary_table,
}


def table_data(scope: Scope, extent: Extent, number: int) -> TableData:
    """Return a table's figures as the reader may see them; lists have none (see `lists.list_rows`)."""
    kind = TABLES[number].kind
    if not register_holds(extent.closing, extent.standard.code, units=extent.units):
        return TableData(number, missing=NOBODY)
    if number in LISTS:
        return TableData(number)
    if not sees_exactly(scope, extent.unit):
        return published_table(scope, extent, number)
    return _EXACT.get(kind, deprived_table)(extent, number)


def standards_known() -> list[PovertyStandard]:
    """Return the standards, those of later years first: one query."""
    rows = PovertyStandard.objects.select_related("form", "area").prefetch_related("years")
    return sorted(rows, key=lambda one: (-max((y.effective_year for y in one.years.all()), default=0), one.code))
