"""Households as they were on a day, many at a time: what the API's list shows of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from communes.models import Classification, Household, HouseholdMember, HouseholdStay, VillageVersion
from communes.scope import Scope
from communes.selectors.household_classes import classes_on
from communes.selectors.households import Place, places_on
from mongcai_portal.common.models import in_force_q


@dataclass(frozen=True, slots=True)
class HouseholdOfDay:
    """A household on a day: place, head and members of that day, and its classes, the whole country's first."""

    household: Household
    village: str
    address: str = field(repr=False)
    place: Place | None = None
    members: tuple[HouseholdMember, ...] = ()
    classes: tuple[Classification, ...] = ()

    @property
    def head(self) -> HouseholdMember:
        return next(row for row in self.members if row.relation == "head")


def households_on(scope: Scope, day: date) -> QuerySet[Household]:
    """Return the households that the reader sees and that were in the register on a day."""
    return Household.objects.visible_to(scope).in_force(day)  # type: ignore[no-any-return]


def in_unit(rows: QuerySet[Household], unit_id: int, day: date) -> QuerySet[Household]:
    """Keep the households whose village of the day lay in the unit on it."""
    villages = VillageVersion.objects.in_force(day).filter(unit=unit_id).values("village")
    stays = HouseholdStay.objects.filter(in_force_q(day), household=OuterRef("pk"), village__in=villages)
    return rows.filter(Exists(stays))


def in_village(rows: QuerySet[Household], village_id: int, day: date) -> QuerySet[Household]:
    """Keep the households that lived in the village on the day."""
    return rows.filter(
        Exists(HouseholdStay.objects.filter(in_force_q(day), household=OuterRef("pk"), village=village_id))
    )


def of_class(rows: QuerySet[Household], day: date, *, standard: str = "", status: str = "") -> QuerySet[Household]:
    """Keep the households whose answer of the day is of a standard, of a class, or both."""
    answers = Classification.objects.all()
    if standard:
        answers = answers.filter(standard__code=standard)
    if status:
        answers = answers.filter(status=status)
    return rows.filter(pk__in=answers.on(day).values("household"))


def described(households: Iterable[Household], day: date) -> list[HouseholdOfDay]:
    """Return households as they were on a day on which they were in the register: four queries for any number."""
    rows = list(households)
    numbers = [row.pk for row in rows]
    stays = {
        stay.household_id: stay
        for stay in HouseholdStay.objects.filter(in_force_q(day), household__in=numbers).select_related("village")
    }
    members: dict[int, list[HouseholdMember]] = {}
    people = HouseholdMember.objects.filter(in_force_q(day), household__in=numbers).select_related("person")
    for member in people.order_by("pk"):
        members.setdefault(member.household_id, []).append(member)
    places = places_on(day, {stay.village_id for stay in stays.values()})
    classes = classes_on(day, numbers)
    return [
        HouseholdOfDay(
            row,
            stays[row.pk].village.code,
            stays[row.pk].address,
            places.get(stays[row.pk].village_id),
            tuple(sorted(members[row.pk], key=lambda one: (one.relation != "head", one.pk))),
            tuple(classes.get(row.pk, ())),
        )
        for row in rows
    ]
