"""Workbooks of money as a finance office sends them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from mongcai_portal.common.contents import KINDS
from programmes.models import BudgetImport
from programmes.rules.budget_files.layout import Layout
from programmes.services.budget_imports import declare_budget, first_layout, send_budget

ON = date(2023, 12, 31)
HEADINGS = (
    "Chương trình", "Dự án", "Dùng chung với", "Đơn vị", "Năm", "Nguồn vốn", "Kế hoạch giao",
    "Kế hoạch năm trước kéo dài", "Đã phân bổ", "Đã giải ngân",
)  # fmt: skip
COLUMNS = {
    "programme": 1, "component": 2, "shared_with": 3, "unit": 4, "year": 5, "source": 6, "planned": 7,
    "carried_over": 8, "allocated": 9, "disbursed": 10,
}  # fmt: skip
GOOD = ("NTM", 1, "NQ06", "Xã Thử 1", 2023, "Nguồn province", "1.500.000.000", None, "1.200.000.000", 900_000_000)
OTHER = (
    "GNBV",
    "Dự án 2",
    None,
    "Xã Thử 2",
    2023,
    "Nguồn commune",
    300_000_000,
    50_000_000,
    350_000_000,
    "350.000.000",
)


def workbook(*rows: Sequence[Any], headings: Sequence[str] = HEADINGS, above: int = 2) -> bytes:
    """A workbook with a title and a line above its headings."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Giải ngân"
    for n in range(above):
        sheet.append([f"Dòng tựa {n + 1}"])
    sheet.append(list(headings))
    for row in rows:
        sheet.append(list(row))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def upload(content: bytes, name: str = "giai-ngan-2023.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type=KINDS["xlsx"].media_type)


def sent(by: Any, *rows: Sequence[Any], on: date = ON, name: str = "giai-ngan-2023.xlsx", **more: Any) -> BudgetImport:
    return send_budget(by=by, file=upload(workbook(*rows, **more), name), on=on)


def checked(
    by: Any, *rows: Sequence[Any], on: date = ON, name: str = "giai-ngan-2023.xlsx", **over: Any
) -> BudgetImport:
    """A workbook that is declared as its headings propose, with some declarations changed."""
    row = sent(by, *rows, on=on, name=name)
    layout = first_layout(row)
    return declare_budget(by=by, import_id=row.pk, layout=Layout.of_json({**layout.as_json(), **over}))
