"""Filters of the attainment pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import pgettext

from indicators.models import Level
from mongcai_portal.common.templatetags.portal import localname

register = template.Library()


@register.filter
def at(mapping: Mapping[Any, Any], key: Any) -> Any:
    """The entry of a mapping, None when there is none."""
    return mapping.get(key)


@register.filter
def short_level(level: Level) -> str:
    """The short word of a level; one without it is called by its name."""
    return {
        "standard": pgettext("level", "Đạt chuẩn"),
        "advanced": pgettext("level", "Nâng cao"),
        "model": pgettext("level", "Kiểu mẫu"),
    }.get(level.code) or localname(level)
