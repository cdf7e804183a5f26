"""OCOP in words."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from programmes.presenters.ocop_words import left_text

EXPIRES = date(2027, 1, 7)  # the first day on which the certificate no longer holds


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2026, 11, 27), "còn 40 ngày, đến hết 06/01/2027"),
        (date(2027, 1, 6), "còn 0 ngày, đến hết 06/01/2027"),
        (date(2027, 1, 7), "đã hết hiệu lực sau ngày 06/01/2027"),
    ],
)
def test_days_left_are_counted_to_the_last_day_on_which_a_certificate_holds(day: date, text: str) -> None:
    with translation.override("vi"):
        assert left_text(EXPIRES, day) == text
