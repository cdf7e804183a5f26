"""The products of one commune or ward on a day: registered under it, or under what it came from or passed into."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from communes.models import Unit, UnitSuccession, UnitVersion
from communes.scope import Scope
from communes.selectors.village_choices import PLACES
from programmes.models import OcopProduct
from programmes.rules.ocop import NEVER
from programmes.selectors.ocop import ProductRow, known_rows, product_rows


@dataclass(frozen=True, slots=True)
class UnitProducts:
    """The products of a unit that were recognised by the day, those that hold first; how many others are registered."""

    recognised: tuple[ProductRow, ...]
    others: int

    @property
    def live(self) -> int:
        return sum(row.holds for row in self.recognised)


def unit_products(scope: Scope, unit: Unit, day: date) -> UnitProducts | None:
    """Return the products of a unit that the reader may see; None where it is no commune or ward of that day.

    Three queries where nothing is registered, seven at most, whatever the number of products; one more for who does not
    see every unit. A product of a unit that was split stands with each part in which it may lie.
    """
    if not UnitVersion.objects.in_force(day).filter(unit=unit, kind__in=PLACES).exists():
        return None
    near = OcopProduct.objects.visible_to(scope).filter(unit__in=kin_of(unit.pk))
    rows = [row for row in known_rows(product_rows(near, day), day) if unit.pk in {one.unit_id for one in row.places}]
    recognised = sorted((row for row in rows if row.state != NEVER), key=lambda row: not row.holds)
    return UnitProducts(tuple(recognised), len(rows) - len(recognised))


def kin_of(unit_id: int) -> frozenset[int]:
    """Return a unit with all that it is connected to by mergers, splits and renamings: one query."""
    beside: dict[int, set[int]] = defaultdict(set)
    for before, after in UnitSuccession.objects.values_list("predecessor_id", "successor_id"):
        beside[before].add(after)
        beside[after].add(before)
    found, new = {unit_id}, {unit_id}
    while new:
        new = {after for one in new for after in beside[one]} - found
        found |= new
    return frozenset(found)
