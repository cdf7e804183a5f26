"""The matrix drawn, and kept while its data stands (decision 0027): the same for all who see the same units."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from communes.scope import Scope
from indicators.presenters.attainment_grid import Grid, Word
from indicators.presenters.attainment_table import MatrixView, matrix_view, title_of
from indicators.selectors.attainment_pages import days_with_data
from indicators.selectors.attainment_table import Table, attainment_table
from mongcai_portal.common.stamped import kept, stamp_now


@dataclass(frozen=True, slots=True)
class Sheet:
    """The matrix as its page shows it; `table` and `view` are without their rows, which are drawn."""

    title: str
    table: Table
    view: MatrixView
    units: int  # with a result or a recognition
    shown: int  # of them in the rows
    rows: SafeString
    words: tuple[Word, ...]
    turns: SafeString
    turns_left: str


def matrix_asked(
    day: date | None, compare: date | None, *, scope: Scope, level: str, only: str
) -> tuple[Table, MatrixView]:
    """Return the matrix of a day (None: the newest with data), made anew."""
    days = days_with_data(scope)
    at = day or (days[0] if days else timezone.localdate())
    table = attainment_table(at, scope=scope, days=days, level=level, compare=compare if compare != at else None)
    return table, matrix_view(table, only=only)


def matrix_sheet(day: date | None, compare: date | None, *, scope: Scope, level: str, only: str) -> Sheet:
    """Return the matrix of a day drawn, kept or made: all that it depends on besides the data is in the key."""
    sees = None if scope.all_units else scope.unit_ids
    return kept(
        ("matrix", day, compare, level, only, sees, timezone.localdate(), get_language()),
        lambda: _drawn(*matrix_asked(day, compare, scope=scope, level=level, only=only)),
        stamp=stamp_now(),
        stands=lambda made: not made.table.awaited,
        size=lambda made: len(made.rows),
    )


def _drawn(table: Table, view: MatrixView) -> Sheet:
    grid = Grid(table, view)
    return Sheet(
        title=title_of(table),
        table=replace(table, rows=()),
        view=replace(view, rows=()),
        units=len(table.rows),
        shown=len(view.rows),
        rows=grid.rows,
        words=grid.words,
        turns=grid.turns,
        turns_left=grid.turns_left,
    )
