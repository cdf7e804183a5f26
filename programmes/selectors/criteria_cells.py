"""Stored criteria as the overview reads them: one cell for each criterion of a unit, a period and a set."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import NamedTuple

from indicators.selectors.watch import stored_criteria


class CriterionCell(NamedTuple):
    """The stored outcome of one criterion for a unit's last approved period."""

    number: int
    name_vi: str
    name_en: str
    outcome: str
    unverified: bool
    judged: bool


# Stored criteria by unit, period and set.
Key = tuple[int, int, int]
Cells = dict[Key, list[CriterionCell]]


def stored_cells(whole: Collection[Key], *, open_only: Collection[Key]) -> Cells:
    """Return every criterion of `whole`, and of `open_only` what is not met: one query."""
    found: Cells = defaultdict(list)
    for key, row in stored_criteria(whole, open_only=open_only):
        found[key].append(CriterionCell._make(row))
    return found
