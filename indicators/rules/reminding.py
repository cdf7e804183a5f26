"""On which days the portal reminds by itself."""

from __future__ import annotations

from datetime import date

DUE_SOON, OVERDUE = "due_soon", "overdue"
# Days before the deadline's day, and after it. Past four weeks a letter more changes nothing: the coordinator calls.
BEFORE = (7, 3, 1)
AFTER = (1, 3, 7, 14, 21, 28)


def kind_on(due_on: date, day: date) -> str:
    """Whether the deadline is still to come on the day; it ends with its own day."""
    return DUE_SOON if day <= due_on else OVERDUE


def is_turn(due_on: date, day: date) -> bool:
    """Whether the daily run reminds of this deadline on the day."""
    left = (due_on - day).days
    return left in BEFORE or -left in AFTER
