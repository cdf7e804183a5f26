"""How values of measures are written in the reader's language, on pages and in charts alike."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from mongcai_portal.common.numbers import format_decimal, round_half_up
from mongcai_portal.common.templatetags.portal import percent1
from programmes.measures.values import DONG
from programmes.rules.limits import COUNTED, PERCENT

MILLION = 1_000_000
KNOWN, PROJECTED, PLANNED = "known", "projected", "planned"


def language() -> str:
    """The reader's language: vi or en."""
    return "en" if (get_language() or "vi").startswith("en") else "vi"


def amount(unit: str, value: Decimal) -> str:
    """A value as read: `40,0%`, `76,611`, `1.200`; money in millions, as all tables of it: `4.560 triệu đồng`."""
    if unit == DONG:
        return _("%(amount)s triệu đồng") % {"amount": millions(value)}
    return percent1(value) if unit == PERCENT else format_decimal(value, language(), grouping=True)


def unit_of(unit: str, label: str) -> str:
    """What an axis counts in: `label` as the unit is called; money in millions."""
    return _("triệu đồng") if unit == DONG else label


def millions(dong: Decimal | int) -> str:
    """An amount in million đồng, at most one decimal: `1.500`, `0,4`; nothing is `0`."""
    value = Decimal(dong) / MILLION
    places = 0 if abs(value) >= 100 or dong % MILLION == 0 else 1
    return format_decimal(value, language(), grouping=True, places=places)


def projected(unit: str, value: Decimal) -> str:
    """A projected value, rounded as its unit is counted: nobody projects half a household. Money as `amount` has it."""
    if unit == DONG:
        return "≈ " + amount(unit, value)
    places = 0 if unit in COUNTED else 1
    text = format_decimal(round_half_up(value, places), language(), grouping=True, places=places)
    return "≈ " + text + ("%" if unit == PERCENT else "")


def kind_words() -> dict[str, str]:
    """What the three kinds of value over time are called."""
    return {
        KNOWN: pgettext("chart", "số đã biết"),
        PROJECTED: pgettext("chart", "dự báo, không phải số liệu"),
        PLANNED: pgettext("chart", "chỉ tiêu"),
    }
