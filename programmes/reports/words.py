"""Words in both languages, kept in a snapshot and read in the language of the moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from indicators.presenters.freshness import late_text
from indicators.rules.freshness import Late
from mongcai_portal.common.templatetags.portal import date_vi

Both = dict[str, str]


def both(told: Callable[[], object]) -> Both:
    """Return what is told in Vietnamese and in English."""
    found = {}
    for language in ("vi", "en"):
        with override(language):
            found[language] = str(told())
    return found


def named(thing: object) -> Both:
    """Return the names of a fact with `name_vi` and `name_en`."""
    name_vi, name_en = getattr(thing, "name_vi", ""), getattr(thing, "name_en", "")
    return {"vi": name_vi or name_en, "en": name_en or name_vi}


def own(text: Mapping[str, str] | None) -> str:
    """Return the text in the language of the moment."""
    if not text:
        return ""
    return text["en" if (get_language() or "vi").startswith("en") else "vi"]


def day(iso: str | None) -> str:
    """Write an ISO day of a snapshot."""
    return date_vi(date.fromisoformat(iso)) if iso else ""


def decimal(text: str | None) -> Decimal | None:
    """Read a decimal of a snapshot."""
    return None if text is None else Decimal(text)


def mark_word(provenance: str) -> str:
    """What is said of a figure that is not sourced; "" of one that is."""
    return {
        "unverified": _("chưa đối chiếu"),
        "illustrative": _("số liệu minh họa"),
        "missing": _("chưa có nguồn"),
    }.get(provenance, "")


def late_data(late: Late | None) -> dict[str, Any] | None:
    """Return what a snapshot keeps of a figure's lateness; None when the figure is not late."""
    return {"since": late.since.isoformat(), "failed": late.failed} if late else None


def late_words(late: Mapping[str, Any] | bool | None) -> str:
    """What is said of a figure that was older than it should be when it was taken, as beside the figure on a page.

    With the day always: a document is read on others. Older snapshots know only whether it was.
    """
    if not late:
        return ""
    if isinstance(late, bool):
        return _("chưa gồm số liệu được duyệt mới nhất")
    since = timezone.localtime(datetime.fromisoformat(late["since"]))
    return late_text(Late(since, late["failed"]), time=f"{since:%H:%M} {date_vi(since.date())}")


def with_late(text: str, late: Mapping[str, Any] | bool | None) -> str:
    """Return a figure's text with what is said of its lateness."""
    words = late_words(late)
    return f"{text} ({words})" if words else text


def text_mark(provenance: str) -> str:
    """What is said of a text that is not sourced, which is no figure; "" of one that is."""
    return _("minh họa") if provenance == "illustrative" else mark_word(provenance)
