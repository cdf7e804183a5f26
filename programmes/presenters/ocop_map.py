"""The schematic map of the overview with the number of living OCOP products in each unit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from communes.models import UnitVersion
from mongcai_portal.common.links import link
from mongcai_portal.common.templatetags.portal import localname
from programmes.presenters.tiles import GAP, HEIGHT, WIDTH, wrap

# A tile of this map holds a number under the name.
TALL = HEIGHT + 10
# From how many products on a tile takes the next shade.
SHADES = ((5, "level-3"), (3, "level-2"), (1, "level-1"), (0, "none"))


@dataclass(frozen=True, slots=True)
class CountTile:
    """A unit with its number; coordinates of what stands in it."""

    x: int
    y: int
    kind: str
    lines: tuple[tuple[float, str], ...]
    count: int
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class CountMap:
    """The map, what it measures, and its legend."""

    width: int
    height: int
    tiles: tuple[CountTile, ...]
    legend: tuple[tuple[str, str], ...]
    tile_width: int = WIDTH - GAP
    tile_height: int = TALL - GAP
    middle: float = (WIDTH - GAP) / 2
    number_y: int = TALL - GAP - 6

    @property
    def shown_width(self) -> int:
        """Width in pixels where there is room: tiles of a short map do not grow with the card."""
        return round(self.width * 1.6)


def count_map(units: Iterable[UnitVersion], by_unit: Mapping[int, int], day: date) -> CountMap | None:
    """Draw the units that have a place on the map; None when none has."""
    placed = [one for one in units if one.tile_row is not None and one.tile_column is not None]
    if not placed:
        return None
    top, left = min(one.tile_row or 0 for one in placed), min(one.tile_column or 0 for one in placed)
    tiles = tuple(
        _tile(one, by_unit.get(one.unit_id, 0), day, (one.tile_column or 0) - left, (one.tile_row or 0) - top)
        for one in sorted(placed, key=lambda one: (one.tile_row or 0, one.tile_column or 0))
    )
    words = {
        "level-3": _("từ 5 sản phẩm"),
        "level-2": _("3–4 sản phẩm"),
        "level-1": _("1–2 sản phẩm"),
        "none": pgettext("ocop map", "chưa có"),
    }
    return CountMap(
        width=max(tile.x for tile in tiles) + WIDTH,
        height=max(tile.y for tile in tiles) + TALL,
        tiles=tiles,
        legend=tuple(words_of for words_of in words.items() if any(tile.kind == words_of[0] for tile in tiles)),
    )


def _tile(unit: UnitVersion, count: int, day: date, column: int, row: int) -> CountTile:
    lines = wrap(localname(unit))
    first = 19 if len(lines) == 1 else 13
    said = ngettext("%(n)s sản phẩm còn hiệu lực", "%(n)s sản phẩm còn hiệu lực", count) % {"n": count}
    return CountTile(
        x=column * WIDTH,
        y=row * TALL,
        kind=next(kind for least, kind in SHADES if count >= least),
        lines=tuple((first + at * 11, text) for at, text in enumerate(lines)),
        count=count,
        # It begins with what the tile shows, as whoever speaks to a computer says what is read.
        label=f"{localname(unit)}: {said}",
        url=link("ocop_list", as_of=day, unit=unit.unit.uid),
    )
