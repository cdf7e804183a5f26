"""Where something lies on a day that was written down under a unit of another day."""

from __future__ import annotations

from datetime import date

import pytest

from communes.rules.lineage import Step
from programmes.rules.places import units_on

MERGED = date(2025, 7, 1)
EARLIER = date(2024, 11, 1)
STEPS = (
    Step("a", "b", EARLIER, "merge"),
    Step("b", "north", MERGED, "merge"),
    Step("c", "north", MERGED, "merge"),
    Step("d", "north", MERGED, "split"),
    Step("d", "south", MERGED, "split"),
)
BEFORE, BETWEEN, AFTER = date(2024, 1, 1), date(2025, 1, 1), date(2025, 7, 1)
THERE = {BEFORE: {"a", "b", "c", "d"}, BETWEEN: {"b", "c", "d"}, AFTER: {"north", "south"}}


@pytest.mark.parametrize(
    ("unit", "day", "found"),
    [
        ("a", BEFORE, {"a"}),
        ("a", BETWEEN, {"b"}),
        ("a", AFTER, {"north"}),
        ("c", AFTER, {"north"}),
        ("d", AFTER, {"north", "south"}),
        ("north", AFTER, {"north"}),
        ("south", BETWEEN, {"d"}),
        ("north", BETWEEN, {"b", "c", "d"}),
        ("north", BEFORE, {"b", "c", "d"}),
        ("nowhere", AFTER, set()),
    ],
)
def test_a_unit_is_followed_through_what_became_of_it(unit: str, day: date, found: set[str]) -> None:
    assert units_on(unit, day, THERE[day], STEPS) == found
