"""How the history of a deadline reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common.templatetags.portal import date_vi


@dataclass(frozen=True, slots=True)
class DeadlineLine:
    """One thing that happened to a period's deadline."""

    text: str
    by: str
    at: datetime
    reason: str


def deadline_lines(events: Iterable[AuditEvent]) -> list[DeadlineLine]:
    """The events as sentences."""
    return [DeadlineLine(_text(event), event.actor_name, event.at, event.details.get("reason", "")) for event in events]


def _text(event: AuditEvent) -> str:
    if event.kind == Kind.PERIOD_DEADLINE_MOVED:
        return _("Chuyển hạn nộp từ %(before)s sang %(after)s") % {
            "before": _day(event.details.get("before")),
            "after": _day(event.details.get("after")),
        }
    return _("Mở kỳ, hạn nộp %(day)s") % {"day": _day(event.details.get("due_on"))}


def _day(text: object) -> str:
    try:
        return date_vi(date.fromisoformat(str(text)))
    except ValueError:
        return str(text or "")
