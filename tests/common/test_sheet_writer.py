"""A long workbook is written row by row, opens in Excel's own terms, and computes nothing."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from mongcai_portal.common.contents import fault_of, kind_of
from mongcai_portal.common.grids import GridBook
from mongcai_portal.common.sheet_writer import DOUBT, HEAD, WRONG, workbook


def made(*rows: Any, **over: Any) -> BytesIO:
    out = BytesIO()
    with workbook(out) as book, book.sheet("Sổ & hộ", (10, 20), frozen=1, **over) as sheet:
        sheet.rows(rows)
    out.seek(0)
    return out


def test_what_is_written_is_read_again_by_two_readers() -> None:
    row = ['Hoà <&> "x"', 7, 7.5, Decimal("1.50"), date(1980, 4, 3), None, " a ", date(1880, 1, 2)]
    out = made(["Một"], row)
    assert (kind_of(out), fault_of("xlsx", out)) == ("xlsx", "")
    sheet = load_workbook(out).worksheets[0]
    day = datetime(1980, 4, 3)  # noqa: DTZ001
    assert (sheet.title, sheet.freeze_panes) == ("Sổ & hộ", "A2")
    assert [cell.value for cell in sheet[2]] == ['Hoà <&> "x"', 7, 7.5, 1.5, day, None, " a ", "1880-01-02"]
    read = list(GridBook(out).rows("Sổ & hộ"))[1]
    assert read.cells == {1: 'Hoà <&> "x"', 2: 7, 3: 7.5, 4: 1.5, 5: day, 7: " a ", 8: "1880-01-02"}


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", '=HYPERLINK("x")'])
def test_no_text_is_a_formula(text: str) -> None:
    cell = load_workbook(made([text])).worksheets[0]["A1"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)


def test_cells_are_marked_and_rows_keep_their_numbers() -> None:
    out = BytesIO()
    with workbook(out) as book, book.sheet("S") as sheet:
        sheet.row(["a", "b"], [HEAD, WRONG], number=3)
        sheet.row([None, "c"], [DOUBT])
        with pytest.raises(ValueError, match="top to bottom"):
            sheet.row(["d"], number=2)
    read = load_workbook(out).worksheets[0]
    colours = {cell.coordinate: cell.fill.fgColor.rgb for row in read["A3:B4"] for cell in row}
    assert colours["A3"] == "FFE8F1F2" and colours["B3"] == "FFF9D0CB" and colours["A4"] == "FFFBE9B4"
    assert (read["A3"].value, read["B4"].value) == ("a", "c")


@pytest.mark.parametrize("cell", [True, datetime(2020, 1, 1)])  # noqa: DTZ001
def test_what_is_no_cell_is_refused(cell: Any) -> None:
    with pytest.raises(TypeError):
        made([cell])
