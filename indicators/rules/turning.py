"""What an outcome turned to between two dates: better, worse, another state, or nothing to compare with."""

from __future__ import annotations

from indicators.rules.types import MET, NOT_APPLICABLE

BETTER, WORSE, OTHER, SAME, NEW, GONE = "better", "worse", "other", "same", "new", "gone"
TURNS = (BETTER, WORSE, OTHER, SAME, NEW, GONE)


def turn(before: str | None, now: str | None) -> str:
    """Say how an outcome turned; None: nothing was computed on that date.

    Better is what came to be met, worse what is no longer met. What entered or left the count as not applicable, or
    moved between open states, is neither; and what has no outcome on one of the dates cannot be compared at all.
    """
    if before is None or now is None:
        return SAME if before == now else NEW if before is None else GONE
    if before == now:
        return SAME
    if NOT_APPLICABLE in (before, now):
        return OTHER
    if now == MET:
        return BETTER
    return WORSE if before == MET else OTHER
