"""What services raise. Pages, API and commands each present these in their own way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


class PortalError(Exception):
    """Base of everything a service refuses; `str(error)` is a message for the user, in their language."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: where (`pointer`, JSON-pointer style, `/0/value`), a stable code, and the message."""

    pointer: str
    code: str
    message: str


def step(name: object) -> str:
    """One step of a pointer, `/name`, as RFC 6901 writes it: for names that callers choose, which may hold `/`."""
    return "/" + str(name).replace("~", "~0").replace("/", "~1")


class Invalid(PortalError):
    """The input has faults; all of them are named and nothing was stored."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(str(fault.message) for fault in self.faults))


class Stale(PortalError):
    """A move found another status than the one it starts from (another window was first)."""


class Outdated(PortalError):
    """The caller names the version it has seen, and it is not the present one (If-Match)."""


class Unconditional(PortalError):
    """A write names no version that its caller has seen, where one is asked for (If-Match)."""


class KeyReused(PortalError):
    """An idempotency key came with another request than the one it was first used for."""


class Conflict(PortalError):
    """A cell was changed by someone else since it was read; `current` describes what stands now."""

    def __init__(self, message: str, current: dict[str, object]) -> None:
        self.current = current
        super().__init__(message)


class Forbidden(PortalError):
    """The person may see the object but not do this to it."""


class Unconfirmed(PortalError):
    """A session does what asks for the password, which was not given lately."""
