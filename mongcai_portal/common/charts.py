"""The house of all charts: Vega-Lite specifications as plain dictionaries, drawn by vega-embed or here by vl-convert.

A specification names its words in the reader's language and its data. Schema, lettering, colours, form of numbers and
title are given here and nowhere else; what is drawn for a page, a file and a Word document is the same dictionary. The
page lays its theme over the colours, by the names that `static/js/chart.js` knows them by.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mongcai_portal.common import vendoring
from mongcai_portal.common.templatetags.portal import date_vi

SCHEMA, VERSION = "https://vega.github.io/schema/vega-lite/v6.json", "6.4"  # the minor of package.json
# Ink of the light theme; the page of a dark one puts its own in their place.
BRAND, AMBER, GREY, RED, QUIET, PAPER = "#0b5d4e", "#a86a10", "#4a5764", "#b3382c", "#c3cdd6", "#ffffff"
WIDTH, HEIGHT = 640, 300
STEP = {"step": 22}  # the height of one bar of many
MEDIA = {"svg": "image/svg+xml; charset=utf-8", "png": "image/png"}
SCALE = 2  # a file is twice as large as on a page: printed at 160 mm it has 200 dots an inch


def subtitle(area: str, day: date) -> str:
    """Say below a title what the chart is of: the area, and the last day that counts."""
    return _("%(area)s, đến %(day)s") % {"area": area, "day": date_vi(day)}


def specification(body: dict[str, Any], *, title: str, subtitle: str) -> dict[str, Any]:
    """Return the whole Vega-Lite specification of a chart: its own part in the look of the portal.

    `body` has its data and encoding, and a height where it is not the usual one; a height by steps grows with its bars.
    """
    height = body.get("height", HEIGHT)
    fit = "fit-x" if isinstance(height, dict) else "fit"
    return {
        "$schema": SCHEMA,
        "title": {"text": title, "subtitle": subtitle, "anchor": "start", "fontWeight": 600, "fontSize": 14},
        "width": WIDTH,
        "height": height,
        "autosize": {"type": fit, "contains": "padding"},
        "background": PAPER,
        **body,
        "config": _config(),
    }


def inked(field: str, names: Sequence[str], inks: Sequence[str]) -> dict[str, Any]:
    """Return the colours of bars by the words of a field, with the legend above them."""
    return {
        "field": field, "sort": None, "title": None,
        "scale": {"domain": list(names), "range": list(inks)},
        "legend": {"orient": "top", "direction": "horizontal", "symbolType": "square"},
    }  # fmt: skip


def _config() -> dict[str, Any]:
    return {
        "font": vendoring.FONT_FAMILY,
        "view": {"stroke": None},
        "axis": {
            "labelFontSize": 11, "titleFontSize": 11, "titleFontWeight": 400, "labelColor": "#24343d",
            "titleColor": "#4a5a63", "gridColor": "#e3e8eb", "domainColor": "#b9c3c9", "tickColor": "#b9c3c9",
        },
        "legend": {"labelFontSize": 12, "labelLimit": 280, "labelColor": "#24343d", "symbolSize": 80},
        "text": {"fontSize": 11, "color": "#24343d"},
        "title": {"color": "#16232b", "subtitleColor": "#4a5a63", "offset": 12},
        "locale": {"number": _numbers()},
    }  # fmt: skip


def _numbers() -> dict[str, Any]:
    english = (get_language() or "vi").startswith("en")
    marks = {"decimal": ".", "thousands": ","} if english else {"decimal": ",", "thousands": "."}
    return {**marks, "grouping": [3], "currency": ["", ""]}


def drawn(specification: dict[str, Any], kind: str) -> bytes:
    """Return a chart as a file, svg or png, with the portal's own lettering.

    Raises:
        KeyError: another kind.
    """
    if kind not in MEDIA:
        raise KeyError(kind)
    convert = _convert()
    if kind == "svg":
        return str(convert.vegalite_to_svg(specification, vl_version=VERSION)).encode()
    return bytes(convert.vegalite_to_png(specification, vl_version=VERSION, scale=SCALE))


def png_of(svg: str) -> bytes:
    """Return a drawing that is an SVG already as PNG, as large and with the same lettering as a chart."""
    return bytes(_convert().svg_to_png(svg, scale=SCALE))


def _convert() -> Any:
    # Its engine costs a process its first call: no page waits for it.
    import vl_convert

    vl_convert.register_font_directory(str(settings.FONT_DIR))
    return vl_convert
