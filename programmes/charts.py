"""Charts as Vega-Lite specifications: plain dictionaries, drawn by vega-embed on a page, by vl-convert on the server.

A specification names its words in the reader's language and its data; the page lays its theme over the colours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from mongcai_portal.common.templatetags.portal import date_vi, localname
from programmes.measures.explained import Explanation
from programmes.measures.facts import World
from programmes.measures.series import Trend, year_end
from programmes.measures.values import DONG
from programmes.measures.words import KNOWN, MILLION, PLANNED, PROJECTED, amount, kind_words, language, projected

SCHEMA, VERSION = "https://vega.github.io/schema/vega-lite/v6.json", "6.4"
FONT = "Be Vietnam Pro"
# Ink of the light theme; the page of a dark one puts its own in their place.
COLOURS = {KNOWN: "#0b5d4e", PROJECTED: "#a86a10", PLANNED: "#4a5764"}
SHAPES = {KNOWN: "circle", PROJECTED: "diamond", PLANNED: "square"}
WIDTH, HEIGHT = 640, 300


@dataclass(frozen=True, slots=True)
class Mark:
    """A value on a day, what kind it is, and how it is written ("" for a point that only carries a line)."""

    day: date
    value: Decimal
    kind: str
    text: str


def measure_chart(found: Explanation, world: World) -> dict[str, Any] | None:
    """Return the chart of a measure over time; None when there is nothing to draw."""
    value, trend = found.value, found.trend
    if trend is None or not trend.drawn:
        return None
    words = {"area": localname(world.area), "day": date_vi(world.as_of)}
    return trend_chart(
        marks_of(trend, value.unit),
        title=str(value.label),
        subtitle=_("%(area)s, đến %(day)s") % words,
        unit=_("triệu đồng") if value.unit == DONG else str(value.unit_label),
    )


def marks_of(trend: Trend, unit: str) -> list[Mark]:
    """What is drawn; the projection begins where its line stands at the last known day, which is not written."""
    scale = MILLION if unit == DONG else 1
    marks = [Mark(point.as_of, point.value / scale, KNOWN, amount(unit, point.value)) for point in trend.points]
    line = trend.projection
    if line.begins is not None and line.ends is not None:
        marks.append(Mark(line.begins.day, line.begins.value, PROJECTED, ""))
        marks.append(Mark(line.ends.day, line.ends.value, PROJECTED, projected(unit, line.ends.value)))
    marks += [Mark(year_end(row.year), row.value, PLANNED, amount(unit, row.value)) for row in trend.plans]
    return marks


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
    return {
        "$schema": SCHEMA,
        "title": {"text": title, "subtitle": subtitle, "anchor": "start", "fontWeight": 600, "fontSize": 14},
        "width": WIDTH,
        "height": HEIGHT,
        "autosize": {"type": "fit", "contains": "padding"},
        "background": "#ffffff",
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
        "config": {
            "font": FONT,
            "view": {"stroke": None},
            "axis": {"labelFontSize": 11, "titleFontSize": 11, "titleFontWeight": 400},
            "legend": {"labelFontSize": 12, "labelLimit": 280, "symbolSize": 80},
            "locale": {"number": _numbers()},
        },
    }


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


def _numbers() -> dict[str, Any]:
    marks = {"decimal": ",", "thousands": "."} if language() == "vi" else {"decimal": ".", "thousands": ","}
    return {**marks, "grouping": [3], "currency": ["", ""]}


MEDIA = {"svg": "image/svg+xml; charset=utf-8", "png": "image/png"}


def drawn(specification: dict[str, Any], kind: str) -> bytes:
    """Return a chart as a file, svg or png (twice as large as on a page, with the portal's own lettering).

    Raises:
        KeyError: another kind.
    """
    import vl_convert

    vl_convert.register_font_directory(str(settings.FONT_DIR))
    if kind == "svg":
        return str(vl_convert.vegalite_to_svg(specification, vl_version=VERSION)).encode()
    if kind == "png":
        return bytes(vl_convert.vegalite_to_png(specification, vl_version=VERSION, scale=2))
    raise KeyError(kind)
