"""A figure of an area from the figures of its communes: sums, then the division; nothing averages averages.

A count is the sum of counts, a share the sum of numerators over the sum of denominators, a mean per person the sum of
each commune's mean times its people over all of their people: what a mean per person is, the total by the people.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

SUM, SHARE, MEAN = "sum", "share", "mean"


@dataclass(frozen=True, slots=True)
class Part:
    """What one commune contributes: its value, or its numerator and denominator; `people` weigh a mean."""

    value: Decimal | None = None
    numerator: int | None = None
    denominator: int | None = None
    people: int | None = None


@dataclass(frozen=True, slots=True)
class Whole:
    """What the parts give: a value, and of a share the two sums it was divided from."""

    value: Decimal
    numerator: int | None = None
    denominator: int | None = None


def usable(part: Part, how: str) -> bool:
    """Whether a part can be gathered: a share needs both numbers, a mean its people."""
    if how == SHARE:
        return part.numerator is not None and part.denominator is not None
    return part.value is not None and (how != MEAN or bool(part.people))


def gather(parts: Sequence[Part], how: str) -> Whole | None:
    """Return the whole, unrounded; None when there are no parts, one cannot be used, or nothing is divided by.

    A sum of a few of the parts would be read as the whole, so there is none.
    """
    if not parts or not all(usable(part, how) for part in parts):
        return None
    if how == SHARE:
        above, below = (sum(getattr(part, name) for part in parts) for name in ("numerator", "denominator"))
        return Whole(Decimal(above) * 100 / Decimal(below), above, below) if below else None
    if how == MEAN:
        people = sum(part.people or 0 for part in parts)
        return Whole(sum((part.value or Decimal(0)) * (part.people or 0) for part in parts) / Decimal(people))
    return Whole(sum((part.value or Decimal(0) for part in parts), Decimal(0)))
