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
