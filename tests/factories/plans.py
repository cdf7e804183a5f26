"""Figures with their sources and plans, as rows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from communes.models import Unit
from programmes.models import ObservedStatistic, Target


def make_figure(unit: Unit, **over: Any) -> ObservedStatistic:
    """Three cooperatives at the end of 2023, unless something else is said."""
    fields: dict[str, Any] = {
        "measure": "cooperatives.effective.count", "as_of": date(2023, 12, 31), "value": Decimal(3),
        "provenance": "sourced", "source": "Báo cáo 12/BC-UBND", "recorded_at": timezone.now(),
        "recorded_by": "Cán bộ xã", **over,
    }  # fmt: skip
    return ObservedStatistic.records.create(area=unit, **fields)


def make_target(unit: Unit, **over: Any) -> Target:
    """Six cooperatives by the end of 2025, from three at the end of 2023, unless something else is said."""
    fields: dict[str, Any] = {
        "measure": "cooperatives.effective.count", "year": 2025, "value": Decimal(6), "baseline_value": Decimal(3),
        "baseline_on": date(2023, 12, 31), "baseline_source": "Báo cáo 12/BC-UBND", "provenance": "sourced",
        "source": "KH 52/KH-UBND", "recorded_at": timezone.now(), "recorded_by": "Điều phối", **over,
    }  # fmt: skip
    return Target.records.create(area=unit, **fields)
