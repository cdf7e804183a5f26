"""Reading the register: who lives where, what became of a household, and who has seen it. Numbers stay masked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Concat
from django.utils import timezone

from communes.models import (
    Classification,
    Household,
    HouseholdMember,
    HouseholdStay,
    HouseholdSuccession,
    Person,
    PovertyStandard,
    Village,
)
from communes.rules.families import is_identity, plain_identity
from communes.rules.lineage import Branch, Step, ancestors, descendants
from communes.rules.places import area_type
from communes.scope import Scope
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.models import in_force_q
from mongcai_portal.common.text import search_key


@dataclass(frozen=True, slots=True)
class Place:
    """A village on a day: its unit, and the area type that decides the poverty line (None: undetermined)."""

    village_id: int
    name: str
    unit_id: int
    unit_uid: str
    area_type: str | None


def places_on(day: date, village_ids: Iterable[int] | None = None) -> dict[int, Place]:
    """Return where villages lie on a day, by village: one query for all of them.

    A village that does not exist on the day is left out.
    """
    villages = Village.objects.on(day)
    if village_ids is not None:
        villages = villages.filter(pk__in=list(village_ids))
    rows = villages.values_list("pk", "name_vi", "unit_id", "unit_uid", "unit_kind")
    return {pk: Place(pk, name, unit, uid, area_type(kind or "")) for pk, name, unit, uid, kind in rows}


# Of so many households a page is found soon by reading the names in their order.
COMMON = 10_000
# Of so few villages the households are asked one by one what they are: a commune's, and a large ward's.
FEW_VILLAGES = 50
# So many of those who are called as searched are looked at first where a class is asked for as well.
LOOKED_THROUGH = 500
# Behind every sign of a search key: letters, digits, the dot and the blank.
_BEHIND = "~"


@dataclass(frozen=True, slots=True)
class RegistryFilter:
    """What the reader asked for; empty asks for everything.

    `standing` asks for households that are in the register, `gone` for those that left it. `unit`: of that unit's
    present villages.
    """

    q: str = field(default="", repr=False)
    villages: tuple[int, ...] = ()
    gone: bool = False
    standing: bool = True
    unit: int | None = None
    # What the households are today: the code of a standard, and a class under it.
    standard: str = ""
    status: str = ""


def registry(scope: Scope, wanted: RegistryFilter) -> QuerySet[Household]:
    """Return the households that the reader sees, in the order of their heads' names.

    A whole identity number as `q` finds the household of its owner; a part of one finds nothing. For a page of a long
    list see `registry_page`. Small queries are asked while this is built: the reader's villages, and the
    number of a standard.
    """
    # The villages first: the database then knows how many households to expect, which decides how it searches.
    return _registry(wanted, _villages(scope, wanted))


def _villages(scope: Scope, wanted: RegistryFilter) -> list[int] | None:
    """Return the villages whose households the reader sees and asks for; None: those of the whole register."""
    units = scope.units_with(Permission.HOUSEHOLDS_VIEW)
    if wanted.unit is not None:
        units = frozenset({wanted.unit}) if units is None else units & {wanted.unit}
    if units is None:
        return list(wanted.villages) or None
    villages = Village.objects.of_units(units).values_list("pk", flat=True)
    return [pk for pk in villages if not wanted.villages or pk in wanted.villages]


def _registry(wanted: RegistryFilter, villages: list[int] | None) -> QuerySet[Household]:
    rows: QuerySet[Household] = Household.objects.all()
    if villages is not None:
        rows = rows.filter(village__in=villages)
    if not wanted.gone:
        rows = rows.standing()  # type: ignore[attr-defined]
    elif not wanted.standing:
        rows = rows.filter(valid_to__isnull=False)
    if wanted.standard and wanted.status:
        # The poor are few among many: found first by their own index, which the planner knows to be short only for a
        # standard by its number.
        standard = PovertyStandard.objects.filter(code=wanted.standard).values_list("pk", flat=True).first()
        answers = Classification.objects.filter(standard=standard)
        today = timezone.localdate()
        if _few(villages):
            # Of some thousand households each is asked for its answer.
            answers = answers.filter(household=OuterRef("pk"), valid_from__lte=today).order_by("-valid_from")
            rows = rows.alias(present=Subquery(answers.values("status")[:1])).filter(present=wanted.status)
        else:
            rows = rows.filter(pk__in=answers.filter(status=wanted.status).on(today).values("household"))
    number = plain_identity(wanted.q)
    if is_identity(number):
        owner = Person.objects.with_identity(number)
        rows = rows.filter(Exists(HouseholdMember.objects.filter(household=OuterRef("pk"), person__in=owner)))
    else:
        rows = rows.search(wanted.q)  # type: ignore[attr-defined]
    return rows.order_by("sort_key", "pk")


def _few(villages: list[int] | None) -> bool:
    return villages is not None and len(villages) <= FEW_VILLAGES


@dataclass(frozen=True, slots=True)
class RegistryPage:
    """A page of the list, and how many households the list has: None where something is searched for."""

    rows: list[Household]
    count: int | None


def registry_list(scope: Scope, wanted: RegistryFilter, *, most: int, size: int = 50, start: int = 0) -> RegistryPage:
    """Return a page of the list with its count, which is at most one more than `most`; pages go on beyond it."""
    if wanted.q:
        return RegistryPage(registry_page(scope, wanted, size=size, start=start), None)
    villages = _villages(scope, wanted)
    rows = _registry(wanted, villages)
    if wanted.status and _few(villages) and start + size <= most:
        # Whoever counts them has asked each for its class, and has the page with it.
        numbers = list(rows.values_list("pk", flat=True)[: most + 1])
        return RegistryPage(_of_numbers(numbers[start : start + size]), len(numbers))
    return RegistryPage(_read(rows, start, size), rows.order_by()[: most + 1].count())


def registry_page(scope: Scope, wanted: RegistryFilter, *, size: int = 50, start: int = 0) -> list[Household]:
    """Return a page of the list: up to `size` households after the first `start`, quickly among a million.

    What is searched for is found at the beginning of names first (someone who types “nguyen” means the family), in
    the order of the plain letters; then wherever else it stands, in the order of the list.
    """
    villages, key = _villages(scope, wanted), search_key(wanted.q)
    rows = _registry(wanted, villages)
    if not key or is_identity(plain_identity(wanted.q)):
        return _read(rows, start, size)
    # A range, which an index in the order of code points has; texts that begin so are the database's affair otherwise.
    # Whoever begins so holds all words of the search: asked for those as well, PostgreSQL would look for them first.
    begins = Q(search_key__gte=key, search_key__lt=key + _BEHIND)
    first = _registry(replace(wanted, q=""), villages).filter(begins).order_by("search_key", "pk")
    if wanted.status and start + size <= LOOKED_THROUGH:
        # A class among those who are called so: mostly the first of them fill the page.
        called = _registry(replace(wanted, q="", status=""), villages).filter(begins)
        some = list(called.order_by("search_key", "pk").values_list("pk", flat=True)[:LOOKED_THROUGH])
        of_class = set(first.order_by().filter(pk__in=some).values_list("pk", flat=True))
        numbers = [pk for pk in some if pk in of_class]
        if len(numbers) >= start + size:
            return _of_numbers(numbers[start : start + size])
    found = _read(first, start, size)
    if len(found) == size:
        return found
    passed = start if found else min(start, first.order_by()[:start].count())
    rest, begun = rows.exclude(begins), max(0, start - passed)
    others = list(rest.order_by().values_list("pk", flat=True)[:COMMON])
    if len(others) < min(COMMON, LOOKED_THROUGH):
        rest = Household.objects.filter(pk__in=others).order_by("sort_key", "pk")
    elif len(others) < COMMON:
        # Found by their trigrams, then sorted. PostgreSQL would rather read a million names in their order until it
        # has a page of them; a key that no index has leaves it no choice.
        rest = rest.order_by(Concat("sort_key", Value("")), "pk")
    return [*found, *_read(rest, begun, size - len(found))]


def _read(rows: QuerySet[Household], start: int, size: int) -> list[Household]:
    """Return a part of an ordered list. What stands before it is passed over by its index alone."""
    if not start:
        return list(rows[:size])
    return _of_numbers(list(rows.values_list("pk", flat=True)[start : start + size]))


def _of_numbers(numbers: list[int]) -> list[Household]:
    found = Household.objects.in_bulk(numbers)
    return [found[number] for number in numbers if number in found]  # an import may be undone meanwhile


@dataclass(frozen=True, slots=True)
class MemberView:
    """A member on a day, without the identity number; `identity` is its mask, empty when none is recorded."""

    person: Person = field(repr=False)
    relation: str
    since: date
    identity: str


@dataclass(frozen=True, slots=True)
class HouseholdView:
    """A household on a day: where it lives, under which kind of line, and who belongs to it, the head first."""

    household: Household
    day: date
    place: Place | None
    address: str = field(repr=False)
    members: tuple[MemberView, ...] = ()


def household_on(scope: Scope, household_id: int, day: date) -> HouseholdView:
    """Return a household as it was on a day: four queries.

    Raises:
        Household.DoesNotExist: the reader does not see it, or it was not in the register on that day.
    """
    return _viewed(Household.objects.visible_to(scope).in_force(day).get(pk=household_id), day)


def household_that_day(household_id: int, day: date) -> HouseholdView:
    """Return a household as it was on a day, whoever asks: what the caller shows of it is of a unit of the reader's.

    Raises:
        Household.DoesNotExist: it was not in the register on that day.
    """
    return _viewed(Household.objects.in_force(day).get(pk=household_id), day)


def _viewed(household: Household, day: date) -> HouseholdView:
    stay = HouseholdStay.objects.in_force(day).filter(household=household).get()
    rows = HouseholdMember.objects.in_force(day).filter(household=household).select_related("person")
    members = sorted(rows, key=lambda row: (row.relation != "head", row.person.birth_date or date.max, row.pk))
    return HouseholdView(
        household,
        day,
        places_on(day, [stay.village_id]).get(stay.village_id),
        stay.address,
        tuple(MemberView(row.person, row.relation, row.valid_from, row.person.identity_masked) for row in members),
    )


@dataclass(frozen=True, slots=True)
class Kinship:
    """The households that a household came of, and those that came of it; `codes` names every one of them."""

    before: tuple[Branch[int], ...]
    after: tuple[Branch[int], ...]
    codes: dict[int, str]


def kinship_of(household: Household) -> Kinship:
    """Return the lineage of a household: as many queries as it has generations, and one more for the codes."""
    steps: dict[int, Step[int]] = {}
    known, found = {household.pk}, {household.pk}
    while found:
        rows = HouseholdSuccession.objects.filter(predecessor__in=found) | HouseholdSuccession.objects.filter(
            successor__in=found
        )
        for row in rows:
            steps[row.pk] = Step(row.predecessor_id, row.successor_id, row.effective_on, row.kind)
        found = {one for step in steps.values() for one in (step.predecessor, step.successor)} - known
        known |= found
    codes = dict(Household.objects.filter(pk__in=known).values_list("pk", "code"))
    return Kinship(ancestors(steps.values(), household.pk), descendants(steps.values(), household.pk), codes)


def standing_on(day: date, village_ids: Iterable[int] | None = None) -> QuerySet[HouseholdStay]:
    """Return where households live on a day: what counts per unit are made of, with `places_on`."""
    rows = HouseholdStay.objects.filter(in_force_q(day))
    return rows if village_ids is None else rows.filter(village__in=list(village_ids))
