"""The projection of a trend in words, and the table beside its chart."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import translation

from programmes.measures.series import Trend
from programmes.presenters.trend import projection_words
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
