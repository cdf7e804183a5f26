"""Tags and filters of every page: icons, numbers and dates in the reader's form, names in the reader's language."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from mongcai_portal.common.numbers import format_decimal

register = template.Library()

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# Shape and word of each outcome; the colour is the class's.
_OUTCOME_ICONS = {
    "met": "circle-check",
    "not_met": "circle-x",
    "no_data": "circle-dashed",
    "not_applicable": "circle-minus",
    "undetermined": "help-circle",
}
_OUTCOME_WORDS = {
    "met": gettext_lazy("Đạt"),
    "not_met": gettext_lazy("Chưa đạt"),
    "no_data": gettext_lazy("Chưa có số liệu"),
    "not_applicable": gettext_lazy("Không áp dụng"),
    "undetermined": gettext_lazy("Chưa xác định"),
}
_OUTCOME_GLYPHS = {"met": "✓", "not_met": "✕", "no_data": "…", "not_applicable": "–", "undetermined": "?"}


def _language() -> str:
    return (get_language() or "vi").split("-")[0]


@register.simple_tag
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """Draw an icon of the sprite: `{% icon "home" %}`; `size` is sm or lg, a `label` makes it speak."""
    return _icon(str(name), size, str(label))


# A form of 120 rows has a thousand icons of two dozen kinds. How they are stroked is said once, in the style sheet.
@lru_cache(maxsize=1024)
def _icon(name: str, size: str, label: str) -> SafeString:
    return format_html(
        '<svg class="icon{}" {}><use href="{}#{}"></use></svg>',
        f" icon-{size}" if size else "",
        format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"'),
        static("vendor/icons.svg"),
        name,
    )


def _decimal(value: Any) -> Decimal | None:
    if value is None or value == "" or isinstance(value, bool):
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


@register.filter
def number(value: Any, places: int | None = None) -> str:
    """Write a number in the reader's form, thousands grouped; rounded only when `places` is given. None gives ""."""
    found = _decimal(value)
    if found is None:
        return "" if value is None else str(value)
    return format_decimal(found, _language(), grouping=True, places=places)


register.filter("vi_number", number)


@register.filter
def percent1(value: Any) -> str:
    """Write a percentage with one decimal: `40,0%` in Vietnamese, `40.0%` in English; 100 and 0 stay whole."""
    found = _decimal(value)
    if found is None:
        return ""
    places = 0 if found in (0, 100) else 1
    return format_decimal(found, _language(), places=places) + "%"


@register.filter
def padded(value: Any) -> str:
    """Write a count as the city does in prose: 05; from a thousand on in groups: 5.299."""
    found = _decimal(value)
    if found is None:
        return ""
    return f"{int(found):02d}" if found < 1000 else number(int(found))


@register.filter
def date_vi(value: Any) -> str:
    """Write a day: 31/12/2023 in Vietnamese, 31 Dec 2023 in English. A time is read in local time first."""
    if isinstance(value, datetime):
        value = (timezone.localtime(value) if timezone.is_aware(value) else value).date()
    if not isinstance(value, date):
        return ""
    if _language() == "en":
        return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"
    return f"{value.day:02d}/{value.month:02d}/{value.year}"


@register.filter
def time_vi(value: Any) -> str:
    """Write a moment: 14:02 today, otherwise 14:02 31/12/2023 (31 Dec 2023 in English)."""
    if not isinstance(value, datetime):
        return ""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    clock = f"{local:%H:%M}"
    return clock if local.date() == timezone.localdate() else f"{clock} {date_vi(local.date())}"


@register.filter
def localname(obj: Any, field: str = "name") -> str:
    """Read `name_en` or `name_vi` of an object or mapping by language; what is missing falls back to the other."""
    first, second = ("en", "vi") if _language() == "en" else ("vi", "en")
    for key in (f"{field}_{first}", f"{field}_{second}", field):
        value = obj.get(key) if isinstance(obj, dict) else getattr(obj, key, None)
        if value:
            return str(value)
    return ""


def outcome_label(code: str) -> str:
    """The word of an outcome."""
    return str(_OUTCOME_WORDS.get(str(code), code))


register.filter("outcome_label", outcome_label)


@register.filter
def outcome_glyph(code: str) -> str:
    """The shape of an outcome in narrow cells: ✓ ✕ … – ?"""
    return _OUTCOME_GLYPHS.get(str(code), "?")


@register.inclusion_tag("components/outcome.html")
def outcome(code: str, label: str = "", detail: str = "") -> dict[str, str]:
    """Badge of an outcome: `{% outcome result.outcome %}`; another `label` replaces the word."""
    return {
        "code": str(code),
        "icon_name": _OUTCOME_ICONS.get(str(code), "help-circle"),
        "label": label or outcome_label(code),
        "detail": detail,
    }


@register.inclusion_tag("components/status.html")
def report_status(code: str, revision: int = 1) -> dict[str, str]:
    """Badge of a report's status; the draft of a later revision is a report that was reopened."""
    icons = {
        "draft": ("pencil", _("Bản nháp")) if revision == 1 else ("lock-open", pgettext("status", "Mở lại")),
        "submitted": ("send", _("Đã trình")),
        "returned": ("arrow-back-up", _("Trả lại")),
        "verified": ("clipboard-check", _("Đã thẩm định")),
        "approved": ("circle-check", _("Đã duyệt")),
    }
    name, label = icons.get(str(code), ("help-circle", str(code)))
    return {"code": str(code), "icon_name": name, "label": label}


@register.inclusion_tag("components/provenance.html")
def provenance(code: str, source: str = "") -> dict[str, str]:
    """Mark of a datum that needs one: unverified, illustrative, missing, judgement; `sourced` shows nothing."""
    return {"code": str(code), "source": source}


@register.inclusion_tag("components/field.html")
def field(bound: Any, hint: str = "") -> dict[str, Any]:
    """A form field with label, hint and faults, tied together for screen readers."""
    described = [f"{bound.auto_id}_hint"] if hint or bound.help_text else []
    widget = bound.field.widget
    attrs = {"class": f"{widget.attrs.get('class', '')} form-control{' is-invalid' if bound.errors else ''}".strip()}
    if bound.errors:
        described.append(f"{bound.auto_id}_error")
        attrs["aria-invalid"] = "true"
    if described:
        attrs["aria-describedby"] = " ".join(described)
    return {"bound": bound, "input": bound.as_widget(attrs=attrs), "hint": hint or bound.help_text}


@register.simple_tag(takes_context=True)
def with_query(context: template.Context, **changes: Any) -> str:
    """The present query string with some parameters changed (None removes one)."""
    query = context["request"].GET.copy()
    for key, value in changes.items():
        if value is None:
            query.pop(key, None)
        else:
            query[key] = str(value)
    return f"?{query.urlencode()}" if query else "?"
