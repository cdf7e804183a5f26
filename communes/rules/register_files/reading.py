"""From the rows of a sheet to households: each cell by what was declared, the rows of one household put together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from communes.rules.families import HEAD
from communes.rules.register_files.cells import (
    Raw,
    Wrong,
    blank,
    read_birth,
    read_identity,
    read_money,
    read_open_text,
    read_text,
    read_word,
    read_yes_no,
    shown,
    shown_code,
    text_of,
)
from communes.rules.register_files.fields import (
    BY_KEY,
    DAY,
    FIELDS,
    HOUSEHOLD,
    HOUSEHOLD_KEYS,
    IDENTITY,
    MONEY,
    PERSON_KEYS,
    TEXT,
    WORD,
    YES_NO,
)
from communes.rules.register_files.layout import HEADS, MEMBERS, Layout
from communes.rules.register_files.places import Gazetteer
from communes.rules.register_files.plausible import household_faults, swapped_days
from communes.rules.register_files.stated import CellFault, Stated, StatedHousehold, StatedPerson
from mongcai_portal.common.grids import GridRow, OddCell

# What may be left empty at a row; the rest of a row is then read without it.
_NEEDED = ("code", "village", "name", "relation")


def read_stated(
    rows: Iterable[GridRow],
    layout: Layout,
    gazetteer: Gazetteer,
    *,
    covered: Mapping[tuple[int, int], tuple[int, int]],
    on: date,
    today: date,
    progress: Callable[[int], None] = lambda done: None,
) -> Stated:
    """Return what a file states, and every fault of it by cell.

    Args:
        rows: the rows below the heading, in their order.
        layout: without faults of its own (`layout_faults`).
        gazetteer: the villages that the file may speak of.
        covered: for each cell that a merged one covers, the cell that holds its value.
        on: the day from which the households stand in the register.
        progress: told how many rows are read, now and then.
    """
    reader = _Reader(layout, gazetteer, covered)
    for row in rows:
        reader.take(row)
        if reader.stated.rows % 1000 == 0:
            progress(reader.stated.rows)
    reader.close()
    stated = reader.stated
    for household in stated.households:
        stated.faults += household_faults(household, layout, on=on, today=today)
    stated.faults += swapped_days(stated.households, layout)
    return stated


class _Reader:
    """Takes one row after the other; the rows of a household stand together."""

    def __init__(
        self, layout: Layout, gazetteer: Gazetteer, covered: Mapping[tuple[int, int], tuple[int, int]]
    ) -> None:
        self.layout, self.gazetteer, self.covered = layout, gazetteer, covered
        self.columns = {column: key for key, column in layout.columns.items()}
        self.stated = Stated()
        self.codes: dict[str, int] = {}
        self.household: StatedHousehold | None = None
        # Of a merged cell the value, by the cell that holds it; of the present household what its first row said.
        self.held: dict[tuple[int, int], Raw] = {}
        self.holders = set(covered.values())
        self.said: dict[str, str] = {}

    def take(self, row: GridRow) -> None:
        cells = self._with_merged(row)
        if all(blank(raw) for raw in cells.values()):
            return
        self.stated.rows += 1
        if row.hidden:
            self._fault(row.number, "", "hidden_row")
        household = self._household(row.number, cells)
        person = self._person(row.number, cells)
        if household is not None:
            household.people.append(person)

    def close(self) -> None:
        self.household = None

    def _with_merged(self, row: GridRow) -> dict[str, Raw]:
        """Return the row's cells by field; of a household's merged cells the value in each row that they cover."""
        cells: dict[str, Raw] = {}
        for column, key in self.columns.items():
            at = (row.number, column)
            raw = row.cells.get(column)
            if at in self.holders:
                self.held[at] = raw
            holder = self.covered.get(at)
            if holder is None:
                cells[key] = raw
            elif holder[1] == column and BY_KEY[key].about == HOUSEHOLD:
                cells[key] = self.held.get(holder)
            else:
                cells[key] = None
                if not blank(self.held.get(holder)):
                    self._fault(row.number, key, "merged")
        return cells

    # --- The household of a row -----------------------------------------------------------------------------------

    def _household(self, row: int, cells: Mapping[str, Raw]) -> StatedHousehold | None:
        code = self._text(row, "code", cells)
        if code is None:
            return None
        if not code:
            if self.layout.rows_are == MEMBERS and self.layout.first_row_only and self.household is not None:
                return self._again(row, cells)
            self._fault(row, "code", "required")
            self.household = None
            return None
        if self.household is not None and code == self.household.code and self.layout.rows_are == MEMBERS:
            return self._again(row, cells)
        if code in self.codes:
            self._fault(row, "code", "code_reused", cells.get("code"), first=str(self.codes[code]))
            self.household = None
            return None
        self.codes[code] = row
        self.household = self._first(row, code, cells)
        self.stated.households.append(self.household)
        return self.household

    def _first(self, row: int, code: str, cells: Mapping[str, Raw]) -> StatedHousehold:
        household = StatedHousehold(row, code)
        self.said = {key: text_of(cells.get(key)) for key in HOUSEHOLD_KEYS if key in cells}
        village, unit = self.said.get("village", ""), self.said.get("unit", "")
        if self._usable(row, "village", cells):
            found = self.gazetteer.find(village, unit, self.layout.words.get("village", {}))
            if isinstance(found, Wrong):
                key = "unit" if found.code == "unknown_unit" else "village"
                self._fault(row, key, found.code, cells.get(key), **found.told)
            else:
                household.village = found
        household.address = self._text(row, "address", cells) or ""
        household.note = self._text(row, "note", cells) or ""
        household.income = self._value(row, "income", cells)
        for key in ("no_labour", "farming"):
            answer = self._value(row, key, cells)
            if answer is not None:
                household.answers[key] = answer
        return household

    def _again(self, row: int, cells: Mapping[str, Raw]) -> StatedHousehold | None:
        """Another row of the household: what it repeats must be the same; what it leaves out was said before."""
        for key in HOUSEHOLD_KEYS:
            text = text_of(cells.get(key)) if key in cells and key != "code" else ""
            if text and text != self.said.get(key, ""):
                first = str(self.household.row) if self.household else ""
                self._fault(row, key, "differs", cells[key], first=first)
        return self.household

    # --- The person of a row --------------------------------------------------------------------------------------

    def _person(self, row: int, cells: Mapping[str, Raw]) -> StatedPerson:
        person = StatedPerson(row)
        heads = self.layout.rows_are == HEADS
        for key in PERSON_KEYS:
            if key not in cells and not (heads and key == "relation"):
                continue
            if key == "relation" and heads:
                person.relation = HEAD
                continue
            value = self._value(row, key, cells)
            if value is None:
                continue
            if key in ("name", "relation", "identity_number"):
                setattr(person, key, value)
            elif key == "birth_date":
                person.birth = value
            elif BY_KEY[key].kind == YES_NO:
                person.answers[key] = value
            else:
                person.words[key] = value
        return person

    # --- A cell ---------------------------------------------------------------------------------------------------

    def _usable(self, row: int, key: str, cells: Mapping[str, Raw]) -> bool:
        """Whether a cell holds something to be read; what is missing or no value is told."""
        raw = cells.get(key)
        if isinstance(raw, OddCell):
            self._fault(row, key, raw.code, raw)
            return False
        if blank(raw):
            if key in _NEEDED and key in self.layout.columns:
                self._fault(row, key, "required")
            return False
        return True

    def _text(self, row: int, key: str, cells: Mapping[str, Raw]) -> str | None:
        """Return a text; None where it cannot be taken, empty where there is none."""
        raw = cells.get(key)
        if blank(raw):
            return ""
        if not self._usable(row, key, cells):
            return None
        read = read_text if key == "code" else read_open_text  # of a code `matching.within` says it, once
        text: str | None = self._taken(row, key, raw, read(raw, BY_KEY[key].longest))
        return text

    def _value(self, row: int, key: str, cells: Mapping[str, Raw]) -> Any:
        """Return what a cell of any kind means; None where it is empty or cannot be read."""
        kind, raw = BY_KEY[key].kind, cells.get(key)
        if kind == YES_NO and blank(raw) and key in cells and self.layout.blank_is_no:
            return False
        if not self._usable(row, key, cells):
            return None
        if kind == TEXT:
            return self._taken(row, key, raw, read_open_text(raw, BY_KEY[key].longest))
        read: dict[str, Callable[[], Any]] = {
            WORD: lambda: read_word(key, raw, self.layout),
            YES_NO: lambda: read_yes_no(key, raw, self.layout),
            DAY: lambda: read_birth(raw, self.layout),
            MONEY: lambda: read_money(raw, self.layout),
            IDENTITY: lambda: read_identity(raw),
        }
        return self._taken(row, key, raw, read[kind]())

    def _taken(self, row: int, key: str, raw: Raw, value: Any) -> Any:
        if isinstance(value, Wrong):
            self._fault(row, key, value.code, raw, **value.told)
            return None
        return value

    def _fault(self, row: int, key: str, code: str, raw: Raw = None, **told: str) -> None:
        # Of an identity number not even its mistakes are repeated.
        given = {"identity_number": "", "code": shown_code(raw)}.get(key, shown(raw))
        column = self.layout.columns.get(key, 0)
        self.stated.faults.append(CellFault(row, column, code, told, given=given, field=key))


def fields_read(layout: Layout) -> tuple[str, ...]:
    """Return the fields that a layout reads, in their order."""
    return tuple(field.key for field in FIELDS if field.key in layout.columns)
