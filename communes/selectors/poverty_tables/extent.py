"""Over what a report table counts: the households of a unit by its villages, or of all units by unit, on a day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum

from communes.models import Classification, HouseholdCount, PovertyStandard, UnitVersion, VillageVersion
from communes.selectors.village_choices import units_on
from mongcai_portal.common.models import in_force_q

STAY = "household__stays__"
VILLAGE = f"{STAY}village"

Cell = int | Decimal | str | date | None


@dataclass(frozen=True, slots=True)
class Extent:
    """The lines of a table and what counts in each.

    `unit` None: all units, a line each; otherwise the unit's villages. `place_of`: the line of a village of the closing
    day. `units`: the units, None for all of them.
    """

    standard: PovertyStandard
    year: int
    opening: date
    closing: date
    unit: UnitVersion | None
    lines: tuple[tuple[int, Any], ...]  # key, and a row that has a name
    place_of: Mapping[int, int]

    @property
    def units(self) -> list[int] | None:
        return None if self.unit is None else [self.unit.unit_id]

    def by_place(self, rows: Any) -> dict[Hashable, Counter[Any]]:
        """Add up (village, what, number) by line."""
        found: dict[Hashable, Counter[Any]] = {key: Counter() for key, _name in self.lines}
        for village, what, number in rows:
            place = self.place_of.get(village)
            if place in found:
                found[place][what] += number
        return found


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table: the row that names it (None: all of them together) and its figures by column."""

    name: Any
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class TableData:
    """A table's figures, or why there are none (`missing`, a code of `rules.poverty.report_tables`).

    `withheld`: columns and lines of which a figure is left out; `facts`: what its notes say, by code.
    """

    number: int
    columns: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    missing: str = ""
    withheld: bool = False
    facts: Mapping[str, Cell] = field(default_factory=dict)


def extent_of(
    standard: PovertyStandard, year: int, opening: date, closing: date, unit: UnitVersion | None = None
) -> Extent:
    """Return the lines of a unit of the closing day, or of all units of that day: two queries at most."""
    rows = VillageVersion.objects.filter(in_force_q(closing))
    if unit is None:
        units = units_on(closing)
        place_of = dict(rows.values_list("village_id", "unit_id"))
        lines: tuple[tuple[int, Any], ...] = tuple((one.unit_id, one) for one in units)
    else:
        villages = list(rows.filter(unit=unit.unit_id).order_by("sort_key", "pk"))
        place_of = {one.village_id: one.village_id for one in villages}
        lines = tuple((one.village_id, one) for one in villages)
    return Extent(standard, year, opening, closing, unit, lines, place_of)


def answers(extent: Extent, *statuses: str) -> QuerySet[Classification]:
    """Return what the households of the extent are on the closing day, joined with where they live."""
    wanted = in_force_q(extent.closing, STAY)
    if extent.unit is not None:
        wanted &= Q(**{f"{VILLAGE}__in": list(extent.place_of)})
    rows = Classification.objects.of_standing(extent.closing).filter(standard=extent.standard)
    if statuses:
        rows = rows.filter(status__in=statuses)
    return rows.filter(wanted).order_by()  # type: ignore[no-any-return]


def counts(extent: Extent) -> dict[Hashable, Counter[tuple[str, str]]]:
    """Return the stored counts of the closing day by line, class ("": every household) and ethnic group: one query."""
    rows = HouseholdCount.objects.filter(in_force_q(extent.closing)).filter(
        Q(standard=extent.standard) | Q(standard__isnull=True)
    )
    if extent.unit is not None:
        rows = rows.filter(village__in=list(extent.place_of))
    found = rows.order_by().values_list("village", "status", "ethnicity").annotate(Sum("households"))
    return extent.by_place((village, (status, group), number) for village, status, group, number in found)


def with_total(
    lines: list[Line],
    columns: tuple[str, ...],
    derived: Callable[[Mapping[str, Cell]], Mapping[str, Cell]] | None = None,
) -> tuple[Line, ...]:
    """Return the lines with their sum below; `derived` adds rates to each, and to the sum from its own figures."""

    def finished(line: Line) -> Line:
        return Line(line.name, {**line.cells, **derived(line.cells)}) if derived else line

    sums = {
        column: sum(cell for line in lines if isinstance(cell := line.cells.get(column), int))
        for column in columns
        if any(isinstance(line.cells.get(column), int) for line in lines) or not lines
    }
    return (*map(finished, lines), finished(Line(None, sums)))
