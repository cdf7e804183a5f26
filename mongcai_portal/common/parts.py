"""Parts that an upper app adds to a page of a lower one: the page knows only that there are some.

An app registers its parts in `AppConfig.ready`; each is drawn only for who holds its permission.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a page: where it stands among others, and how it is drawn ("" for nothing to show).

    `draw` takes the request and what the page is about, by name, and answers with what a template rendered.
    """

    page: str
    name: str
    permission: str
    draw: Callable[..., str]
    order: int = 100


_parts: dict[tuple[str, str], Part] = {}


def register_part(part: Part) -> None:
    """Add a part to a page; a second time replaces it."""
    _parts[part.page, part.name] = part


def parts_of(page: str, request: HttpRequest, **about: Any) -> list[str]:
    """Draw the parts of a page for its reader, in their order, without those that have nothing to show."""
    found = sorted((part for part in _parts.values() if part.page == page), key=lambda part: (part.order, part.name))
    drawn = (part.draw(request, **about) for part in found if request.user.has_perm(part.permission))
    return [one for one in drawn if one]
