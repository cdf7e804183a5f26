"""What may be declared of a file, how its headings are found, and what a source remembers of its columns."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communes.rules.register_files.fields import BY_KEY, FIELDS, heading_rows, proposed
from communes.rules.register_files.layout import (
    Layout,
    headings_of,
    layout_faults,
    means,
    recalled,
    remembered,
    with_words,
)

COLUMNS = {"code": 1, "village": 2, "name": 3, "relation": 4, "birth_date": 5}
GOOD = Layout(sheet="S", columns=COLUMNS, day_shapes=("dmy",))


def codes(layout: Layout) -> set[tuple[str, str, str]]:
    return {(fault.about, fault.code, fault.field) for fault in layout_faults(layout)}


def test_a_whole_declaration_has_no_fault() -> None:
    assert layout_faults(GOOD) == []


@pytest.mark.parametrize(
    ("over", "fault"),
    [
        ({"head_first": 3, "head_last": 2}, ("head_last", "rows", "")),
        ({"head_last": 9, "data_first": 10}, ("head_last", "rows", "")),
        ({"data_first": 1}, ("data_first", "rows", "")),
        ({"columns": {key: at for key, at in COLUMNS.items() if key != "code"}}, ("columns", "required", "code")),
        (
            {"columns": {key: at for key, at in COLUMNS.items() if key != "relation"}},
            ("columns", "required", "relation"),
        ),
        ({"columns": {**COLUMNS, "sex": 3}}, ("columns", "twice", "sex")),
        ({"day_shapes": ()}, ("day_shapes", "no_shape", "")),
        ({"day_shapes": ("dmy", "mdy")}, ("day_shapes", "two_orders", "")),
        ({"day_shapes": ("dmy", "guess")}, ("day_shapes", "unknown", "")),
        ({"number_format": "de"}, ("number_format", "unknown", "")),
        ({"income_unit": 7}, ("income_unit", "unknown", "")),
        ({"rows_are": "?"}, ("rows_are", "unknown", "")),
        ({"columns": {**COLUMNS, "shoe_size": 9}}, ("columns", "unknown", "")),
    ],
)
def test_each_fault_of_a_declaration_is_named(over: dict[str, Any], fault: tuple[str, str, str]) -> None:
    assert fault in codes(replace(GOOD, **over))


def test_a_list_of_heads_needs_no_relation() -> None:
    columns = {key: at for key, at in COLUMNS.items() if key != "relation"}
    assert layout_faults(replace(GOOD, rows_are="heads", columns=columns)) == []


def test_a_declaration_comes_back_from_where_it_is_kept() -> None:
    full = with_words(replace(GOOD, words={"sex": {"20": "female"}}), {("relation", "Cháu"): "grandchild"})
    assert Layout.of_json(full.as_json()) == full


def test_a_word_is_declared_to_mean_what_its_field_knows() -> None:
    told = with_words(GOOD, {("relation", "Cháu"): "grandchild", ("sex", "2"): "robot", ("address", "x"): "y"})
    assert told.words == {"relation": {"chau4": "grandchild"}}
    assert means("farming") == ("yes", "no") and means("address") == ()


def test_a_merged_heading_stands_over_each_of_its_columns() -> None:
    rows = {3: {1: "Mã hộ", 2: "Chủ hộ"}, 4: {2: "Họ tên", 3: "Ngày sinh"}}
    merged = {(4, 1): (3, 1), (3, 3): (3, 2)}
    assert headings_of(rows, merged, 3, 4) == {1: "Mã hộ", 2: "Chủ hộ › Họ tên", 3: "Chủ hộ › Ngày sinh"}


def test_columns_are_proposed_by_their_headings() -> None:
    headings = {1: "STT", 2: "MÃ HỘ", 3: "Chủ hộ › Họ và tên", 4: "Thôn/bản", 5: "ngay sinh", 6: "Họ tên"}
    assert proposed(headings) == {"code": 2, "name": 3, "village": 4, "birth_date": 5}


def test_the_row_with_the_most_known_headings_holds_them() -> None:
    rows = [(1, {1: "DANH SÁCH HỘ NGHÈO"}), (3, {1: "STT", 2: "Mã hộ", 3: "Họ và tên"}), (4, {1: "1", 2: "H1"})]
    assert heading_rows(rows) == 3
    assert heading_rows([(1, {1: "Họ và tên"})]) is None


def test_a_heading_names_one_field_only() -> None:
    for field in FIELDS:
        assert proposed({1: field.headings[0]}) == {field.key: 1}
    assert len(BY_KEY) == len(FIELDS)


@given(st.permutations(["Mã hộ", "Họ tên", "Họ tên", "Thôn", "Ngày sinh"]))
def test_a_source_finds_its_columns_wherever_they_stand_in_the_next_file(order: list[str]) -> None:
    first = dict(enumerate(["Mã hộ", "Họ tên", "Họ tên", "Thôn", "Ngày sinh"], start=1))
    kept = remembered({"code": 1, "name": 3, "village": 4}, first)
    then = dict(enumerate(order, start=5))
    found = recalled(kept, then)
    assert then[found["code"]] == "Mã hộ" and then[found["village"]] == "Thôn"
    assert found["name"] == [column for column, text in then.items() if text == "Họ tên"][1]


def test_a_column_that_is_not_in_the_next_file_is_left_out() -> None:
    kept = remembered({"code": 1, "name": 2}, {1: "Mã hộ", 2: "Họ tên"})
    assert recalled(kept, {1: "Mã hộ"}) == {"code": 1}
