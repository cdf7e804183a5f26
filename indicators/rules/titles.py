"""Whether a title of recognition holds on a day."""

from __future__ import annotations

from datetime import date
from typing import Protocol


class Title(Protocol):
    """What is needed of a decision: a record, a staged row, or what was read of one."""

    @property
    def decided_on(self) -> date | None: ...

    @property
    def expires_on(self) -> date | None: ...

    @property
    def withdrawn_on(self) -> date | None: ...


def holds(title: Title, day: date) -> bool:
    """Whether a decision holds: made by the day, and neither expired nor withdrawn on it (API.md: `as_of`)."""
    return (
        title.decided_on is not None
        and title.decided_on <= day
        and (title.expires_on is None or title.expires_on > day)
        and (title.withdrawn_on is None or title.withdrawn_on > day)
    )
