"""Numbers as officials type them, in both languages; nothing is guessed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mongcai_portal.common.numbers import (
    NumberFault,
    format_decimal,
    parse_decimal,
    parse_plain,
    percentage,
    plain,
    round_half_up,
)


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("96,4", "vi", "96.4"),
        ("1.234,5", "vi", "1234.5"),
        ("1.234.567", "vi", "1234567"),
        ("0", "vi", "0"),
        (" 96,4 % ", "vi", "96.4"),
        ("-3", "vi", "-3"),
        ("0.5", "en", "0.5"),
        ("1,234.5", "en", "1234.5"),
        ("76611", "vi", "76611"),
        ("−2,5", "vi", "-2.5"),
        ("0,125", "vi", "0.125"),
    ],
)
def test_a_number_in_the_readers_form_is_read(text: str, language: str, value: str) -> None:
    assert parse_decimal(text, language) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "language", "code", "suggestions"),
    [
        ("12a", "vi", "not_a_number", ()),
        ("", "vi", "not_a_number", ()),
        ("--3", "vi", "not_a_number", ()),
        ("1,234.5", "vi", "wrong_format", ("1234,5",)),
        ("96.4", "vi", "wrong_format", ("96,4",)),
        ("1.234,5", "en", "wrong_format", ("1234.5",)),
        ("76.611", "vi", "ambiguous", ("76611", "76,611")),
        ("76,611", "en", "ambiguous", ("76611", "76.611")),
        ("1,2,3", "vi", "wrong_format", ()),
        ("1" * 12, "vi", "too_long", ()),
        ("0,12345", "vi", "too_long", ()),
        (".", "vi", "not_a_number", ()),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_was_meant(
    text: str, language: str, code: str, suggestions: tuple[str, ...]
) -> None:
    with pytest.raises(NumberFault) as caught:
        parse_decimal(text, language)
    assert (caught.value.code, caught.value.suggestions) == (code, suggestions)


@given(st.decimals(-99999999999, 99999999999, places=4, allow_nan=False), st.sampled_from(["vi", "en"]))
def test_what_is_written_is_read_back(value: Decimal, language: str) -> None:
    assert parse_decimal(format_decimal(value, language), language) == value


@pytest.mark.parametrize("text", ["1e5", "1,5", "", "+1", "0x1", "NaN", "1.23456"])
def test_the_plain_form_takes_digits_and_a_point_only(text: str) -> None:
    with pytest.raises(NumberFault):
        parse_plain(text)


def test_the_plain_form_is_read_and_written() -> None:
    assert parse_plain("-12.50") == Decimal("-12.5")
    assert plain(Decimal("40.0000")) == "40"
    assert plain(Decimal("-0.0")) == "0"
    assert plain(Decimal("1E+3")) == "1000"


def test_a_number_is_written_in_the_readers_form() -> None:
    assert format_decimal(Decimal("76.611"), "vi") == "76,611"
    assert format_decimal(1234567, "vi", grouping=True) == "1.234.567"
    assert format_decimal(Decimal("1234.5"), "en", grouping=True) == "1,234.5"
    assert format_decimal(Decimal(40), "vi", places=1) == "40,0"


def test_a_ratio_is_rounded_half_up_and_empty_over_nobody() -> None:
    assert percentage(2, 5) == Decimal("40.0")
    assert percentage(1, 8) == Decimal("12.5")
    assert percentage(1, 16) == Decimal("6.3")
    assert percentage(0, 0) is None
    assert round_half_up(Decimal("0.25")) == Decimal("0.3")
