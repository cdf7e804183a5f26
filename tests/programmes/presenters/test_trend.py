"""The projection of a trend in words, and the table beside its chart."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import translation

from programmes.measures.series import Trend
from programmes.measures.values import DONG, Point
from programmes.presenters.trend import projection_words, trend_view
from programmes.rules.projection import Known, Projection

END = date(2025, 12, 31)


@pytest.mark.parametrize("points", [1, 3])
def test_a_projection_is_said_once_in_english(points: int) -> None:
    trend = Trend((), (), END, Projection(ends=Known(END, Decimal(12)), points=points))
    value: Any = SimpleNamespace(unit="household", unit_label="households")
    with translation.override("en"):
        text, refusal = projection_words(trend, value)
    assert text.startswith(f"If it goes on as the {points} known figure")
    assert text.count("not a plan.") == text.count("least squares") == 1 and not refusal


@pytest.mark.parametrize(
    ("unit", "heading", "values"),
    [(DONG, "triệu đồng", ["16.921", "≈ 19.618"]), ("household", "", ["16.921.000.000", "≈ 19.617.540.365"])],
)
def test_a_table_of_money_says_its_unit_once_and_others_stay_as_they_are(
    unit: str, heading: str, values: list[str]
) -> None:
    ends = Known(END, Decimal("19617540365.3"))
    trend = Trend((Point(date(2023, 12, 31), Decimal(16_921_000_000)),), (), END, Projection(ends=ends, points=3))
    found: Any = SimpleNamespace(
        trend=trend, value=SimpleNamespace(unit=unit, unit_label="đồng", label="Vốn", code="money.all.disbursed")
    )
    world: Any = SimpleNamespace(as_of=END, area=SimpleNamespace(uid="mong-cai"), group_asked=None)
    with translation.override("vi"):
        view = trend_view(found, world)
    assert view is not None and view.unit == heading
    assert [row.value for row in view.rows] == values
