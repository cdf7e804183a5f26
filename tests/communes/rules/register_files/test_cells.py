"""A cell is read in the declared format and shape, and in no other."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communes.rules.register_files.cells import (
    Birth,
    Wrong,
    read_birth,
    read_identity,
    read_money,
    read_text,
    read_word,
    read_yes_no,
    shown,
    text_of,
)
from communes.rules.register_files.layout import SHAPES, Layout
from communes.rules.register_files.words import CODES, code_of

DAYS = st.dates(date(1928, 1, 1), date(2026, 1, 1))


def layout(**over: Any) -> Layout:
    return Layout(**{"sheet": "S", **over})


def of(raw: Any, *shapes: str) -> tuple[date, str] | str:
    found = read_birth(raw, layout(day_shapes=shapes))
    return found.code if isinstance(found, Wrong) else (found.day, found.precision)


@given(DAYS)
def test_a_day_is_read_in_its_declared_order(day: date) -> None:
    assert of(f"{day.day:02d}/{day.month:02d}/{day.year}", "dmy") == (day, "day")
    assert of(f"{day.month}/{day.day}/{day.year}", "mdy") == (day, "day")
    assert of(f"{day.year}-{day.month:02d}-{day.day:02d}", "ymd") == (day, "day")
    assert of(day, "true_date") == of(datetime(day.year, day.month, day.day), "true_date") == (day, "day")  # noqa: DTZ001


@given(DAYS)
def test_no_shape_is_read_that_was_not_declared(day: date) -> None:
    written = {
        "dmy": f"{day.day}/{day.month}/{day.year}", "ymd": day.isoformat(), "month": f"{day.month}/{day.year}",
        "year": str(day.year), "serial": (day - date(1899, 12, 30)).days, "true_date": day,
    }  # fmt: skip
    for shape, raw in written.items():
        others = tuple(one for one in SHAPES if one not in (shape, "dmy", "mdy"))
        assert of(raw, *others) == "shape", (shape, raw)


@pytest.mark.parametrize(
    ("raw", "shapes", "found"),
    [
        ("04/1980", ("month",), (date(1980, 4, 1), "month")),
        ("1980", ("year",), (date(1980, 1, 1), "year")),
        (1980, ("year",), (date(1980, 1, 1), "year")),
        (29314, ("serial",), (date(1980, 4, 3), "day")),
        ("29314", ("serial",), (date(1980, 4, 3), "day")),
        ("03.04.1980", ("dmy",), (date(1980, 4, 3), "day")),
        (" 3 - 4 - 1980 ", ("dmy",), (date(1980, 4, 3), "day")),
        ("25/04/1980", ("mdy",), "other_order"),
        ("04/25/1980", ("dmy",), "other_order"),
        ("31/02/1980", ("dmy",), "not_a_day"),
        ("03/04/80", ("dmy",), "short_year"),
        ("80", ("year",), "not_a_day"),
        ("13/1980", ("month",), "not_a_day"),
        ("khoảng 1980", ("year", "dmy"), "not_a_day"),
        ("0000", ("year",), "not_a_day"),
        (True, ("year",), "not_a_day"),
        (1980.5, ("year", "serial"), "not_a_day"),
    ],
)
def test_a_birth_is_what_it_says_or_a_fault(raw: Any, shapes: tuple[str, ...], found: Any) -> None:
    assert of(raw, *shapes) == found


def test_a_true_date_is_told_from_a_text() -> None:
    assert read_birth(date(1980, 4, 3), layout(day_shapes=("true_date",))) == Birth(date(1980, 4, 3), "day", True)


@pytest.mark.parametrize(
    ("raw", "format", "unit", "found"),
    [
        ("1.500.000", "vi", 1, 1_500_000),
        ("500.000", "vi", 1, 500_000),
        ("500,000", "en", 1, 500_000),
        ("1,5", "vi", 1_000_000, 1_500_000),
        ("1.5", "en", 1_000_000, 1_500_000),
        (1_500_000, "vi", 1, 1_500_000),
        (1.5, "vi", 1_000_000, 1_500_000),
        ("0", "vi", 1, 0),
        ("1,500,000", "vi", 1, "wrong_number"),
        ("1.500.000,5", "vi", 1, "not_whole"),
        ("một triệu rưỡi", "vi", 1, "not_a_number"),
        ("1.500.000đ", "vi", 1, "not_a_number"),
        ("-5", "vi", 1, "negative"),
        ("99999999999", "vi", 1_000_000, "beyond_limits"),
        (date(2020, 1, 1), "vi", 1, "not_a_number"),
        (True, "vi", 1, "not_a_number"),
    ],
)
def test_income_is_read_in_the_declared_format_and_unit(raw: Any, format: str, unit: int, found: Any) -> None:
    got = read_money(raw, layout(number_format=format, income_unit=unit))
    assert (got.code if isinstance(got, Wrong) else got) == found


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ("022280001234", "022280001234"),
        ("022 280 001234", "022280001234"),
        ("100123456", "100123456"),
        (22280001234, "zero_lost"),
        ("22280001234", "zero_lost"),
        (1080001234, "zero_lost"),
        ("122280001234", "malformed"),
        ("02228000123A", "malformed"),
        ("12345", "malformed"),
    ],
)
def test_an_identity_number_has_its_form(raw: Any, found: str) -> None:
    got = read_identity(raw)
    assert (got.code if isinstance(got, Wrong) else got) == found


@pytest.mark.parametrize(
    ("field", "raw", "code"),
    [
        ("relation", "Chủ hộ", "head"),
        ("relation", "CHU HO", "head"),
        ("relation", "Con dâu", "child_in_law"),
        ("relation", "Ba", "parent"),
        ("relation", "Bà", "grandparent"),
        ("relation", "cháu", None),
        ("sex", "nu", "female"),
        ("ethnicity", "Dao", "09"),
        ("ethnicity", 9, "09"),
        ("ethnicity", "H'Mông", "08"),
        ("ethnicity", "sán dìu", "18"),
        ("education", "THPT", "upper_secondary"),
        ("nutrition", "Thấp còi", "stunted"),
        ("sex", "khác", None),
    ],
)
def test_a_word_is_known_or_asked_for(field: str, raw: Any, code: str | None) -> None:
    got = read_word(field, raw, layout())
    assert got == code if code else isinstance(got, Wrong) and got.code == "unknown_word"


def test_the_files_own_words_come_first() -> None:
    own = layout(
        words={"relation": {"chau4": "grandchild", "con0": "step_child"}, "sex": {"2": "female", "20": "female"}}
    )
    assert read_word("relation", "Cháu", own) == "grandchild"
    assert read_word("relation", "con", own) == "step_child"
    assert read_word("sex", 2, own) == "female"


def test_no_word_of_the_list_means_two_things() -> None:
    for field, codes in CODES.items():
        for code, words in codes.items():
            assert {code_of(field, word, {}) for word in words} == {code}, (field, code)


@pytest.mark.parametrize(
    ("raw", "found"), [("x", True), ("Có", True), (1, True), (True, True), ("Không", False), (0, False), ("Ko", False)]
)
def test_yes_and_no_are_read(raw: Any, found: bool) -> None:
    assert read_yes_no("farming", raw, layout()) is found


def test_neither_yes_nor_no_is_a_fault() -> None:
    assert read_yes_no("farming", "chưa rõ", layout()) == Wrong("unknown_word", {"word": "chưa rõ"})


def test_a_text_that_is_too_long_or_unreadable_is_refused() -> None:
    assert read_text("a" * 41, 40) == Wrong("too_long", {"longest": "40"})
    assert read_text("a\x07b", 40) == Wrong("unprintable")
    assert read_text("  Tổ\n 5 ", 40) == "Tổ 5"


@given(st.integers(0, 10**12 - 1), st.sampled_from(["{:012d}", "{:09d}", "số {:012d}", "{:012d}/CA"]))
def test_whatever_could_be_an_identity_number_is_never_repeated(number: int, form: str) -> None:
    digits = "".join(sign for sign in shown(form.format(number)) if sign.isdigit())
    assert len(digits) < 9


def test_grouped_digits_are_hidden_too() -> None:
    assert shown("022 280 001234") == shown("022.280.001.234") == shown(22280001234.0) == "•••"


def test_a_number_is_written_without_its_point() -> None:
    assert (text_of(7.0), text_of(7.5), text_of(None), text_of(" a\u200b ")) == ("7", "7.5", "", "a")
