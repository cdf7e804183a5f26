"""OCOP in words: states, events, results and levels, each with a shape besides its colour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from communes.models import UnitVersion
from indicators.presenters.words import unit_title
from indicators.selectors.layout import Name
from mongcai_portal.common.numbers import format_decimal
from mongcai_portal.common.templatetags.portal import date_vi
from programmes.presenters.text import language
from programmes.rules.ocop import (
    AWARDED,
    BELOW,
    DISQUALIFIED,
    DOWNGRADE,
    EXPIRED,
    EXPIRING,
    FIRST,
    FORWARDED,
    LIVE,
    NEVER,
    RENEWAL,
    UPGRADE,
    WITHDRAWN,
    last_day,
)
from programmes.rules.ocop import POTENTIAL as POTENTIAL_RESULT
from programmes.selectors.ocop import POTENTIAL
from programmes.selectors.ocop_pages import ANNULLED, SUPERSEDED


@dataclass(frozen=True, slots=True)
class Chip:
    """A word with its icon and look."""

    label: str
    icon: str
    look: str


def state_chip(state: str) -> Chip:
    """How a product, or one of its recognitions, stands."""
    return {
        LIVE: Chip(pgettext("ocop", "Còn hiệu lực"), "circle-check", "chip-met"),
        EXPIRING: Chip(pgettext("ocop", "Sắp hết hiệu lực"), "clock-exclamation", "chip-part"),
        EXPIRED: Chip(pgettext("ocop", "Hết hiệu lực"), "clock", "chip-unmet"),
        WITHDRAWN: Chip(pgettext("ocop", "Đã thu hồi"), "ban", "chip-unmet"),
        NEVER: Chip(pgettext("ocop", "Chưa được công nhận"), "circle-dashed", ""),
        POTENTIAL: Chip(pgettext("ocop", "Tiềm năng 5 sao"), "trending-up", "chip-gold"),
        ANNULLED: Chip(pgettext("ocop", "Bản ghi đã hủy"), "x", ""),
        SUPERSEDED: Chip(pgettext("ocop", "Có quyết định mới hơn"), "history", ""),
    }[state]


def result_chip(result: str) -> Chip:
    """What an assessment came to."""
    return {
        AWARDED: Chip(pgettext("ocop", "Đạt hạng sao"), "circle-check", "chip-met"),
        FORWARDED: Chip(pgettext("ocop", "Đề nghị cấp trên đánh giá"), "arrow-up-right", "chip-part"),
        POTENTIAL_RESULT: Chip(pgettext("ocop", "Tiềm năng 5 sao"), "trending-up", "chip-gold"),
        BELOW: Chip(pgettext("ocop", "Chưa đủ điểm công nhận"), "circle-x", "chip-unmet"),
        DISQUALIFIED: Chip(pgettext("ocop", "Không đạt yêu cầu ngoài điểm"), "ban", "chip-unmet"),
    }[result]


def event_word(event: str) -> str:
    """What a recognition was to its product."""
    return {
        "": "",
        FIRST: pgettext("ocop event", "công nhận lần đầu"),
        RENEWAL: pgettext("ocop event", "công nhận lại"),
        UPGRADE: pgettext("ocop event", "nâng hạng"),
        DOWNGRADE: pgettext("ocop event", "xuống hạng"),
    }[event]


def stars_word(stars: int) -> str:
    return ngettext("%(n)s sao", "%(n)s sao", stars) % {"n": stars}


def place_words(places: tuple[UnitVersion, ...]) -> str:
    """Where a product lies; several units one after the other where nobody knows in which."""
    return _(" hoặc ").join(unit_title(Name(one.name_vi, one.name_en), one.kind) for one in places)


def points_text(value: Decimal | None) -> str:
    """Points in the reader's form; averages were stored cut, so none reads as more than it is."""
    return "" if value is None else format_decimal(value, language())


def left_text(expires_on: date, day: date | None = None) -> str:
    """How long a certificate still holds, or since when it does not; days are counted to its last one, as deadlines."""
    last = last_day(expires_on)
    left = (last - (day or timezone.localdate())).days
    if left < 0:
        return _("đã hết hiệu lực sau ngày %(day)s") % {"day": date_vi(last)}
    text = ngettext("còn %(n)s ngày, đến hết %(day)s", "còn %(n)s ngày, đến hết %(day)s", left)
    return text % {"n": left, "day": date_vi(last)}
