"""Tables 14 and 15: the poor and near-poor households one by one. Identity numbers are no part of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from communes.models import Classification, HouseholdMember, HouseholdStay, Person
from communes.models.households import Relation
from communes.rules.poverty.description import Description
from communes.selectors.descriptions import sheets_behind
from communes.selectors.households import places_on
from communes.selectors.poverty_tables.extent import VILLAGE, Extent, answers
from mongcai_portal.common.models import in_force_q

_FETCH = 2000


@dataclass(frozen=True, slots=True)
class ListedHousehold:
    """A household of a class on the closing day, with what its answer rests on.

    `before`: what it was on the opening day under the standard, "" when nothing was said of it. `head`: of the day.
    `description`: sheet C of the decision, empty when nothing of it was kept.
    """

    code: str
    unit_id: int | None
    village: str
    address: str = field(repr=False)
    head: str = field(repr=False)
    birth_date: date | None = field(repr=False)
    birth_precision: str
    sex: str
    ethnicity: str
    members: int
    no_labour: bool | None
    a_score: int | None
    b_score: int | None
    deprived: tuple[str, ...] | None
    description: Description = field(repr=False)
    before: str
    decision: str
    since: date


def listed(extent: Extent, status: str) -> QuerySet[Classification]:
    """Return the answers of the households of a class, with village, address and size of the day."""
    there = HouseholdMember.objects.filter(in_force_q(extent.closing), household=OuterRef("household")).order_by()
    stay = HouseholdStay.objects.filter(in_force_q(extent.closing), household=OuterRef("household"))
    earlier = Classification.objects.filter(
        household=OuterRef("household"), standard=extent.standard, valid_from__lte=extent.opening
    ).order_by("-valid_from")
    return (  # type: ignore[no-any-return]
        answers(extent, status)
        .annotate(
            village_id=Subquery(stay.values("village")[:1]),
            address=Subquery(stay.values("address")[:1]),
            members=Coalesce(Subquery(there.values("household").annotate(n=Count("pk")).values("n")[:1]), 0),
            before=Coalesce(Subquery(earlier.values("status")[:1]), Value("")),
        )
        .select_related("household")
        .order_by(f"{VILLAGE}__code", "household__sort_key", "household_id")
    )


def list_rows(extent: Extent, status: str) -> Iterator[ListedHousehold]:
    """Yield the households by village and the heads' names; heads are read so many households at a time."""
    places = places_on(extent.closing, None if extent.unit is None else extent.place_of)
    portion: list[Classification] = []
    for row in listed(extent, status).iterator(chunk_size=_FETCH):
        portion.append(row)
        if len(portion) == _FETCH:
            yield from _described(portion, places, extent)
            portion = []
    yield from _described(portion, places, extent)


def _described(rows: list[Classification], places: dict[int, object], extent: Extent) -> Iterator[ListedHousehold]:
    heads = HouseholdMember.objects.in_force(extent.closing).filter(
        relation=Relation.HEAD, household__in=[row.household_id for row in rows]
    )
    people: dict[int, Person] = {one.household_id: one.person for one in heads.select_related("person")}
    sheets = sheets_behind(rows, extent.standard.form_id)
    for row in rows:
        place, person, told = places.get(row.village_id), people.get(row.household_id), row.household
        yield ListedHousehold(
            code=told.code,
            unit_id=getattr(place, "unit_id", None),
            village=getattr(place, "name", ""),
            address=row.address or "",
            head=person.name if person else told.head_name,
            birth_date=person.birth_date if person else None,
            birth_precision=person.birth_precision if person else "",
            sex=person.sex if person else "",
            ethnicity=person.ethnicity if person else "",
            members=row.members,
            no_labour=told.no_labour,
            a_score=row.a_score,
            b_score=row.b_score,
            deprived=None if row.deprived is None else tuple(row.deprived),
            description=sheets.get((row.household_id, row.valid_from, row.decision_number), Description()),
            before=row.before,
            decision=row.decision_number,
            since=row.valid_from,
        )
