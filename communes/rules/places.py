"""Which poverty line a place has."""

from __future__ import annotations

RURAL, URBAN = "rural", "urban"
_BY_KIND = {"commune": RURAL, "ward": URBAN}


def area_type(kind: str) -> str | None:
    """Return `rural` for a commune and `urban` for a ward (NĐ 07/2021/NĐ-CP, Điều 3).

    None for every other kind: no text says which line holds in a special zone, so what rests on it is undetermined.
    """
    return _BY_KIND.get(kind)
