"""Is a typed value possible for its element? Used alike by form, import and API."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from indicators.rules.types import Value


def impossible(value: Value, *, value_type: str, unit: str, scale: Sequence[str] = ()) -> str | None:
    """Return the code of the fault, or None: wrong_type, over_100, negative, not_whole, not_in_scale."""
    if value_type == "boolean":
        return None if isinstance(value, bool) else "wrong_type"
    if value_type == "choice":
        return None if value in scale else "not_in_scale"
    if not isinstance(value, Decimal):
        return "wrong_type"
    if value < 0:
        return "negative"
    if value_type == "percent" and value > 100:
        return "over_100"
    if value_type == "number" and unit in COUNTED_UNITS and value != value.to_integral_value():
        return "not_whole"
    return None


# Units that count things: half a house cannot be reported.
COUNTED_UNITS = frozenset({"nhà", "mô hình", "tổ chức", "hợp tác xã", "vụ", "lĩnh vực", "trường"})
