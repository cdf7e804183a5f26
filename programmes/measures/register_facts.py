"""What registers say as calculators read it: OCOP products with their recognitions, lines with their amounts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from programmes.rules.budget import LineSum
from programmes.rules.ocop import Certificate


class ProductFact(NamedTuple):
    """A product that was recognised by the day, with all its recognitions by then.

    `units`: where it lies on the day; several where its unit was split, and then only a place with all of them has it.
    `numbers`, `provenances`: of the decisions, by the number of their record.
    """

    id: int
    name: str
    sort_key: str
    producer: str
    units: frozenset[int]
    certificates: tuple[Certificate, ...]
    numbers: Mapping[int, str]
    provenances: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class OcopFact:
    """What the register of OCOP says: the products recognised by the day, by name, and when it was written last."""

    products: tuple[ProductFact, ...]
    recorded_at: datetime

    def within(self, units: frozenset[int]) -> tuple[ProductFact, ...]:
        """Return the products that lie in these units."""
        return tuple(one for one in self.products if one.units and one.units <= units)


class MoneyLine(NamedTuple):
    """A line with what was entered of it by the day, and by the end of its year where that is earlier.

    `units`: where it lies on the day, as for OCOP products; `recorded_at`: when its last entry was written.
    """

    line: LineSum
    units: frozenset[int]
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class MoneyFact:
    """All lines of the phase that have an entry by the day."""

    lines: tuple[MoneyLine, ...]

    def within(self, units: frozenset[int]) -> tuple[MoneyLine, ...]:
        """Return the lines that lie in these units."""
        return tuple(one for one in self.lines if one.units and one.units <= units)
