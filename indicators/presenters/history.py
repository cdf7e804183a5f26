"""The way of a report as its pages tell it (Quá trình): every step of every revision, from the audit trail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from indicators.presenters.words import local
from indicators.selectors.entry import ReportState
from indicators.selectors.layout import Layout
from mongcai_portal.audit.kinds import Kind

ICONS = {
    Kind.REPORT_OPENED: "file-text",
    Kind.REPORT_SUBMITTED: "send",
    Kind.REPORT_VERIFIED: "clipboard-check",
    Kind.REPORT_SENT_BACK: "arrow-back-up",
    Kind.REPORT_APPROVED: "circle-check",
    Kind.REPORT_REOPENED: "lock-open",
    Kind.REPORT_IMPORTED: "history",
}


@dataclass(frozen=True, slots=True)
class Event:
    """One step of a report's way; `returns` are the elements sent back, each with its reason."""

    icon: str
    text: str
    by: str
    at: datetime
    reason: str = ""
    returns: tuple[tuple[str, str], ...] = ()


def history(state: ReportState) -> list[Event]:
    """The steps of a report, oldest first: opened, submitted, verified, sent back, approved, reopened."""
    return [
        Event(
            ICONS[Kind(event.kind)],
            _text(event.kind, event.details),
            event.actor_name,
            event.at,
            event.details.get("reason", ""),
            tuple(
                (_named(element, state.layout), reason) for element, reason in event.details.get("reasons", {}).items()
            ),
        )
        for event in state.events
    ]


def _text(kind: str, details: dict[str, Any]) -> str:
    match kind:
        case Kind.REPORT_OPENED:
            return pgettext("event", "Mở báo cáo")
        case Kind.REPORT_SUBMITTED:
            return _("Trình")
        case Kind.REPORT_VERIFIED:
            n = len(details.get("elements", ()))
            return ngettext("Thẩm định %(n)s số liệu", "Thẩm định %(n)s số liệu", n) % {"n": n}
        case Kind.REPORT_SENT_BACK:
            n = len(details.get("reasons", ()))
            return ngettext("Trả lại %(n)s số liệu", "Trả lại %(n)s số liệu", n) % {"n": n}
        case Kind.REPORT_APPROVED:
            return pgettext("event", "Phê duyệt")
        case Kind.REPORT_IMPORTED:
            return _("Nhập từ hồ sơ: %(file)s") % {"file": details.get("file", "")}
        case _:
            return _("Mở lại, lần %(n)s") % {"n": details.get("revision", "")}


def _named(element: str, layout: Layout) -> str:
    """An element as the form calls it; one that the law no longer asks for keeps its code."""
    row = layout.row(element)
    return f"{row.code} {local(row.name)}" if row else element
