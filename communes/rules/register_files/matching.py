"""Who stands in a file twice, or in the register already."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from communes.rules.families import DAY, MONTH, YEAR, code_holds_identity, number_of_code
from communes.rules.names import name_key
from communes.rules.register_files.cells import shown, shown_code
from communes.rules.register_files.layout import Layout
from communes.rules.register_files.stated import CellFault, StatedHousehold, StatedPerson

# Name, birth and village of a person; what two people share by accident now and then.
Likeness = tuple[str, str, str]
# How much of a day is known of a birth: many exports have no more than the year.
_KNOWN = {DAY: len("1980-04-03"), MONTH: len("1980-04"), YEAR: len("1980")}


def likeness(name: str, birth: str, village: str) -> Likeness:
    """Return what makes two people look like one: the name by `name_key`, the birth by `birth_key`, the village."""
    return name_key(name), birth, village


def birth_key(day: date, precision: str) -> str:
    """Return a birth as far as it is known: `1980-04-03`, `1980-04` or `1980`. A year is like no day of it."""
    return day.isoformat()[: _KNOWN[precision]]


def likeness_of(household: StatedHousehold, person: StatedPerson) -> Likeness | None:
    """Return it of a person of a file; None where birth or village are not known."""
    if household.village is None or person.birth is None or not person.name:
        return None
    return likeness(person.name, birth_key(person.birth.day, person.birth.precision), household.village.code)


@dataclass(slots=True)
class Known:
    """What the register holds of what a file speaks of: codes of households, digests of numbers, people by likeness.

    Of a person the digest of their number, empty where none is recorded, and the code of their household.
    """

    codes: frozenset[str] = frozenset()
    digests: frozenset[str] = frozenset()
    people: Mapping[Likeness, Sequence[tuple[str, str]]] = field(default_factory=dict)


def within(households: Iterable[StatedHousehold], layout: Layout) -> Iterator[CellFault]:
    """Yield every person who stands in the file twice.

    `number_twice`: one identity number for two, a fault. `code_is_number`: as the code of a household, which
    stands on pages, an identity number: of twelve digits whosever it is, of fewer that of someone of the file (those
    of the register are asked for by `services.households.hidden`). `person_twice`: a doubt, unless different
    identity numbers tell the two apart.
    """
    numbers: dict[str, int] = {}
    seen: dict[Likeness, list[StatedPerson]] = {}
    read = list(households)
    held = {person.identity_number for household in read for person in household.people} - {""}
    for household in read:
        if code_holds_identity(household.code) or number_of_code(household.code) in held:
            yield CellFault(household.row, layout.columns.get("code", 0), "code_is_number", field="code")
        for person in household.people:
            number = person.identity_number
            if number and number in numbers:
                column = layout.columns.get("identity_number", 0)
                told = {"first": str(numbers[number])}
                yield CellFault(person.row, column, "number_twice", told, field="identity_number")
            elif number:
                numbers[number] = person.row
            like = likeness_of(household, person)
            if like is None:
                continue
            same = next((one for one in seen.get(like, ()) if not _told_apart(one.identity_number, number)), None)
            if same is not None:
                yield _alike(person, layout, "person_twice", {"first": str(same.row)})
            seen.setdefault(like, []).append(person)


def against(
    households: Iterable[StatedHousehold],
    layout: Layout,
    known: Known,
    digests: Mapping[str, Sequence[str]],
) -> Iterator[CellFault]:
    """Yield what the register has already.

    `code_used`, `number_known`: faults. `person_known`: a doubt, unless different identity numbers tell the two apart.

    Args:
        digests: of each identity number of the file, one under each key of the portal.
    """
    for household in households:
        if household.code in known.codes:
            column = layout.columns.get("code", 0)
            yield CellFault(household.row, column, "code_used", given=shown_code(household.code), field="code")
        for person in household.people:
            own = digests.get(person.identity_number, ())
            if not known.digests.isdisjoint(own):
                column = layout.columns.get("identity_number", 0)
                yield CellFault(person.row, column, "number_known", field="identity_number")
                continue
            like = likeness_of(household, person)
            for digest, code in known.people.get(like, ()) if like else ():
                if not (digest and own):
                    yield _alike(person, layout, "person_known", {"code": code})
                    break


def _told_apart(one: str, other: str) -> bool:
    return bool(one and other and one != other)


def _alike(person: StatedPerson, layout: Layout, code: str, told: Mapping[str, str]) -> CellFault:
    column = layout.columns.get("name", 0)
    return CellFault(person.row, column, code, told, doubt=True, given=shown(person.name), field="name")
