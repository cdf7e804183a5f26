"""Turns the npm packages into the files that the portal serves and draws with.

Only a named list is copied to `var/vendor` (a static folder): the packages hold thousands of files, and the source maps
that their minified files name are not among them, which the manifest storage would call an error.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree

FILES = {
    "tabler/tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "tabler/tabler.min.js": "@tabler/core/dist/js/tabler.min.js",
    "tabler/tabler-theme.min.js": "@tabler/core/dist/js/tabler-theme.min.js",
    "htmx/htmx.min.js": "htmx.org/dist/htmx.min.js",
    "vega/vega.min.js": "vega/build/vega.min.js",
    "vega/vega-lite.min.js": "vega-lite/build/vega-lite.min.js",
    "vega/vega-embed.min.js": "vega-embed/build/vega-embed.min.js",
}
FONT_PACKAGE = "@fontsource/be-vietnam-pro"
FONT_FAMILY = "Be Vietnam Pro"
FONT_WEIGHTS = {400: "Regular", 500: "Medium", 600: "SemiBold", 700: "Bold"}
FONT_SUBSETS = ("latin", "latin-ext", "vietnamese")

_SOURCE_MAP = re.compile(r"^\s*(//|/\*)[#@]\s*sourceMappingURL=.*$", re.MULTILINE)
_WOFF1 = re.compile(r",\s*url\([^)]*\.woff\)\s*format\('woff'\)")
_SVG = "http://www.w3.org/2000/svg"


def copy_files(packages: Path, vendor: Path) -> None:
    """Copy the named files, without the lines that name source maps."""
    for target, source in FILES.items():
        path = vendor / target
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_SOURCE_MAP.sub("", (packages / source).read_text(encoding="utf-8")), encoding="utf-8")


def copy_fonts(packages: Path, vendor: Path) -> None:
    """Copy the woff2 subsets and write one stylesheet `fonts/be-vietnam-pro.css` that names them."""
    folder = vendor / "fonts"
    (folder / "files").mkdir(parents=True, exist_ok=True)
    package = packages / FONT_PACKAGE
    rules = []
    for weight in FONT_WEIGHTS:
        rules.append(_WOFF1.sub("", (package / f"{weight}.css").read_text(encoding="utf-8")))
        for path in _subset_files(package, weight):
            shutil.copyfile(path, folder / "files" / path.name)
    (folder / "be-vietnam-pro.css").write_text("\n".join(rules), encoding="utf-8")


def merge_fonts(packages: Path, fonts: Path) -> None:
    """Write one TTF a weight to `fonts`: vl-convert reads no woff2, and from separate subsets it loses "Đ".

    Layout tables are dropped: they differ between the subsets, and Vietnamese letters are precomposed, so that
    charts lose only kerning.
    """
    # Only the build needs it, and every process that draws charts reads this module.
    from fontTools.merge import Merger, Options
    from fontTools.ttLib import TTFont

    fonts.mkdir(parents=True, exist_ok=True)
    for weight, style in FONT_WEIGHTS.items():
        parts = []
        for path in _subset_files(packages / FONT_PACKAGE, weight):
            part = TTFont(path)
            part.flavor = None
            parts.append(fonts / f"{path.stem}.part.ttf")
            part.save(parts[-1])
        merged = Merger(Options(drop_tables=["GSUB", "GPOS", "GDEF", "STAT", "DSIG"])).merge([str(p) for p in parts])
        for record in list(merged["name"].names):
            if record.nameID in (1, 16):
                merged["name"].setName(FONT_FAMILY, record.nameID, record.platformID, record.platEncID, record.langID)
        merged.save(fonts / f"BeVietnamPro-{style}.ttf")
        for part_path in parts:
            part_path.unlink()


def build_sprite(packages: Path, vendor: Path, names: Iterable[str]) -> None:
    """Write `icons.svg`, one symbol for each named outline icon; use it as `icons.svg#name`."""
    ElementTree.register_namespace("", _SVG)
    sprite = ElementTree.Element(f"{{{_SVG}}}svg")
    for name in names:
        path = packages / "@tabler/icons/icons/outline" / f"{name}.svg"
        if not path.exists():
            raise FileNotFoundError(f"Tabler has no outline icon called {name!r}")
        symbol = ElementTree.SubElement(sprite, f"{{{_SVG}}}symbol", {"id": name, "viewBox": "0 0 24 24"})
        symbol.extend(child for child in ElementTree.parse(path).getroot() if child.get("stroke") != "none")
    vendor.mkdir(parents=True, exist_ok=True)
    ElementTree.ElementTree(sprite).write(vendor / "icons.svg", encoding="utf-8", xml_declaration=True)


def icon_names(path: Path) -> list[str]:
    """The icons named in a list file: one a line, `#` begins a comment."""
    lines = (line.split("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line]


def _subset_files(package: Path, weight: int) -> list[Path]:
    return [package / "files" / f"be-vietnam-pro-{subset}-{weight}-normal.woff2" for subset in FONT_SUBSETS]
