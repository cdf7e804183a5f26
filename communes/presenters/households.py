"""How households read in a list, and the words of their lives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from communes.models import Household, UnitVersion
from communes.models.households import Ended
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


def household_rows(
    households: Iterable[Household], places: Mapping[int, Place], units: Iterable[UnitVersion]
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
            )
        )
    return rows


def area_word(area: str | None) -> str:
    """The area type of a place, which decides the poverty line."""
    return {"rural": _("nông thôn"), "urban": _("thành thị")}.get(area or "", _("chưa xác định khu vực"))
