"""How values of measures are read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from programmes.measures.trend_chart import Drawn, marks_of
from programmes.measures.values import DONG
from programmes.measures.words import KNOWN, PROJECTED, projected

END = date(2025, 12, 31)


@pytest.mark.parametrize(
    ("unit", "value", "text"),
    [
        ("household", "12.4", "≈ 12"),
        ("percent", "61.25", "≈ 61,3%"),
        (DONG, "19617540365.3", "≈ 19.618 triệu đồng"),
    ],
)
def test_a_projection_is_rounded_as_its_unit_is_counted(unit: str, value: str, text: str) -> None:
    with translation.override("vi"):
        assert projected(unit, Decimal(value)) == text


def test_a_chart_of_money_writes_millions_and_leaves_the_word_to_its_axis() -> None:
    points = [
        Drawn(date(2023, 12, 31), KNOWN, Decimal(16_921_000_000)),
        Drawn(END, PROJECTED, Decimal("19617540365.3")),
    ]
    with translation.override("vi"):
        marks = marks_of(points, DONG)
    assert [mark.text for mark in marks] == ["16.921", "≈ 19.618"]
