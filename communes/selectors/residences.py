"""Where a household lived, in which unit and under which kind of line, span by span."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from communes.models import HouseholdStay, UnitVersion, VillageVersion
from communes.rules.places import area_type


@dataclass(frozen=True, slots=True)
class Residence:
    """Days, both inclusive, in which place, unit and area type of a household were the same; `moved`: it came there.

    A residence that did not begin with a move began because the unit changed: the household stayed where it was.
    """

    valid_from: date
    valid_to: date | None
    address: str = field(repr=False)
    village: str = ""
    unit: UnitVersion | None = None
    area_type: str | None = None
    moved: bool = True


def residences_of(stays: Iterable[HouseholdStay]) -> tuple[Residence, ...]:
    """Return the residences behind the stays of one household, in their order: two queries."""
    rows = sorted(stays, key=lambda stay: stay.valid_from)
    villages: dict[int, list[VillageVersion]] = {}
    for version in VillageVersion.objects.filter(village__in={stay.village_id for stay in rows}):
        villages.setdefault(version.village_id, []).append(version)
    units: dict[int, list[UnitVersion]] = {}
    wanted = {version.unit_id for versions in villages.values() for version in versions}
    for unit in UnitVersion.objects.filter(unit__in=wanted).select_related("unit"):
        units.setdefault(unit.unit_id, []).append(unit)
    found: list[Residence] = []
    for stay in rows:
        for at, part in enumerate(_parts(stay, villages.get(stay.village_id, []), units)):
            last = found[-1] if found else None
            if at and last and (last.village, last.unit) == (part.village, part.unit):
                found[-1] = _joined(last, part)
            else:
                found.append(part)
    return tuple(found)


def _parts(
    stay: HouseholdStay, villages: list[VillageVersion], units: dict[int, list[UnitVersion]]
) -> Iterable[Residence]:
    """Cut a stay where its village, or the unit of its village, became another."""
    whole = (stay.valid_from, stay.valid_to)
    parts = []
    for version in villages:
        in_village = _both(whole, (version.valid_from, version.valid_to))
        if in_village is None:
            continue
        for unit in units.get(version.unit_id, []):
            days = _both(in_village, (unit.valid_from, unit.valid_to))
            if days is not None:
                parts.append((days, version.name_vi, unit))
    for at, ((first, last), name, unit) in enumerate(sorted(parts, key=lambda part: part[0][0])):
        yield Residence(first, last, stay.address, name, unit, area_type(unit.kind), moved=at == 0)
    if not parts:
        yield Residence(stay.valid_from, stay.valid_to, stay.address)


def _both(one: tuple[date, date | None], other: tuple[date | None, date | None]) -> tuple[date, date | None] | None:
    first = max(one[0], other[0] or date.min)
    ends = [end for end in (one[1], other[1]) if end is not None]
    last = min(ends) if ends else None
    return None if last is not None and last < first else (first, last)


def _joined(one: Residence, next_one: Residence) -> Residence:
    return Residence(
        one.valid_from, next_one.valid_to, one.address, one.village, one.unit, one.area_type, moved=one.moved
    )
