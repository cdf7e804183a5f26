"""The house of all charts: one look, titles with area and day, pictures that keep every Vietnamese letter."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.translation import override

from mongcai_portal.common import charts

BODY = {
    "data": {"values": [{"name": "Đông Sơn, đơn vị", "n": 1234.5}]},
    "mark": "bar",
    "encoding": {"y": {"field": "name", "type": "nominal"}, "x": {"field": "n", "type": "quantitative"}},
}


def test_a_picture_keeps_every_letter_of_title_subtitle_and_data() -> None:
    made = charts.specification(BODY, title="Đời sống nông thôn mới", subtitle="Xã Hải Sơn, đến 31/12/2023")
    drawing = charts.drawn(made, "svg").decode()
    texts = re.findall(r"<text[^>]*>([^<]*)</text>", drawing)
    assert {"Đời sống nông thôn mới", "Xã Hải Sơn, đến 31/12/2023", "Đông Sơn, đơn vị"} <= set(texts)
    assert "Be Vietnam Pro" in drawing


def test_a_chart_says_of_which_area_and_day_it_is_in_the_readers_language() -> None:
    assert charts.subtitle("Móng Cái", date(2023, 12, 31)) == "Móng Cái, đến 31/12/2023"
    with override("en"):
        assert charts.subtitle("Mong Cai", date(2023, 12, 31)) == "Mong Cai, as of 31 Dec 2023"


def test_numbers_on_an_axis_are_written_in_the_readers_form() -> None:
    def decimal() -> str:
        made = charts.specification(BODY, title="", subtitle="")
        return str(made["config"]["locale"]["number"]["decimal"])

    assert decimal() == ","
    with override("en"):
        assert decimal() == "."


def test_there_are_two_kinds_of_picture_and_no_third() -> None:
    assert charts.drawn(charts.specification(BODY, title="", subtitle=""), "png").startswith(b"\x89PNG")
    with pytest.raises(KeyError):
        charts.drawn(BODY, "gif")


def test_the_page_knows_every_ink_by_a_name_of_the_theme() -> None:
    script = Path(settings.BASE_DIR, "static", "js", "chart.js").read_text(encoding="utf-8")
    found = dict(re.findall(r'"(#[0-9a-f]{6})": "(--[a-z-]+)"', script))
    inks = (charts.BRAND, charts.AMBER, charts.GREY, charts.RED, charts.QUIET, charts.PAPER)
    assert set(found) == set(inks)
    style = Path(settings.BASE_DIR, "static", "css", "portal.css").read_text(encoding="utf-8")
    assert [name for name in found.values() if not re.search(rf"{name}: #", style)] == []
