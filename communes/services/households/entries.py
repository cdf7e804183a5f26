"""What someone says of a household and its people. Nothing of it shows in `repr`: that ends up in logs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from communes.models.households import Began
from communes.models.persons import BirthPrecision


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonEntry:
    """A person as someone states them; empty words and None where nothing was stated.

    `birth_date` is the first day of the month or year when `birth_precision` says that no more is known.
    """

    name: str = field(repr=False)
    birth_date: date | None = field(default=None, repr=False)
    birth_precision: str = BirthPrecision.DAY
    sex: str = field(default="", repr=False)
    ethnicity: str = field(default="", repr=False)
    identity_number: str = field(default="", repr=False)
    schooling: str = field(default="", repr=False)
    education: str = field(default="", repr=False)
    work: str = field(default="", repr=False)
    health_insurance: bool | None = field(default=None, repr=False)
    allowance: str = field(default="", repr=False)
    meritorious: bool | None = field(default=None, repr=False)
    nutrition: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberEntry:
    """What a person is to the head: a new one, or one whom the register knows by number."""

    relation: str
    person: PersonEntry | None = None
    person_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdEntry:
    """A household as someone states it; `on` is its first day, `village` a code."""

    code: str
    village: str
    on: date
    members: tuple[MemberEntry, ...]
    address: str = field(default="", repr=False)
    began_as: str = Began.ENTERED
    no_labour: bool | None = None
    farming: bool | None = None
    note: str = field(default="", repr=False)
    illustrative: bool = False
