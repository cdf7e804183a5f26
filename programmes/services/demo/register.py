"""The demonstration register: placeholder households in every unit, and what they are by the opening list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count, cycle
from typing import Any

from communes.models import Classification, Household, HouseholdStay, Village
from communes.rules.ethnic_groups import ETHNIC_GROUPS
from communes.services.classification import OpeningList, record_opening_list
from communes.services.households import (
    HouseholdEntry,
    MemberEntry,
    PersonEntry,
    end_household,
    move_household,
    register_households,
)
from communes.services.villages import add_village, carry_villages

POOR, NEAR_POOR, NEITHER, REFUSED, NOBODY = "P", "N", "O", "R", "."
STATUS = {POOR: "poor", NEAR_POOR: "near_poor"}
URBAN_VILLAGE = {"commune": ("thon", "Thôn"), "ward": ("khu", "Khu")}
PORTION = 1000
_NOTE = "Hộ minh họa do cổng tạo ra, không phải hộ thật."


@dataclass(frozen=True, slots=True)
class Case:
    """A household that was poor, near poor, or asked whether it is: its code, village, and the letters of its path."""

    code: str
    unit: str
    village: str
    path: str


class Households:
    """Reads `demo_households.yaml`.

    Args:
        raw: the file's content.
    """

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.raw = raw
        self.years = [row["held_in"] for row in raw["rounds"]]
        self.cases = {case.code: case for row in raw["units"] for case in _cases(row)}

    def first(self, unit: str, path: str) -> Case:
        """Return the first household of a unit that went so."""
        return next(case for case in self.cases.values() if (case.unit, case.path) == (unit, path))

    def units_with_cases(self) -> list[str]:
        """Return the units in which somebody is reviewed."""
        return [row["unit"] for row in self.raw["units"] if row.get("paths")]

    def letter(self, code: str, held_in: int) -> str:
        """Return what the round held in a year made of a household."""
        return self.cases[code].path[1 + self.years.index(held_in)]

    def description(self, code: str) -> Mapping[str, Any]:
        """Return what sheet C says of a household whenever it is poor or near poor."""
        said = self.raw["descriptions"]
        found: Mapping[str, Any] = said[list(self.cases).index(code) % len(said)]
        return found

    def asking(self, unit: str, held_in: int) -> list[Case]:
        """Return the households of a unit that ask for a review in a round which does not list them anyway."""
        at = 1 + self.years.index(held_in)
        return [
            case
            for case in self.cases.values()
            if case.unit == unit and case.path[at - 1] not in STATUS and case.path[at] not in (NEITHER, NOBODY)
        ]


def village_code(unit: str, number: int) -> str:
    return f"minh-hoa-{unit}-{number}"


def _cases(row: Mapping[str, Any]) -> Iterator[Case]:
    numbers = count(1)
    for path, households in row.get("paths", {}).items():
        for _ in range(households):
            number = next(numbers)
            yield Case(_code(row["unit"], number), row["unit"], _village(row, number), path)


def _code(unit: str, number: int) -> str:
    return f"MH-{unit}-{number:04}"


def _village(row: Mapping[str, Any], number: int) -> str:
    return village_code(row["unit"], 1 + number % row["villages"])


def fill_register(households: Households, kinds: Mapping[str, str]) -> int:
    """Make the villages and households that do not exist yet, with what they are in the beginning; return how many.

    Args:
        kinds: what each unit is, by its uid: commune or ward.
    """
    _villages(households, kinds)
    made = 0
    known = set(Household.objects.filter(illustrative=True).values_list("code", flat=True))
    for at, row in enumerate(households.raw["units"]):
        entries = [entry for entry in _entries(households, row, at) if entry.code not in known]
        for start in range(0, len(entries), PORTION):
            # By the system itself: whoever looks after the households of these years is long gone.
            register_households(by=None, entries=entries[start : start + PORTION])
        made += len(entries)
    _open(households)
    return made


def _villages(households: Households, kinds: Mapping[str, str]) -> None:
    known = set(Village.objects.values_list("code", flat=True))
    for row in households.raw["units"]:
        kind, word = URBAN_VILLAGE[kinds[row["unit"]]]
        for number in range(1, row["villages"] + 1):
            code = village_code(row["unit"], number)
            if code not in known:
                add_village(by=None, code=code, name=f"{word} minh họa {number}", unit=row["unit"], kind=kind)
    carry_villages(by=None)


def _entries(households: Households, row: Mapping[str, Any], at: int) -> Iterator[HouseholdEntry]:
    groups = cycle(row["ethnic_groups"])
    on = date.fromisoformat(households.raw["registered_on"])
    for number in range(1, row["households"] + 1):
        code, ethnicity = _code(row["unit"], number), next(groups)
        assert ethnicity in ETHNIC_GROUPS, ethnicity
        members = _family(at, number, ethnicity) if code in households.cases else (_head(number, ethnicity),)
        yield HouseholdEntry(
            code=code, village=_village(row, number), on=on, members=members, note=_NOTE, illustrative=True
        )


def _head(number: int, ethnicity: str, identity: str = "") -> MemberEntry:
    person = PersonEntry(
        name=f"Chủ Hộ Minh Họa {number:04}",
        birth_date=date(1955 + number % 35, 1, 1),
        birth_precision="year",
        sex="male" if number % 3 else "female",
        ethnicity=ethnicity,
        identity_number=identity,
    )
    return MemberEntry(relation="head", person=person)


def _family(at: int, number: int, ethnicity: str) -> tuple[MemberEntry, ...]:
    """A head with an identity number that nobody can have, and one or two children."""
    # Valid in form; its fourth digit says that whoever has it is born after 2300.
    identity = f"0229{(55 + number % 35):02}{at:02}{number:04}"
    children = (
        MemberEntry(
            relation="child",
            person=PersonEntry(
                name=f"Con Minh Họa {number:04}-{child}",
                birth_date=date(2006 + (number + child) % 12, 1, 1),
                birth_precision="year",
                ethnicity=ethnicity,
            ),
        )
        for child in range(1, 2 + number % 2)
    )
    return (_head(number, ethnicity, identity), *children)


def _open(households: Households) -> None:
    opening = households.raw["opening"]
    on, standard = date.fromisoformat(opening["day"]), opening["standard"]
    if Classification.objects.filter(standard__code=standard, valid_from=on).exists():
        return
    ids = dict(Household.objects.filter(code__in=list(households.cases)).values_list("code", "pk"))
    record_opening_list(
        by=None,
        statuses={ids[c.code]: STATUS[c.path[0]] for c in households.cases.values() if c.path[0] in STATUS},
        opening=OpeningList(
            number=opening["number"],
            on=on,
            standard=standard,
            effective_year=opening["effective_year"],
            round_held=opening["round_held"],
            provenance="illustrative",
        ),
    )


def move_about(households: Households, until: date) -> None:
    """Let households move and leave that did so by the day, and have not yet."""
    for row in households.raw["moves"]:
        on, case = date.fromisoformat(row["day"]), households.first(row["unit"], row["path"])
        to = village_code(row["to"], 1)
        if on <= until and not HouseholdStay.objects.filter(household__code=case.code, village__code=to).exists():
            move_household(by=None, household_id=_id(case), on=on, village=to)
    for row in households.raw["leavers"]:
        on, case = date.fromisoformat(row["day"]), households.first(row["unit"], row["path"])
        if on <= until and Household.objects.filter(code=case.code, valid_to__isnull=True).exists():
            end_household(by=None, household_id=_id(case), on=on, because=row["because"])


def _id(case: Case) -> int:
    return int(Household.objects.values_list("pk", flat=True).get(code=case.code))


def missing_units(households: Households, known: Sequence[str]) -> list[str]:
    """Return the units that the file names and the map of the day does not have."""
    return [row["unit"] for row in households.raw["units"] if row["unit"] not in known]
