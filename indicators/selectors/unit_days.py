"""Units on many days at once: what norms depend on, and how the units are called then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from communes.models import UnitGroupMember, UnitVersion, UnitZone
from indicators.models import CriteriaSet, Norm
from indicators.rules.types import UnitContext


@dataclass(frozen=True, slots=True)
class UnitOnDay:
    """A unit as it was on a day."""

    context: UnitContext
    name_vi: str
    name_en: str
    sort_key: str


def units_on_days(pairs: Iterable[tuple[int, date]], *, also: Iterable[str] = ()) -> dict[tuple[int, date], UnitOnDay]:
    """Return units as they were, by (unit id, day): three queries for any number of units and days, or four.

    Args:
        also: commune groups that a norm tells apart which is not stored yet. A unit in two groups is in neither, as in
            `definitions.contexts`.
    """
    wanted = set(pairs)
    told = _groups_told_apart()
    more = set(also) - {""}
    ids = {unit for unit, _day in wanted}
    versions: dict[int, list[UnitVersion]] = defaultdict(list)
    for version in UnitVersion.objects.filter(unit__in=ids):
        versions[version.unit_id].append(version)
    zones: dict[int, list[UnitZone]] = defaultdict(list)
    for zone in UnitZone.objects.filter(unit__in=ids):
        zones[zone.unit_id].append(zone)
    members: dict[int, list[UnitGroupMember]] = defaultdict(list)
    if told or more:
        codes = {code for code, _first, _last in told} | more
        rows = UnitGroupMember.objects.filter(unit__in=ids, group__code__in=codes).select_related("group")
        for member in rows:
            members[member.unit_id].append(member)
    found = {}
    for unit, day in wanted:
        apart = more | {code for code, first, last in told if first <= day.year <= last}
        groups = {m.group.code for m in members[unit] if m.holds_on(day) and m.group.code in apart}
        version = next((v for v in versions[unit] if v.holds_on(day)), None)
        held = frozenset(zone.zone for zone in zones[unit] if zone.holds_on(day))
        found[unit, day] = UnitOnDay(
            UnitContext(version.region if version else "", held, groups.pop() if len(groups) == 1 else ""),
            version.name_vi if version else "",
            version.name_en if version else "",
            version.sort_key if version else "",
        )
    return found


def _groups_told_apart() -> set[tuple[str, int, int]]:
    """Return the commune groups that norms of published sets tell apart, with the years they do so: one query."""
    owner = "version__indicator__criterion__criteria_set__"
    rows = Norm.objects.filter(**{f"{owner}status": CriteriaSet.Status.PUBLISHED}).exclude(commune_group="")
    return set(rows.values_list("commune_group", f"{owner}first_year", f"{owner}last_year"))
