"""How norms are read: the level with its sign, what it is for, and who sets it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from indicators.models import CriteriaSet, Norm
from indicators.presenters.criterion import region_text
from indicators.presenters.words import language, level_label, unit_text, value_text
from indicators.rules.types import Value
from mongcai_portal.common.numbers import format_decimal
from mongcai_portal.common.templatetags.portal import date_vi, localname

SIGNS = {">=": "≥", "<=": "≤", "==": "=", "is_true": ""}


def set_by_text(code: str) -> str:
    """Who sets the level of an indicator."""
    return {
        "prime_minister": _("Thủ tướng Chính phủ"),
        "ministry": _("bộ, ngành trung ương"),
        "province": _("UBND cấp tỉnh"),
    }.get(code, code)


def zone_text(code: str) -> str:
    """A zone that moves a unit to another region's column."""
    return {"extremely_difficult": _("xã đặc biệt khó khăn")}.get(code, code)


def group_text(code: str) -> str:
    """A group of communes of the rules for 2026–2030."""
    found = code.removeprefix("nhom_")
    return _("nhóm %(number)s") % {"number": found} if code.startswith("nhom_") else code


def level_text(value: Value | None, comparison: str, unit: str) -> str:
    """A level as read: `≥ 65%`, `= 0 nhà`, `đạt`, `≥ mức độ 2`."""
    text = value_text(value, unit)
    shown = unit_text(unit)
    if isinstance(value, Decimal) and shown and shown != "%":
        text = f"{text} {shown}"
    return f"{SIGNS.get(comparison, '')} {text}".strip()


def derived_text(norm: Norm, comparison: str, sets: dict[str, CriteriaSet]) -> str:
    """A derived level in words: `≥ 1,10 × mức nâng cao (chỉ tiêu 10) cùng vùng, cùng năm`."""
    base = sets.get(norm.derived_set)
    level = level_label(base.level.code) if base else norm.derived_set
    if base and level == base.level.code:
        level = localname(base.level)
    return _("%(sign)s %(factor)s × mức %(level)s (chỉ tiêu %(code)s) cùng vùng, cùng năm") % {
        "sign": SIGNS.get(comparison, ""),
        "factor": format_decimal(norm.derived_factor or Decimal(1), language(), places=2),
        "level": level.lower(),
        "code": norm.derived_indicator,
    }


def place_text(region: str, year: int | None, group: str = "", valid_from: date | None = None) -> str:
    """What a level is for: `Đồng bằng sông Hồng · năm 2023`; "" for all."""
    parts = [region_text(region)] if region else []
    if year:
        parts.append(_("năm %(year)s") % {"year": year})
    if group:
        parts.append(group_text(group))
    if valid_from:
        parts.append(_("từ %(start)s") % {"start": date_vi(valid_from)})
    return " · ".join(parts)
