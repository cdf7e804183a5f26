"""The chart of who went from which class to which: bars for the classes of two days, bands between them.

Drawn on the server. Colours stand as attributes, for files; on a page the classes of `poverty.css` take their place, so
that the dark theme has its own. A number that is not published is a dashed band of one width, whatever it is.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communes.presenters.flow_words import side_short, side_word
from communes.presenters.reviews import unit_title
from communes.rules.poverty.classify import NEAR_POOR, POOR
from communes.rules.poverty.flows import ABSENT
from communes.selectors.poverty_changes import PAIRS, SIDES, Changes
from communes.selectors.poverty_published import OTHERS
from mongcai_portal.common.charts import AMBER, MEDIA, RED, png_of
from mongcai_portal.common.templatetags.portal import date_vi, number

WIDTH, BAR, LEFT_X, RIGHT_X, TOP = 640, 14, 150, 476, 40
# All bands together are so high; a bar has room for two lines of text; the least that can be seen; one not published.
BANDS, SLOT, GAP, LEAST, FEW = 240.0, 56.0, 12.0, 2.0, 7.0
LABELLED = 17.0  # a band of this height has its number on it
COLOURS = {POOR: RED, NEAR_POOR: AMBER, OTHERS: "#1f7a5a", ABSENT: "#7b8997"}


@dataclass(frozen=True, slots=True)
class Node:
    """A class on one of the two days. `number` "" where parts of it are not published and no balance is."""

    status: str
    colour: str
    x: float
    y: str
    height: str
    text_x: float
    anchor: str
    name_y: str
    number_y: str
    name: str
    number: str


@dataclass(frozen=True, slots=True)
class Band:
    """What went from one class to another."""

    status: str
    colour: str
    path: str
    title: str
    few: bool
    label: str
    label_y: str


@dataclass(frozen=True, slots=True)
class FlowChart:
    """The chart, ready to be drawn."""

    height: str
    title: str
    opening: str
    closing: str
    nodes: tuple[Node, ...]
    bands: tuple[Band, ...]
    width: int = WIDTH
    left_x: int = LEFT_X + BAR
    right_x: int = RIGHT_X
    middle: int = (LEFT_X + BAR + RIGHT_X) // 2
    bar: int = BAR


def flow_chart(found: Changes, title: str) -> FlowChart | None:
    """Lay the chart out; None when there is nothing to draw."""
    drawn = {pair: found.numbers[pair] for pair in PAIRS if found.numbers.get(pair, 0) != 0}
    if not drawn:
        return None
    total = sum(value for value in drawn.values() if value is not None)
    unit = BANDS / total if total else 0.0
    heights = {pair: FEW if value is None else max(value * unit, LEAST) for pair, value in drawn.items()}
    starts, nodes, bottom = {}, [], 0.0
    for side in (0, 1):
        y = float(TOP)
        for status in SIDES:
            pairs = [pair for pair in drawn if pair[side] == status]
            if not pairs:
                continue
            whole = sum(heights[pair] for pair in pairs)
            slot = max(whole, SLOT)
            at = y + (slot - whole) / 2
            nodes.append(_node(found, status, side, at, whole))
            for pair in sorted(pairs, key=lambda one: SIDES.index(one[1 - side])):
                starts[side, pair] = at
                at += heights[pair]
            y += slot + GAP
        bottom = max(bottom, y)
    bands = tuple(
        _band(pair, value, heights[pair], starts[0, pair], starts[1, pair])
        for pair, value in sorted(drawn.items(), key=lambda one: -heights[one[0]])
    )
    return FlowChart(_n(bottom), title, date_vi(found.opening), date_vi(found.closing), tuple(nodes), bands)


def _node(found: Changes, status: str, side: int, y: float, height: float) -> Node:
    middle = y + height / 2
    return Node(
        status=status,
        colour=COLOURS[status],
        x=(LEFT_X, RIGHT_X)[side],
        y=_n(y),
        height=_n(height),
        text_x=(LEFT_X - 10, RIGHT_X + BAR + 10)[side],
        anchor=("end", "start")[side],
        name_y=_n(middle - 4),
        number_y=_n(middle + 16),
        name=side_short(status),
        number=_balance(found, status, side),
    )


def _balance(found: Changes, status: str, side: int) -> str:
    """The balance of a class; of the rest only how many of it changed."""
    for one in found.balances:
        if one.status == status:
            return str(number((one.opening, one.closing)[side]))
    parts = [value for pair, value in found.numbers.items() if pair[side] == status]
    return "" if None in parts else str(number(sum(value for value in parts if value)))


def _band(pair: tuple[str, str], value: int | None, height: float, y0: float, y1: float) -> Band:
    x0, x1 = LEFT_X + BAR, RIGHT_X
    half = (x0 + x1) // 2
    path = (
        f"M{x0} {_n(y0)}C{half} {_n(y0)} {half} {_n(y1)} {x1} {_n(y1)}"
        f"L{x1} {_n(y1 + height)}C{half} {_n(y1 + height)} {half} {_n(y0 + height)} {x0} {_n(y0 + height)}Z"
    )
    return Band(
        pair[0],
        COLOURS[pair[0]],
        path,
        pair_words(pair, value),
        value is None,
        str(number(value)) if value is not None and height >= LABELLED else "",
        _n((y0 + y1 + height) / 2 + 4),
    )


def pair_words(pair: tuple[str, str], value: int | None) -> str:
    """A change in words, for whoever points at its band."""
    told = {"from": side_word(pair[0]), "to": side_word(pair[1])}
    if value is None:
        return _("%(from)s → %(to)s: không công bố") % told
    told["n"] = str(number(value))
    return ngettext("%(from)s → %(to)s: %(n)s hộ", "%(from)s → %(to)s: %(n)s hộ", value) % told


def draw(chart: FlowChart, *, alone: bool = False) -> SafeString:
    """Return the picture as SVG; `alone` for a file, which brings its own ground and lettering."""
    return render_to_string("communes/_flow_chart.svg", {"chart": chart, "alone": alone})


def picture(chart: FlowChart, kind: str) -> bytes:
    """Return the chart as a file, svg or png (twice as large as on a page, with the portal's own lettering).

    Raises:
        KeyError: another kind.
    """
    text = draw(chart, alone=True)
    if kind not in MEDIA:
        raise KeyError(kind)
    return text.encode() if kind == "svg" else png_of(text)


def chart_title(found: Changes, decision: str) -> str:
    """What the chart shows: of whom, between which days, under which standard."""
    told = {
        "unit": unit_title(found.unit) if found.unit else _("Mọi xã, phường"),
        "opening": date_vi(found.opening),
        "closing": date_vi(found.closing),
        "standard": decision,
    }
    return _("%(unit)s: hộ chuyển loại từ hết %(opening)s đến hết %(closing)s, theo %(standard)s") % told


def _n(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
