"""Filters of the attainment pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def at(mapping: Mapping[Any, Any] | None, key: Any) -> Any:
    """The entry of a mapping, None when there is none."""
    return mapping.get(key) if mapping else None
