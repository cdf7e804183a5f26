"""What a Word template may say: every field of a report with its meaning, as a tree that a template is checked by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

NOTHING = "…"  # stands where a report has no such text


@dataclass(frozen=True, slots=True)
class Text:
    """A field that is written as it stands."""

    meaning: str | Promise


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart, in a paragraph of its own."""

    meaning: str | Promise


@dataclass(frozen=True, slots=True)
class Rows:
    """Many of the same kind, one after the other: what `{% for … %}` goes through. `of` None: texts."""

    meaning: str | Promise
    of: Mapping[str, Shape] | None = None


Group = Mapping[str, "Shape"]
Shape = Text | Picture | Rows | Group


def complete(view: Any, shape: Shape) -> Any:
    """Return the texts of a view with everything that the shape promises: what is missing is `…`, or no rows.

    A snapshot may be older than a field of the template. A text that is empty on purpose stays empty.
    """
    if isinstance(shape, Text):
        return NOTHING if view is None else view
    if isinstance(shape, Picture):
        return view
    if isinstance(shape, Rows):
        rows = view or []
        return [str(row) for row in rows] if shape.of is None else [complete(row, shape.of) for row in rows]
    found = view if isinstance(view, Mapping) else {}
    return {name: complete(found.get(name), inner) for name, inner in shape.items()}


@dataclass(frozen=True, slots=True)
class Named:
    """A field as the list of fields shows it. `kind`: text, picture, rows, member (of the rows above it)."""

    path: str
    kind: str
    meaning: str | Promise


def listed(shape: Group, start: str = "", *, member: bool = False) -> Iterator[Named]:
    """List every field of a tree, rows before their members."""
    for name, inner in shape.items():
        path = f"{start}{name}"
        if isinstance(inner, Text):
            yield Named(path, "member" if member else "text", inner.meaning)
        elif isinstance(inner, Picture):
            yield Named(path, "picture", inner.meaning)
        elif isinstance(inner, Rows):
            yield Named(path, "rows", inner.meaning)
            if inner.of is not None:
                yield from listed(inner.of, "row.", member=True)
        else:
            yield from listed(inner, f"{path}.", member=member)
