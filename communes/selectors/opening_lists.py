"""What lists that the register begins with are held against, and what of them was recorded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, F, QuerySet

from communes.models import (
    Classification,
    HouseholdMember,
    HouseholdStay,
    OpeningListFile,
    PovertyStandard,
    Relation,
    StandardYear,
    UnitVersion,
    Village,
    VillageVersion,
)
from communes.models.classifications import Origin
from communes.rules.poverty.classify import NEAR_POOR, POOR
from communes.rules.register_files.lists import KnownHouseholds, ListedHousehold
from communes.scope import Scope
from communes.selectors.directory import names_on
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.models import in_force_q


def standard_years(areas: Collection[str] | None, until: int | None = None) -> list[tuple[PovertyStandard, int]]:
    """Return the standards with each year that they count for, the latest year and the country's first: one query.

    Args:
        areas: uids of the places whose own standards are wanted besides the country's; None: everybody's.
        until: no later year.
    """
    rows = StandardYear.objects.select_related("standard__area").order_by(
        "-effective_year", F("standard__area").asc(nulls_first=True), "standard"
    )
    if until is not None:
        rows = rows.filter(effective_year__lte=until)
    return [
        (row.standard, row.effective_year)
        for row in rows
        if areas is None or row.standard.area is None or row.standard.area.uid in areas
    ]


def known_households(villages: Iterable[str], on: date) -> tuple[KnownHouseholds, frozenset[int]]:
    """Return the households of villages that a list of a day may name, and which of them are placeholders: two queries.

    Args:
        villages: their codes.
    """
    codes = list(villages)
    stays = HouseholdStay.objects.filter(village__code__in=codes).values_list(
        "household", "household__code", "village__code", "valid_from", "valid_to", "household__illustrative"
    )
    there: dict[int, tuple[str, str]] = {}
    gone: dict[str, tuple[date, date | None]] = {}
    placeholders = set()
    for household, code, village, since, until, illustrative in stays.order_by("valid_from"):
        if since <= on and (until is None or until >= on):
            there[household] = (code, village)
            if illustrative:
                placeholders.add(household)
        else:
            first = gone.get(code, (since, None))[0]
            gone[code] = (first, until)
    heads = HouseholdMember.objects.filter(
        in_force_q(on), relation=Relation.HEAD, household__stays__in=HouseholdStay.objects.filter(
            in_force_q(on), village__code__in=codes
        )
    )  # fmt: skip
    names = dict(heads.values_list("household", "person__name"))
    households = [
        ListedHousehold(number, code, village, names.get(number, "")) for number, (code, village) in there.items()
    ]
    present = {one.code for one in households}
    return (
        KnownHouseholds(households, {code: days for code, days in gone.items() if code not in present}),
        frozenset(placeholders),
    )


def still_listed(villages: Iterable[str], standard_id: int, on: date, named: Collection[int]) -> int:
    """Return how many households of villages are poor or near poor on a day and are not among those named: one query.

    They stay so: a list writes nothing about who is not on it.
    """
    there = HouseholdStay.objects.filter(in_force_q(on), village__code__in=list(villages)).values("household")
    rows = Classification.objects.filter(
        standard=standard_id, status__in=[POOR, NEAR_POOR], household__in=there
    ).on(on)  # fmt: skip
    return len(set(rows.values_list("household", flat=True)) - set(named))


# --- What was recorded -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RecordedList:
    """A list as it stands in the register: its decision, and how many households of a unit it made what.

    `unit`: where the households live now. `file`: the workbook that it came by, where it came by one.
    """

    unit: int
    standard: PovertyStandard
    effective_year: int
    on: date
    number: str
    decided_by: str
    provenance: str
    counts: Counter[str] = field(default_factory=Counter)
    file: OpeningListFile | None = None


def recorded_lists(scope: Scope, unit_id: int | None = None) -> list[RecordedList]:
    """Return the lists by which households began that the reader looks after, by unit, the latest first: five queries.

    Args:
        unit_id: only of this unit.
    """
    units = scope.units_with(Permission.HOUSEHOLDS_VIEW)
    if unit_id is not None:
        units = frozenset({unit_id}) if units is None else units & {unit_id}
    rows = Classification.objects.filter(origin=Origin.OPENING_LIST)
    if units is not None:
        rows = rows.filter(household__village__in=Village.objects.of_units(units))
    columns = ("standard", "effective_year", "valid_from", "decision_number", "decided_by", "provenance")
    counted = list(
        rows.order_by().values_list("household__village", "status", *columns).annotate(households=Count("pk"))
    )
    unit_of = _units_of({row[0] for row in counted})
    standards = {one.pk: one for one in PovertyStandard.objects.filter(pk__in={row[2] for row in counted})}
    files = {
        (one.unit_id, one.standard_id, one.on, one.decision_number): one
        for one in OpeningListFile.objects.filter(status=OpeningListFile.Status.RECORDED)
        .filter(unit__in=set(unit_of.values()))
        .select_related("scan")
        .order_by("pk")
    }
    found: dict[tuple[object, ...], RecordedList] = {}
    for village, status, standard, year, on, number, by, provenance, households in counted:
        unit = unit_of[village]
        key = (unit, standard, year, on, number, by, provenance)
        if key not in found:
            file = files.get((unit, standard, on, number))
            found[key] = RecordedList(unit, standards[standard], year, on, number, by, provenance, Counter(), file)
        found[key].counts[status] += households
    return sorted(found.values(), key=lambda one: (one.unit, -one.on.toordinal(), one.standard.pk, one.number))


def _units_of(villages: Collection[int]) -> dict[int, int]:
    """The unit in which each village lies now, or lay last."""
    rows = VillageVersion.objects.filter(village__in=list(villages)).order_by(F("valid_from").asc(nulls_first=True))
    return dict(rows.values_list("village", "unit"))


# --- Files -----------------------------------------------------------------------------------------------------------


def lists_seen(scope: Scope) -> QuerySet[OpeningListFile]:
    """Return the lists that the reader works on, the latest first."""
    rows: QuerySet[OpeningListFile] = OpeningListFile.objects.visible_to(scope)
    return rows.select_related("unit", "standard").order_by("-pk")


def unit_names(day: date, unit_ids: Iterable[int]) -> dict[int, UnitVersion]:
    """Return what units are called on a day, or were last: one query."""
    return names_on(day, set(unit_ids))
