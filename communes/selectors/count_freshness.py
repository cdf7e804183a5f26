"""Since when counts of households lack something that the register holds already."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime

from django.db.models import Min

from communes.models import CountedVillage

# By unit; those whose counts lack nothing are not in it.
StaleUnits = Mapping[int, datetime]


def stale_units(days: Iterable[date]) -> dict[date, StaleUnits]:
    """Return, for each day, the units a village of which waits for being counted, and since when: one query.

    What has changed may be of any day: a list that is brought today can be of years ago.
    """
    version = "village__versions"
    rows = list(
        CountedVillage.objects.filter(stale_since__isnull=False, **{f"{version}__isnull": False})
        .order_by()
        .values_list(f"{version}__unit", f"{version}__valid_from", f"{version}__valid_to")
        .annotate(Min("stale_since"))
    )
    found: dict[date, StaleUnits] = {}
    for day in set(days):
        units: dict[int, datetime] = {}
        for unit, first, last, since in rows:
            if (first is None or first <= day) and (last is None or day <= last):
                units[unit] = min(since, units.get(unit, since))
        found[day] = units
    return found


def stale_since(stale: StaleUnits, units: Collection[int] | None = None) -> datetime | None:
    """Return since when counts over units (None: over all) lack something; None when they do not."""
    return min((since for unit, since in stale.items() if units is None or unit in units), default=None)
