"""The workbook that people fill in with past years: two sheets to fill, how to, and the codes that may stand there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from communes.models import UnitVersion
from indicators.models import Level
from indicators.presenters.words import language, scale_word, unit_text
from indicators.selectors.definitions import CellDef, ElementDef
from indicators.services.archive_layout import COLUMNS, RECOGNITIONS, SHEETS, STATE_WORDS, VALUES, YES_NO
from mongcai_portal.common.templatetags.portal import date_vi, localname

HEAD, QUIET = PatternFill("solid", fgColor="FFE8F1F2"), Font(color="FF5B6B73")
READ_ONLY = PatternFill("solid", fgColor="FFF5F7F8")
BLANK_ROWS = 2_000
WIDTHS = {
    "unit": 20, "period": 10, "element": 34, "value": 14, "state": 18, "reason": 30, "note": 30, "name": 60,
    "measure": 20, "level": 30, "decision_number": 22, "decided_on": 16, "signer": 24, "expires_on": 18,
    "withdrawal_decision": 22, "withdrawn_on": 16, "withdrawal_reason": 30, "source": 24,
}  # fmt: skip
DAYS = ("decided_on", "expires_on", "withdrawn_on")


@dataclass(frozen=True, slots=True)
class YearSheet:
    """A year to be filled in: its communes and the elements it asks for; `judged` when a criteria set applies."""

    code: str
    units: tuple[UnitVersion, ...]
    elements: tuple[ElementDef, ...]
    judged: bool


@dataclass(frozen=True, slots=True)
class Codes:
    """What may stand in the cells: communes that are or were, elements, levels."""

    units: tuple[UnitVersion, ...]
    elements: tuple[ElementDef, ...]
    levels: tuple[Level, ...]


def cell_code(element: ElementDef, cell: CellDef) -> str:
    """A cell of an element as the workbook names it: `health_insurance:male`."""
    return f"{element.code}:{cell.part}" if cell.part else element.code


def cell_name(element: ElementDef, cell: CellDef) -> str:
    return f"{localname(element)} – {localname(cell)}" if cell.part else localname(element)


def workbook(years: Sequence[YearSheet], codes: Codes) -> bytes:
    """Write the template in the reader's language; the rows of the chosen years stand there, to be given values."""
    book = Workbook()
    book.properties.title = _("Số liệu các năm trước")
    values = book.active
    values.title = str(SHEETS[VALUES])
    recognitions = book.create_sheet(str(SHEETS[RECOGNITIONS]))
    _guide(book.create_sheet(str(SHEETS["guide"])))
    ranges = _codes(book.create_sheet(str(SHEETS["codes"])), codes)
    rows = [
        (localname(unit), year.code, cell_code(element, cell), None, None, None, None, cell_name(element, cell),
         unit_text(cell.unit) or how_to_write(cell))
        for year in years
        for unit in year.units
        for element in year.elements
        for cell in element.cells
    ]  # fmt: skip
    _sheet(values, VALUES, rows, ranges)
    _sheet(recognitions, RECOGNITIONS, [], ranges)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def how_to_write(cell: CellDef) -> str:
    """What may stand in a cell that holds no number."""
    if cell.value_type == "boolean":
        return " / ".join(str(words[0]) for words in YES_NO.values())
    if cell.value_type == "choice":
        return " / ".join(scale_word(word) for word in cell.scale) if language() == "vi" else " / ".join(cell.scale)
    return unit_text(cell.unit)


def _sheet(sheet: Any, key: str, rows: Iterable[Sequence[Any]], ranges: dict[str, str]) -> None:
    sheet.append([str(heading) for _name, heading, _must in COLUMNS[key]])
    for row in rows:
        sheet.append(list(row))
    last = max(sheet.max_row, BLANK_ROWS)
    for at, (name, _heading, must) in enumerate(COLUMNS[key], start=1):
        letter = get_column_letter(at)
        head = sheet.cell(1, at)
        head.fill, head.font = HEAD, Font(bold=must)
        head.alignment = Alignment(wrap_text=True, vertical="center")
        sheet.column_dimensions[letter].width = WIDTHS[name]
        if name in DAYS:
            sheet.column_dimensions[letter].number_format = "dd/mm/yyyy"
        if name in ranges:
            check = DataValidation(type="list", formula1=ranges[name], allow_blank=True, showErrorMessage=True)
            check.error, check.errorTitle = _("Chọn trong danh sách ở trang Danh mục."), _("Không có trong danh mục")
            sheet.add_data_validation(check)
            check.add(f"{letter}2:{letter}{last}")
        for row in range(2, sheet.max_row + 1) if name in ("name", "measure") else ():
            sheet.cell(row, at).font = QUIET
    sheet.freeze_panes = "D2" if key == VALUES else "B2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(COLUMNS[key]))}{max(sheet.max_row, 2)}"


def _guide(sheet: Any) -> None:
    """How to fill it in, in the reader's language."""
    for text in _guide_lines():
        sheet.append([text])
        sheet.cell(sheet.max_row, 1).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.cell(1, 1).font = Font(bold=True, size=14)
    sheet.column_dimensions["A"].width = 110


def _guide_lines() -> list[str]:
    return [
        _("Cách điền"),
        _("Trang “Số liệu”: mỗi dòng một số liệu của một xã trong một kỳ; chỉ điền từ cột Giá trị trở đi."),
        _("Dòng để trống giá trị, tình trạng, lý do và ghi chú thì bỏ qua. Số 0 là số liệu, ô trống thì không."),
        _("Nên gõ số vào ô số. Số dạng chữ đọc theo cách viết khai khi gửi tệp (kiểu Việt Nam: 1.234,5)."),
        _("Không có số liệu: để trống giá trị, chọn “chưa có số liệu”; “không áp dụng” phải ghi lý do."),
        _("Đạt/chưa đạt và mức xếp loại viết như trang “Danh mục”. Số liệu gồm nhiều phần viết mã:phần."),
        _("Ngày: ô kiểu ngày, hoặc viết 31/12/2019. Chỉ biết năm thì viết 2019."),
        _("Tên xã có hay không có chữ “Xã” đều được; là tên vào ngày cuối kỳ hoặc ngày quyết định."),
        _("Không gộp ô, không ẩn dòng hay cột, không để công thức chưa tính: cổng sẽ nêu từng ô như vậy."),
        _("Trang “Công nhận”: mỗi dòng một quyết định; mức cao cần mức thấp hơn còn hiệu lực."),
        _("Báo cáo đã có trên cổng không bị ghi đè. Cổng kiểm tra cả tệp rồi nhập tất cả hoặc không gì cả."),
    ]


def _codes(sheet: Any, codes: Codes) -> dict[str, str]:
    """Write the lists side by side; return the ranges by which columns are checked."""
    units = sorted({localname(v): v for v in codes.units}.items(), key=lambda item: item[1].sort_key)
    blocks: list[tuple[str, list[str], list[tuple[Any, ...]]]] = [
        ("unit", [_("Xã"), _("Từ"), _("Đến")], [(name, *_span(version)) for name, version in units]),
        ("level", [_("Mức"), _("Mã mức"), _("Giai đoạn")], [(localname(v), v.code, v.phase) for v in codes.levels]),
        ("state", [_("Tình trạng")], [(str(word),) for word in STATE_WORDS.values()]),
        (
            "element",
            [_("Mã số liệu"), _("Tên số liệu"), _("Đơn vị tính hoặc cách viết")],
            [(cell_code(e, c), cell_name(e, c), how_to_write(c)) for e in codes.elements for c in e.cells],
        ),
    ]
    ranges = {}
    column = 1
    for key, headings, rows in blocks:
        for at, heading in enumerate(headings):
            head = sheet.cell(1, column + at, heading)
            head.font, head.fill = Font(bold=True), HEAD
            longest = max([len(str(row[at] or "")) for row in rows], default=0)
            sheet.column_dimensions[get_column_letter(column + at)].width = min(max(longest + 2, len(heading) + 2), 70)
        for number, row in enumerate(rows, start=2):
            for at, value in enumerate(row):
                sheet.cell(number, column + at, value)
        letter = get_column_letter(column)
        ranges[key] = f"'{sheet.title}'!${letter}$2:${letter}${max(len(rows) + 1, 2)}"
        column += len(headings) + 1
    sheet.freeze_panes = "A2"
    return ranges


def _span(version: UnitVersion) -> tuple[str, str]:
    """From when to when a commune had its name, as far as the portal knows."""
    return (
        date_vi(version.valid_from) if version.valid_from else "",
        date_vi(version.valid_to) if version.valid_to else "",
    )
