"""What values a unit of measure allows: a percentage lies between 0 and 100, what is counted is whole."""

from __future__ import annotations

from decimal import Decimal

PERCENT = "percent"
# What is counted one by one.
COUNTED = frozenset({"household", "product", "commune", "cooperative", "value_chain", "enterprise", "person"})
NEGATIVE, OVER_PERCENT, NOT_WHOLE = "negative", "over_percent", "not_whole"
# Fifteen digits with four decimals is what columns hold.
LOWEST, HIGHEST_PERCENT = Decimal(0), Decimal(100)


def beyond(unit: str, value: Decimal) -> str:
    """Return why a unit does not allow a value, "" when it does."""
    if value < LOWEST:
        return NEGATIVE
    if unit == PERCENT and value > HIGHEST_PERCENT:
        return OVER_PERCENT
    if unit in COUNTED and value != value.to_integral_value():
        return NOT_WHOLE
    return ""


def highest(unit: str) -> Decimal | None:
    """Return the most that a unit allows, None when it has no ceiling."""
    return HIGHEST_PERCENT if unit == PERCENT else None
