"""Charts drawn on the server from the same specifications that a page shows, with the portal's own lettering."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from mongcai_portal.common import vendoring
from programmes.reports.registry import Chart

VERSION = "6.4"  # of Vega-Lite, as in package.json
SCALE = 2.0  # printed at 150 mm, a picture of 600 pixels is drawn with 1200
PICTURES = {"svg": "image/svg+xml; charset=utf-8", "png": "image/png", "json": "application/json"}

_CONFIG: dict[str, Any] = {
    "font": vendoring.FONT_FAMILY,
    "background": "#ffffff",
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "labelColor": "#24343d",
        "titleColor": "#4a5a63", "gridColor": "#e3e8eb", "domainColor": "#b9c3c9", "tickColor": "#b9c3c9",
    },
    "legend": {"labelFontSize": 12, "labelColor": "#24343d", "symbolType": "square"},
    "text": {"fontSize": 12, "color": "#24343d"},
    "title": {"fontSize": 14, "fontWeight": 600, "color": "#16232b", "anchor": "start", "offset": 12},
}  # fmt: skip


def specification(chart: Chart, *, titled: bool = True) -> dict[str, Any]:
    """Return the whole Vega-Lite specification: the chart's own with the schema, title and look of the portal."""
    found: dict[str, Any] = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "config": _CONFIG,
        "padding": 8,
        **chart.specification,
    }
    if titled:
        found["title"] = chart.title
    return found


def draw(chart: Chart, kind: str, *, titled: bool = True) -> bytes:
    """Return a chart as a file, svg or png (twice as large as on a page).

    Raises:
        KeyError: another kind.
    """
    import vl_convert

    vl_convert.register_font_directory(str(settings.FONT_DIR))
    found = specification(chart, titled=titled)
    if kind == "svg":
        return str(vl_convert.vegalite_to_svg(found, vl_version=VERSION)).encode()
    if kind == "png":
        return bytes(vl_convert.vegalite_to_png(found, vl_version=VERSION, scale=SCALE))
    raise KeyError(kind)
