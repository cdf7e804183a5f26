"""Files that spreadsheets open: nothing in them is computed, numbers are numbers, Vietnamese is read."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO, StringIO

import pytest
from django.utils import translation
from openpyxl import load_workbook

from mongcai_portal.common.exports import Table, UnknownFormat, disarmed, download, to_csv, to_xlsx

ATTACKS = ["=1+1", "+84 203", "-cmd", "@SUM(A1)", "\t=1", "\r=1", ' =HYPERLINK("http://x")', "\N{NO-BREAK SPACE}=1"]


def table(*rows: list[object], **more: object) -> Table:
    fields = {"title": "Kết quả đạt chuẩn", "lines": ["Đến 31/12/2023"], "headings": ["Xã", "Tiêu chí đạt"], **more}
    return Table(rows=rows, **fields)  # type: ignore[arg-type]


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline="")))


def read_xlsx(content: bytes) -> list[list[object]]:
    return [[cell.value for cell in row] for row in load_workbook(BytesIO(content)).active.iter_rows()]


def body(rows: list[list[object]]) -> list[list[object]]:
    """What stands under the headings."""
    at = next(n for n, row in enumerate(rows) if row and row[0] == "Xã")
    return rows[at + 1 :]


def test_csv_begins_with_the_mark_by_which_excel_knows_utf_8():
    content = to_csv(table(["Hải Đông", 18]))
    assert content.startswith(b"\xef\xbb\xbf")
    assert "Hải Đông" in content.decode("utf-8-sig")


def test_both_files_carry_title_lines_headings_rows_and_notes():
    made = table(["Hải Xuân", 19], notes=["Số liệu minh họa"])
    for rows in (read_csv(to_csv(made)), read_xlsx(to_xlsx(made))):
        assert rows[0][0] == "Kết quả đạt chuẩn"
        assert rows[1][0] == "Đến 31/12/2023"
        found = body(rows)
        assert found[0][0] == "Hải Xuân" and str(found[0][1]) == "19"
        assert found[-1][0] == "Số liệu minh họa"


def test_csv_says_how_it_writes_numbers():
    with translation.override("en"):
        assert ["Decimals in this file use a point, days are written year-month-day."] in read_csv(to_csv(table()))


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_text_like_a_formula_is_disarmed_in_csv(attack: str):
    assert body(read_csv(to_csv(table([attack, 1]))))[0][0] == f"'{attack}"


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_text_like_a_formula_stays_text_in_excel(attack: str):
    book = load_workbook(BytesIO(to_xlsx(table([attack, 1]))))
    cell = book.active["A5"]
    assert cell.data_type == "s" and cell.quotePrefix
    assert str(cell.value).strip("\r\n\t ") == attack.strip("\r\t ")


@pytest.mark.parametrize("text", ["Hải Sơn", "1=1", "a-b", "", "– không áp dụng", "19/19"])
def test_an_ordinary_text_is_left_alone(text: str):
    assert disarmed(text) == text


def test_numbers_are_numbers_in_excel_and_a_negative_one_is_no_formula():
    found = body(read_xlsx(to_xlsx(table(["a", 18], ["b", Decimal("96.4")], ["c", -3], ["d", 0], ["e", None]))))
    assert [row[1] for row in found] == [18, 96.4, -3, 0, None]
    assert [row[1] for row in body(read_csv(to_csv(table(["a", -3], ["b", Decimal("40.0000")], ["c", 0]))))] == [
        "-3",
        "40",
        "0",
    ]


def test_a_zero_is_not_blank_and_a_blank_is_not_zero():
    found = body(read_csv(to_csv(table(["a", 0], ["b", None]))))
    assert [row[1] for row in found] == ["0", ""]


def test_days_and_moments_are_written_in_local_time():
    moment = datetime(2023, 12, 31, 17, 30, tzinfo=UTC)  # already the next day in Vietnam
    made = table([date(2023, 12, 31), moment])
    assert body(read_csv(to_csv(made)))[0] == ["2023-12-31", "2024-01-01 00:30:00"]
    cells = load_workbook(BytesIO(to_xlsx(made))).active[5]
    assert cells[0].value == datetime(2023, 12, 31) and cells[0].number_format == "dd/mm/yyyy"  # noqa: DTZ001
    assert cells[1].value == datetime(2024, 1, 1, 0, 30)  # noqa: DTZ001


@pytest.mark.parametrize("value", [True, 1.5, ["x"], b"x"])
def test_what_is_no_cell_is_refused(value: object):
    for write in (to_csv, to_xlsx):
        with pytest.raises(TypeError):
            write(table(["a", value]))


def test_control_characters_do_not_break_the_workbook():
    assert body(read_xlsx(to_xlsx(table(["a\x00\x0bb", 1]))))[0][0] == "ab"


def test_sheets_have_names_that_excel_allows_and_never_the_same():
    name = "Báo cáo: [xã/phường] năm 2023 của toàn thành phố"
    book = load_workbook(BytesIO(to_xlsx(table(title=name), table(title=name), table(name="Khác"))))
    assert len({one.casefold() for one in book.sheetnames}) == 3
    assert all(len(one) <= 31 for one in book.sheetnames)
    assert book.sheetnames[-1] == "Khác"


def test_the_sheet_prints_on_a4_with_its_headings_on_every_page():
    sheet = load_workbook(BytesIO(to_xlsx(table(["Hải Sơn", 1])))).active
    assert sheet.page_setup.orientation == "landscape" and sheet.page_setup.paperSize == 9
    assert sheet.print_title_rows == "$4:$4" and sheet.freeze_panes == "B5"
    assert sheet["A4"].value == "Xã"


def test_rows_may_be_made_one_at_a_time_and_none_is_lost():
    made = Table("t", ["Xã", "n"], (["x", n] for n in range(500)))
    assert [row[1] for row in body(read_xlsx(to_xlsx(made)))] == list(range(500))


def test_the_answer_is_a_download_that_nobody_keeps_or_sniffs():
    response = download("xlsx", table(["a", 1]), name="ket-qua-2023-12-31")
    assert response["Content-Disposition"] == 'attachment; filename="ket-qua-2023-12-31.xlsx"'
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert download("csv", table(), name="a")["Content-Type"] == "text/csv; charset=utf-8"


def test_another_format_and_two_tables_as_csv_are_refused():
    with pytest.raises(UnknownFormat):
        download("pdf", table(), name="a")
    with pytest.raises(ValueError, match="one table"):
        download("csv", table(), table(), name="a")
