"""Which units and villages a form offers: of a day, in the order of their names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from communes.models import UnitKind, UnitVersion, Village
from communes.scope import Scope

PLACES = (UnitKind.COMMUNE, UnitKind.WARD, UnitKind.SPECIAL_ZONE)


@dataclass(frozen=True, slots=True)
class VillageChoice:
    """A village on a day, with the unit that it lies in."""

    pk: int
    code: str
    name: str
    unit_id: int


def units_with(scope: Scope, permission: str, day: date) -> list[UnitVersion]:
    """Return the communes and wards of a day for which the reader holds a permission itself: one query."""
    held = scope.units_with(permission)
    return [version for version in units_on(day) if held is None or version.unit_id in held]


def units_on(day: date) -> list[UnitVersion]:
    """Return the communes and wards of a day: one query."""
    return list(
        UnitVersion.objects.in_force(day).filter(kind__in=PLACES).select_related("unit").order_by("sort_key", "pk")
    )


def villages_on(day: date, unit_ids: set[int] | None = None) -> list[VillageChoice]:
    """Return the villages of a day, of some units or of all, in the order of their names: one query."""
    rows = Village.objects.on(day)
    if unit_ids is not None:
        rows = rows.filter(unit_id__in=unit_ids)
    found = rows.order_by("sort_key", "pk").values_list("pk", "code", "name_vi", "unit_id")
    return [VillageChoice(*row) for row in found]
