"""Sessions in the database, each with the account it belongs to: so that a person sees their own and can end them."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

# What a session keeps of its own life (see `middleware`) and of where it was opened (see the login page).
STARTED, SEEN, CONFIRMED = "session_started", "session_seen", "session_confirmed"
ADDRESS, AGENT = "session_address", "session_agent"


def lately_confirmed(session: Any, *, times: int = 1) -> bool:
    """Whether the password was given in this session within `PORTAL_CONFIRMED_FOR` seconds, or `times` as many."""
    given = session.get(CONFIRMED) or session.get(STARTED) or 0
    return time.time() - given <= settings.PORTAL_CONFIRMED_FOR * times


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


class SessionStore(DatabaseStore):
    """Django's own store; the row repeats what pages list, so that no session has to be opened to show it."""

    @classmethod
    def get_model_class(cls) -> Any:
        from .models import OpenSession

        return OpenSession

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        row = super().create_model_instance(data)
        row.user_id = data.get(SESSION_KEY)
        row.started_at, row.seen_at = _moment(data.get(STARTED)), _moment(data.get(SEEN))
        row.address, row.agent = data.get(ADDRESS, "")[:45], data.get(AGENT, "")[:300]
        return row
