"""Units on many days at once: what norms depend on, and how the units are called then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from communes.models import UnitVersion, UnitZone
from indicators.rules.types import UnitContext


@dataclass(frozen=True, slots=True)
class UnitOnDay:
    """A unit as it was on a day."""

    context: UnitContext
    name_vi: str
    name_en: str
    sort_key: str


def units_on_days(pairs: Iterable[tuple[int, date]]) -> dict[tuple[int, date], UnitOnDay]:
    """Return units as they were, by (unit id, day): two queries for any number of units and days."""
    wanted = set(pairs)
    ids = {unit for unit, _day in wanted}
    versions: dict[int, list[UnitVersion]] = defaultdict(list)
    for version in UnitVersion.objects.filter(unit__in=ids):
        versions[version.unit_id].append(version)
    zones: dict[int, list[UnitZone]] = defaultdict(list)
    for zone in UnitZone.objects.filter(unit__in=ids):
        zones[zone.unit_id].append(zone)
    found = {}
    for unit, day in wanted:
        version = next((v for v in versions[unit] if v.holds_on(day)), None)
        held = frozenset(zone.zone for zone in zones[unit] if zone.holds_on(day))
        found[unit, day] = UnitOnDay(
            UnitContext(version.region if version else "", held),
            version.name_vi if version else "",
            version.name_en if version else "",
            version.sort_key if version else "",
        )
    return found
