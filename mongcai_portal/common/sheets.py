"""Reading Excel: every cell with its address, and every oddity of a sheet named instead of guessed away.

A workbook from somebody's desk has merged cells, hidden rows, formulas that were never computed, dates that were
numbers and numbers that are texts. Each of these is a fault with its address (`Số liệu!D12`), all at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import IO, Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter, range_boundaries

from mongcai_portal.common.errors import Fault
from mongcai_portal.common.numbers import NumberFault, parse_plain
from mongcai_portal.common.sheet_xml import MAX_COLUMNS, MOST_NAMED, Oddities, oddities_of, parts_of
from mongcai_portal.common.text import nfc, search_key

MAX_ROWS = 50_000
_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its key and the headings under which people know it, in any language."""

    key: str
    headings: tuple[str, ...]
    required: bool = True


@dataclass(frozen=True, slots=True)
class SheetSpec:
    """A sheet by its key, the names under which it may stand, and its columns."""

    key: str
    names: tuple[str, ...]
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class SheetCell:
    """A filled cell; `value` as Excel stored it (a formula's last result), `number_format` as it is shown."""

    sheet: str
    row: int
    column: int
    value: Any
    number_format: str = "General"

    @property
    def address(self) -> str:
        return address(self.sheet, self.row, self.column)

    @property
    def text(self) -> str:
        """The value as text, composed and trimmed; a whole number without its point."""
        if isinstance(self.value, float) and self.value.is_integer():
            return str(int(self.value))
        return " ".join(nfc(str(self.value)).split())

    @property
    def percent(self) -> bool:
        """Whether the cell is shown as a percentage: 0.964 reads 96,4%."""
        return "%" in re.sub(r'"[^"]*"|\\.', "", self.number_format)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row with something in it: its number and its cells by column key."""

    number: int
    cells: Mapping[str, SheetCell]
    sheet: str
    columns: Mapping[str, int]

    def where(self, key: str) -> str:
        """The address of a column's cell in this row, filled or not."""
        return address(self.sheet, self.number, self.columns.get(key, 1))

    def text(self, key: str) -> str:
        return self.cells[key].text if key in self.cells else ""


@dataclass(slots=True)
class Sheet:
    """A sheet that was found, its rows, and what is wrong with it as a sheet."""

    key: str
    name: str
    rows: list[SheetRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


@dataclass(slots=True)
class Book:
    """The sheets that were found, by key; names of others, which are not read; faults of the workbook as a whole."""

    sheets: dict[str, Sheet]
    ignored: tuple[str, ...]
    faults: list[Fault]

    @property
    def all_faults(self) -> list[Fault]:
        return [*self.faults, *(fault for sheet in self.sheets.values() for fault in sheet.faults)]


def address(sheet: str, row: int, column: int) -> str:
    """Return an address as people read it: `Số liệu!D12`."""
    return f"{sheet}!{get_column_letter(column)}{row}"


def read_book(stream: IO[bytes], specs: Sequence[SheetSpec], *, max_rows: int = MAX_ROWS) -> Book:
    """Read the sheets that the specs describe; the stream was checked by `uploads.check_upload`.

    Headings stand in the first row. Empty rows are passed over. Faults: `no_sheet`, `damaged`, and by sheet
    `hidden_sheet`, `missing_column`, `unknown_column`, `duplicate_column`, `no_heading`, `merged`, `hidden_row`,
    `hidden_column`, `uncomputed`, `cell_error`, `too_many_rows`.
    """
    try:
        return _read(stream, specs, max_rows)
    except Exception:  # a workbook that passed for one and yet cannot be read breaks its reader in whatever way
        return Book({}, (), [Fault("", "damaged", _("Không đọc được tệp Excel này: hãy mở bằng Excel rồi lưu lại."))])


def _read(stream: IO[bytes], specs: Sequence[SheetSpec], max_rows: int) -> Book:
    stream.seek(0)
    parts = parts_of(stream)
    stream.seek(0)
    book = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
    found: dict[str, Sheet] = {}
    ignored: list[str] = []
    faults: list[Fault] = []
    try:
        for worksheet in book.worksheets:
            spec = next((s for s in specs if _same(worksheet.title, s.names)), None)
            if spec is None or spec.key in found:
                ignored.append(worksheet.title)
                continue
            sheet = found[spec.key] = Sheet(spec.key, worksheet.title)
            if worksheet.sheet_state != "visible":
                message = _("Trang này đang bị ẩn: bỏ ẩn để thấy những gì sẽ được nhập.")
                sheet.faults.append(Fault(worksheet.title, "hidden_sheet", message))
            oddities = oddities_of(stream, parts[worksheet.title], max_rows)
            _fill(sheet, spec, worksheet, oddities, max_rows)
    finally:
        book.close()
    if not found:
        names = ", ".join(f"“{spec.names[0]}”" for spec in specs)
        faults.append(Fault("", "no_sheet", _("Tệp không có trang nào tên là %(names)s.") % {"names": names}))
    return Book(found, tuple(ignored), faults)


def _same(text: str, names: Iterable[str]) -> bool:
    return search_key(text) in {search_key(name) for name in names}


def _fill(sheet: Sheet, spec: SheetSpec, worksheet: Any, oddities: Oddities, max_rows: int) -> None:
    worksheet.reset_dimensions()  # what the file says of its size may be wrong
    rows = worksheet.iter_rows(max_row=max_rows + 2, max_col=MAX_COLUMNS)
    columns = _headings(sheet, spec, next(rows, ()))
    for column in sorted(oddities.hidden_columns & set(columns)):
        message = _("Cột này đang bị ẩn: bỏ ẩn để thấy những gì sẽ được nhập.")
        sheet.faults.append(Fault(address(sheet.name, 1, column), "hidden_column", message))
    by_key = {key: column for column, key in columns.items()}
    named = _Named(sheet)
    for number, cells in enumerate(rows, start=2):
        filled = _filled(sheet.name, number, cells, oddities)
        if not filled:
            continue
        if number > max_rows + 1:
            message = _("Trang có quá %(n)s dòng: hãy chia thành nhiều tệp.") % {"n": max_rows}
            sheet.faults.append(Fault(address(sheet.name, number, 1), "too_many_rows", message))
            break
        for fault in _row_faults(sheet.name, number, filled, columns, oddities):
            named.add(fault)
        own = {columns[c.column]: c for c in filled if c.column in columns and c.value is not None}
        sheet.rows.append(SheetRow(number, own, sheet.name, by_key))
    for merged in oddities.merged:
        column, row, _last_column, last_row = range_boundaries(merged)
        if last_row > 1 and row <= max_rows + 1:
            message = _("Các ô %(range)s bị gộp: bỏ gộp và ghi từng ô.") % {"range": merged}
            named.add(Fault(address(sheet.name, row, column), "merged", message))
    named.close()


class _Named:
    """Faults of a sheet, of each kind so many one by one and the rest counted."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.counts: dict[str, int] = {}

    def add(self, fault: Fault) -> None:
        self.counts[fault.code] = self.counts.get(fault.code, 0) + 1
        if self.counts[fault.code] <= MOST_NAMED:
            self.sheet.faults.append(fault)

    def close(self) -> None:
        for code, count in self.counts.items():
            if count > MOST_NAMED:
                message = _("còn %(n)s lỗi cùng loại.") % {"n": count - MOST_NAMED}
                self.sheet.faults.append(Fault(self.sheet.name, code, message))


def _headings(sheet: Sheet, spec: SheetSpec, cells: Sequence[Any]) -> dict[int, str]:
    """Return {column: key}, after naming headings that are missing, unknown, or there twice."""
    columns: dict[int, str] = {}
    for position, cell in enumerate(cells, start=1):
        text = nfc(str(cell.value)).strip() if cell.value is not None else ""
        if not text:
            continue
        column = next((c for c in spec.columns if _same(text, c.headings)), None)
        here = address(sheet.name, 1, position)
        if column is None:
            message = _("Không biết cột “%(name)s”: bỏ cột này hoặc dùng đúng tên cột của mẫu.") % {"name": text}
            sheet.faults.append(Fault(here, "unknown_column", message))
        elif column.key in columns.values():
            message = _("Cột “%(name)s” có hai lần.") % {"name": text}
            sheet.faults.append(Fault(here, "duplicate_column", message))
        else:
            columns[position] = column.key
    for column in spec.columns:
        if column.required and column.key not in columns.values():
            message = _("Thiếu cột “%(name)s” ở dòng đầu.") % {"name": column.headings[0]}
            sheet.faults.append(Fault(f"{sheet.name}!1:1", "missing_column", message))
    return columns


def _filled(sheet: str, number: int, cells: Sequence[Any], oddities: Oddities) -> list[SheetCell]:
    """Return the cells with something in them; a formula without a result counts, blanks and spaces do not."""
    found = []
    for position, cell in enumerate(cells, start=1):
        value = cell.value
        if isinstance(value, str) and not value.strip("\u00a0\u200b \t\r\n"):
            value = None
        if value is not None or (number, position) in oddities.uncomputed:
            found.append(SheetCell(sheet, number, position, value, getattr(cell, "number_format", "") or "General"))
    return found


def _row_faults(
    sheet: str, number: int, filled: list[SheetCell], columns: Mapping[int, str], oddities: Oddities
) -> Iterator[Fault]:
    if number in oddities.hidden_rows:
        message = _("Dòng %(n)s đang bị ẩn hoặc bị lọc nhưng có nội dung: bỏ ẩn để xem, hoặc xóa.") % {"n": number}
        yield Fault(filled[0].address, "hidden_row", message)
    for cell in filled:
        if cell.column not in columns:
            yield Fault(
                cell.address, "no_heading", _("Ô này nằm ngoài các cột của mẫu: “%(text)s”.") % {"text": cell.text[:40]}
            )
        elif cell.value is None:
            message = _("Công thức chưa có kết quả: mở bằng Excel, tính rồi lưu lại, hoặc dán giá trị.")
            yield Fault(cell.address, "uncomputed", message)
        elif isinstance(cell.value, str) and re.fullmatch(r"#(N/A|DIV/0!|REF!|VALUE!|NAME\?|NUM!|NULL!)", cell.value):
            message = _("Công thức báo lỗi %(error)s.") % {"error": cell.value}
            yield Fault(cell.address, "cell_error", message)


# --- Values of cells -------------------------------------------------------------------------------------------------


def number_of(cell: SheetCell, *, percent: bool = False) -> Decimal | str:
    """Return a true number exactly, or the text of a cell for whoever reads texts in the declared format.

    Args:
        percent: whether the figure is a percentage; then 0.964 shown as 96,4% is 96.4.

    Raises:
        NumberFault: `date` (Excel took the typed for a day), `percent` (a percentage where none is asked), `too_long`.
    """
    value = cell.value
    if isinstance(value, datetime | date | time | timedelta):
        raise NumberFault("date", cell.text)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return cell.text
    # Excel keeps 15 digits; what a float shows beyond them is no one's figure.
    exact = Decimal(format(value, ".15g"))
    if cell.percent:
        if not percent:
            raise NumberFault("percent", cell.text)
        exact *= 100
    try:
        return parse_plain(format(exact, "f"))
    except NumberFault as fault:
        raise NumberFault(fault.code, format(exact, "f")) from None


def day_of(cell: SheetCell) -> tuple[date, bool]:
    """Return a day, and whether the cell names a whole year only (then its last day).

    True dates, texts as 31/12/2023, and years are days; nothing else is guessed.

    Raises:
        ValueError: it is none of these, or no day of the calendar.
    """
    value = cell.value
    if isinstance(value, datetime):
        if value.time() != time():
            raise ValueError(cell.text)
        return value.date(), False
    if isinstance(value, date):
        return value, False
    text = cell.text
    if re.fullmatch(r"(19|20)\d{2}", text):
        return date(int(text), 12, 31), True
    match = _DAY.fullmatch(text)
    if match is None:
        raise ValueError(text)
    return date(int(match[3]), int(match[2]), int(match[1])), False
