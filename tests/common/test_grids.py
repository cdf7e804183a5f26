"""A sheet is read as it lies there: every kind of cell, merged places, hidden rows, and nothing that is no workbook."""

from __future__ import annotations

import zipfile
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from mongcai_portal.common.grids import MAX_COLUMNS, GridBook, OddCell, Unreadable, letters


def saved(book: Workbook) -> BytesIO:
    stream = BytesIO()
    book.save(stream)
    return stream


def book_of(*rows: list[Any], title: str = "Dữ liệu") -> GridBook:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    return GridBook(saved(book))


def values(*rows: list[Any]) -> list[dict[int, Any]]:
    return [dict(row.cells) for row in book_of(*rows).rows("Dữ liệu")]


def test_each_kind_of_cell_is_what_excel_holds() -> None:
    day = datetime(1980, 4, 3)  # noqa: DTZ001
    row = ["Hoà", 7, 7.5, True, day, date(1980, 4, 3), time(7, 30), None, "=1+1", "007"]
    assert values(row) == [
        {1: "Hoà", 2: 7, 3: 7.5, 4: True, 5: day, 6: day, 7: time(7, 30), 9: OddCell("uncomputed"), 10: "007"}
    ]


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.integers(-(10**12), 10**12), st.booleans(), st.dates(date(1901, 1, 1)),
            st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF, exclude_characters="="), min_size=1),
        ),
        min_size=1, max_size=8,
    )
)  # fmt: skip
def test_what_is_written_is_read_again(row: list[Any]) -> None:
    read = [cell.date() if isinstance(cell, datetime) else cell for cell in values(row)[0].values()]
    assert read == row


def test_rows_keep_their_numbers_and_empty_ones_are_passed_over() -> None:
    book = book_of(["a"], [], [None, "b"], ["c"])
    assert [(row.number, dict(row.cells)) for row in book.rows("Dữ liệu")] == [
        (1, {1: "a"}),
        (3, {2: "b"}),
        (4, {1: "c"}),
    ]
    assert [row.number for row in book.rows("Dữ liệu", first=2, last=3)] == [3]


def test_merged_places_and_hidden_rows_are_told() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "S"
    for row in range(1, 5):
        sheet.append([row, row])
    sheet.merge_cells("A2:A4")
    sheet.merge_cells("A1:B1")
    sheet.row_dimensions[3].hidden = True
    hidden = book.create_sheet("Ẩn")
    hidden.sheet_state = "hidden"
    read = GridBook(saved(book))
    assert read.covered("S") == {(3, 1): (2, 1), (4, 1): (2, 1), (1, 2): (1, 1)}
    assert [row.hidden for row in read.rows("S")] == [False, False, True, False]
    assert [(one.name, one.hidden) for one in read.sheets] == [("S", False), ("Ẩn", True)]


def test_a_failed_formula_is_no_value() -> None:
    stream = with_part("xl/worksheets/sheet1.xml", b'<c r="A1"><v>1</v></c>', b'<c r="A1" t="e"><v>#REF!</v></c>')
    assert [dict(row.cells) for row in GridBook(stream).rows("S")] == [{1: OddCell("cell_error", "#REF!")}]


def test_other_writers_leave_out_references_and_share_no_strings() -> None:
    new = b'<c t="inlineStr"><is><r><t>Ho</t></r><r><t>a</t></r></is></c><c><v>5</v></c>'
    stream = with_part("xl/worksheets/sheet1.xml", b'<c r="A1"><v>1</v></c>', new)
    assert [dict(row.cells) for row in GridBook(stream).rows("S")] == [{1: "Hoa", 2: 5}]


def test_columns_beyond_the_last_are_not_read() -> None:
    assert max(values([1] * (MAX_COLUMNS + 20))[0]) == MAX_COLUMNS


def test_columns_are_called_by_letters() -> None:
    assert [letters(one) for one in (1, 26, 27, 100)] == ["A", "Z", "AA", "CV"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"<html>"])
def test_what_is_no_workbook_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable):
        GridBook(BytesIO(content))


def test_a_sheet_with_a_document_type_is_refused() -> None:
    new = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><worksheet'
    with pytest.raises(Unreadable):
        list(GridBook(with_part("xl/worksheets/sheet1.xml", b"<worksheet", new)).rows("S"))


def test_an_unknown_sheet_and_a_cut_off_one_are_refused() -> None:
    with pytest.raises(Unreadable):
        list(book_of(["a"]).rows("Không có"))
    with pytest.raises(Unreadable):
        list(GridBook(with_part("xl/worksheets/sheet1.xml", b"</sheetData>", b"")).rows("S"))


def with_part(name: str, old: bytes, new: bytes) -> BytesIO:
    """A workbook with one cell, a part of which is written otherwise."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "S"
    sheet["A1"] = 1
    stream = BytesIO()
    with zipfile.ZipFile(saved(book)) as source, zipfile.ZipFile(stream, "w") as target:
        for part in source.namelist():
            content = source.read(part)
            if part == name:
                content = content.replace(b' t="n"', b"")
                assert old in content, content
            target.writestr(part, content.replace(old, new, 1) if part == name else content)
    return stream
