"""Sections that an upper app adds to a page of a lower one: registered at start, drawn where the page has room.

The page knows none of them by name, as the shell knows no page (`pages.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page.

    `place`: which page, `unit` for that of an administrative unit. `build` is given the request and what the page is
    about; it returns what the template reads as `section`, or None when there is nothing for this reader.
    """

    place: str
    name: str
    template: str
    build: Callable[..., Any]
    order: int = 100


@dataclass(frozen=True, slots=True)
class Drawn:
    """A section as one reader sees it."""

    template: str
    data: Any


_sections: dict[tuple[str, str], Section] = {}


def register_section(section: Section) -> None:
    """Add a section to a page; a second time replaces it."""
    _sections[section.place, section.name] = section


def sections_for(place: str, request: HttpRequest, **about: Any) -> list[Drawn]:
    """Return the sections of a page that have something for the reader."""
    found = sorted((one for one in _sections.values() if one.place == place), key=lambda one: (one.order, one.name))
    drawn = [Drawn(one.template, one.build(request, **about)) for one in found]
    return [one for one in drawn if one.data is not None]
