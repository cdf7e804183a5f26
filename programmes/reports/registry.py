"""The sections that a period report is made of, in the order in which they stand in it.

A section is a module of this package that makes plain data once and writes everything else from them. `ready` of the
app registers it; pages, Excel, Word and the comparison with what was published then have it without another word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise

from mongcai_portal.common.exports import Cell, Table
from programmes.reports.ground import Ground
from programmes.reports.shapes import Group

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a section by a key that does not change: what is compared after publication.

    `rests` names what it comes from, by the families of `selectors.documents.CAUSES`. `measures`: the codes of the
    measures whose figures or plans it is; empty where no measure's are, or all.
    """

    key: str
    label: str
    text: str
    rests: tuple[str, ...]
    unit: str = ""  # uid of the commune it is of; empty: of the area
    measures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """A whole Vega-Lite specification (`common.charts`), and the numbers that it draws as a table."""

    code: str
    title: str
    subtitle: str  # the area and the day
    specification: dict[str, Any]
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class PageTable:
    """A table as a page shows it: every cell a text; columns of numbers by their place, written to the right."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()
    notes: tuple[str, ...] = ()


def no_charts(data: Data, subtitle: str) -> Iterable[Chart]:
    """A section without pictures."""
    return ()


def nothing_late(data: Data) -> Iterable[str]:
    """A section of which nothing rests on stored results."""
    return ()


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report.

    Attributes:
        code: its name in a template and in the snapshot.
        build: from (period, area, what readers may see) to plain data: texts that differ by language are
            `{"vi": …, "en": …}`, decimals are strings, days are ISO.
        shape: which fields it gives to a template; a function, where they depend on reference data.
        view: from data to the texts of these fields, in the language of the moment.
        tables: from data to the sheets of the workbook.
        page: from data to the tables of the page, with fewer columns.
        figures: from data to what is compared after publication.
        late: from data to the labels of what was older than it should be when it was taken.
        charts: from data and the subtitle of all charts to its pictures; their codes and meanings stand in `pictures`.
    """

    code: str
    title: str | Promise
    build: Callable[[Ground], Data]
    shape: Callable[[], Group]
    view: Callable[[Data], dict[str, Any]]
    tables: Callable[[Data], Iterable[Table]]
    page: Callable[[Data], Iterable[PageTable]]
    figures: Callable[[Data], Iterable[Figure]]
    late: Callable[[Data], Iterable[str]] = nothing_late
    charts: Callable[[Data, str], Iterable[Chart]] = no_charts
    pictures: dict[str, str | Promise] = field(default_factory=dict)
    charts_follow: bool = False  # they stand after the tables, not before


_sections: dict[str, tuple[int, Section]] = {}


def register(section: Section, *, order: int) -> None:
    """Put a section into every report, by its order; a second time replaces it."""
    _sections[section.code] = (order, section)


def sections() -> tuple[Section, ...]:
    """Return all sections in order."""
    return tuple(section for _order, section in sorted(_sections.values(), key=lambda one: one[0]))
