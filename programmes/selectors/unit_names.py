"""The last names of units, in force or not: what concerns a commune that was merged keeps its name."""

from __future__ import annotations

from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery

from communes.models import UnitVersion
from communes.selectors.village_choices import PLACES


def named_by_unit(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Annotate rows that may have a unit with its last name and kind, and its place in the order of names."""
    version = UnitVersion.objects.filter(unit=OuterRef("unit_id")).order_by(F("valid_from").desc(nulls_last=True))
    return rows.annotate(
        unit_name_vi=Subquery(version.values("name_vi")[:1]),
        unit_name_en=Subquery(version.values("name_en")[:1]),
        unit_kind=Subquery(version.values("kind")[:1]),
        unit_order=Subquery(version.values("sort_key")[:1]),
    )


def places_seen(unit_ids: frozenset[int] | None) -> list[UnitVersion]:
    """Return the last versions of communes and wards, of some or of all (None): those of today first. One query.

    A difficulty of a past year is of a commune of its time, which may have been merged since.
    """
    rows = UnitVersion.objects.filter(kind__in=PLACES)
    if unit_ids is not None:
        rows = rows.filter(unit__in=unit_ids)
    return sorted(last_names(rows.values("unit")), key=lambda version: version.valid_to is not None)


def last_names(unit_ids: Any) -> list[UnitVersion]:
    """Return the last versions of units (keys, or a query for them) in the order of their names: one query."""
    newest: dict[int, UnitVersion] = {}
    versions = UnitVersion.objects.filter(unit__in=unit_ids).select_related("unit")
    for version in versions.order_by(F("valid_from").asc(nulls_first=True)):
        newest[version.unit_id] = version
    return sorted(newest.values(), key=lambda version: version.sort_key)
