"""The schematic map as an SVG: a tile a unit, its level as colour, pips and words; coordinates only, no style."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import NamedTuple

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from indicators.presenters.marks import marks_text
from indicators.rules.marks import NO_MARKS, Marks
from mongcai_portal.common.links import link
from mongcai_portal.common.stencils import Stencil, slot
from programmes.measures.facts import LevelFact, Place, World
from programmes.presenters.text import name_of, namer

WIDTH, HEIGHT, GAP = 46, 42, 3
_PIP_STEP = 7


class Tile(NamedTuple):
    """One unit on the map; `rest` marks an outcome that rests on something unfirm."""

    place: Place
    x: int
    y: int
    kind: str  # level-1, level-2 …, none, plan, ward
    lines: tuple[str, ...]
    rank: int
    warn: bool
    rest: bool
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Key:
    """An entry of the legend."""

    kind: str
    pips: int
    label: str


@dataclass(frozen=True, slots=True)
class TileMap:
    """The map and its legend."""

    width: int
    height: int
    tiles: tuple[Tile, ...]
    legend: tuple[Key, ...]

    @property
    def drawn(self) -> SafeString:
        """Every tile: the template is rendered once for each look, and filled for each unit."""
        looks: dict[tuple[object, ...], Stencil] = {}
        parts = []
        for tile in self.tiles:
            key = (tile.kind, len(tile.lines), tile.rank, tile.warn, tile.rest)
            if key not in looks:
                looks[key] = Stencil("programmes/_tile.html", _shape(tile))
            values = {"x": tile.x, "y": tile.y, "url": escape(tile.url), "label": escape(tile.label)}
            values |= {f"line{n}": escape(line) for n, line in enumerate(tile.lines)}
            parts.append(looks[key].fill(values))
        return mark_safe("\n".join(parts))

    @property
    def shown_width(self) -> int:
        """Width in pixels where there is room: tiles of a short map do not grow with the card."""
        return round(self.width * 1.6)


def short_level(level: LevelFact) -> str:
    """The short word of a level on a tile's legend."""
    return {
        "standard": pgettext("level", "Đạt chuẩn"),
        "advanced": pgettext("level", "Nâng cao"),
        "model": pgettext("level", "Kiểu mẫu"),
    }.get(level.code) or name_of(level)


def tile_map(world: World, *, assessed: Collection[int], slipping: Mapping[int, Marks]) -> TileMap | None:
    """Draw the units of the area that have a place on the map; None when none has."""
    places = [
        p
        for p in world.places.values()
        if p.id in world.in_area and p.tile_row is not None and p.tile_column is not None
    ]
    if not places:
        return None
    top, left = min(p.tile_row or 0 for p in places), min(p.tile_column or 0 for p in places)
    draft = _Draft(world, assessed, slipping)
    tiles = [draft.tile(p, top, left) for p in sorted(places, key=lambda p: (p.tile_row or 0, p.tile_column or 0))]
    return TileMap(
        width=max(t.x for t in tiles) + WIDTH,
        height=max(t.y for t in tiles) + HEIGHT,
        tiles=tuple(tiles),
        legend=_legend(world.levels, {t.kind for t in tiles}, any(t.warn for t in tiles), any(t.rest for t in tiles)),
    )


class _Draft:
    """What tiles of one map share: levels, and the words and addresses that are the same for many."""

    def __init__(self, world: World, assessed: Collection[int], slipping: Mapping[int, Marks]) -> None:
        self.world, self.assessed, self.slipping = world, assessed, slipping
        self._name_of = namer()
        self._standings = world.standings(world.as_of)
        self._links: dict[str, str] = {}
        self._said: dict[tuple[object, ...], str] = {}

    def tile(self, place: Place, top: int, left: int) -> Tile:
        highest_held = self._standings[place.id].rank
        rank = sum(level.rank <= highest_held for level in self.world.levels)
        highest = self.world.levels[rank - 1] if rank else None
        slips, ward = place.id in self.slipping, place.kind == "ward"
        marks = self.slipping.get(place.id, NO_MARKS)
        outside = bool(rank and self.assessed and place.id not in self.assessed)
        said = (rank, ward, slips, marks, outside)
        if said not in self._said:
            self._said[said] = self._words(highest, ward, slips, marks, outside)
        name = self._name_of(place)
        return Tile(
            place=place,
            x=((place.tile_column or 0) - left) * WIDTH,
            y=((place.tile_row or 0) - top) * HEIGHT,
            kind=f"level-{min(rank, 3)}" if rank else "ward" if ward else "none",
            lines=wrap(name),
            rank=rank,
            warn=slips,
            rest=bool(marks),
            label=f"{name}: {self._said[said]}",
            url=self._link(_level_of(self.world, highest)).replace("/unit/", f"/{place.uid}/", 1),
        )

    def _link(self, level: str) -> str:
        if level not in self._links:
            self._links[level] = link("unit", "unit", as_of=self.world.as_of, level=level)
        return self._links[level]

    @staticmethod
    def _words(highest: LevelFact | None, ward: bool, slips: bool, marks: Marks, outside: bool) -> str:
        said = name_of(highest) if highest else _("phường") if ward else _("chưa được công nhận")
        if slips:
            said += "; " + _("số liệu chưa đủ tiêu chí")
            if marks:
                said += f" ({marks_text(marks)})"
        if outside:
            said += "; " + _("không thuộc nhóm đánh giá")
        return said


def _shape(tile: Tile) -> dict[str, object]:
    """Where things stand within a tile of this look, and the slots for what differs."""
    middle = (WIDTH - GAP) / 2
    first = (HEIGHT - GAP) / 2 + 4 - (len(tile.lines) - 1) * 6 - (4 if tile.rank else 0)
    pips = [middle + (at - (tile.rank - 1) / 2) * _PIP_STEP for at in range(tile.rank)]
    return {
        "kind": tile.kind,
        "width": WIDTH - GAP,
        "height": HEIGHT - GAP,
        "middle": f"{middle:g}",
        "lines": [(f"{first + at * 12:g}", slot(f"line{at}")) for at in range(len(tile.lines))],
        "pips": [(f"{x:g}", f"{HEIGHT - GAP - 6:g}") for x in pips],
        "rest": _triangle(6.5, 6) if tile.rest else "",
        "warn": (f"{WIDTH - GAP - 7:g}", "7", "10") if tile.warn else None,
        **{name: slot(name) for name in ("x", "y", "url", "label")},
    }


def _level_of(world: World, highest: LevelFact | None) -> str:
    """The level that a tile leads to: the one it shows, else the lowest that is computed."""
    if highest is not None and highest.published_set is not None:
        return highest.code
    return next((level.code for level in world.levels if level.published_set), "")


def _triangle(x: float, y: float) -> str:
    return f"{x},{y - 4.5} {x + 5},{y + 4} {x - 5},{y + 4}"


@lru_cache(maxsize=2048)
def wrap(name: str) -> tuple[str, ...]:
    """Split a name into at most two lines of about equal length."""
    words = name.split()
    if len(words) < 2 or len(name) <= 7:
        return (name,)
    half = min(range(1, len(words)), key=lambda n: abs(len(" ".join(words[:n])) - len(" ".join(words[n:]))))
    return " ".join(words[:half]), " ".join(words[half:])


def _legend(levels: tuple[LevelFact, ...], kinds: set[str], warns: bool, rests: bool) -> tuple[Key, ...]:
    keys = [Key(f"level-{min(n, 3)}", n, short_level(level)) for n, level in reversed(list(enumerate(levels, start=1)))]
    if "none" in kinds:
        keys.append(Key("none", 0, _("Chưa được công nhận")))
    if "ward" in kinds:
        keys.append(Key("ward", 0, _("Phường")))
    if warns:
        keys.append(Key("warn", 0, _("Công nhận nhưng số liệu chưa đủ")))
    if rests:
        keys.append(Key("rest", 0, _("Tính theo số liệu minh họa, mức chưa đối chiếu hoặc thẩm định của phòng ban")))
    return tuple(keys)
