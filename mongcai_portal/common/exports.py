"""Tables as files: CSV for other software, Excel for people, both from the same rows.

A file opens in a spreadsheet on somebody else's machine, so a text that would be taken for a formula is disarmed
(OWASP, CSV injection), and a number stays a number. Every file says what it shows and of which day.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO, TextIOWrapper
from itertools import chain, islice
from typing import IO, Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from mongcai_portal.common.numbers import plain

Cell = str | Promise | int | Decimal | date | datetime | None

CSV, XLSX = "csv", "xlsx"
MEDIA_TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# What spreadsheets take for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LONGEST_TEXT = 32_767  # of one cell in Excel
_NARROWEST, _WIDEST, _SAMPLE = 6, 60, 200
_NOT_IN_A_TITLE = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


class UnknownFormat(LookupError):
    """No file of this kind is made."""


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet: its title, lines that say what it shows (scope, day, legend), headings, rows, and notes below.

    A cell is text, a whole number, a decimal, a day, a moment or empty; yes and no are words of the caller.
    """

    title: str
    headings: Sequence[str | Promise]
    rows: Iterable[Sequence[Cell]]
    lines: Sequence[str | Promise] = ()
    notes: Sequence[str | Promise] = ()
    name: str = ""  # of the sheet in a workbook; the title when empty
    bare: bool = False  # headings and rows only, for software that reads the first line as headings


def _checked(value: Cell) -> str | int | Decimal | date | datetime | None:
    """Return the cell as one of the types that files know.

    Raises:
        TypeError: a yes/no or another type, which the caller has to put into words.
    """
    if isinstance(value, Promise):
        return str(value)
    if isinstance(value, bool) or not (value is None or isinstance(value, str | int | Decimal | date)):
        raise TypeError(f"{type(value).__name__} is no cell of an export")
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value).replace(tzinfo=None)
    return value


def disarmed(text: str) -> str:
    """Return the text so that no spreadsheet computes it: an apostrophe before what looks like a formula."""
    return f"'{text}" if text.lstrip(" \N{NO-BREAK SPACE}").startswith(_FORMULA) or text[:1] in _FORMULA else text


# --- CSV --------------------------------------------------------------------------------------------------------


def _csv_text(value: Cell) -> str:
    found = _checked(value)
    if found is None:
        return ""
    if isinstance(found, datetime):
        return found.isoformat(sep=" ", timespec="seconds")
    if isinstance(found, date):
        return found.isoformat()
    if isinstance(found, Decimal):
        return plain(found)
    return str(found) if isinstance(found, int) else disarmed(found)


def to_csv(table: Table) -> bytes:
    """Write UTF-8 with the mark by which Excel knows it; decimals with a point and days as 2023-12-31, and so it says.

    The lines stand above the headings, each in its first cell, and an empty line between.
    """
    out = StringIO()
    _write_csv(table, out)
    return out.getvalue().encode()


def _write_csv(table: Table, out: Any) -> None:
    out.write("\N{ZERO WIDTH NO-BREAK SPACE}")
    writer = csv.writer(out)
    if not table.bare:
        format_line = _("Trong tệp này số thập phân dùng dấu chấm, ngày viết theo dạng năm-tháng-ngày.")
        for line in (table.title, *table.lines, format_line):
            writer.writerow([_csv_text(line)])
        writer.writerow([])
    writer.writerow([_csv_text(heading) for heading in table.headings])
    writer.writerows([_csv_text(value) for value in row] for row in table.rows)
    if table.notes:
        writer.writerow([])
    for note in table.notes:
        writer.writerow([_csv_text(note)])


# --- Excel ------------------------------------------------------------------------------------------------------


_BOLD, _TITLE, _QUIET = Font(bold=True), Font(bold=True, size=14), Font(color="FF5B6B73")
_HEAD = PatternFill("solid", fgColor="FFE8F1F2")


def _excel_cell(sheet: Any, value: Cell, *, font: Font | None = None, wrap: bool = False) -> Any:
    """Make a cell that is what it says: text is never a formula, a number never a text."""
    found = _checked(value)
    cell = WriteOnlyCell(sheet)
    if isinstance(found, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", found)[:_LONGEST_TEXT]
        cell.data_type = "s"  # openpyxl takes a leading "=" for a formula
        if disarmed(found) != found:
            cell.quotePrefix = True
    else:
        cell.value = found
        if isinstance(found, datetime):
            cell.number_format = "dd/mm/yyyy hh:mm"
        elif isinstance(found, date):
            cell.number_format = "dd/mm/yyyy"
    if font:
        cell.font = font
    if wrap:
        cell.alignment = Alignment(wrap_text=True, vertical="center")
    return cell


def _sheet_name(table: Table, taken: set[str]) -> str:
    """A name that Excel allows and no other sheet has."""
    base = " ".join((table.name or table.title).translate(_NOT_IN_A_TITLE).split()).strip("'")[:31] or "1"
    name, n = base, 1
    while name.casefold() in taken:
        n += 1
        name = f"{base[: 31 - len(str(n)) - 1]} {n}"
    taken.add(name.casefold())
    return name


def _length(value: Cell) -> int:
    return max((len(line) for line in str(value).splitlines()), default=0) if value is not None else 0


def _lay_out(sheet: Any, table: Table) -> Iterator[Sequence[Cell]]:
    """Set widths, frozen headings and print layout (they must stand before the rows); return the rows, complete."""
    rows = iter(table.rows)
    sample = list(islice(rows, _SAMPLE))
    for at, heading in enumerate(table.headings):
        longest = max([_length(row[at]) for row in sample if at < len(row)], default=0)
        # A long heading wraps; what stands below it should not.
        wanted = max(longest, min(_length(str(heading)), 18)) + 2
        sheet.column_dimensions[get_column_letter(at + 1)].width = min(max(wanted, _NARROWEST), _WIDEST)
    head = 1 if table.bare else len(table.lines) + 3
    sheet.freeze_panes = f"B{head + 1}"
    sheet.print_title_rows = f"{head}:{head}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.right.text = "&P/&N"
    return chain(sample, rows)


def _fill(sheet: Any, table: Table) -> None:
    rows = _lay_out(sheet, table)
    if not table.bare:
        sheet.append([_excel_cell(sheet, table.title, font=_TITLE)])
        for line in table.lines:
            sheet.append([_excel_cell(sheet, line, font=_QUIET)])
        sheet.append([])
    heads = [_excel_cell(sheet, heading, font=_BOLD, wrap=True) for heading in table.headings]
    for cell in heads:
        cell.fill = _HEAD
    sheet.append(heads)
    for row in rows:
        sheet.append([_excel_cell(sheet, value) for value in row])
    if table.notes:
        sheet.append([])
    for note in table.notes:
        sheet.append([_excel_cell(sheet, note, font=_QUIET)])


def to_xlsx(*tables: Table) -> bytes:
    """Write a workbook, a sheet a table: A4 landscape, headings frozen and repeated on every printed page."""
    out = BytesIO()
    _write_xlsx(tables, out)
    return out.getvalue()


def _write_xlsx(tables: Sequence[Table], out: IO[bytes]) -> None:
    book = Workbook(write_only=True)
    book.properties.title = tables[0].title
    book.properties.creator = _("Tiến độ MTQG")
    taken: set[str] = set()
    for table in tables:
        sheet = book.create_sheet(_sheet_name(table, taken))
        try:
            _fill(sheet, table)
        finally:
            sheet.close()  # the rows go to a temporary file, which is closed whatever a row holds
    book.save(out)


def write(kind: str, table: Table, out: IO[bytes]) -> None:
    """Write one table into an open file, row by row as they come: memory does not grow with them.

    Raises:
        UnknownFormat: neither csv nor xlsx.
    """
    if kind == CSV:
        text = TextIOWrapper(out, encoding="utf-8", newline="")
        _write_csv(table, text)
        text.detach()  # flushes, and leaves the file open
    elif kind == XLSX:
        _write_xlsx([table], out)
    else:
        raise UnknownFormat(kind)


# --- The answer -------------------------------------------------------------------------------------------------


def download(kind: str, *tables: Table, name: str) -> HttpResponse:
    """Answer with the file `<name>.<kind>`; it is made for one reader and kept by nobody on the way.

    Raises:
        UnknownFormat: neither csv nor xlsx.
        ValueError: several tables as CSV, which holds one.
    """
    if kind not in MEDIA_TYPES:
        raise UnknownFormat(kind)
    if kind == CSV and len(tables) != 1:
        raise ValueError("A CSV file holds one table")
    response = HttpResponse(to_csv(tables[0]) if kind == CSV else to_xlsx(*tables), content_type=MEDIA_TYPES[kind])
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=f"{name}.{kind}")
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
