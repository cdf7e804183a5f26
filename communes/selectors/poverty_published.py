"""Counts of households as a reader outside may see them: small numbers left out, and what would give them back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, Min

from communes.models import StandardYear, Unit
from communes.rules.poverty.classify import NEAR_POOR, POOR
from communes.rules.poverty.disclosure import TOTAL, Key, Published
from communes.rules.poverty.disclosure_rates import publish_rated, rated_units
from communes.scope import Scope
from communes.selectors.count_freshness import stale_since, stale_units
from communes.selectors.directory import UnitName, name_in, spans_of_names
from communes.selectors.poverty_counts import PovertyCount, poverty_counts
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.text import sort_key

# Everyone who is neither poor nor near poor, whatever is known of them: with these two, all households of the unit.
OTHERS = "others"
ALL = "total"
CLASSES = (POOR, NEAR_POOR, OTHERS, ALL)


def published_counts(scope: Scope, standard: str, years: Iterable[int], *, today: date) -> dict[int, Published]:
    """Return, for each year, the table of units by class with its totals as the reader may see it.

    Keys are (unit, `poor`, `near_poor` or `others`); totals stand under `rules.poverty.disclosure.TOTAL`. Who looks
    after the households of a unit sees its numbers as they are; what they know is taken off first, so that it gives
    back no number of the others. The counts are those of the last day of each year, of the present one as of today; a
    year of which no household is classified under the standard has none: nobody said that there were no poor.

    Raises:
        PovertyStandard.DoesNotExist: no such standard.
    """
    seen = seen_by(scope)
    found = {}
    for year in years:
        if date(year, 1, 1) > today:
            continue
        counts = poverty_counts(min(date(year, 12, 31), today), standard)
        if all(count.households == count.unclassified for count in counts.values()):
            continue
        found[year] = published(counts.values(), seen)
    return found


def seen_by(scope: Scope) -> frozenset[int] | None:
    """Return the units whose households the reader looks after, and so knows every number of; None: of all."""
    return scope.units_with(Permission.HOUSEHOLDS_VIEW)


def published(counts: Iterable[PovertyCount], seen: frozenset[int] | None) -> Published:
    """Return the table of units by class of one day and standard, as a reader may see it who knows the units `seen`."""
    table = _table(counts)
    return publish_rated(table, OTHERS, {unit for unit, _one in table} if seen is None else seen)


def units_with_rate(counts: Iterable[PovertyCount]) -> frozenset[int]:
    """Return the units of whose poor and near-poor households together the rate may be told to everybody.

    Args:
        counts: of all units of one day and standard: which numbers keep another one safe is a matter of all of them.
    """
    return frozenset(unit for unit in rated_units(_table(counts), OTHERS) if isinstance(unit, int))


def _table(counts: Iterable[PovertyCount]) -> dict[Key, int]:
    table: dict[Key, int] = {}
    for count in counts:
        table[count.key, POOR] = count.poor
        table[count.key, NEAR_POOR] = count.near_poor
        table[count.key, OTHERS] = count.households - count.poor - count.near_poor
    return table


@dataclass(frozen=True, slots=True)
class StatisticsRow:
    """One number of a published table. `unit` None: of all units. `households` None: it is `suppressed`.

    `outdated_since`: since when it lacks something that the register holds already; None when it does not.
    """

    year: int
    as_of: date
    standard: str
    unit: str | None
    name: UnitName | None
    status: str
    households: int | None
    outdated_since: datetime | None = None

    @property
    def suppressed(self) -> bool:
        return self.households is None


def years_counted(standard: str, today: date) -> tuple[int, ...]:
    """Return the years at whose ends a standard may count, until the present one: one query.

    The round of autumn classifies for the next year: its counts begin at the end of the year before.
    """
    spans = StandardYear.objects.filter(standard__code=standard)
    first, last = spans.aggregate(first=Min("effective_year"), last=Max("effective_year")).values()
    return tuple(range(first - 1, min(last, today.year) + 1)) if first else ()


def statistics(
    scope: Scope, standard: str, years: Iterable[int], *, today: date, unit: str = "", status: str = ""
) -> list[StatisticsRow]:
    """Return the published tables as rows: by year, the units by name, all units last, each with its classes.

    Who sees some units only gets their rows, as they stand in the whole tables, and no totals.
    `unit` (its uid) and `status` choose rows of the whole tables: a table of one unit alone would be another family,
    whose numbers could be taken off these.

    Raises:
        PovertyStandard.DoesNotExist: no such standard.
    """
    rows = []
    tables = published_counts(scope, standard, years, today=today)
    days = {year: min(date(year, 12, 31), today) for year in tables}
    stale = stale_units(days.values()) if days else {}
    for year, table in tables.items():
        day = days[year]
        numbers = [one for one in dict.fromkeys(key[0] for key in table.cells) if isinstance(one, int)]
        uids, spans = dict(Unit.objects.filter(pk__in=numbers).values_list("pk", "uid")), spans_of_names(numbers)
        names = {number: name_in(spans[number], day) for number in numbers if number in spans}
        numbers.sort(key=lambda number: (sort_key(names[number].name_vi) if number in names else "", number))
        for number in (*filter(scope.sees_unit, numbers), *((None,) if scope.all_units else ())):
            uid = uids[number] if number is not None else None
            if unit and uid != unit:
                continue
            rows += [
                StatisticsRow(
                    year, day, standard, uid, names.get(number) if number is not None else None, one,
                    table[TOTAL if number is None else number, TOTAL if one == ALL else one],
                    stale_since(stale[day], None if number is None else (number,)),
                )
                for one in CLASSES
                if status in ("", one)
            ]  # fmt: skip
    return rows
