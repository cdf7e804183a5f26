"""Is a value at its norm, and how far is it away? Unrounded, and zero is a value."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from indicators.rules.types import Value


def is_met(value: Value, norm: Value, comparison: str, scale: Sequence[str] = ()) -> bool:
    """Compare a value with its norm.

    Raises:
        ValueError: a comparison or scale word that does not exist.
    """
    if comparison == "is_true":
        return value is True
    if scale:
        left, right = Decimal(scale.index(str(value))), Decimal(scale.index(str(norm)))
    else:
        left, right = Decimal(value), Decimal(norm)
    if comparison == ">=":
        return left >= right
    if comparison == "<=":
        return left <= right
    if comparison == "==":
        return left == right
    raise ValueError(comparison)


def distance(value: Value, norm: Value, comparison: str, scale: Sequence[str] = ()) -> Decimal | None:
    """Return how far the value is past its norm (negative: short of it); None for yes/no and scale words."""
    if comparison == "is_true" or scale or isinstance(value, bool) or isinstance(norm, bool):
        return None
    gap = Decimal(value) - Decimal(norm)
    if comparison == "<=":
        return -gap
    return -abs(gap) if comparison == "==" else gap


def missed_from_above(comparison: str, norm: Value | None) -> bool:
    """Whether what misses the norm lies above it: an upper bound, or zero, since no reported value is negative."""
    return comparison == "<=" or (comparison == "==" and norm == 0)
