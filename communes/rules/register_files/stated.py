"""What a file states: households and people with the cells they stand in, and what is wrong by cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from communes.rules.families import Born, born
from communes.rules.register_files.cells import Birth
from communes.rules.register_files.places import VillagePlace


@dataclass(frozen=True, slots=True)
class CellFault:
    """What is wrong at a cell: its row, its column (0: the row as a whole), a stable code, what its words need.

    `doubt`: it may be right all the same (two people of one name); someone has to say so. `given`: what stands there,
    never an identity number. `field`: the field of the file that the column holds.
    """

    row: int
    column: int
    code: str
    told: Mapping[str, str] = field(default_factory=dict)
    doubt: bool = False
    given: str = ""
    field: str = ""


@dataclass(slots=True)
class StatedPerson:
    """A person of a file; what could not be read is left empty, and its fault is told beside."""

    row: int
    name: str = ""
    relation: str = ""
    birth: Birth | None = None
    identity_number: str = field(default="", repr=False)
    words: dict[str, str] = field(default_factory=dict)  # sex, ethnicity, schooling …
    answers: dict[str, bool] = field(default_factory=dict)  # health_insurance, meritorious

    @property
    def born(self) -> Born | None:
        return born(self.birth.day, self.birth.precision) if self.birth else None


@dataclass(slots=True)
class StatedHousehold:
    """A household of a file and its people in their order; `row` is its first."""

    row: int
    code: str
    village: VillagePlace | None = None
    address: str = ""
    note: str = ""
    income: int | None = None
    answers: dict[str, bool] = field(default_factory=dict)  # no_labour, farming
    people: list[StatedPerson] = field(default_factory=list)


@dataclass(slots=True)
class Stated:
    """Everything that a file states."""

    households: list[StatedHousehold] = field(default_factory=list)
    faults: list[CellFault] = field(default_factory=list)
    rows: int = 0

    @property
    def people(self) -> int:
        return sum(len(household.people) for household in self.households)
