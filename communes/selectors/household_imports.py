"""What the pages of the import of households read."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.db.models.fields.json import KT

from communes.models import HouseholdImport, HouseholdSource, ImportFault, UnitVersion
from communes.models.imports import IMPORT_JOB
from communes.scope import Scope
from communes.selectors.directory import names_on
from communes.selectors.household_files import villages_for
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.models import Job
from mongcai_portal.common.templatetags.portal import localname

WORDS = 40


@dataclass(frozen=True, slots=True)
class UnknownWord:
    """A word of a file that nobody understands, in which field, and how often."""

    field: str
    word: str
    count: int


@dataclass(frozen=True, slots=True)
class ImportPage:
    """A file: the name of its unit, the job that works on it, its words that need a meaning, kinds of faults."""

    row: HouseholdImport
    unit: str
    job: Job | None
    words: tuple[UnknownWord, ...]
    villages: tuple[tuple[str, str], ...]
    by_code: tuple[tuple[str, int], ...]


def imports_seen(scope: Scope) -> QuerySet[HouseholdImport]:
    """Return the files that the reader works on, the latest first."""
    return HouseholdImport.objects.visible_to(scope).select_related("unit").order_by("-pk")


def units_for(scope: Scope, permission: str = Permission.HOUSEHOLDS_IMPORT) -> list[tuple[int, str]]:
    """Return the communes and wards for which the reader may bring files (or has the permission): one query."""
    units = scope.units_with(permission)
    rows = UnitVersion.objects.filter(valid_to=None, kind__in=["commune", "ward", "special_zone"])
    if units is not None:
        rows = rows.filter(unit__in=units)
    return [(row.unit_id, localname(row)) for row in rows.order_by("sort_key")]


def brings_for_town(scope: Scope) -> bool:
    return scope.units_with(Permission.HOUSEHOLDS_IMPORT) is None


def sources_for(scope: Scope) -> list[tuple[int, str]]:
    """Return the sources whose files the reader may bring."""
    return list(HouseholdSource.objects.usable_by(scope).values_list("pk", "name"))


def unit_name(row: HouseholdImport) -> str:
    """The name of the unit that a file may speak of, on its day; empty for the town."""
    if row.unit_id is None:
        return ""
    version = names_on(row.on, [row.unit_id]).get(row.unit_id)
    return localname(version) if version else row.unit.uid


def import_page(scope: Scope, import_id: int) -> ImportPage:
    """Return one file with what its page shows: at most seven queries.

    Raises:
        HouseholdImport.DoesNotExist: there is none that the reader works on.
    """
    row = imports_seen(scope).get(pk=import_id)
    words = unknown_words(row)
    villages: tuple[tuple[str, str], ...] = ()
    if any(word.field == "village" for word in words):
        places = villages_for(scope, row.on, row.unit_id)
        villages = tuple((place.code, f"{place.name} ({place.unit_name})") for place in places)
    counted = faults_of(row).values_list("code").annotate(n=Count("pk")).order_by("-n", "code")
    job = Job.objects.filter(kind=IMPORT_JOB, state__in=["waiting", "running"]).first()
    return ImportPage(row, unit_name(row), job, words, villages, tuple(counted))


def unknown_words(row: HouseholdImport) -> tuple[UnknownWord, ...]:
    """Return the words of a file that nobody understands, the most frequent first; masked ones are left out."""
    if row.status not in (HouseholdImport.Status.FAULTY, HouseholdImport.Status.READY):
        return ()
    found: list[UnknownWord] = []
    for code, key in (("unknown_word", "word"), ("unknown_village", "village")):
        rows = ImportFault.objects.filter(owner=row, code=code).annotate(said=KT(f"told__{key}"))
        for field, word, count in (
            rows.values_list("field", "said").annotate(n=Count("pk")).order_by("-n", "said")[:WORDS]
        ):
            if word and "•" not in word:
                found.append(UnknownWord(field, word, count))
    return tuple(sorted(found, key=lambda one: -one.count)[:WORDS])


def faults_of(row: HouseholdImport, *, code: str = "") -> QuerySet[ImportFault]:
    """Return what was found in a file: faults first, then doubts, each from top to bottom."""
    rows: QuerySet[ImportFault] = ImportFault.objects.filter(owner=row)
    if code:
        rows = rows.filter(code=code)
    return rows.order_by("doubt", "row", "column", "pk")


def faults_by_row(row: HouseholdImport) -> dict[int, list[ImportFault]]:
    """Return what was found by the rows of the file."""
    found: dict[int, list[ImportFault]] = {}
    for fault in faults_of(row).iterator(chunk_size=5000):
        found.setdefault(fault.row, []).append(fault)
    return found
