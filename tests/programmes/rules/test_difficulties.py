"""Difficulties: who takes which move, what an entry has to say, and which report tells it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programmes.rules.difficulties import (
    MOVES,
    OPEN,
    RESOLVED,
    WITHDRAWN,
    Said,
    faults_of,
    moves_of,
    refusal,
    resolved_faults,
    told_in,
)

LEVELS = ["central", "province", "town", "commune"]
DAY = timedelta(days=1)
STARTS, TODAY = date(2023, 1, 1), date(2024, 3, 1)
SINCE, UNTIL = date(2023, 1, 1), date(2023, 12, 31)


@pytest.mark.parametrize(
    ("status", "moves"),
    [(OPEN, ("change", "resolve", "withdraw")), (RESOLVED, ("reopen",)), (WITHDRAWN, ("reopen",))],
)
def test_who_writes_an_entry_takes_the_moves_of_its_status(status: str, moves: tuple[str, ...]) -> None:
    assert moves_of(status, writes=True) == moves
    assert moves_of(status, writes=False) == ()


@pytest.mark.parametrize("name", MOVES)
@pytest.mark.parametrize("status", [OPEN, RESOLVED, WITHDRAWN])
def test_who_may_not_write_is_told_nothing_of_the_status(name: str, status: str) -> None:
    assert refusal(name, status, writes=False) == "right"
    assert refusal(name, status, writes=True) == ("" if status in MOVES[name].sources else "status")


def test_a_good_entry_has_no_fault_and_needs_no_cause_and_no_proposal() -> None:
    assert faults_of(Said("Vướng mặt bằng"), LEVELS) == []
    assert faults_of(Said("Vướng", "a", "b", [("town", "Bố trí vốn"), ("central", "Sửa quy định")]), LEVELS) == []


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        (Said(""), ("text", "required")),
        (Said("x" * 2001), ("text", "too_long")),
        (Said("x", cause_objective="x" * 2001), ("cause_objective", "too_long")),
        (Said("x", cause_subjective="x" * 2001), ("cause_subjective", "too_long")),
        (Said("x", proposals=[("town", "")]), ("proposals/0/text", "required")),
        (Said("x", proposals=[("town", "y"), ("", "y")]), ("proposals/1/addressee", "required")),
        (Said("x", proposals=[("king", "y")]), ("proposals/0/addressee", "required")),
        (Said("x", proposals=[("town", "y" * 1001)]), ("proposals/0/text", "too_long")),
        (Said("x", proposals=[("town", "y")] * 7), ("proposals", "too_many")),
    ],
)
def test_each_fault_is_named_at_its_place(said: Said, fault: tuple[str, str]) -> None:
    assert faults_of(said, LEVELS) == [fault]


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (None, "required"),
        (TODAY + DAY, "in_future"),
        (STARTS - DAY, "before_period"),
        (STARTS, ""),
        (TODAY, ""),
    ],
)
def test_a_day_of_settling_lies_between_the_period_and_today(day: date | None, code: str) -> None:
    found = [one for _field, one in resolved_faults(day, starts_on=STARTS, today=TODAY)]
    assert found == ([code] if code else [])


@pytest.mark.parametrize(
    ("ends_on", "resolved_on", "told"),
    [
        (date(2023, 12, 31), None, True),
        (date(2023, 6, 30), date(2023, 7, 1), True),  # settled within the period: told as settled
        (date(2022, 12, 31), None, True),  # still there from an earlier year
        (date(2022, 12, 31), date(2023, 1, 1), True),  # was there when the period began
        (date(2022, 12, 31), date(2022, 12, 31), False),  # settled before
        (date(2024, 3, 31), None, False),  # of a later period
    ],
)
def test_a_report_tells_its_own_days_and_what_was_left_from_before(
    ends_on: date, resolved_on: date | None, told: bool
) -> None:
    assert told_in(ends_on=ends_on, resolved_on=resolved_on, since=SINCE, until=UNTIL) is told


days = st.dates(date(2020, 1, 1), date(2026, 12, 31))


@given(ends_on=days, since=days, length=st.integers(0, 900))
def test_what_is_never_settled_is_told_in_every_report_from_its_period_on(
    ends_on: date, since: date, length: int
) -> None:
    until = since + length * DAY
    assert told_in(ends_on=ends_on, resolved_on=None, since=since, until=until) is (ends_on <= until)
