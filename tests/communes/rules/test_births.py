"""A birth is read as people write it, and no more exactly than that."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communes.rules.births import read_birth, write_birth


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("02/01/1980", (date(1980, 1, 2), "day")),
        (" 2.1.1980 ", (date(1980, 1, 2), "day")),
        ("2-1-1980", (date(1980, 1, 2), "day")),
        ("1980-01-02", (date(1980, 1, 2), "day")),
        ("05/2010", (date(2010, 5, 1), "month")),
        ("2010-05", (date(2010, 5, 1), "month")),
        ("1948", (date(1948, 1, 1), "year")),
        ("29/02/2024", (date(2024, 2, 29), "day")),
        ("29/02/2023", None),
        ("13/2010", None),
        ("32/01/2010", None),
        ("01/02/80", None),
        ("hôm qua", None),
        ("", None),
        ("0000", None),
        ("1/1/1/2000", None),
    ],
)
def test_a_birth_is_read_day_first_or_not_at_all(text: str, found: tuple[date, str] | None) -> None:
    assert read_birth(text) == found


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.sampled_from(["day", "month", "year"]))
def test_what_is_written_is_read_again(born: date, precision: str) -> None:
    first = {"day": born, "month": born.replace(day=1), "year": born.replace(month=1, day=1)}[precision]
    assert read_birth(write_birth(first, precision)) == (first, precision)


@given(st.text(max_size=12))
def test_nothing_that_is_typed_breaks_it(text: str) -> None:
    found = read_birth(text)
    assert found is None or found[1] in ("day", "month", "year")
