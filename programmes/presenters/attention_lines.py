"""One line of what needs attention."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from indicators.rules.freshness import Late
from indicators.rules.marks import NO_MARKS, Marks


@dataclass(frozen=True, slots=True)
class Attention:
    """An icon, how pressing it is (unmet, part or none), what it is, and more about it."""

    icon: str
    kind: str
    title: str
    detail: str
    url: str
    marks: Marks = NO_MARKS
    # Where a coordinator gives a task about it; empty where none follows.
    assign_url: str = ""
    late: Late | None = None  # since when the results behind it are older than they should be


# Told only when it is shown: of a province hundreds of things need attention.
Told = Callable[[], Attention]
