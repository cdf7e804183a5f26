"""How sessions are worded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from .models import OpenSession

# The first that fits: browsers name their ancestors too.
_BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "coc_coc": "Cốc Cốc",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
_SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "macOS",
    "Linux": "Linux",
}


@dataclass(frozen=True, slots=True)
class SessionView:
    """A session as read; `present` is the one that asks."""

    handle: str
    device: str
    address: str
    started_at: datetime | None
    seen_at: datetime | None
    present: bool


def device_text(agent: str) -> str:
    """The browser and the system in a word each; what a browser says of itself proves nothing."""
    browser = next((name for mark, name in _BROWSERS.items() if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS.items() if mark in agent), "")
    return " · ".join(word for word in (browser, system) if word) or _("không rõ thiết bị")


def session_views(rows: Iterable[OpenSession], present_key: str) -> list[SessionView]:
    """The sessions in words."""
    return [
        SessionView(
            row.handle, device_text(row.agent), row.address or "–", row.started_at, row.seen_at,
            row.session_key == present_key,
        )
        for row in rows
    ]  # fmt: skip
