"""The overview page as its template reads it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from html import escape
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from indicators.rules.freshness import Late
from indicators.rules.marks import NO_MARKS, Marks, together
from mongcai_portal.common.links import link
from mongcai_portal.common.stencils import Stencil, slot
from mongcai_portal.common.templatetags.portal import date_vi
from programmes.measures.facts import HOME_AREA, World
from programmes.measures.ntm import ASSESSED, UPGRADE, rests_of
from programmes.measures.registry import measures_of
from programmes.measures.values import MeasureValue
from programmes.presenters.attention import AttentionList
from programmes.presenters.attention_lines import Attention
from programmes.presenters.cards import Kpi, LevelCard, kpi, level_card
from programmes.presenters.finding import finding
from programmes.presenters.matrix import matrix_rows
from programmes.presenters.money_strip import MoneyStrip, money_strip
from programmes.presenters.text import name_of, namer
from programmes.presenters.tiles import TileMap, tile_map
from programmes.selectors.matrix import Matrix
from programmes.selectors.overview import ATTENTION_TOLD, Overview

ATTENTION_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Page:
    """Everything on the overview."""

    day: date
    area: str
    area_units: int
    areas: SafeString
    days: tuple[date, ...]
    phase: str
    finding: str
    empty: str
    back: str
    back_day: str
    levels: tuple[LevelCard, ...]
    kpis: tuple[Kpi, ...]
    unknown: tuple[Kpi, ...]
    money: MoneyStrip | None
    tiles: TileMap | None
    matrix: Matrix | None
    matrix_rows: SafeString
    attention: list[Attention]
    more_attention: list[Attention]
    attention_count: int
    further: int  # of all that needs attention, not on this page
    further_url: str
    computed_at: Any
    data_up_to: Any
    pending: int
    illustrative: bool
    finding_marks: Marks
    finding_late: Late | None
    other_group: str


def page(found: Overview, *, today: date) -> Page:
    """Arrange the overview."""
    return attended(arranged(found), found, today=today)


def attended(shown: Page, found: Overview, *, today: date) -> Page:
    """Add what needs attention."""
    attention = AttentionList(found, today=today)
    return replace(
        shown,
        attention=attention.told(0, ATTENTION_SHOWN),
        more_attention=attention.told(ATTENTION_SHOWN, ATTENTION_TOLD),
        attention_count=len(attention),
        further=max(0, len(attention) - ATTENTION_TOLD),
    )


def arranged(found: Overview) -> Page:
    """Arrange all but what needs attention."""
    world = found.world
    cards = tuple(level_card(world, level, found.values) for level in world.levels)
    cards_of = {measure.code: measure.breakthrough for measure in measures_of(world) if measure.card}
    others = [
        v
        for v in found.values.values()
        if v.code in cards_of and not v.code.startswith(("ntm.recognised.", "ntm.attained."))
    ]
    entered = [v for v in others if v.value is not None or v.code.startswith("ntm.")]
    known = {v.code for v in entered}

    def card(value: MeasureValue) -> Kpi:
        return kpi(world, value, breakthrough=cards_of[value.code])

    back = _last_good(found)
    illustrative = any(v.provenance == "illustrative" for v in found.values.values())
    return Page(
        day=world.as_of,
        area=name_of(world.area),
        area_units=sum(1 for p in world.places.values() if p.id in world.in_area) - 1,
        areas=_areas(found),
        days=found.days,
        phase=world.phase.replace("-", "–"),
        finding=finding(world, found),
        empty="" if found.has_ratios else _empty(found),
        back="" if found.has_ratios or back is None else link("overview", as_of=back),
        back_day=date_vi(back),
        levels=cards if found.has_ratios else (),
        kpis=tuple(card(v) for v in entered if found.has_ratios or v.value is not None),
        unknown=tuple(card(v) for v in others if v.code not in known),
        money=money_strip(world, found.values),
        tiles=tile_map(
            world,
            assessed={p.id for p in world.members(world.group_in_place_of(ASSESSED))},
            slipping={pk: together(rests_of(world, one, pk) for one in world.levels) for pk in found.slipping},
        ),
        matrix=found.matrix,
        matrix_rows=matrix_rows(world, found.matrix) if found.matrix else SafeString(),
        attention=[],
        more_attention=[],
        attention_count=0,
        further=0,
        further_url=link("attention", as_of=world.as_of, unit=_asked(world), page=1),
        computed_at=world.computed_at,
        data_up_to=world.data_up_to,
        pending=found.waiting_evaluations,
        illustrative=illustrative,
        finding_marks=_finding_marks(found) | Marks(illustrative=illustrative),
        finding_late=_finding_late(found),
        other_group=_other_group(found),
    )


def _asked(world: World) -> str:
    """The area as an address carries it: none for the town."""
    return "" if world.area.uid == HOME_AREA else world.area.uid


def _finding_marks(found: Overview) -> Marks:
    """What the sentence rests on: the results of the lowest level, which it tells."""
    level = found.world.levels[0] if found.world.levels else None
    return found.values[f"ntm.attained.{level.code}"].marks if level else NO_MARKS


def _finding_late(found: Overview) -> Late | None:
    """Since when the sentence is older than it should be."""
    level = found.world.levels[0] if found.world.levels else None
    return found.values[f"ntm.attained.{level.code}"].late if level else None


def _other_group(found: Overview) -> str:
    """That the ratios are counted over another group than the published one, and since when."""
    world = found.world
    group, other = world.groups.get(ASSESSED), world.groups.get(world.group_in_place_of(ASSESSED))
    if group is None or other is None or group.code == other.code:
        return ""
    return _(
        "Nhóm “%(group)s” hết hiệu lực ngày %(end)s: các tỷ lệ tính trên “%(other)s” của ngày xem. Danh hiệu và "
        "số liệu của đơn vị cũ là lịch sử, không tính cho đơn vị mới."
    ) % {"group": name_of(group), "end": date_vi(group.valid_to), "other": name_of(other)}


def _last_good(found: Overview) -> date | None:
    """The newest period end on which a group was in force."""
    group = found.world.groups.get(ASSESSED)
    if group is None:
        return None
    return next((day for day in found.days if (group.valid_from or day) <= day <= (group.valid_to or day)), None)


def _empty(found: Overview) -> str:
    """Why there is no ratio on this day."""
    group = found.world.groups.get(ASSESSED)
    day = date_vi(found.world.as_of)
    if group is None:
        return _("Chưa có nhóm xã nào được khai báo.")
    if group.valid_to and group.valid_to < found.world.as_of:
        return _("Ngày %(day)s không có nhóm xã nào còn hiệu lực: “%(name)s” hết hiệu lực ngày %(end)s.") % {
            "day": day,
            "name": name_of(group),
            "end": date_vi(group.valid_to),
        }
    if group.valid_from and group.valid_from > found.world.as_of:
        return _("Ngày %(day)s chưa có nhóm xã nào: “%(name)s” có hiệu lực từ ngày %(start)s.") % {
            "day": day,
            "name": name_of(group),
            "start": date_vi(group.valid_from),
        }
    return _("Địa bàn này không có xã nào thuộc nhóm được theo dõi.")


def _areas(found: Overview) -> SafeString:
    """The town, and the communes of the groups, as entries of the menu."""
    world = found.world
    home = next((p for p in world.places.values() if p.uid == HOME_AREA), world.area)
    codes = {world.group_in_place_of(code) for code in (ASSESSED, UPGRADE)}
    members = {pk for code in codes if code in world.groups for pk in world.groups[code].member_ids}
    below = sorted((world.places[pk] for pk in members if pk in world.places), key=lambda p: p.sort_key)
    template, name = "programmes/_area.html", slot("name")
    url = link("overview", as_of=world.as_of)
    entries = [
        Stencil(template, {"url": url, "name": name, "current": world.area.id == home.id}).fill(
            {"name": escape(name_of(home))}
        )
    ]
    url = link("overview", as_of=world.as_of, unit="uid").replace("unit=uid", f"unit={slot('uid')}")
    looks = {here: Stencil(template, {"url": url, "name": name, "current": here}) for here in (True, False)}
    named = namer()
    entries += [
        looks[place.id == world.area.id].fill({"name": escape(named(place)), "uid": place.uid}) for place in below
    ]
    return mark_safe("".join(entries))
