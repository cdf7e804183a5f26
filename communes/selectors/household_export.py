"""The register as rows of a file: read in sets, in the order of the heads' names, whatever their number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Case, F, QuerySet, When

from communes.models import Household, HouseholdMember, Village
from communes.models.households import Relation
from communes.scope import Scope
from communes.selectors.directory import names_on
from communes.selectors.households import Place, places_on
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.templatetags.portal import localname

CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be exported: the households of a unit (None: all that the reader may export), with numbers or not."""

    unit_id: int | None = None
    numbers: bool = False


@dataclass(frozen=True, slots=True)
class ExportRow:
    """A person in a household of the register, as of today; `identity` is encrypted still, with the name of its key."""

    code: str
    unit: str
    village: str
    address: str = field(repr=False)
    no_labour: bool | None
    farming: bool | None
    note: str = field(repr=False)
    name: str = field(repr=False)
    relation: str
    birth_date: date | None = field(repr=False)
    birth_precision: str
    sex: str
    ethnicity: str
    identity: tuple[str, str] = field(repr=False)
    schooling: str
    education: str
    work: str
    health_insurance: bool | None
    allowance: str
    meritorious: bool | None
    nutrition: str


def exportable(scope: Scope, asked: Asked) -> QuerySet[Household]:
    """Return the households that the reader may export so; with numbers, those of whom the reader may read numbers."""
    rows: QuerySet[Household] = Household.objects.with_permission(scope, Permission.HOUSEHOLDS_EXPORT).standing()
    if asked.numbers:
        rows = rows & Household.objects.with_permission(scope, Permission.HOUSEHOLDS_UNMASK)
    if asked.unit_id is not None:
        rows = rows.filter(village__in=Village.objects.of_units([asked.unit_id]))
    return rows


def members_of(households: QuerySet[Household]) -> QuerySet[HouseholdMember]:
    """Return who belongs to these households today."""
    return HouseholdMember.objects.filter(valid_to=None, household__in=households.values("pk"))


def export_rows(households: QuerySet[Household], day: date) -> Iterator[ExportRow]:
    """Yield the people of households, household by household, the head first; memory does not grow with them."""
    villages = set(households.order_by().values_list("village", flat=True).distinct())
    places = places_on(day, villages)
    units = {pk: localname(v) for pk, v in names_on(day, {place.unit_id for place in places.values()}).items()}
    rows = (
        members_of(households)
        .annotate(after=Case(When(relation=Relation.HEAD, then=0), default=1))
        .order_by(
            "household__sort_key", "household_id", "after", F("person__birth_date").asc(nulls_last=True), "person_id"
        )
        .select_related("household", "person")
    )
    for member in rows.iterator(chunk_size=CHUNK):
        household, person = member.household, member.person
        place: Place | None = places.get(household.village_id)
        yield ExportRow(
            code=household.code,
            unit=units.get(place.unit_id, "") if place else "",
            village=place.name if place else "",
            address=household.address,
            no_labour=household.no_labour,
            farming=household.farming,
            note=household.note,
            name=person.name,
            relation=member.relation,
            birth_date=person.birth_date,
            birth_precision=person.birth_precision,
            sex=person.sex,
            ethnicity=person.ethnicity,
            identity=(person.identity_key, person.identity_text),
            schooling=person.schooling,
            education=person.education,
            work=person.work,
            health_insurance=person.health_insurance,
            allowance=person.allowance,
            meritorious=person.meritorious,
            nutrition=person.nutrition,
        )
