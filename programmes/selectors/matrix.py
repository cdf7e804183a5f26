"""The small matrix of the overview: units by the criteria of one level."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from indicators.rules.freshness import Late
from programmes.measures.facts import LevelFact, Place, World
from programmes.selectors.criteria_cells import Cells, CriterionCell

MATRIX_ROWS = 20


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A unit's criteria at one level."""

    place: Place
    key: tuple[int, int, int]
    period: str
    cells: tuple[CriterionCell, ...]
    met: int
    total: int
    illustrative: bool = False
    late: Late | None = None


@dataclass(frozen=True, slots=True)
class Matrix:
    """Units by criteria of one level's set; `columns` are (number, name_vi, name_en)."""

    level: LevelFact
    columns: tuple[CriterionCell, ...]
    rows: tuple[MatrixRow, ...]
    hidden: int = 0

    @property
    def late(self) -> bool:
        """Is a result older than it should be?"""
        return any(row.late for row in self.rows)


def matrix_of(world: World, places: Iterable[Place]) -> Matrix | None:
    """Choose the rows of the lowest published level; of more units than fit, those with the most criteria missing."""
    level = next((one for one in world.levels if one.published_set), None)
    if level is None or level.published_set is None:
        return None
    rows = []
    for place in places:
        report = world.last_report(place.id, world.as_of)
        stored = world.attainment(place.id, level.published_set.id, world.as_of)
        if stored and report:
            key = (place.id, report.period_id, level.published_set.id)
            met, total = stored.criteria_met, stored.criteria_total
            late = world.late.get((place.id, report.period_id))
            rows.append(MatrixRow(place, key, report.period, (), met, total, report.illustrative, late))
    if not rows:
        return None
    hidden = max(0, len(rows) - MATRIX_ROWS)
    if hidden:
        rows = sorted(rows, key=lambda r: (r.met - r.total, r.place.sort_key))[:MATRIX_ROWS]
    rows.sort(key=lambda r: r.place.sort_key)
    return Matrix(level, (), tuple(rows), hidden)


def filled(matrix: Matrix, cells: Cells) -> Matrix | None:
    """Put the stored criteria into the rows chosen."""
    rows = tuple(replace(row, cells=tuple(cells[row.key])) for row in matrix.rows if row.key in cells)
    columns = {c.number: c for row in rows for c in row.cells}
    return replace(matrix, columns=tuple(columns[n] for n in sorted(columns)), rows=rows) if rows else None
