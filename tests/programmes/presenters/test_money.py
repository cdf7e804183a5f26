"""Amounts and rates as read."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import translation

from programmes.presenters.money import pace


@pytest.mark.parametrize(
    ("rate", "text"),
    [("99.94", "99,9%"), ("99.95", "<100%"), ("99.9999", "<100%"), ("100", "100%"), ("0", "0%"), (None, "–")],
)
def test_what_is_not_all_spent_never_reads_as_all(rate: str | None, text: str) -> None:
    with translation.override("vi"):
        assert pace(None if rate is None else Decimal(rate), Decimal(100)).text == text


@pytest.mark.parametrize(
    ("rate", "time", "spent", "given"),
    [
        ("100", 50, "đã giải ngân hết", "đã huy động đủ"),
        ("40", 100, "chưa giải ngân hết trong năm", "chưa huy động đủ trong năm"),
        ("10", 50, "chậm so với thời gian của năm", "chậm so với thời gian của năm"),
    ],
)
def test_what_people_give_is_mobilised_and_not_disbursed(rate: str, time: int, spent: str, given: str) -> None:
    with translation.override("vi"):
        assert pace(Decimal(rate), Decimal(time)).word == spent
        assert pace(Decimal(rate), Decimal(time), mobilised=True).word == given
