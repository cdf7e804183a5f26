"""Reading a birth as people write it: a day, a month, or no more than the year."""

from __future__ import annotations

import re
from datetime import date

from communes.rules.families import DAY, MONTH, YEAR

_SEPARATED = re.compile(r"(?:(\d{1,2})[/.\-])?(?:(\d{1,2})[/.\-])?(\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?")


def read_birth(text: str) -> tuple[date, str] | None:
    """Return the first day that a birth leaves open, and its precision; None when it cannot be read.

    `02/01/1980` (also with dots or hyphens, and 1980-01-02), `01/1980`, `1980`: the day stands first, as in Vietnam.
    """
    plain = "".join(text.split())
    if found := _ISO.fullmatch(plain):
        year, month, day = found[1], found[2], found[3]
    elif found := _SEPARATED.fullmatch(plain):
        first, second, year = found[1], found[2], found[3]
        day, month = (first, second) if second else (None, first)
    else:
        return None
    try:
        born = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    return born, DAY if day else MONTH if month else YEAR


def write_birth(born: date | None, precision: str) -> str:
    """Return a birth as `read_birth` reads it, in the Vietnamese order."""
    if born is None:
        return ""
    parts = {YEAR: 1, MONTH: 2}.get(precision, 3)
    return "/".join((f"{born.day:02d}", f"{born.month:02d}", f"{born.year:04d}")[-parts:])
