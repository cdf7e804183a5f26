"""Amounts are read in the declared format; the other one is named, never taken."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mongcai_portal.common.numbers import NumberFault, format_decimal
from programmes.rules.money import HIGHEST, looks_like_other, money_of, parse_money


@pytest.mark.parametrize(
    ("text", "language", "unit", "amount"),
    [
        ("1.500.000.000", "vi", 1, 1_500_000_000), ("1500000000", "vi", 1, 1_500_000_000),
        ("500.000", "vi", 1, 500_000), ("500,000", "en", 1, 500_000), ("-1.000", "vi", 1, -1_000),
        ("1.234,5", "vi", 1_000_000, 1_234_500_000), ("1,234.5", "en", 1_000_000, 1_234_500_000),
        ("423.000", "vi", 10**9, 423_000_000_000_000), ("0", "vi", 1, 0), ("12 000 đ", "vi", 1, 12_000),
        ("1.500 đồng", "vi", 1, 1_500), ("0,5", "vi", 1_000, 500),
    ],
)  # fmt: skip
def test_an_amount_is_read_in_its_format_and_unit(text: str, language: str, unit: int, amount: int) -> None:
    assert parse_money(text, language, unit) == amount


@pytest.mark.parametrize(
    ("text", "language", "unit", "code", "meant"),
    [
        ("1,500,000", "vi", 1, "wrong_format", ("1.500.000",)),
        ("1.500.000", "en", 1, "wrong_format", ("1,500,000",)),
        ("500,000", "vi", 1, "wrong_format", ("500.000",)),
        ("1,234.5", "vi", 1_000_000, "wrong_format", ("1.234,5",)),
        ("1.50.000", "vi", 1, "wrong_format", ()),
        ("1.500,5", "vi", 1, "not_whole", ()),
        ("0,0000001", "vi", 1_000_000, "not_whole", ()),
        ("một tỷ", "vi", 1, "not_a_number", ()), ("", "vi", 1, "not_a_number", ()),
        ("1e9", "vi", 1, "not_a_number", ()),
        ("9.999.999.999.999.999", "vi", 1, "too_long", ()),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named_with_what_was_probably_meant(
    text: str, language: str, unit: int, code: str, meant: tuple[str, ...]
) -> None:
    with pytest.raises(NumberFault) as error:
        parse_money(text, language, unit)
    assert (error.value.code, error.value.suggestions) == (code, meant)


@given(st.integers(-HIGHEST, HIGHEST), st.sampled_from(("vi", "en")))
def test_every_amount_that_is_written_is_read_again(amount: int, language: str) -> None:
    assert parse_money(format_decimal(amount, language, grouping=True), language) == amount


@given(st.integers(1_000_000, HIGHEST))
def test_an_amount_of_a_million_is_never_read_in_the_other_format(amount: int) -> None:
    with pytest.raises(NumberFault) as error:
        parse_money(format_decimal(amount, "en", grouping=True), "vi")
    assert error.value.code == "wrong_format"


def test_true_numbers_are_counted_in_their_unit() -> None:
    assert money_of(Decimal("1.5"), 1_000_000) == 1_500_000
    with pytest.raises(NumberFault):
        money_of(Decimal("1.5"))


@pytest.mark.parametrize(
    ("text", "language", "odd"),
    [
        ("1,234", "vi", True),
        ("1.234", "en", True),
        ("1,23", "vi", False),
        ("1.234", "vi", False),
        ("0,234", "vi", False),
    ],
)
def test_a_fraction_of_three_digits_is_doubted(text: str, language: str, odd: bool) -> None:
    assert looks_like_other(text, language) is odd
