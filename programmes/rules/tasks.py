"""Tasks: who may take one from which status to which, and how it stands against its deadline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

OPEN, REPORTED, DONE, CANCELLED = "open", "reported", "done", "cancelled"
ENDED = frozenset({DONE, CANCELLED})

PROGRESS, REPORT, CONFIRM, RETURN = "progress", "report", "confirm", "return"
CANCEL, REOPEN, POSTPONE, STEP = "cancel", "reopen", "postpone", "step"

# How a task stands: late is what was reported after its deadline, settled what was in time or ended.
OVERDUE, DUE_SOON, LATER, UNDATED, LATE, SETTLED = "overdue", "due_soon", "later", "undated", "late", "settled"
SOON = timedelta(days=7)
HOME = ZoneInfo("Asia/Ho_Chi_Minh")

# Why a move is refused.
WRONG_STATUS, NO_RIGHT, OWN_REPORT = "status", "right", "own_report"


@dataclass(frozen=True, slots=True)
class Move:
    """A named step: from which statuses, to which, whether the owner or who assigns takes it, and if it says why."""

    name: str
    sources: frozenset[str]
    target: str
    by_owner: bool
    says_why: bool = True


MOVES = {
    move.name: move
    for move in (
        Move(PROGRESS, frozenset({OPEN}), OPEN, by_owner=True),
        Move(REPORT, frozenset({OPEN}), REPORTED, by_owner=True),
        Move(STEP, frozenset({OPEN}), OPEN, by_owner=True, says_why=False),
        Move(CONFIRM, frozenset({REPORTED}), DONE, by_owner=False, says_why=False),
        Move(RETURN, frozenset({REPORTED}), OPEN, by_owner=False),
        Move(CANCEL, frozenset({OPEN, REPORTED}), CANCELLED, by_owner=False),
        Move(REOPEN, frozenset({DONE, CANCELLED}), OPEN, by_owner=False),
        Move(POSTPONE, frozenset({OPEN}), OPEN, by_owner=False),
    )
}


@dataclass(frozen=True, slots=True)
class Party:
    """Someone before a task: may give and settle tasks, works for its owner or commune, reported it last."""

    assigns: bool
    owns: bool
    reported: bool = False


def refusal(name: str, status: str, party: Party) -> str:
    """Return why this party may not take the move now; empty when it may.

    The right comes before the status: who may not do it at all is told nothing of when. Whoever reported a result
    never confirms it, in whatever roles (as with reports: who made the figures does not approve them).
    """
    move = MOVES[name]
    if not (party.owns if move.by_owner else party.assigns):
        return NO_RIGHT
    if status not in move.sources:
        return WRONG_STATUS
    if name == CONFIRM and party.reported:
        return OWN_REPORT
    return ""


def moves_of(status: str, party: Party) -> tuple[str, ...]:
    """Return what this party may do with a task in the status."""
    return tuple(name for name in MOVES if not refusal(name, status, party))


# What a line of a task's history made of it; other lines leave it as it was, and before any of these it is open.
AFTER = {"returned": OPEN, "reopened": OPEN, "reported": REPORTED, "confirmed": DONE, "cancelled": CANCELLED}


def ends_at(due_on: date) -> datetime:
    """Return the moment a deadline ends: 24:00 of its day in Vietnam, the first moment that is too late."""
    return datetime.combine(due_on + timedelta(days=1), time(), HOME)


def last_moment(day: date) -> datetime:
    """Return the last moment of a day in Vietnam: what is due on it is not overdue yet."""
    return ends_at(day) - timedelta(microseconds=1)


def standing(status: str, due_on: date | None, *, now: datetime, reported_at: datetime | None = None) -> str:
    """Return how a task stands at a moment (aware).

    A result that waits for its confirmation is no longer overdue: it is late when it came after the deadline, and so
    it stays once confirmed. What was cancelled is settled.
    """
    if status == CANCELLED:
        return SETTLED
    if status != OPEN:
        late = due_on is not None and reported_at is not None and reported_at >= ends_at(due_on)
        return LATE if late else SETTLED
    if due_on is None:
        return UNDATED
    if now >= ends_at(due_on):
        return OVERDUE
    return DUE_SOON if ends_at(due_on) - now <= SOON else LATER


def days_left(due_on: date, now: datetime) -> int:
    """Return whole calendar days in Vietnam from the day of the moment to the deadline's; negative when it is over."""
    return (due_on - now.astimezone(HOME).date()).days


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked of a new task before the database is: see `faults_of`."""

    title: str
    text: str
    document: str
    document_on: date | None
    assigned_on: date
    due_on: date | None
    no_deadline: bool


TITLE, TEXT, DOCUMENT, STEP_TEXT = 300, 4000, 100, 500  # the longest of each


def faults_of(plan: Plan, *, today: date) -> list[tuple[str, str]]:
    """Return every fault of a new task as field and code."""
    found = []
    if not plan.title:
        found.append(("title", "required"))
    for field, most in (("title", TITLE), ("text", TEXT), ("document", DOCUMENT)):
        if len(getattr(plan, field)) > most:
            found.append((field, "too_long"))
    if plan.document_on is not None and plan.document_on > today:
        found.append(("document_on", "in_future"))
    if plan.assigned_on > today:
        found.append(("assigned_on", "in_future"))
    return found + deadline_faults(
        plan.due_on, plan.no_deadline, document_on=plan.document_on, opened_on=plan.assigned_on
    )


def deadline_faults(
    due_on: date | None, no_deadline: bool, *, document_on: date | None, opened_on: date
) -> list[tuple[str, str]]:
    """Return what is wrong with a deadline, or with the mark that there is none.

    `opened_on`: the day the task, or this deadline, is given; a deadline that is over by then could only be missed.
    """
    if due_on is None:
        return [] if no_deadline else [("due_on", "required")]
    found = []
    if no_deadline:
        found.append(("no_deadline", "not_both"))
    if document_on is not None and due_on < document_on:
        found.append(("due_on", "before_document"))
    if due_on < opened_on:
        found.append(("due_on", "in_past"))
    return found
