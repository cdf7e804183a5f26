"""The dry run of a workbook of money: what it would change, and everything that stands against it, by cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from communes.scope import scope_of
from mongcai_portal.common.grids import GridBook, Unreadable
from programmes.models import BudgetImport, BudgetLine
from programmes.rules.budget import CARRIED_OVER, KINDS, Movement, breach_of
from programmes.rules.budget_files.layout import Layout
from programmes.rules.budget_files.reading import CellFault, Key, Reading, Stated, read_rows
from programmes.selectors.budget_files import known_for, lines_around, movements_of_lines

MOST_ROWS = 5_000
_OF_BREACH = {"before_allocation": "disbursed", "overspent": "disbursed", "beyond_plan": "allocated"}


@dataclass(frozen=True, slots=True)
class Change:
    """What a row changes of its line: the movements to be added, dated the file's day."""

    stated: Stated
    line: BudgetLine | None
    added: tuple[Movement, ...]


@dataclass(slots=True)
class Checked:
    """A dry run. `locks`: the lines it rests on, and how each stood."""

    faults: list[CellFault] = field(default_factory=list)
    doubts: list[CellFault] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    locks: dict[int, int] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)


def check(row: BudgetImport, layout: Layout, *, by: Any) -> Checked:
    """Read a workbook and compare it with what is stored; nothing is written. Eight queries whatever it holds.

    Raises:
        Unreadable: the file is damaged.
    """
    reading = read_sheet(row, layout, by=by)
    found = Checked(faults=[*reading.faults], doubts=[*reading.doubts])
    stored = lines_around([one.key for one in reading.lines])
    movements = movements_of_lines(stored.values())
    held = {key: movements.get(line.pk, []) for key, line in stored.items()}
    found.locks = {line.pk: line.lock for line in stored.values()}
    for one in reading.lines:
        found.changes.append(_change(one, stored.get(one.key), held.get(one.key, []), row.on, layout, found.doubts))
    after = {**held}
    for change in found.changes:
        after[change.stated.key] = [*held.get(change.stated.key, []), *change.added]
    for change in found.changes:
        if change.added and change.stated.in_kind:
            # A table in đồng does not say how many days or metres; what stands here already may stand in it, too.
            column = layout.columns.get("source", 0)
            found.faults.append(CellFault(change.stated.row, column, "source", "in_kind"))
        elif change.added:
            _against(change, after, layout, found.faults, mobilised=change.stated.mobilised)
    found.changes = [change for change in found.changes if change.added]
    new = sum(1 for change in found.changes if change.line is None)
    found.counts = {
        "rows": reading.rows, "totals": reading.totals, "lines": len(reading.lines), "new": new,
        "changed": len(found.changes) - new, "same": len(reading.lines) - len(found.changes),
        "faults": len(found.faults), "doubts": len(found.doubts),
        **{name: sum(m.amount for c in found.changes for m in c.added if m.kind == name) for name in KINDS},
    }  # fmt: skip
    return found


def read_sheet(row: BudgetImport, layout: Layout, *, by: Any) -> Reading:
    """Return what the declared sheet states.

    Raises:
        Unreadable: the file is damaged, or the sheet is gone.
    """
    known = known_for(None if by is None else scope_of(by))
    with row.file.open("rb") as stream:
        book = GridBook(stream)
        names = [sheet.name for sheet in book.sheets]
        sheet = layout.sheet or names[0]
        if sheet not in names:
            raise Unreadable(sheet)
        rows = list(book.rows(sheet, last=layout.data_first + MOST_ROWS))
        covered = book.covered(sheet)
    if rows and rows[-1].number >= layout.data_first + MOST_ROWS:
        return Reading(faults=[CellFault(rows[-1].number, 0, "", "too_many_rows", {"n": str(MOST_ROWS)})])
    return read_rows(rows, covered, layout, known)


def _change(
    stated: Stated, line: BudgetLine | None, held: list[Movement], on: date, layout: Layout, doubts: list[CellFault]
) -> Change:
    """Return what brings a line to what the file states of it on its day; less than before is a doubt."""
    added = []
    for kind in KINDS:
        if kind not in stated.amounts:
            continue
        before = sum(one.amount for one in held if one.kind == kind and one.on <= on)
        delta = stated.amounts[kind] - before
        if delta < 0:
            told = {"before": str(before), "after": str(stated.amounts[kind])}
            doubts.append(CellFault(stated.row, layout.columns.get(kind, 0), kind, "less", told))
        if delta:
            added.append(Movement(kind, delta, on))
    return Change(stated, line, tuple(added))


def _against(
    change: Change, after: Mapping[Key, list[Movement]], layout: Layout, faults: list[CellFault], *, mobilised: bool
) -> None:
    """Name what a line, or the one of the year before that it carries over, may not be."""
    key = change.stated.key
    following, before = _beside(key, 1), _beside(key, -1)
    carried_on = sum(one.amount for one in after.get(following, []) if one.kind == CARRIED_OVER)
    breach = breach_of(after[key], mobilised=mobilised, carried_on=carried_on)
    if breach is not None:
        name = _OF_BREACH.get(breach.code, breach.code.removeprefix("negative_"))
        told = {"excess": str(breach.excess), "day": breach.on.isoformat()}
        column = layout.columns.get(name, 0)
        faults.append(CellFault(change.stated.row, column, name if column else "", breach.code, told))
    carried = sum(one.amount for one in after[key] if one.kind == CARRIED_OVER)
    if carried and before in after and any(one.kind == CARRIED_OVER for one in change.added):
        wrong = breach_of(after[before], mobilised=mobilised, carried_on=carried)
        if wrong is not None and wrong.code == "carried_on":
            told = {"excess": str(wrong.excess), "day": wrong.on.isoformat()}
            column = layout.columns.get(CARRIED_OVER, 0)
            faults.append(CellFault(change.stated.row, column, CARRIED_OVER, "carried_on", told))


def _beside(key: Key, years: int) -> Key:
    programme, component, unit, year, source, shared = key
    return (programme, component, unit, year + years, source, shared)
