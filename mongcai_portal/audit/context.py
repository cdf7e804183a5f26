"""Through which door, and in which request, the present code runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum


class Channel(StrEnum):
    """The doors: a page, the REST API, a management command, a background task."""

    PAGE = "page"
    API = "api"
    COMMAND = "command"
    TASK = "task"


@dataclass(frozen=True, slots=True)
class Origin:
    """Channel and request id (or task id) that events carry."""

    channel: Channel = Channel.COMMAND
    request_id: str = ""


_origin: ContextVar[Origin] = ContextVar("audit_origin", default=Origin())  # noqa: B039 - frozen


def current() -> Origin:
    """Return where the present code was called from; outside requests and tasks that is a command."""
    return _origin.get()


@contextmanager
def origin(channel: Channel, request_id: str = "") -> Iterator[Origin]:
    """Run a block as coming from this channel; tasks use it with their task id."""
    here = Origin(channel, request_id[:64])
    token = _origin.set(here)
    try:
        yield here
    finally:
        _origin.reset(token)
