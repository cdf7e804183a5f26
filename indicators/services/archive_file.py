"""Reading a workbook of past years: every cell checked by the engine of the form, every fault at its address."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import IO, Any, TypeVar

from django.utils.translation import gettext as _
from openpyxl.utils import column_index_from_string

from communes.scope import Scope
from indicators.models import ReportedValue
from indicators.selectors.archive import UnitIndex, asked_in, catalogue, unit_index
from indicators.selectors.definitions import CellDef, Definitions, ElementDef
from indicators.services.archive_acts import ActReader
from indicators.services.archive_layout import RECOGNITIONS, STATE_WORDS, VALUES, YES_NO, both, specs
from indicators.services.archive_plan import Plan, SheetReader, StagedValue
from indicators.services.cells import CellInput, ReadCell, asked_elsewhere, read_cells
from mongcai_portal.common.numbers import NumberFault, plain
from mongcai_portal.common.periods import PeriodSpan, parse_period
from mongcai_portal.common.sheets import Sheet, SheetRow, number_of, read_book
from mongcai_portal.common.text import search_key

State = ReportedValue.State
T = TypeVar("T")
# In which column of the sheet the engine's faults stand.
COLUMN_OF = {"element": "element", "part": "element", "state": "state", "reason": "reason", "note": "note"}


def read_history(stream: IO[bytes], *, number_format: str, scope: Scope, today: date) -> Plan:
    """Read a workbook; the number of queries depends on its periods, not on its rows."""
    book = read_book(stream, specs())
    plan = Plan(ignored=book.ignored)
    for fault in book.all_faults:
        plan.fault(fault.pointer, fault.code, fault.message)
    units = unit_index(scope)
    if VALUES in book.sheets:
        _Values(plan, units, number_format, today).read(book.sheets[VALUES])
    if RECOGNITIONS in book.sheets:
        ActReader(plan, units, today).read(book.sheets[RECOGNITIONS])
    plan.faults.sort(key=lambda fault: _place(fault["where"], [sheet.name for sheet in book.sheets.values()]))
    if book.sheets and not plan.faults and not plan.values and not plan.acts:
        plan.fault("", "empty", _("Tệp chưa có dòng nào được điền."))
    return plan


def _place(where: str, sheets: list[str]) -> tuple[int, int, int]:
    """Return where a fault stands, as one reads the workbook: sheet by sheet, row by row."""
    sheet, _mark, cell = where.rpartition("!")
    found = re.fullmatch(r"([A-Z]+)(\d+)", cell)
    order = sheets.index(sheet) if sheet in sheets else -1
    return (order, int(found[2]), column_index_from_string(found[1])) if found else (order, 0, 0)


def _words(table: dict[T, Iterable[Any]]) -> dict[str, T]:
    """Return {search key: meaning} of words in both languages."""
    return {search_key(word): meaning for meaning, texts in table.items() for text in texts for word in both(text)}


class _Values(SheetReader):
    """The sheet of figures: one row a cell."""

    def __init__(self, plan: Plan, units: UnitIndex, number_format: str, today: date) -> None:
        super().__init__(plan, units, today)
        self.number_format = number_format
        self.states = _words({state: (state, word) for state, word in STATE_WORDS.items()})
        self.answers = _words(YES_NO)
        self.periods: dict[str, tuple[PeriodSpan, dict[str, ElementDef]] | None] = {}
        self.all: dict[str, ElementDef] | None = None
        self.groups: dict[tuple[int, str], list[tuple[SheetRow, CellInput]]] = defaultdict(list)

    def read(self, sheet: Sheet) -> None:
        for row in sheet.rows:
            if not any(row.text(key) for key in ("value", "state", "reason", "note")):
                self.plan.blank += 1
            else:
                self.row(row)
        self.check()

    def row(self, row: SheetRow) -> None:
        period = self.period(row)
        unit_id = self.unit(row, period[0].ends_on if period else None)
        code, _colon, part = (piece.strip() for piece in row.text("element").partition(":"))
        if not code:
            self.plan.fault(row.where("element"), "missing", _("Chưa ghi mã số liệu."))
        elif unit_id is not None and period is not None:
            self.groups[unit_id, period[0].code].append((row, self.cell(row, period[1].get(code), code, part)))

    def period(self, row: SheetRow) -> tuple[PeriodSpan, dict[str, ElementDef]] | None:
        """Return the period of a row with its elements."""
        text, here = row.text("period"), row.where("period")
        if not text:
            self.plan.fault(here, "missing", _("Chưa ghi kỳ."))
            return None
        if text not in self.periods:
            self.periods[text] = self.load(text)
        found = self.periods[text]
        if found is None:
            message = _("Không phải là kỳ báo cáo; viết như 2019, 2019-H1, 2019-Q4 hoặc 2019-11.")
            self.plan.fault(here, "unknown_period", message, text)
            return None
        # Past years alone: whatever a commune can still submit goes its way through the sector offices.
        if found[0].ends_on.year >= self.today.year:
            message = _("Kỳ này thuộc năm nay: số liệu do xã nhập và trình.")
            self.plan.fault(here, "current_year", message, text)
            return None
        return found

    def load(self, text: str) -> tuple[PeriodSpan, dict[str, ElementDef]] | None:
        try:
            span = parse_period(text)
        except ValueError:
            return None
        asked = asked_in(span)
        if asked.sets:
            return span, {e.code: e for e in asked.elements}
        if self.all is None:
            self.all = {e.code: e for e in catalogue().elements}
        return span, self.all

    def cell(self, row: SheetRow, element: ElementDef | None, code: str, part: str) -> CellInput:
        """Return a row as the engine takes it: words in their meaning, its number as the cell holds it."""
        state = row.text("state")
        return CellInput(
            element=code,
            part=part,
            raw=self.raw(row, next((c for c in element.cells if c.part == part), None) if element else None),
            # An empty row is not read at all, so nothing is cleared: whatever states no state is to have a value.
            state=self.states.get(search_key(state), state) or State.VALUE,
            reason=row.text("reason"),
            note=row.text("note"),
            language=self.number_format,
            pointer=row.where("value"),
            pointers={about: row.where(column) for about, column in COLUMN_OF.items()},
        )

    def raw(self, row: SheetRow, definition: CellDef | None) -> object:
        cell = row.cells.get("value")
        if cell is None or definition is None:
            return None if cell is None else cell.text
        if definition.value_type == "boolean":
            if isinstance(cell.value, bool):
                return cell.value
            answer = self.answers.get(search_key(cell.text))
            return cell.text if answer is None else answer
        if definition.value_type == "choice":
            return next((word for word in definition.scale if search_key(word) == search_key(cell.text)), cell.text)
        try:
            return number_of(cell, percent=definition.unit == "%")
        except NumberFault as fault:
            return fault

    def check(self) -> None:
        """Check the cells of every report by the engine of the form."""
        strangers = {
            cell.element
            for (_unit, period), cells in self.groups.items()
            for _row, cell in cells
            if cell.element not in self.elements(period)
        }
        elsewhere = asked_elsewhere(strangers)
        for (unit_id, period), cells in self.groups.items():
            rows = {id(cell): row for row, cell in cells}
            definitions = Definitions((), tuple(self.elements(period).values()))
            good, faults = read_cells([cell for _row, cell in cells], definitions, elsewhere)
            for fault in faults:
                row, column = rows[id(fault.source)], COLUMN_OF.get(fault.about, "value")
                self.plan.fault(row.where(column), fault.code, fault.message, row.text(column))
            self.plan.values += [_staged(read, unit_id, period) for read in good]

    def elements(self, period: str) -> dict[str, ElementDef]:
        found = self.periods[period]
        return found[1] if found else {}


def _staged(read: ReadCell, unit_id: int, period: str) -> StagedValue:
    value = read.value
    return StagedValue(
        where=read.source.pointer,
        unit_id=unit_id,
        period=period,
        element_id=read.element.id,
        element=read.element.code,
        part=read.source.part,
        state=read.state,
        number=plain(value) if isinstance(value, Decimal) else None,
        boolean=value if isinstance(value, bool) else None,
        choice=value if isinstance(value, str) else "",
        reason=read.reason,
        note=read.source.note or "",
    )
