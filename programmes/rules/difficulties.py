"""Difficulties and proposals: which states they go through, what an entry has to say, and which report tells them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

OPEN, RESOLVED, WITHDRAWN = "open", "resolved", "withdrawn"

CHANGE, RESOLVE, REOPEN, WITHDRAW = "change", "resolve", "reopen", "withdraw"

# Why a move is refused.
WRONG_STATUS, NO_RIGHT = "status", "right"

EARLIEST = date(2016, 1, 1)  # before the portal's first phase, as with reports
TEXT, CAUSE, PROPOSAL = 2000, 2000, 1000  # the longest of each
MOST_PROPOSALS = 6


@dataclass(frozen=True, slots=True)
class Move:
    """A named step: from which statuses, to which, and whether it says how or why."""

    name: str
    sources: frozenset[str]
    target: str
    says_why: bool = True


MOVES = {
    move.name: move
    for move in (
        Move(CHANGE, frozenset({OPEN}), OPEN, says_why=False),
        Move(RESOLVE, frozenset({OPEN}), RESOLVED),
        Move(WITHDRAW, frozenset({OPEN}), WITHDRAWN),
        Move(REOPEN, frozenset({RESOLVED, WITHDRAWN}), OPEN),
    )
}


def refusal(name: str, status: str, *, writes: bool) -> str:
    """Return why a move may not be taken now; empty when it may.

    The right comes before the status: who may not write at all is told nothing of when.
    """
    if not writes:
        return NO_RIGHT
    return "" if status in MOVES[name].sources else WRONG_STATUS


def moves_of(status: str, *, writes: bool) -> tuple[str, ...]:
    """Return what someone may do with an entry in the status."""
    return tuple(name for name in MOVES if not refusal(name, status, writes=writes))


@dataclass(frozen=True, slots=True)
class Said:
    """What an entry says before the database is asked; proposals as (addressee, text), in their order."""

    text: str
    cause_objective: str = ""
    cause_subjective: str = ""
    proposals: Sequence[tuple[str, str]] = ()


def faults_of(said: Said, addressees: Sequence[str]) -> list[tuple[str, str]]:
    """Return every fault of a text as pointer and code.

    A cause may be missing (it is not always known yet); a proposal says what, and to whom.
    """
    found = [] if said.text else [("text", "required")]
    for field, most in (("text", TEXT), ("cause_objective", CAUSE), ("cause_subjective", CAUSE)):
        if len(getattr(said, field)) > most:
            found.append((field, "too_long"))
    for at, (addressee, text) in enumerate(said.proposals):
        if not text:
            found.append((f"proposals/{at}/text", "required"))
        if len(text) > PROPOSAL:
            found.append((f"proposals/{at}/text", "too_long"))
        if addressee not in addressees:
            found.append((f"proposals/{at}/addressee", "required"))
    if len(said.proposals) > MOST_PROPOSALS:
        found.append(("proposals", "too_many"))
    return found


def resolved_faults(resolved_on: date | None, *, starts_on: date, today: date) -> list[tuple[str, str]]:
    """Return what is wrong with the day on which an entry of a period was settled."""
    if resolved_on is None:
        return [("resolved_on", "required")]
    if resolved_on > today:
        return [("resolved_on", "in_future")]
    if resolved_on < starts_on:
        return [("resolved_on", "before_period")]
    return []


def told_in(*, ends_on: date, resolved_on: date | None, since: date, until: date) -> bool:
    """Whether a report from `since` to `until` (both inclusive) tells an entry that was not withdrawn.

    It tells what was written for a period that ended by its last day: of its own days, and of earlier ones what was
    still there when it began, so that nothing unsettled drops out of sight at the turn of a year.
    """
    if ends_on > until:
        return False
    return ends_on >= since or resolved_on is None or resolved_on >= since
