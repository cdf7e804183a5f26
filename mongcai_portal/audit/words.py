"""What an event is found by: every text in it, folded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mongcai_portal.common.text import search_key

LONGEST = 4000


def texts_of(details: Any) -> Iterator[str]:
    """Every text in the details, however deep; numbers count, names of fields do not."""
    if isinstance(details, dict):
        for value in details.values():
            yield from texts_of(value)
    elif isinstance(details, list | tuple):
        for value in details:
            yield from texts_of(value)
    elif details not in (None, "") and not isinstance(details, bool):
        yield str(details)


def actor_key_of(name: str) -> str:
    return search_key(name)[:200]


def search_key_of(label: str, unit_uid: str, details: Any) -> str:
    """Return the folded text of object, unit and (masked) details."""
    return search_key(" ".join([label, unit_uid, *texts_of(details)]))[:LONGEST]
