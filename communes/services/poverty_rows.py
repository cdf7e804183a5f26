"""What a file of poverty standards says, as unsaved rows that still need their keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Model

from communes.models import (
    Deprivation,
    IncomeLine,
    PovertyCause,
    PovertyStandard,
    ScoreItem,
    ScoreOption,
    ScoreTable,
    StandardYear,
    SupportKind,
    SurveyForm,
    SurveySheet,
)


@dataclass(frozen=True, slots=True)
class ItemData:
    """An item of sheet B1 and its options."""

    row: ScoreItem
    options: tuple[ScoreOption, ...]


@dataclass(frozen=True, slots=True)
class TableData:
    """The item table of a region and area type."""

    row: ScoreTable
    items: tuple[ItemData, ...]


@dataclass(frozen=True, slots=True)
class FormData:
    """A survey form with all that belongs to it."""

    row: SurveyForm
    sheets: tuple[SurveySheet, ...]
    deprivations: tuple[Deprivation, ...]
    causes: tuple[PovertyCause, ...]
    supports: tuple[SupportKind, ...]
    tables: tuple[TableData, ...]


@dataclass(frozen=True, slots=True)
class StandardData:
    """A standard; `form` and `area` are codes, "" for none; `pointer` is its place in the file."""

    row: PovertyStandard
    form: str
    area: str
    lines: tuple[IncomeLine, ...]
    years: tuple[StandardYear, ...]
    pointer: str


@dataclass(slots=True)
class PovertyData:
    """All that the file says."""

    forms: list[FormData] = field(default_factory=list)
    standards: list[StandardData] = field(default_factory=list)

    def placed(self) -> Iterator[tuple[Model, str]]:
        """Yield every row with its place in the file."""
        for at, form in enumerate(self.forms):
            spot = f"forms/{at}"
            yield form.row, spot
            yield from _numbered(f"{spot}/sheets", form.sheets)
            yield from _numbered(f"{spot}/deprivations", form.deprivations)
            yield from _numbered(f"{spot}/causes", form.causes)
            yield from _numbered(f"{spot}/supports", form.supports)
            for number, table in enumerate(form.tables):
                yield table.row, f"{spot}/score_tables/{number}"
                for place, item in enumerate(table.items):
                    yield item.row, f"{spot}/score_tables/{number}/items/{place}"
                    yield from _numbered(f"{spot}/score_tables/{number}/items/{place}/options", item.options)
        for standard in self.standards:
            yield standard.row, standard.pointer
            yield from _numbered(f"{standard.pointer}/lines", standard.lines)
            yield from _numbered(f"{standard.pointer}/years", standard.years)


def _numbered(pointer: str, rows: Iterable[Model]) -> Iterator[tuple[Model, str]]:
    return ((row, f"{pointer}/{at}") for at, row in enumerate(rows))
