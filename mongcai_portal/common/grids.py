"""Reading a sheet of any software's export as it lies there: rows of cells by column, quickly and in one pass.

`common.sheets` reads workbooks of our own templates. This one knows no headings: it tells what stands where, what is
merged and hidden, and leaves the rest to whoever knows what the file is. It reads the sheet's own XML, which takes a
tenth of the time of openpyxl's reader; what is a date in Excel's formats openpyxl knows.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from io import BytesIO
from typing import IO
from xml.etree import ElementTree

from openpyxl.styles.numbers import builtin_format_code, is_date_format
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

MAX_ROWS, MAX_COLUMNS = 100_000, 100
# Merged places of a sheet that are looked at; a sheet has thousands when every household's code is merged.
MAX_MERGED = 100_000

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_ROW, _CELL, _VALUE, _FORMULA, _INLINE, _TEXT, _DATA = (
    f"{_MAIN}{name}" for name in ("row", "c", "v", "f", "is", "t", "sheetData")
)
_PHONETIC = f"{_MAIN}rPh"
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+\d+:[A-Z]+\d+)"')
_LETTERS = re.compile(r"[A-Z]+")

At = tuple[int, int]


class Unreadable(Exception):
    """The workbook cannot be read, or has no such sheet."""


@dataclass(frozen=True, slots=True)
class OddCell:
    """A cell without a value: `uncomputed`, a formula that has no result; `cell_error`, one that failed (`text`)."""

    code: str
    text: str = ""


Value = str | int | float | bool | datetime | date | time | timedelta | OddCell


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row: its number, its filled cells by column (from 1), and whether it is hidden or filtered away."""

    number: int
    cells: Mapping[int, Value]
    hidden: bool = False

    def texts(self) -> dict[int, str]:
        return {column: str(value) for column, value in self.cells.items() if not isinstance(value, OddCell)}


@dataclass(frozen=True, slots=True)
class SheetName:
    """A sheet of a workbook, and whether people see it."""

    name: str
    hidden: bool


def letters(column: int) -> str:
    """Return how people call a column: 1 is A, 28 is AB."""
    return str(get_column_letter(column))


@dataclass
class GridBook:
    """A workbook that was checked by `uploads.check_upload`.

    Raises (every method):
        Unreadable: it passed for a workbook and yet cannot be read.
    """

    stream: IO[bytes]
    _parts: dict[str, str] = field(init=False, default_factory=dict)
    sheets: tuple[SheetName, ...] = field(init=False, default=())

    def __post_init__(self) -> None:
        try:
            self._archive = zipfile.ZipFile(self.stream)
            self._open()
        except Exception as error:  # a damaged file breaks its reader in whatever way
            raise Unreadable from error

    def _open(self) -> None:
        rels = self._tree("xl/_rels/workbook.xml.rels")
        targets = {rel.get("Id"): rel.get("Target", "") for rel in rels.iter(f"{_PACKAGE}Relationship")}
        book = self._tree("xl/workbook.xml")
        names = []
        for sheet in book.iter(f"{_MAIN}sheet"):
            target = targets.get(sheet.get(f"{_REL}id"), "")
            name = sheet.get("name", "")
            self._parts[name] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            if "worksheets/" in target:  # a chart on a sheet of its own has no cells
                names.append(SheetName(name, sheet.get("state", "visible") != "visible"))
        self.sheets = tuple(names)
        properties = book.find(f"{_MAIN}workbookPr")
        mac = properties is not None and properties.get("date1904") in ("1", "true")
        self._epoch = CALENDAR_MAC_1904 if mac else CALENDAR_WINDOWS_1900

    def rows(self, sheet: str, *, first: int = 1, last: int = MAX_ROWS) -> Iterator[GridRow]:
        """Yield the rows of a sheet that have something in them, from `first` to `last`, both inclusive."""
        try:
            yield from self._rows(BytesIO(self._part(sheet)), first, last)
        except GeneratorExit:
            raise
        except Exception as error:
            raise Unreadable from error

    def covered(self, sheet: str) -> dict[At, At]:
        """Return for each cell that a merged one covers the cell that holds its value, both as (row, column)."""
        part = self._part(sheet)
        found: dict[At, At] = {}
        for number, place in enumerate(_MERGED.finditer(part, _end_of_data(part))):
            if number >= MAX_MERGED:
                break
            left, top, right, bottom = range_boundaries(place[1].decode())
            right, bottom = min(right, MAX_COLUMNS), min(bottom, MAX_ROWS)
            if (right - left + 1) * (bottom - top + 1) > MAX_ROWS:
                continue  # a whole sheet merged into one cell holds no table
            for row in range(top, bottom + 1):
                for column in range(left, right + 1):
                    if (row, column) != (top, left):
                        found[row, column] = (top, left)
        return found

    # --- The parts of the archive -----------------------------------------------------------------------------------

    def _part(self, sheet: str) -> bytes:
        if sheet not in self._parts:
            raise Unreadable(sheet)
        try:
            return _plain(self._archive.read(self._parts[sheet]))
        except Exception as error:
            raise Unreadable from error

    def _tree(self, name: str) -> ElementTree.Element:
        return ElementTree.fromstring(_plain(self._archive.read(name)))

    @cached_property
    def _strings(self) -> list[str]:
        """The texts that cells share, by their number."""
        if "xl/sharedStrings.xml" not in self._archive.namelist():
            return []
        found = []
        for _event, element in ElementTree.iterparse(BytesIO(_plain(self._archive.read("xl/sharedStrings.xml")))):
            if element.tag == f"{_MAIN}si":
                found.append(_text(element))
                element.clear()
        return found

    @cached_property
    def _dates(self) -> frozenset[int]:
        """The styles whose numbers are shown as days or times."""
        if "xl/styles.xml" not in self._archive.namelist():
            return frozenset()
        styles = self._tree("xl/styles.xml")
        formats = {int(f.get("numFmtId", "0")): f.get("formatCode", "") for f in styles.iter(f"{_MAIN}numFmt")}
        used = styles.find(f"{_MAIN}cellXfs")
        found = set()
        for number, style in enumerate(used if used is not None else ()):
            code = int(style.get("numFmtId", "0"))
            if is_date_format(formats.get(code) or builtin_format_code(code) or "") or 27 <= code <= 36:
                found.add(number)
        return frozenset(found)

    def _rows(self, part: IO[bytes], first: int, last: int) -> Iterator[GridRow]:
        number, data = 0, None
        for event, element in ElementTree.iterparse(part, events=("start", "end")):
            if event == "start":
                if element.tag == _DATA:
                    data = element
                elif element.tag == _ROW:
                    number = int(element.get("r") or number + 1)
                    if number > last:
                        return
            elif element.tag == _ROW:
                if number >= first:
                    cells = self._cells(element)
                    if cells:
                        yield GridRow(number, cells, element.get("hidden") in ("1", "true"))
                if data is not None:
                    data.clear()  # also what stands around the row: millions of empty ones would fill the memory
            elif element.tag == _DATA:
                return

    def _cells(self, row: ElementTree.Element) -> dict[int, Value]:
        cells: dict[int, Value] = {}
        column = 0
        for cell in row:
            if cell.tag != _CELL:
                continue
            reference = cell.get("r")
            column = _column(reference) if reference else column + 1
            if column > MAX_COLUMNS:
                break
            value = self._value(cell)
            if value is not None:
                cells[column] = value
        return cells

    def _value(self, cell: ElementTree.Element) -> Value | None:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            inline = cell.find(_INLINE)
            return (_text(inline) if inline is not None else "") or None
        found = cell.find(_VALUE)
        text = found.text if found is not None else None
        if not text:
            return OddCell("uncomputed") if cell.find(_FORMULA) is not None and kind != "str" else None
        if kind == "s":
            return self._strings[int(text)] or None
        if kind == "str":
            return text
        if kind == "e":
            return OddCell("cell_error", text)
        if kind == "b":
            return text == "1"
        if kind == "d":
            return datetime.fromisoformat(text.removesuffix("Z"))
        return self._number(text, int(cell.get("s", "0")))

    def _number(self, text: str, style: int) -> Value:
        number = float(text)
        if style in self._dates:
            try:
                return from_excel(number, self._epoch)  # type: ignore[no-any-return]
            except (ValueError, OverflowError):
                return OddCell("cell_error", text)
        return int(number) if number.is_integer() else number


def _end_of_data(part: bytes) -> int:
    """Where merged places may begin to stand: behind the rows."""
    return max(part.rfind(b"</sheetData>"), part.rfind(b":sheetData>"), 0)


def _plain(content: bytes) -> bytes:
    """Refuse a part with a document type: Excel writes none, and entities could swell it."""
    if b"<!DOCTYPE" in content[:4096] or b"<!ENTITY" in content[:4096]:
        raise Unreadable
    return content


def _text(element: ElementTree.Element) -> str:
    """The text of a string with all its runs, without the reading aids of East Asian scripts."""
    parts = []
    for child in element:
        if child.tag == _TEXT:
            parts.append(child.text or "")
        elif child.tag != _PHONETIC:
            parts += [run.text or "" for run in child.iter(_TEXT)]
    return "".join(parts)


_columns: dict[str, int] = {}


def _column(reference: str) -> int:
    found = _LETTERS.match(reference)
    name = found[0] if found else "A"
    if name not in _columns:
        if len(_columns) > 20_000:
            _columns.clear()
        _columns[name] = range_boundaries(f"{name}1")[0]
    return _columns[name]
