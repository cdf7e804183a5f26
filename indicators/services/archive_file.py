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
from indicators.selectors.definitions import Definitions, ElementDef
from indicators.services.archive_acts import ActReader
from indicators.services.archive_layout import RECOGNITIONS, STATE_WORDS, VALUES, YES_NO, both, specs
from indicators.services.archive_plan import Plan, SheetReader, StagedValue
from indicators.services.cells import CellInput, ReadCell, read_cells
from mongcai_portal.common.numbers import NumberFault, plain
from mongcai_portal.common.periods import PeriodSpan, parse_period
from mongcai_portal.common.sheets import Sheet, SheetRow, number_of, read_book
from mongcai_portal.common.text import search_key

State = ReportedValue.State
T = TypeVar("T")


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
        self.periods: dict[str, tuple[PeriodSpan, dict[str, ElementDef], bool] | None] = {}
        self.all: dict[str, ElementDef] | None = None
        self.first: dict[tuple[int, str, str, str], str] = {}
        self.groups: dict[tuple[int, str], list[tuple[SheetRow, CellInput]]] = defaultdict(list)

    def read(self, sheet: Sheet) -> None:
        for row in sheet.rows:
            if not any(row.text(key) for key in ("value", "state", "reason", "note")):
                self.plan.blank += 1
            else:
                self.row(row)
        for (unit_id, period), cells in self.groups.items():
            self.group(unit_id, period, cells)

    def row(self, row: SheetRow) -> None:
        period = self.period(row)
        unit_id = self.unit(row, period[0].ends_on if period else None)
        named = self.element(row, period)
        if unit_id is None or period is None or named is None:
            return
        element, part = named
        key = (unit_id, period[0].code, element.code, part)
        if key in self.first:
            message = _("Số liệu này đã có ở %(where)s.") % {"where": self.first[key]}
            self.plan.fault(row.where("element"), "duplicate", message, row.text("element"))
            return
        self.first[key] = row.where("value")
        cell = self.cell(row, element, part)
        if cell is not None:
            self.groups[unit_id, period[0].code].append((row, cell))

    def period(self, row: SheetRow) -> tuple[PeriodSpan, dict[str, ElementDef], bool] | None:
        """Return the period of a row with its elements, and whether a criteria set asks for them."""
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

    def load(self, text: str) -> tuple[PeriodSpan, dict[str, ElementDef], bool] | None:
        try:
            span = parse_period(text)
        except ValueError:
            return None
        asked = asked_in(span)
        if asked.sets:
            return span, {e.code: e for e in asked.elements}, True
        if self.all is None:
            self.all = {e.code: e for e in catalogue().elements}
        return span, self.all, False

    def element(
        self, row: SheetRow, period: tuple[PeriodSpan, dict[str, ElementDef], bool] | None
    ) -> tuple[ElementDef, str] | None:
        text, here = row.text("element"), row.where("element")
        code, _colon, part = (piece.strip() for piece in text.partition(":"))
        if not code:
            self.plan.fault(here, "missing", _("Chưa ghi mã số liệu."))
            return None
        if period is None:
            return None
        element = period[1].get(code)
        if element is None:
            if self.all is None:
                self.all = {e.code: e for e in catalogue().elements}
            if code in self.all:
                message = _("Bộ tiêu chí của kỳ %(period)s không dùng số liệu này.") % {"period": period[0].code}
                self.plan.fault(here, "not_asked", message, text)
            else:
                message = _("Không có mã số liệu này; xem trang “Danh mục” của mẫu.")
                self.plan.fault(here, "unknown_element", message, text)
            return None
        if all(cell.part != part for cell in element.cells):
            named = ", ".join(f"{code}:{cell.part}" if cell.part else code for cell in element.cells)
            self.plan.fault(
                here, "unknown_part", _("Số liệu này ghi theo các phần: %(parts)s.") % {"parts": named}, text
            )
            return None
        return element, part

    def cell(self, row: SheetRow, element: ElementDef, part: str) -> CellInput | None:
        """Return the cell input of a row, its value as the cell holds it."""
        definition = next(c for c in element.cells if c.part == part)
        state = self.state(row)
        if state is None:
            return None
        raw: object = None
        value = row.cells.get("value")
        if value is not None:
            try:
                raw = self.raw(row, definition.value_type, definition.unit, definition.scale)
            except NumberFault as fault:
                self.plan.fault(value.address, fault.code, _number_message(fault), fault.text)
                return None
        if state in (State.NO_DATA, State.NOT_APPLICABLE) and value is not None:
            message = _("Dòng này vừa có giá trị vừa ghi “%(state)s”: hãy để lại một.") % {"state": row.text("state")}
            self.plan.fault(value.address, "value_and_state", message, value.text)
            return None
        return CellInput(
            element=element.code,
            part=part,
            raw=raw,
            state=state or State.VALUE,
            reason=row.text("reason"),
            note=row.text("note"),
            language=self.number_format,
            pointer=row.where("value"),
        )

    def state(self, row: SheetRow) -> str | None:
        """Return the state of a row, "" when none is stated, None after naming one that does not exist."""
        text = row.text("state")
        if not text:
            return ""
        state = self.states.get(search_key(text))
        if state is None:
            words = ", ".join(f"“{word}”" for word in STATE_WORDS.values())
            self.plan.fault(
                row.where("state"), "unknown_state", _("Ghi một trong: %(words)s.") % {"words": words}, text
            )
        return state

    def raw(self, row: SheetRow, value_type: str, unit: str, scale: tuple[str, ...]) -> object:
        cell = row.cells["value"]
        if value_type == "boolean":
            if isinstance(cell.value, bool):
                return cell.value
            answer = self.answers.get(search_key(cell.text))
            return cell.text if answer is None else answer
        if value_type == "choice":
            return next((word for word in scale if search_key(word) == search_key(cell.text)), cell.text)
        return number_of(cell, percent=unit == "%")

    def group(self, unit_id: int, period: str, cells: list[tuple[SheetRow, CellInput]]) -> None:
        """Check the cells of one report by the engine of the form."""
        found = self.periods[period]
        elements = found[1] if found else {}
        rows = {cell.pointer: row for row, cell in cells}
        definitions = Definitions((), tuple(elements[c] for c in dict.fromkeys(cell.element for _row, cell in cells)))
        good, faults = read_cells([cell for _row, cell in cells], definitions)
        for fault in faults:
            row = rows[fault.pointer]
            key = "reason" if fault.code == "reason_required" else "value"
            self.plan.fault(row.where(key), fault.code, fault.message, row.text("value"))
        self.plan.values += [_staged(read, unit_id, period) for read in good]


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


def _number_message(fault: NumberFault) -> str:
    return {
        "date": _("Excel đã đổi số vừa gõ thành ngày: định dạng ô là số rồi gõ lại."),
        "percent": _("Ô định dạng phần trăm, nhưng số liệu này không tính bằng phần trăm."),
        "too_long": _("Số quá dài: nhiều nhất 11 chữ số và 4 chữ số thập phân."),
    }[fault.code]
