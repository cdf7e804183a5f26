"""Workbooks of poor and near-poor households as communes have them. Names and codes are placeholders."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from communes.models import OpeningListFile, PovertyStandard
from communes.services.opening_lists import Given, send_list
from mongcai_portal.common.contents import KINDS
from tests.factories.classifications import make_standard

ON, DECIDED = date(2022, 12, 20), date(2022, 12, 15)
HEADINGS = ("STT", "Mã hộ", "Họ và tên chủ hộ", "Thôn, bản, khu", "Phân loại")
SHEET = "Danh sách"


def make_years(code: str = "central", **over: Any) -> PovertyStandard:
    """A standard that counts for 2022 and 2023, by the rounds of the autumns before."""
    standard = make_standard(code, **{"issued_on": date(2021, 1, 27), **over})
    for year in (2022, 2023):
        standard.years.create(
            effective_year=year, round_held=year - 1, provenance="sourced", round_provenance="unverified"
        )
    return standard


def workbook(*rows: tuple[Any, ...], headings: tuple[str, ...] = HEADINGS, hide: int = 0, merge: str = "") -> bytes:
    """A workbook with a title, the decision below it, the headings in the third row, and rows."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = SHEET
    sheet.append(["DANH SÁCH HỘ NGHÈO, HỘ CẬN NGHÈO"])
    sheet.append(["Kèm theo Quyết định số 45/QĐ-UBND"])
    sheet.append(list(headings))
    for number, row in enumerate(rows, 1):
        sheet.append([number, *row])
    if hide:
        sheet.row_dimensions[hide].hidden = True
    if merge:
        sheet.merge_cells(merge)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def file_of(*rows: tuple[Any, ...], name: str = "ho-ngheo-2022.xlsx", **over: Any) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, workbook(*rows, **over), KINDS["xlsx"].media_type)


def given(**over: Any) -> Given:
    fields = {
        "standard": "central", "year": 2023, "on": ON, "number": "45/QĐ-UBND", "decided_on": DECIDED,
        "decided_by": "Chủ tịch Thử",
    }  # fmt: skip
    return Given(**{**fields, **over})


def sent(by: Any, *rows: tuple[Any, ...], over: dict[str, Any] | None = None, **file: Any) -> OpeningListFile:
    """A list that was sent and so checked."""
    return send_list(by=by, given=given(**(over or {})), file=file_of(*rows, **file))
