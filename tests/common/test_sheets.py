"""Workbooks from people's desks: every oddity has its address, and nothing is guessed."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook

from mongcai_portal.common.numbers import NumberFault
from mongcai_portal.common.sheets import Column, SheetCell, SheetSpec, day_of, number_of, read_book

SPEC = SheetSpec(
    "values",
    ("Số liệu", "Values"),
    (
        Column("unit", ("Xã", "Commune")),
        Column("value", ("Giá trị", "Value")),
        Column("note", ("Ghi chú", "Note"), required=False),
    ),
)
HEAD = ("Xã", "Giá trị", "Ghi chú")


def book(*rows: tuple[Any, ...], head: tuple[Any, ...] = HEAD, change: Callable[[Any], None] | None = None) -> BytesIO:
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "Số liệu"
    for row in (head, *rows):
        sheet.append(row)
    if change:
        change(sheet)
    stream = BytesIO()
    workbook.save(stream)
    return stream


def faults(stream: BytesIO, **more: Any) -> list[tuple[str, str]]:
    return [(f.pointer, f.code) for f in read_book(stream, [SPEC], **more).all_faults]


def test_rows_are_read_with_their_addresses_and_empty_ones_passed_over() -> None:
    found = read_book(book(("Hải Sơn", 12.5), (None, None), ("  ", "\u00a0"), ("Bắc Sơn", 0)), [SPEC])
    rows = found.sheets["values"].rows
    assert [(row.number, row.text("unit"), row.cells["value"].value) for row in rows] == [
        (2, "Hải Sơn", 12.5),
        (5, "Bắc Sơn", 0),
    ]
    assert rows[1].cells["value"].address == "Số liệu!B5"
    assert rows[1].where("note") == "Số liệu!C5"
    assert found.all_faults == []


def test_headings_and_sheet_are_known_in_both_languages_and_spellings() -> None:
    import unicodedata

    head = (unicodedata.normalize("NFD", "Xã"), "VALUE", "ghi chú ")
    found = read_book(book(("Hải Sơn", 1), head=head, change=lambda s: setattr(s, "title", "values")), [SPEC])
    assert found.all_faults == []
    assert found.sheets["values"].rows[0].text("unit") == "Hải Sơn"


def test_missing_unknown_and_double_headings_are_named() -> None:
    assert faults(book(head=("Xã", "Xã", "Thôn"))) == [
        ("Số liệu!B1", "duplicate_column"),
        ("Số liệu!C1", "unknown_column"),
        ("Số liệu!1:1", "missing_column"),
    ]


def test_a_workbook_without_the_sheet_says_so() -> None:
    found = read_book(book(change=lambda s: setattr(s, "title", "Sheet1")), [SPEC])
    assert [f.code for f in found.all_faults] == ["no_sheet"]
    assert found.ignored == ("Sheet1",)


def test_merged_cells_are_named_by_their_range() -> None:
    stream = book(("A", 1), ("B", 2), ("C", 3), change=lambda s: s.merge_cells("A2:A3"))
    found = read_book(stream, [SPEC]).all_faults
    assert [(f.pointer, f.code) for f in found] == [("Số liệu!A2", "merged")]
    assert "A2:A3" in found[0].message


def test_a_merged_heading_of_one_row_is_no_fault() -> None:
    assert faults(book(("A", 1), head=("Xã", "Giá trị", "Ghi chú"), change=lambda s: s.merge_cells("C1:D1"))) == []


def test_hidden_rows_columns_and_sheets_with_content_are_named() -> None:
    def hide(sheet: Any) -> None:
        sheet.row_dimensions[3].hidden = True
        sheet.row_dimensions[9].hidden = True  # empty: nobody minds
        sheet.column_dimensions["C"].hidden = True

    assert faults(book(("A", 1), ("B", 2), change=hide)) == [
        ("Số liệu!C1", "hidden_column"),
        ("Số liệu!A3", "hidden_row"),
    ]

    def hide_sheet(sheet: Any) -> None:
        sheet.parent.create_sheet("Khác")
        sheet.sheet_state = "hidden"

    assert faults(book(("A", 1), change=hide_sheet)) == [("Số liệu", "hidden_sheet")]


def test_a_formula_without_its_result_is_named_and_one_with_a_result_is_read() -> None:
    stream = book(("A", "=1+1"))
    assert faults(stream) == [("Số liệu!B2", "uncomputed")]
    computed = _rewritten(stream, b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>")
    found = read_book(computed, [SPEC])
    assert found.all_faults == []
    assert found.sheets["values"].rows[0].cells["value"].value == 2


def _rewritten(stream: BytesIO, old: bytes, new: bytes) -> BytesIO:
    out = BytesIO()
    with zipfile.ZipFile(stream) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name.endswith("sheet1.xml"):
                assert old in content or old.replace(b" /", b"/") in content, content
                content = content.replace(old, new).replace(old.replace(b" /", b"/"), new)
            target.writestr(name, content)
    return out


def test_a_formula_that_failed_is_named() -> None:
    def fail(sheet: Any) -> None:
        sheet["B2"].value = "#DIV/0!"
        sheet["B2"].data_type = "e"

    assert faults(book(("A", 1), change=fail)) == [("Số liệu!B2", "cell_error")]


def test_what_lies_outside_the_columns_is_named() -> None:
    assert faults(book(("A", 1, "", "rác"))) == [("Số liệu!D2", "no_heading")]


def test_a_sheet_that_is_too_long_is_refused_at_its_first_row_too_many() -> None:
    rows = [("A", n) for n in range(6)]
    assert faults(book(*rows), max_rows=5) == [("Số liệu!A7", "too_many_rows")]
    assert faults(book(*rows[:5]), max_rows=5) == []


def test_of_many_faults_of_one_kind_the_rest_are_counted() -> None:
    found = read_book(book(*[("A", "=1+1")] * 250), [SPEC]).all_faults
    assert len(found) == 201
    assert "50" in found[-1].message


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no", b"<html>"])
def test_what_cannot_be_read_is_damaged(content: bytes) -> None:
    assert [f.code for f in read_book(BytesIO(content), [SPEC]).all_faults] == ["damaged"]


def test_a_sheet_with_a_document_type_is_not_read() -> None:
    bad = _rewritten(book(("A", 1)), b"<worksheet", b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet')
    assert faults(bad) == [("", "damaged")]


def cell(value: Any, number_format: str = "General") -> SheetCell:
    return SheetCell("S", 2, 2, value, number_format)


@pytest.mark.parametrize(
    ("value", "number_format", "expected"),
    [
        (96.4, "General", Decimal("96.4")),
        (0, "General", Decimal(0)),
        (0.1 + 0.2, "General", Decimal("0.3")),
        (1e10, "General", Decimal(10000000000)),
        (0.964, "0.0%", Decimal("96.4")),
        (0.964, '0.0"%"', Decimal("0.964")),
        ("96,4", "@", "96,4"),
        (True, "General", "True"),
    ],
)
def test_numbers_are_what_the_cell_holds(value: Any, number_format: str, expected: object) -> None:
    assert number_of(cell(value, number_format), percent=True) == expected


@pytest.mark.parametrize(
    ("value", "number_format", "code"),
    [
        (date(2023, 4, 1), "General", "date"),
        (0.5, "0%", "percent"),
        (1 / 3, "General", "too_long"),
        (1e15, "General", "too_long"),
    ],
)
def test_what_is_no_plain_number_is_refused(value: Any, number_format: str, code: str) -> None:
    with pytest.raises(NumberFault) as error:
        number_of(cell(value, number_format))
    assert error.value.code == code


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (date(2022, 7, 22), (date(2022, 7, 22), False)),
        ("22/07/2022", (date(2022, 7, 22), False)),
        ("2/7/2022", (date(2022, 7, 2), False)),
        (2019, (date(2019, 12, 31), True)),
        ("2019", (date(2019, 12, 31), True)),
    ],
)
def test_days_are_true_dates_vietnamese_texts_or_years(value: Any, expected: tuple[date, bool]) -> None:
    assert day_of(cell(value)) == expected


@pytest.mark.parametrize("value", ["2022-07-22", "22.07.2022", "31/02/2022", "07/22/2022", 44764, "22/7/22", "hôm qua"])
def test_other_ways_to_write_a_day_are_refused(value: Any) -> None:
    with pytest.raises(ValueError, match=".*"):
        day_of(cell(value))


def test_workbooks_are_read_without_entities() -> None:
    from openpyxl.xml import DEFUSEDXML, LXML

    assert DEFUSEDXML and not LXML
