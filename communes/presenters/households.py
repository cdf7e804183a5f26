"""Words that every page of households uses."""

from __future__ import annotations

from django.utils.translation import gettext as _


def area_word(area: str | None) -> str:
    """The area type of a place, which decides the poverty line."""
    return {"rural": _("nông thôn"), "urban": _("thành thị")}.get(area or "", _("chưa xác định khu vực"))
