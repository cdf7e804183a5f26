"""How two revisions of a report are laid side by side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from indicators.presenters.marks import marks_of
from indicators.presenters.words import level_label, local, said_text
from indicators.rules.changes import ADDED, REMOVED, SAME, STATE, TEXT, VALUE, LevelTurn, Said
from indicators.rules.marks import Marks
from indicators.selectors.changes import ChangedCell, ChangedRow, Changes
from indicators.selectors.layout import Layout, Name

ICONS = {ADDED: "plus", REMOVED: "minus", STATE: "arrows-diff", VALUE: "pencil", TEXT: "note", SAME: "check"}


@dataclass(frozen=True, slots=True)
class SaidView:
    """What a cell says in one revision; `text` "" when it was not entered."""

    text: str
    reason: str
    note: str


@dataclass(frozen=True, slots=True)
class CellLine:
    """A cell in both revisions, and in a word how they differ."""

    label: str
    kind: str
    icon: str
    word: str
    before: SaidView
    after: SaidView
    value_same: bool


@dataclass(frozen=True, slots=True)
class OutcomePair:
    """What one level says of something before and after."""

    level: str
    before: str
    after: str
    marks_before: Marks
    marks_after: Marks

    @property
    def turned(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class RowLine:
    """An element in both revisions; `cells` are those that differ, or all when asked for."""

    element: str
    code: str
    name: str
    section: str
    cells: tuple[CellLine, ...]
    outcomes: tuple[OutcomePair, ...]
    changed: bool

    @property
    def turned(self) -> bool:
        return any(pair.turned for pair in self.outcomes)


@dataclass(frozen=True, slots=True)
class NamedPair:
    """A criterion or an indicator whose outcome turned; `marks` are what either outcome rests on."""

    code: str
    name: str
    before: str
    after: str
    marks: Marks


@dataclass(frozen=True, slots=True)
class LevelLine:
    """A level under both revisions."""

    level: str
    before: str
    after: str
    marks_before: Marks
    marks_after: Marks
    met_before: int
    total_before: int
    met_after: int
    total_after: int
    criteria: tuple[NamedPair, ...]
    indicators: tuple[NamedPair, ...]

    @property
    def turned(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class ChangesView:
    """The comparison as its table shows it."""

    old: Any
    new: Any
    rows: tuple[RowLine, ...]
    hidden: int
    cells_changed: int
    levels: tuple[LevelLine, ...]
    by_element: dict[str, RowLine]

    @property
    def any_turned(self) -> bool:
        return any(level.turned or level.criteria or level.indicators for level in self.levels)


def kind_word(kind: str) -> str:
    """How a cell differs, in a word."""
    return {
        ADDED: _("thêm mới"),
        REMOVED: _("để trống lại"),
        STATE: _("đổi tình trạng"),
        VALUE: _("sửa giá trị"),
        TEXT: _("sửa lý do, ghi chú"),
    }.get(kind, _("không đổi"))


def changes_view(changes: Changes, *, everything: bool = False) -> ChangesView:
    """Arrange a comparison; rows in which nothing changed and nothing turned are left out unless all are asked for."""
    told = [row for row in changes.rows if everything or row.changed or row.turned]
    rows = tuple(_row(row, changes.layout, everything) for row in told)
    return ChangesView(
        old=changes.old,
        new=changes.new,
        rows=rows,
        hidden=len(changes.rows) - len(rows),
        cells_changed=sum(bool(cell.change.kind) for row in changes.rows for cell in row.cells),
        levels=tuple(_level(level, changes) for level in changes.levels),
        by_element={row.element: row for row in rows},
    )


def _row(row: ChangedRow, layout: Layout, everything: bool) -> RowLine:
    return RowLine(
        element=row.row.element.code,
        code=row.row.code,
        name=local(row.row.name),
        section=f"{row.section.number}. {local(row.section.name)}",
        cells=tuple(_cell(cell) for cell in row.cells if everything or cell.change.kind),
        outcomes=tuple(
            OutcomePair(
                level_label(reader.criteria_set.level, layout),
                before.outcome,
                after.outcome,
                marks_of(before),
                marks_of(after),
            )
            for reader, before, after in row.outcomes
        ),
        changed=row.changed,
    )


def _cell(cell: ChangedCell) -> CellLine:
    definition, change = cell.definition, cell.change
    before, after = _said(change.before, definition.unit), _said(change.after, definition.unit)
    return CellLine(
        label=local(Name(definition.name_vi, definition.name_en)) if definition.part else "",
        kind=change.kind,
        icon=ICONS[change.kind],
        word=kind_word(change.kind),
        before=before,
        after=after,
        value_same=before.text == after.text,
    )


def _said(said: Said | None, unit: str) -> SaidView:
    if said is None:
        return SaidView("", "", "")
    return SaidView(said_text(said.state, said.value, unit), said.reason, said.note)


def _level(level: LevelTurn, changes: Changes) -> LevelLine:
    layout = changes.layout
    return LevelLine(
        level=level_label(level.spec.level, layout),
        before=level.before.outcome,
        after=level.after.outcome,
        marks_before=marks_of(level.before),
        marks_after=marks_of(level.after),
        met_before=level.before.criteria_met,
        total_before=level.before.criteria_total,
        met_after=level.after.criteria_met,
        total_after=level.after.criteria_total,
        criteria=_named((str(old.spec.number), changes.criteria[old.spec.id], old, new) for old, new in level.criteria),
        indicators=_named(
            (old.spec.code, layout.indicators[old.spec.version_id].name, old, new) for old, new in level.indicators
        ),
    )


def _named(pairs: Iterable[tuple[str, Name, Any, Any]]) -> tuple[NamedPair, ...]:
    return tuple(
        NamedPair(code, local(name), old.outcome, new.outcome, marks_of(old) | marks_of(new))
        for code, name, old, new in pairs
    )
