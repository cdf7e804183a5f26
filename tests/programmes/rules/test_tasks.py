"""Who may take a task where, and how it stands against its deadline."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from programmes.rules.tasks import (
    CANCEL,
    CANCELLED,
    CONFIRM,
    DONE,
    DUE_SOON,
    HOME,
    LATE,
    LATER,
    MOVES,
    NO_RIGHT,
    OPEN,
    OVERDUE,
    OWN_REPORT,
    POSTPONE,
    PROGRESS,
    REOPEN,
    REPORT,
    REPORTED,
    RETURN,
    SETTLED,
    STEP,
    UNDATED,
    WRONG_STATUS,
    Party,
    Plan,
    days_left,
    deadline_faults,
    ends_at,
    faults_of,
    moves_of,
    refusal,
    standing,
)

DUE = date(2024, 12, 31)
OWNER, OFFICE, BOTH, NOBODY = Party(False, True), Party(True, False), Party(True, True), Party(False, False)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HOME)


def test_a_deadline_ends_at_midnight_in_vietnam_wherever_the_clock_is_read() -> None:
    assert ends_at(DUE) == datetime(2024, 12, 31, 17, tzinfo=UTC)
    last = datetime(2024, 12, 31, 16, 59, 59, tzinfo=UTC)
    assert standing(OPEN, DUE, now=last) == DUE_SOON
    assert standing(OPEN, DUE, now=last + timedelta(seconds=1)) == OVERDUE


@pytest.mark.parametrize(
    ("now", "found"),
    [("2024-12-24T23:59:59", LATER), ("2024-12-25T00:00:00", DUE_SOON), ("2025-01-01T00:00:00", OVERDUE)],
)
def test_a_deadline_is_soon_in_its_last_seven_days(now: str, found: str) -> None:
    assert standing(OPEN, DUE, now=at(now)) == found


def test_a_result_that_waits_is_not_overdue_but_late_when_it_came_after_the_deadline() -> None:
    now = at("2025-03-01T08:00:00")
    for status in (REPORTED, DONE):
        assert standing(status, DUE, now=now, reported_at=at("2024-12-31T23:59:59")) == SETTLED
        assert standing(status, DUE, now=now, reported_at=at("2025-01-01T00:00:00")) == LATE
        assert standing(status, None, now=now, reported_at=now) == SETTLED
    assert standing(CANCELLED, DUE, now=now) == SETTLED


def test_an_open_task_without_a_deadline_is_never_overdue() -> None:
    assert standing(OPEN, None, now=at("2099-01-01T00:00:00")) == UNDATED


def test_days_left_are_counted_in_vietnam() -> None:
    late_evening = datetime(2024, 12, 30, 17, tzinfo=UTC)  # 00:00 of the 31st in Vietnam
    assert days_left(DUE, late_evening) == 0
    assert days_left(DUE, late_evening - timedelta(seconds=1)) == 1
    assert days_left(DUE, late_evening + timedelta(days=2)) == -2


@pytest.mark.parametrize(
    ("status", "owner", "office"),
    [
        (OPEN, {PROGRESS, REPORT, STEP}, {CANCEL, POSTPONE}),
        (REPORTED, set(), {CONFIRM, RETURN, CANCEL}),
        (DONE, set(), {REOPEN}),
        (CANCELLED, set(), {REOPEN}),
    ],
)
def test_each_side_has_its_moves_in_each_status(status: str, owner: set[str], office: set[str]) -> None:
    assert set(moves_of(status, OWNER)) == owner
    assert set(moves_of(status, OFFICE)) == office
    assert set(moves_of(status, BOTH)) == owner | office
    assert moves_of(status, NOBODY) == ()


def test_who_may_not_is_told_that_before_the_status() -> None:
    assert refusal(CONFIRM, OPEN, OWNER) == NO_RIGHT
    assert refusal(CONFIRM, OPEN, OFFICE) == WRONG_STATUS
    assert refusal(REPORT, REPORTED, OFFICE) == NO_RIGHT


def test_who_reported_never_confirms_but_may_return_or_cancel() -> None:
    mine = Party(assigns=True, owns=True, reported=True)
    assert refusal(CONFIRM, REPORTED, mine) == OWN_REPORT
    assert refusal(RETURN, REPORTED, mine) == refusal(CANCEL, REPORTED, mine) == ""
    assert refusal(CONFIRM, REPORTED, BOTH) == ""


def test_every_move_that_undoes_says_why() -> None:
    assert all(MOVES[name].says_why for name in (RETURN, CANCEL, REOPEN, POSTPONE, PROGRESS, REPORT))


TODAY = date(2024, 6, 1)


def plan(**changes: object) -> Plan:
    given: dict[str, object] = {
        "title": "Việc", "text": "", "document": "", "document_on": date(2024, 5, 20), "assigned_on": TODAY,
        "due_on": date(2024, 6, 30), "no_deadline": False,
    }  # fmt: skip
    return Plan(**{**given, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({}, []),
        ({"title": ""}, [("title", "required")]),
        ({"title": "x" * 300}, []),
        ({"title": "x" * 301}, [("title", "too_long")]),
        ({"text": "x" * 4001}, [("text", "too_long")]),
        ({"document": "x" * 101}, [("document", "too_long")]),
        ({"document_on": date(2024, 6, 2)}, [("document_on", "in_future")]),
        ({"assigned_on": date(2024, 6, 2)}, [("assigned_on", "in_future")]),
        ({"due_on": None}, [("due_on", "required")]),
        ({"due_on": None, "no_deadline": True}, []),
        ({"no_deadline": True}, [("no_deadline", "not_both")]),
        ({"due_on": TODAY}, []),
        ({"due_on": date(2024, 5, 31)}, [("due_on", "in_past")]),
        ({"due_on": date(2024, 5, 19)}, [("due_on", "before_document"), ("due_on", "in_past")]),
        ({"title": "", "due_on": None}, [("title", "required"), ("due_on", "required")]),
    ],
)
def test_every_fault_of_a_new_task_is_named(changes: dict[str, object], faults: list[tuple[str, str]]) -> None:
    assert faults_of(plan(**changes), today=TODAY) == faults


def test_a_task_of_last_year_keeps_its_deadline_of_last_year() -> None:
    past = plan(assigned_on=date(2023, 3, 1), document_on=date(2023, 2, 28), due_on=date(2023, 12, 31))
    assert faults_of(past, today=TODAY) == []


def test_a_new_deadline_is_held_against_the_day_it_is_set() -> None:
    asked = {"no_deadline": False, "document_on": None, "opened_on": TODAY}
    assert deadline_faults(TODAY, **asked) == []  # type: ignore[arg-type]
    assert deadline_faults(TODAY - timedelta(days=1), **asked) == [("due_on", "in_past")]  # type: ignore[arg-type]
