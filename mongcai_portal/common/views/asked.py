"""What a page was asked for: a day, and whether it could be read."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest

EARLIEST, LATEST = date(1990, 1, 1), date(2100, 12, 31)


def asked_day(request: HttpRequest, key: str = "as_of") -> tuple[date | None, bool]:
    """Return the day of `?as_of=` (None when there is none) and whether it was readable."""
    text = request.GET.get(key, "").strip()
    if not text:
        return None, True
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None, False
    return (day, True) if EARLIEST <= day <= LATEST else (None, False)
