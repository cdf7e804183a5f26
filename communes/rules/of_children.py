"""What is recorded of children alone and cannot be of a grown-up, wherever it is typed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from communes.rules.families import Born

# Nutrition is recorded of children under 16 (TT 07/2021, deprivation 3).
CHILD_UNDER = 16
# Nobody of so many years is at a kindergarten (mầm non: three months to six years, Law 43/2019/QH14).
KINDERGARTEN, KINDERGARTEN_UNDER = "kindergarten", 8


def not_of_a_child(born: Born | None, nutrition: str, schooling: str, on: date) -> Iterator[tuple[str, str]]:
    """Yield (field, code) of a child's data with someone who is none on the day: `not_a_child`, `kindergarten`.

    A birth that is known to the year or month is taken for the latest it may be.
    """
    if born is None:
        return
    youngest = years(born.last, on)
    if nutrition and youngest >= CHILD_UNDER:
        yield "nutrition", "not_a_child"
    if schooling == KINDERGARTEN and youngest >= KINDERGARTEN_UNDER:
        yield "schooling", "kindergarten"


def years(birth: date, on: date) -> int:
    """Return how old someone born on a day is on another."""
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))
