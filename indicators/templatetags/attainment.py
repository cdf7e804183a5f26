"""Filters of the attainment pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from indicators.models import Level
from indicators.presenters import attainment_table
from mongcai_portal.common.templatetags.portal import localname

register = template.Library()


@register.filter
def at(mapping: Mapping[Any, Any] | None, key: Any) -> Any:
    """The entry of a mapping, None when there is none."""
    return mapping.get(key) if mapping else None


@register.filter
def short_level(level: Level) -> str:
    """The short word of a level; one without it is called by its name."""
    return attainment_table.short_level(level.code, localname(level))
