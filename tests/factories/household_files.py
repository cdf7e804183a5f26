"""Workbooks of households as other software exports them. Names and numbers are placeholders."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from communes.models import HouseholdImport
from communes.rules.register_files.layout import Layout
from communes.services.household_imports import declare_import, send_import
from mongcai_portal.common import jobs
from mongcai_portal.common.contents import KINDS

ON = date(2024, 1, 1)
HEADINGS = (
    "Mã hộ",
    "Thôn",
    "Địa chỉ",
    "Họ và tên",
    "Quan hệ với chủ hộ",
    "Ngày sinh",
    "Giới tính",
    "Số định danh",
    "Thu nhập",
)
COLUMNS = {
    "code": 1, "village": 2, "address": 3, "name": 4, "relation": 5, "birth_date": 6, "sex": 7, "identity_number": 8,
    "income": 9,
}  # fmt: skip
LAYOUT = Layout(
    sheet="Danh sách hộ",
    head_first=3,
    head_last=3,
    data_first=4,
    columns=COLUMNS,
    day_shapes=("dmy", "year", "true_date"),
)
HEAD = ("H1", "Thôn Một", "Tổ 5", "Chủ Hộ Thử", "Chủ hộ", "02/01/1980", "Nam", "022280001234", "1.500.000")
CHILD = ("H1", "Thôn Một", "Tổ 5", "Con Thử", "Con", "01/06/2010", "Nữ", None, None)
OTHER = ("H2", "Thôn Hai", None, "Chủ Hộ Khác", "Chủ hộ", "1975", "Nữ", None, "900.000")


def workbook(*rows: tuple[Any, ...], headings: tuple[str, ...] = HEADINGS, merged: tuple[str, ...] = ()) -> bytes:
    """A workbook with a title, a line below it, the headings in the third row, and rows."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Danh sách hộ"
    sheet.append(["DANH SÁCH HỘ"])
    sheet.append(["Ngày lập 01/01/2024"])
    sheet.append(list(headings))
    for row in rows:
        sheet.append(list(row))
    sheet.merge_cells("A1:I1")
    for place in merged:
        sheet.merge_cells(place)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def file_of(*rows: tuple[Any, ...], name: str = "so-ho.xlsx", **over: Any) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, workbook(*(rows or (HEAD, CHILD, OTHER)), **over), KINDS["xlsx"].media_type)


def sent(by: Any, *rows: tuple[Any, ...], on: date = ON, **over: Any) -> HouseholdImport:
    return send_import(by=by, file=file_of(*rows, **over), on=on)


def run_jobs() -> None:
    """What a worker does."""
    while jobs.run_next():
        pass


def checked(by: Any, *rows: tuple[Any, ...], layout: Layout = LAYOUT, on: date = ON, **over: Any) -> HouseholdImport:
    """A file that was sent, declared and checked."""
    row = declare_import(by=by, import_id=sent(by, *rows, on=on, **over).pk, layout=layout)
    run_jobs()
    row.refresh_from_db()
    return row
