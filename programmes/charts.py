"""The chart of a measure as its page and other systems ask for it; see `measures.trend_chart` and `common.charts`."""

from __future__ import annotations

from typing import Any

from mongcai_portal.common.charts import subtitle
from mongcai_portal.common.templatetags.portal import localname
from programmes.measures.explained import Explanation
from programmes.measures.facts import World
from programmes.measures.trend_chart import drawn_of, marks_of, trend_chart
from programmes.measures.words import unit_of


def measure_chart(found: Explanation, world: World) -> dict[str, Any] | None:
    """Return the chart of a measure over time; None when there is nothing to draw."""
    value, trend = found.value, found.trend
    if trend is None or not trend.drawn:
        return None
    return trend_chart(
        marks_of(drawn_of(trend), value.unit),
        title=str(value.label),
        subtitle=subtitle(localname(world.area), world.as_of),
        unit=unit_of(value.unit, str(value.unit_label)),
    )
