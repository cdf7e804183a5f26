"""A list's columns are proposed by their headings, its classes are words that mean one thing."""

from __future__ import annotations

import pytest

from communes.rules.register_files.list_layout import ListLayout, found_in, layout_faults, proposed, status_of


def test_headings_name_their_columns_with_or_without_tone_marks() -> None:
    headings = {1: "STT", 2: "MÃ HỘ", 3: "Ho va ten chu ho", 4: "Thôn/bản", 5: "Phân loại", 6: "Mã số hộ"}
    assert proposed(headings) == {"code": 2, "head": 3, "village": 4, "status": 5}


def test_the_row_with_most_headings_is_taken() -> None:
    rows = [(1, {1: "Danh sách hộ nghèo"}), (4, {2: "Mã hộ", 3: "Chủ hộ"}), (5, {1: "1", 2: "Thôn"})]
    assert found_in("S", rows) == ListLayout("S", 4, 5, {"code": 2, "head": 3})
    assert found_in("S", [(1, {1: "x"})]) == ListLayout("S", 1, 2, {})


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Hộ nghèo", "poor"), ("HN", "poor"), ("cận  nghèo", "near_poor"), ("HỘ CẬN NGHÈO", "near_poor"),
        ("Không nghèo", "not_poor"), ("Thoát cận nghèo", "not_poor"), ("Near poor", "near_poor"),
        # Who left the poor may be near poor now: the word says no class.
        ("Thoát nghèo", "escaped"), ("hộ thoát nghèo", "escaped"), ("nghèo bền vững", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_word_means_a_class_or_nothing(word: str, status: str) -> None:
    assert status_of(word) == status


def test_what_a_layout_lacks_is_named() -> None:
    whole = ListLayout("S", 1, 2, {"head": 1, "village": 2})
    assert layout_faults(whole, whole="") == [("status", "required")]
    assert layout_faults(whole, whole="poor") == []
    assert layout_faults(ListLayout("S", 2, 2, {"status": 1, "code": 1}), whole="") == [
        ("head", "required"), ("status", "twice"), ("first", "rows"),
    ]  # fmt: skip
    assert layout_faults(ListLayout("S", 31, 32, {"head": 1, "code": 2, "status": 3}), whole="") == [("first", "rows")]
