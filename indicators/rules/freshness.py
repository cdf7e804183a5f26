"""When a stored result is older than it should be: its evaluation was asked for and has not come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

# An approval reaches the figures within two or three seconds, a lost message is made good by the next sweep: what takes
# longer than this is told beside the figure.
LATE_AFTER = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class Late:
    """A result lacks what was approved since `since`; `failed`: its computation ended in an error."""

    since: datetime
    failed: bool = False


def lateness(asked_at: datetime, *, failed: bool, silent: bool, now: datetime) -> Late | None:
    """Say that an evaluation still to be done makes its result late, or None while it may come at any moment.

    `silent`: no worker takes evaluations, so it will not come by itself.
    """
    return Late(asked_at, failed) if failed or silent or now - asked_at >= LATE_AFTER else None


def latest(found: Iterable[Late | None]) -> Late | None:
    """Return how late a figure is that rests on several results: since the first, failed when any is."""
    late = [one for one in found if one is not None]
    return Late(min(one.since for one in late), any(one.failed for one in late)) if late else None
