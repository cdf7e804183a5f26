"""Addresses with what they carry along: a day, a level, what is compared."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from django.urls import reverse


def link(name: str, *args: object, **query: object) -> str:
    """A page's address with the parameters that are set; a day is written 2023-12-31."""
    given = {key: value.isoformat() if isinstance(value, date) else value for key, value in query.items() if value}
    return reverse(name, args=args) + (f"?{urlencode(given)}" if given else "")
