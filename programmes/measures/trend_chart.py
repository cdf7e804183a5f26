"""The chart of a measure over time, the same for the measure's page, for other systems and for a period report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from mongcai_portal.common import charts
from mongcai_portal.common.templatetags.portal import date_vi, localname
from programmes.measures.explained import Explanation
from programmes.measures.facts import World
from programmes.measures.series import Trend, year_end
from programmes.measures.values import DONG
from programmes.measures.words import (
    KNOWN,
    MILLION,
    PLANNED,
    PROJECTED,
    amount,
    kind_words,
    language,
    millions,
    projected,
    unit_of,
)

COLOURS = {KNOWN: charts.BRAND, PROJECTED: charts.AMBER, PLANNED: charts.GREY}
SHAPES = {KNOWN: "circle", PROJECTED: "diamond", PLANNED: "square"}


class Drawn(NamedTuple):
    """A value in the unit of its measure on a day, and what kind it is; not `written`: it only carries a line."""

    day: date
    kind: str
    value: Decimal
    written: bool = True


@dataclass(frozen=True, slots=True)
class Mark:
    """A value on a day as it is drawn, what kind it is, and how it is written ("" for one that only carries a line)."""

    day: date
    value: Decimal
    kind: str
    text: str


def drawn_of(trend: Trend) -> tuple[Drawn, ...]:
    """What of a trend is drawn; the projection begins where its line stands at the last known day, not written."""
    found = [Drawn(point.as_of, KNOWN, point.value) for point in trend.points]
    line = trend.projection
    if line.begins is not None and line.ends is not None:
        found.append(Drawn(line.begins.day, PROJECTED, line.begins.value, written=False))
        found.append(Drawn(line.ends.day, PROJECTED, line.ends.value))
    return (*found, *(Drawn(year_end(row.year), PLANNED, row.value) for row in trend.plans))


def marks_of(points: Iterable[Drawn], unit: str) -> list[Mark]:
    """Return the marks in the reader's language; money in millions."""
    scale = MILLION if unit == DONG else 1
    return [Mark(one.day, one.value / scale, one.kind, _text(one, unit)) for one in points]


def _text(one: Drawn, unit: str) -> str:
    if not one.written:
        return ""
    if unit == DONG:  # the axis says what it counts in
        return ("≈ " if one.kind == PROJECTED else "") + millions(one.value)
    return projected(unit, one.value) if one.kind == PROJECTED else amount(unit, one.value)


def trend_chart(marks: Sequence[Mark], *, title: str, subtitle: str, unit: str) -> dict[str, Any]:
    """Return the chart of a measure over time: known values as a line, the projection dashed, plans as squares."""
    words = kind_words()
    kinds = [kind for kind in (KNOWN, PROJECTED, PLANNED) if any(mark.kind == kind for mark in marks)]
    names = [words[kind] for kind in kinds]
    days = sorted({mark.day for mark in marks})
    encoding = {
        "x": {
            "field": "day",
            "type": "temporal",
            "scale": {"type": "utc"},
            "axis": {
                "title": None,
                "values": [day.isoformat() for day in days],
                "format": "%d/%m/%Y" if language() == "vi" else "%-d %b %Y",
                "labelOverlap": "greedy",
                "labelFlush": False,
                "grid": False,
            },
        },
        "y": {
            "field": "value",
            "type": "quantitative",
            "scale": {"domain": _reach(marks), "nice": True},
            "axis": {"title": unit, "titleAngle": 0, "titleAlign": "left", "titleAnchor": "end", "titleY": -10},
        },
        "color": {
            "field": "kind",
            "type": "nominal",
            "scale": {"domain": names, "range": [COLOURS[kind] for kind in kinds]},
            "legend": {"title": None, "orient": "bottom", "direction": "horizontal", "symbolType": "circle"},
        },
    }
    shape = {
        "field": "kind",
        "type": "nominal",
        "scale": {"domain": names, "range": [SHAPES[kind] for kind in kinds]},
        "legend": {"title": None, "orient": "bottom", "direction": "horizontal"},
    }
    tooltip = [
        {"field": "label", "type": "nominal", "title": _("Ngày")},
        {"field": "text", "type": "nominal", "title": _("Giá trị")},
        {"field": "kind", "type": "nominal", "title": pgettext("chart", "Loại")},
    ]
    body = {
        "data": {"values": [_row(mark, words) for mark in marks]},
        "encoding": encoding,
        "layer": [
            _line(words[KNOWN]),
            *([_line(words[PROJECTED], dash=[6, 4])] if PROJECTED in kinds else []),
            {
                "transform": [{"filter": {"not": {"field": "text", "equal": ""}}}],
                "mark": {"type": "point", "filled": True, "size": 70, "opacity": 1},
                "encoding": {"shape": shape, "tooltip": tooltip},
            },
            # A plan is written below its mark, everything else above: on one day they often lie close together.
            _written({"not": {"field": "kind", "equal": words[PLANNED]}}, -13),
            _written({"field": "kind", "equal": words[PLANNED]}, 15),
        ],
    }
    return charts.specification(body, title=title, subtitle=subtitle)


def _row(mark: Mark, words: dict[str, str]) -> dict[str, Any]:
    return {
        "day": mark.day.isoformat(),
        "value": float(mark.value),
        "kind": words[mark.kind],
        "text": mark.text,
        "label": date_vi(mark.day),
    }


def _line(kind: str, dash: Sequence[int] = ()) -> dict[str, Any]:
    mark: dict[str, Any] = {"type": "line", "strokeWidth": 2}
    if dash:
        mark["strokeDash"] = list(dash)
    return {"transform": [{"filter": {"field": "kind", "equal": kind}}], "mark": mark}


def _written(which: dict[str, Any], dy: int) -> dict[str, Any]:
    text = {"text": {"field": "text", "type": "nominal"}}
    return {"transform": [{"filter": which}], "mark": {"type": "text", "dy": dy, "fontSize": 11}, "encoding": text}


def _reach(marks: Sequence[Mark]) -> list[float]:
    """From where to where the axis goes: with room for what is written, and never below zero, as no measure is."""
    values = [float(mark.value) for mark in marks]
    room = (max(values) - min(values)) * 0.15 or abs(max(values)) * 0.1 or 1.0
    return [max(0.0, min(values) - room), max(values) + room]


def measure_chart(found: Explanation, world: World) -> dict[str, Any] | None:
    """Return the chart of a measure over time; None when there is nothing to draw."""
    value, trend = found.value, found.trend
    if trend is None or not trend.drawn:
        return None
    return trend_chart(
        marks_of(drawn_of(trend), value.unit),
        title=str(value.label),
        subtitle=charts.subtitle(localname(world.area), world.as_of),
        unit=unit_of(value.unit, str(value.unit_label)),
    )
