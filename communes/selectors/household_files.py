"""What files of households are held against: the villages they may speak of, and who stands in the register."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, F, Q

from communes.models import (
    Household,
    HouseholdMember,
    HouseholdStay,
    ImportedHousehold,
    Person,
    UnitVersion,
    Village,
)
from communes.models.persons import IDENTITY
from communes.rules.register_files.matching import Known, Likeness, birth_key, likeness, likeness_of
from communes.rules.register_files.places import VillagePlace
from communes.rules.register_files.stated import StatedHousehold
from communes.scope import Scope
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common import ciphers
from mongcai_portal.common.models import in_force_q

# SQLite takes 32 766 parameters.
PORTION = 5000


def villages_for(
    scope: Scope | None, on: date, unit_id: int | None, permission: str = Permission.HOUSEHOLDS_IMPORT
) -> list[VillagePlace]:
    """Return the villages that exist on a day and of whose households the reader brings files: two queries.

    Args:
        scope: None: the system's.
        unit_id: only those of this unit.
        permission: only those for whose unit the reader has it.
    """
    villages = Village.objects.all()
    units = None if scope is None else scope.units_with(permission)
    if units is not None:
        villages = villages.of_units(units)
    if unit_id is not None:
        villages = villages.of_units([unit_id])
    rows = list(villages.on(on).values_list("code", "name_vi", "village_kind", "unit_id", "unit_uid"))
    named = UnitVersion.objects.filter(in_force_q(on), unit__in={row[3] for row in rows})
    names = {unit: (name, code) for unit, name, code in named.values_list("unit_id", "name_vi", "official_code")}
    return [
        VillagePlace(code, name, kind or "", uid, *names.get(unit, ("", ""))) for code, name, kind, unit, uid in rows
    ]


def known_of(households: Sequence[StatedHousehold], codes: Iterable[str]) -> tuple[Known, dict[str, tuple[str, ...]]]:
    """Return what the register holds of what a file states, and the digests of the file's identity numbers.

    Nothing is decrypted. People are looked for in the villages of the file.

    Args:
        codes: those of the file that are in the register.
    """
    ring = ciphers.keyring()
    numbers = {person.identity_number for household in households for person in household.people} - {""}
    digests = {number: ring.indexes(number, IDENTITY) for number in numbers}
    taken = _taken([digest for own in digests.values() for digest in own])
    return Known(frozenset(codes), frozenset(taken), _alike(households)), digests


def _taken(digests: Sequence[str]) -> Iterator[str]:
    for start in range(0, len(digests), PORTION):
        rows = Person.objects.filter(identity_index__in=digests[start : start + PORTION])
        yield from rows.values_list("identity_index", flat=True)


def _alike(households: Sequence[StatedHousehold]) -> Mapping[Likeness, list[tuple[str, str]]]:
    """Return who of the register looks like someone of the file, by likeness: (digest of the number, household)."""
    wanted = {like for h in households for person in h.people if (like := likeness_of(h, person)) is not None}
    births = {birth for _name, birth, _village in wanted}
    villages = sorted({village for _name, _birth, village in wanted})
    found: dict[Likeness, list[tuple[str, str]]] = {}
    for start in range(0, len(villages), PORTION):
        rows = HouseholdMember.objects.filter(
            household__village__code__in=villages[start : start + PORTION],
            household__valid_to=None,
            valid_to=None,
            person__birth_date__isnull=False,
        )
        columns = rows.values_list(
            "person__name", "person__birth_date", "person__birth_precision", "person__identity_index",
            "household__code", "household__village__code",
        )  # fmt: skip
        for name, day, precision, digest, code, village in columns.iterator(PORTION):
            birth = birth_key(day, precision)
            if birth in births and (like := likeness(name, birth, village)) in wanted:
                found.setdefault(like, []).append((digest, code))
    return found


def resting_reasons(import_id: int) -> list[tuple[str, str, int]]:
    """Return what rests on the households of an import since, as (code of the household, what, how many).

    What: `changed` (household or a person was corrected, moved or ended, somebody came or left), `related`
    (a household split off or merged), or the table of another kind of row. The import can be undone when there is none.
    """
    return [*_changed(import_id), *_related(import_id)]


def _changed(import_id: int) -> Iterator[tuple[str, str, int]]:
    own = Household.objects.filter(imported__owner=import_id)
    moved = Q(lock__gt=0) | Q(valid_to__isnull=False)
    yield from ((code, "changed", 1) for code in own.filter(moved).order_by("code").values_list("code", flat=True))
    members = HouseholdMember.objects.filter(household__imported__owner=import_id)
    other = Q(valid_to__isnull=False) | ~Q(valid_from=F("household__imported__owner__on")) | Q(person__lock__gt=0)
    elsewhere = members.annotate(n=Count("person__memberships")).filter(n__gt=1)
    for rows in (members.filter(other), elsewhere):
        yield from (
            (code, "changed", 1) for code in rows.values_list("household__code", flat=True).order_by("household__code")
        )


def _related(import_id: int) -> Iterator[tuple[str, str, int]]:
    """Rows of every other table that name a household or person of the import; a new table needs no line here."""
    came_along = {HouseholdStay, HouseholdMember, ImportedHousehold}
    for model, path in ((Household, "imported__owner"), (Person, "memberships__household__imported__owner")):
        for relation in model._meta.related_objects:
            related: Any = relation.related_model
            if related in came_along:
                continue
            rows = related._base_manager.filter(**{f"{relation.field.name}__{path}": import_id})
            code = "imported__household__code" if model is Household else "memberships__household__code"
            code = f"{relation.field.name}__" + ("code" if model is Household else code)
            counted = rows.order_by(code).values_list(code).annotate(n=Count("pk", distinct=True))
            yield from ((str(of), related._meta.db_table, n) for of, n in counted)
