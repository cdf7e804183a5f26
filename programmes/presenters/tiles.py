"""The schematic map as an SVG: a tile a unit, its level as colour, pips and words; coordinates only, no style."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from indicators.presenters.marks import marks_text
from indicators.rules.marks import Marks
from mongcai_portal.common.links import link
from programmes.measures.facts import LevelFact, Place, World
from programmes.presenters.text import name_of

WIDTH, HEIGHT, GAP = 46, 42, 3
_PIP, _PIP_STEP = 2.1, 7


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of a name."""

    text: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Tile:
    """One unit on the map."""

    place: Place
    x: float
    y: float
    kind: str  # level-1, level-2 …, none, plan, ward
    lines: tuple[TextLine, ...]
    pips: tuple[tuple[float, float], ...]
    warn: tuple[float, float] | None
    rest: str  # the corners of the sign that the outcome rests on something unfirm
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
    tile_width: int
    tile_height: int
    tiles: tuple[Tile, ...]
    legend: tuple[Key, ...]

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
    levels = {level.code: n for n, level in enumerate(world.levels, start=1)}
    tiles = [
        _tile(world, p, top, left, levels, assessed=assessed, slipping=slipping)
        for p in sorted(places, key=lambda p: (p.tile_row or 0, p.tile_column or 0))
    ]
    return TileMap(
        width=max(int(t.x) for t in tiles) + WIDTH,
        height=max(int(t.y) for t in tiles) + HEIGHT,
        tile_width=WIDTH - GAP,
        tile_height=HEIGHT - GAP,
        tiles=tuple(tiles),
        legend=_legend(world.levels, {t.kind for t in tiles}, any(t.warn for t in tiles), any(t.rest for t in tiles)),
    )


def _tile(
    world: World,
    place: Place,
    top: int,
    left: int,
    levels: dict[str, int],
    *,
    assessed: Collection[int],
    slipping: Mapping[int, Marks],
) -> Tile:
    x, y = float(((place.tile_column or 0) - left) * WIDTH), float(((place.tile_row or 0) - top) * HEIGHT)
    held = world.recognitions_on(place.id, world.as_of)
    highest = next((level for level in reversed(world.levels) if held and level.rank <= held[0].rank), None)
    rank = levels[highest.code] if highest else 0
    ward = place.kind == "ward"
    kind = f"level-{min(rank, 3)}" if rank else "ward" if ward else "none"
    said = name_of(highest) if highest else _("phường") if ward else _("chưa được công nhận")
    slips = place.id in slipping
    if slips:
        said += "; " + _("số liệu chưa đủ tiêu chí")
        if slipping[place.id]:
            said += f" ({marks_text(slipping[place.id])})"
    if rank and assessed and place.id not in assessed:
        said += "; " + _("không thuộc nhóm đánh giá")
    words = _wrap(name_of(place))
    middle = x + (WIDTH - GAP) / 2
    first = y + (HEIGHT - GAP) / 2 + 4 - (len(words) - 1) * 6 - (4 if rank else 0)
    return Tile(
        place=place,
        x=x,
        y=y,
        kind=kind,
        lines=tuple(TextLine(word, middle, first + at * 12) for at, word in enumerate(words)),
        pips=tuple((middle + (at - (rank - 1) / 2) * _PIP_STEP, y + HEIGHT - GAP - 6) for at in range(rank)),
        warn=(x + WIDTH - GAP - 7, y + 7) if slips else None,
        rest=_triangle(x + 6.5, y + 6) if slipping.get(place.id) else "",
        label=f"{name_of(place)}: {said}",
        url=link("unit", place.uid, as_of=world.as_of, level=_level_of(world, highest)),
    )


def _level_of(world: World, highest: LevelFact | None) -> str:
    """The level that a tile leads to: the one it shows, else the lowest that is computed."""
    if highest is not None and highest.published_set is not None:
        return highest.code
    return next((level.code for level in world.levels if level.published_set), "")


def _triangle(x: float, y: float) -> str:
    return f"{x},{y - 4.5} {x + 5},{y + 4} {x - 5},{y + 4}"


def _wrap(name: str) -> list[str]:
    """Split a name into at most two lines of about equal length."""
    words = name.split()
    if len(words) < 2 or len(name) <= 7:
        return [name]
    half = min(range(1, len(words)), key=lambda n: abs(len(" ".join(words[:n])) - len(" ".join(words[n:]))))
    return [" ".join(words[:half]), " ".join(words[half:])]


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
