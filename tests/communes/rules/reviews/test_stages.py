"""Where a village stands, and that no decision comes before postings and complaints are over."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communes.rules.reviews.requests import granted
from communes.rules.reviews.stages import READY, Hung, VillageFacts, decision_from, stage_of

MONDAY, THURSDAY = date(2023, 11, 6), date(2023, 11, 9)
AGREED = VillageFacts(agreed=True)
HANGS = replace(AGREED, first=Hung(MONDAY, THURSDAY))
ANSWERED = replace(HANGS, answered_on=date(2023, 11, 13))
AGAIN = replace(ANSWERED, second=Hung(date(2023, 11, 13), date(2023, 11, 16)))


@pytest.mark.parametrize(
    ("facts", "today", "stage"),
    [
        (VillageFacts(unfinished=1), MONDAY, "survey"),
        (VillageFacts(), MONDAY, "meeting"),
        (AGREED, MONDAY, "posting"),
        (HANGS, MONDAY, "posted"),
        (HANGS, THURSDAY, "posted"),
        (HANGS, THURSDAY + timedelta(days=1), "ready"),
        (replace(HANGS, complaints=1), THURSDAY + timedelta(days=5), "complaints"),
        (replace(HANGS, complaints=1, unfinished=1), THURSDAY, "complaints"),
        (replace(HANGS, unfinished=1), THURSDAY, "survey"),
        (ANSWERED, date(2023, 11, 13), "second_posting"),
        (AGAIN, date(2023, 11, 16), "second_posted"),
        (AGAIN, date(2023, 11, 17), "ready"),
        (replace(AGAIN, answered_on=date(2023, 11, 20)), date(2023, 11, 21), "second_posting"),
    ],
)
def test_a_village_goes_through_its_stages(facts: VillageFacts, today: date, stage: str) -> None:
    assert stage_of(facts, today) == stage


def test_the_decision_waits_for_the_last_village() -> None:
    assert decision_from([HANGS]) == date(2023, 11, 10)
    assert decision_from([HANGS, AGAIN]) == date(2023, 11, 17)
    assert decision_from([HANGS, AGREED]) is None
    assert decision_from([]) is None


HUNG = st.builds(
    lambda day, n: Hung(day, day + timedelta(days=n)), st.dates(MONDAY, date(2023, 12, 31)), st.integers(1, 9)
)
FACTS = st.builds(
    VillageFacts,
    unfinished=st.integers(0, 2),
    agreed=st.booleans(),
    first=st.none() | HUNG,
    second=st.none() | HUNG,
    complaints=st.integers(0, 2),
    answered_on=st.none() | st.dates(MONDAY, date(2023, 12, 31)),
)


@given(st.lists(FACTS, min_size=1, max_size=5))
def test_on_the_first_day_of_a_decision_every_village_is_ready_and_the_day_before_not_every_one(
    villages: list[VillageFacts],
) -> None:
    first = decision_from(villages)
    if first is None:
        late = date(2099, 1, 1)
        assert any(stage_of(facts, late) != READY for facts in villages)
    else:
        hanging = [h.until for f in villages for h in (f.first, f.second) if h is not None]
        assert first > max(hanging)
        assert all(stage_of(facts, first) == READY for facts in villages)


@pytest.mark.parametrize(
    ("reason", "before", "after", "expected"),
    [
        ("register", {}, {"a": "not_poor"}, True),
        ("request_01", {}, {"a": "not_poor", "b": "near_poor"}, True),
        ("request_01", {}, {"a": "not_poor", "b": "not_poor"}, False),
        ("request_01", {}, {"a": "not_poor", "b": "undetermined"}, None),
        ("request_04", {"a": "poor"}, {"a": "near_poor"}, True),
        ("request_04", {"a": "near_poor"}, {"a": "not_poor"}, True),
        ("request_04", {"a": "poor"}, {"a": "poor"}, False),
        ("request_04", {"a": "near_poor"}, {"a": "poor"}, False),
        ("request_04", {"a": "poor", "b": "near_poor"}, {"a": "poor", "b": "not_poor"}, True),
        ("request_04", {"a": "poor"}, {"a": "undetermined"}, None),
        ("request_04", {}, {"a": "not_poor"}, None),
    ],
)
def test_a_request_is_granted_by_what_it_asks_for(
    reason: str, before: dict[str, str], after: dict[str, str], expected: bool | None
) -> None:
    assert granted(reason, before, after, {}) is expected


@pytest.mark.parametrize(
    ("after", "average", "expected"),
    [
        ({"a": "not_poor", "b": "not_poor"}, {"a": True, "b": None}, True),
        ({"a": "not_poor", "b": "near_poor"}, {"a": True, "b": None}, True),
        ({"a": "not_poor", "b": "not_poor"}, {"a": False, "b": None}, False),
        ({"a": "near_poor", "b": "poor"}, {"a": False, "b": None}, False),
        ({"a": "undetermined", "b": "not_poor"}, {"a": None, "b": None}, False),
        ({}, {}, None),
    ],
)
def test_average_living_standard_is_granted_by_a_standard_that_says_so_and_by_nothing_else(
    after: dict[str, str], average: dict[str, bool | None], expected: bool | None
) -> None:
    assert granted("average", {}, after, average) is expected


def test_average_living_standard_grants_no_other_request() -> None:
    assert granted("request_01", {}, {"a": "not_poor"}, {"a": True}) is False
