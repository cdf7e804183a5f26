"""The files that the portal serves and draws with, as `manage.py vendor_assets` makes them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import vl_convert
from django.conf import settings
from fontTools.ttLib import TTFont

from mongcai_portal.common import charts, vendoring

LETTERS = "ĐđơưẵẶ"
ICONS = settings.BASE_DIR / "mongcai_portal" / "common" / "data" / "icons.txt"


@pytest.mark.parametrize("style", vendoring.FONT_WEIGHTS.values())
def test_the_merged_font_has_the_letters_of_all_subsets(style: str) -> None:
    letters = TTFont(settings.FONT_DIR / f"BeVietnamPro-{style}.ttf").getBestCmap()
    assert [letter for letter in LETTERS + "aZ0%" if ord(letter) not in letters] == []


def test_vietnamese_letters_are_drawn_each_in_its_own_shape() -> None:
    drawn = {letter: _drawn(letter) for letter in "DĐđơưẵ"}
    assert len(set(drawn.values())) == len(drawn)
    assert _drawn("Đ") != _drawn("\ue123"), "a letter that the font lacks would be drawn as an empty box"


def _drawn(text: str) -> bytes:
    body = {
        "data": {"values": [{"text": text}]},
        "mark": {"type": "text", "fontSize": 40},
        "encoding": {"text": {"field": "text"}},
    }
    return charts.drawn(charts.specification(body, title="", subtitle=""), "png")


def test_vega_lite_is_of_the_same_minor_in_browser_and_server() -> None:
    package = json.loads((settings.BASE_DIR / "package.json").read_text())
    minor = ".".join(package["dependencies"]["vega-lite"].split(".")[:2])
    assert minor == charts.VERSION and minor in vl_convert.get_vegalite_versions()


def test_every_named_file_is_there_without_its_source_map() -> None:
    for name in vendoring.FILES:
        assert "sourceMappingURL" not in (settings.VENDOR_DIR / name).read_text(encoding="utf-8")


def test_the_font_stylesheet_names_only_files_that_are_there() -> None:
    folder = settings.VENDOR_DIR / "fonts"
    names = re.findall(r"url\(([^)]+)\)", (folder / "be-vietnam-pro.css").read_text(encoding="utf-8"))
    assert len(names) == len(vendoring.FONT_WEIGHTS) * len(vendoring.FONT_SUBSETS)
    assert all((folder / name).is_file() for name in names)


def test_every_icon_of_the_templates_is_in_the_sprite() -> None:
    sprite = set(re.findall(r'id="([^"]+)"', (settings.VENDOR_DIR / "icons.svg").read_text(encoding="utf-8")))
    assert sprite == set(vendoring.icon_names(ICONS))
    used = set()
    for path in (settings.BASE_DIR / "templates").rglob("*.html"):
        used |= set(re.findall(r'{%\s*icon\s+"([^"]+)"', path.read_text(encoding="utf-8")))
    assert used <= sprite


def test_an_icon_that_tabler_lacks_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no-such-icon"):
        vendoring.build_sprite(settings.BASE_DIR / "node_modules", tmp_path, ["no-such-icon"])
