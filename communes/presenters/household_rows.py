"""How households read in a list, and by which classes the list is narrowed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from communes.models import Classification, Household, PovertyStandard, UnitVersion
from communes.models.households import Ended
from communes.models.poverty import PovertyStatus
from communes.presenters.household_classes import ClassChip, class_chip
from communes.presenters.households import area_word
from communes.selectors.households import Place
from mongcai_portal.common.templatetags.portal import localname


@dataclass(frozen=True, slots=True)
class HouseholdRow:
    """A household in a list."""

    pk: int
    code: str
    head: str = field(repr=False)
    size: int
    village: str
    unit: str
    area: str
    address: str = field(repr=False)
    gone: str
    gone_on: date | None
    illustrative: bool
    classes: list[ClassChip]


def household_rows(
    households: Iterable[Household],
    places: Mapping[int, Place],
    units: Iterable[UnitVersion],
    classes: Mapping[int, list[Classification]],
) -> list[HouseholdRow]:
    """The households of a page as read; `places` are those of their villages today, `units` of the reader."""
    names = {version.unit_id: localname(version) for version in units}
    rows = []
    for one in households:
        place = places.get(one.village_id)
        rows.append(
            HouseholdRow(
                pk=one.pk,
                code=one.code,
                head=one.head_name,
                size=one.size,
                village=place.name if place else "–",
                unit=names.get(place.unit_id, "") if place else "",
                area=area_word(place.area_type if place else None),
                address=one.address,
                gone=str(Ended(one.ended_as).label) if one.ended_as else "",
                gone_on=one.valid_to,
                illustrative=one.illustrative,
                classes=[class_chip(row) for row in classes.get(one.pk, ())],
            )
        )
    return rows


def class_choices() -> list[tuple[str, list[tuple[str, Any]]]]:
    """Every class under every standard, as a select offers them: `code:status` under the name of the standard."""
    standards = PovertyStandard.objects.order_by("-issued_on", "code")
    return [
        (localname(row), [(f"{row.code}:{status.value}", status.label) for status in PovertyStatus])
        for row in standards
    ]
