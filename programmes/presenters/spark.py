"""A sparkline as SVG coordinates, drawn only from real points."""

from __future__ import annotations

from dataclasses import dataclass

from mongcai_portal.common.templatetags.portal import date_vi
from programmes.measures.values import MeasureValue
from programmes.measures.words import amount

WIDTH, HEIGHT, MARGIN = 120, 32, 4


@dataclass(frozen=True, slots=True)
class Spark:
    """Points of a polyline, its last point, and the same in words."""

    points: str
    last_x: str
    last_y: str
    label: str
    width: int = WIDTH
    height: int = HEIGHT


def spark_of(value: MeasureValue) -> Spark | None:
    """Draw the history to scale in time and value; None below two points."""
    history = value.history
    if len(history) < 2:
        return None
    days = [(p.as_of - history[0].as_of).days for p in history]
    values = [float(p.value) for p in history]
    low, high = min(values), max(values)
    span = (high - low) or 1.0
    xs = [MARGIN + (WIDTH - 2 * MARGIN) * day / days[-1] for day in days]
    ys = [HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * (v - low) / span for v in values]
    return Spark(
        points=" ".join(f"{x:.1f},{y:.1f}" for x, y in zip(xs, ys, strict=True)),
        last_x=f"{xs[-1]:.1f}",
        last_y=f"{ys[-1]:.1f}",
        label="; ".join(f"{date_vi(p.as_of)}: {amount(value.unit, p.value)}" for p in history),
    )
