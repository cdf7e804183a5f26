"""Counts of households as a reader outside may see them: small numbers left out, and what would give them back."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from communes.rules.poverty.classify import NEAR_POOR, POOR
from communes.rules.poverty.disclosure import Key, Published, publish
from communes.scope import Scope
from communes.selectors.poverty_counts import poverty_counts
from mongcai_portal.accounts.permissions import Permission

# Everyone who is neither poor nor near poor, whatever is known of them: with these two, all households of the unit.
OTHERS = "others"


def published_counts(
    scope: Scope, standard: str, years: Iterable[int], *, today: date, units: Collection[int] | None = None
) -> dict[int, Published]:
    """Return, for each year, the table of units by class with its totals as the reader may see it.

    Keys are (unit, `poor`, `near_poor` or `others`); totals stand under `rules.poverty.disclosure.TOTAL`. Who looks
    after the households of a unit sees its numbers as they are; what they know is taken off first, so that it gives
    back no number of the others. The counts are those of the last day of each year, of the present one as of today.

    Raises:
        PovertyStandard.DoesNotExist: no such standard.
    """
    seen = scope.units_with(Permission.HOUSEHOLDS_VIEW)
    found = {}
    for year in years:
        if date(year, 1, 1) > today:
            continue
        counts = poverty_counts(min(date(year, 12, 31), today), standard, units=units)
        table: dict[Key, int] = {}
        for unit, count in counts.items():
            table[unit, POOR] = count.poor
            table[unit, NEAR_POOR] = count.near_poor
            table[unit, OTHERS] = count.households - count.poor - count.near_poor
        found[year] = publish(table, counts.keys() if seen is None else seen)
    return found
