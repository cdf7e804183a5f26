"""The days on which the portal reminds by itself."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from indicators.rules.reminding import DUE_SOON, OVERDUE, is_turn, kind_on

DUE = date(2025, 1, 15)


def test_a_deadline_is_to_come_until_its_own_day_ends() -> None:
    assert kind_on(DUE, DUE - timedelta(days=1)) == kind_on(DUE, DUE) == DUE_SOON
    assert kind_on(DUE, DUE + timedelta(days=1)) == OVERDUE


@pytest.mark.parametrize(
    ("days", "turn"),
    [(-8, False), (-7, True), (-2, False), (-1, True), (0, False), (1, True), (2, False), (28, True), (35, False)],
)
def test_each_deadline_has_its_days(days: int, turn: bool) -> None:
    assert is_turn(DUE, DUE + timedelta(days=days)) is turn
