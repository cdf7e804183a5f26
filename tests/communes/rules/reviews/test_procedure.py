"""Windows, shares and terms of a review at their borders; numbers come from the procedure, none from the code."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communes.rules.reviews.procedure import (
    AGREEMENT,
    TERMS,
    TermSpec,
    agreed,
    asks_district,
    average_from,
    district_term,
    posting_term,
    recheck_term,
    window,
)
from mongcai_portal.common.working_days import WorkCalendar
from tests.factories.reviews import PROCEDURE

CALENDAR = WorkCalendar()


@pytest.mark.parametrize(
    ("day", "inside"), [("2023-08-31", False), ("2023-09-01", True), ("2023-12-14", True), ("2023-12-15", False)]
)
def test_the_yearly_round_is_held_from_the_first_of_september_to_the_fourteenth_of_december(
    day: str, inside: bool
) -> None:
    assert window(PROCEDURE, "yearly", 2023).holds(date.fromisoformat(day)) is inside


@pytest.mark.parametrize(("month", "first", "last"), [(6, "2023-06-15", "2023-06-30"), (2, "2023-02-15", "2023-03-02")])
def test_a_monthly_round_begins_on_the_fifteenth_and_is_decided_within_fifteen_days(
    month: int, first: str, last: str
) -> None:
    found = window(PROCEDURE, "monthly", 2023, month)
    assert (found.first.isoformat(), found.last.isoformat(), found.provenance) == (first, last, "sourced")


def test_a_day_that_a_month_does_not_have_is_its_last() -> None:
    late = replace(
        PROCEDURE, terms={**PROCEDURE.terms, "monthly_from": TermSpec("monthly_from", 31, None, None, "unverified")}
    )
    found = window(late, "monthly", 2023, 2)
    assert (found.first, found.provenance) == (date(2023, 2, 28), "unverified")


@pytest.mark.parametrize(
    ("day", "month", "first"), [(15, 6, "2023-06-15"), (20, 6, "2023-06-20"), (30, 2, "2023-02-28")]
)
def test_requests_of_average_living_standard_have_a_day_of_their_own(day: int, month: int, first: str) -> None:
    terms = {**PROCEDURE.terms, "average_from": TermSpec("average_from", day, None, None, "sourced")}
    assert average_from(replace(PROCEDURE, terms=terms), 2023, month).isoformat() == first


def test_the_procedure_of_these_tests_has_every_term() -> None:
    assert set(PROCEDURE.terms) == set(TERMS)


@pytest.mark.parametrize(("kind", "month"), [("weekly", None), ("monthly", None)])
def test_a_window_needs_a_known_kind_and_its_month(kind: str, month: int | None) -> None:
    with pytest.raises(ValueError):
        window(PROCEDURE, kind, 2023, month)


def test_a_term_is_a_number_or_a_day_never_the_other() -> None:
    with pytest.raises(ValueError, match="yearly_from"):
        PROCEDURE.number("yearly_from")
    with pytest.raises(ValueError, match="posting"):
        PROCEDURE.day_in("posting", 2023)


@pytest.mark.parametrize(
    ("present", "agreeing", "accepted"),
    [(20, 10, True), (20, 9, False), (21, 10, False), (21, 11, True), (1, 1, True), (1, 0, False), (0, 0, False)],
)
def test_under_half_of_those_present_is_not_enough_and_exactly_half_is(
    present: int, agreeing: int, accepted: bool
) -> None:
    assert agreed(PROCEDURE, present=present, agreeing=agreeing) is accepted


def test_the_share_is_the_procedures() -> None:
    stricter = replace(PROCEDURE, terms={**PROCEDURE.terms, AGREEMENT: TermSpec(AGREEMENT, 70, None, None, "sourced")})
    assert not agreed(stricter, present=10, agreeing=6)
    assert agreed(stricter, present=10, agreeing=7)


@given(st.integers(1, 500), st.data())
def test_one_more_voice_never_turns_agreement_into_refusal(present: int, data: st.DataObject) -> None:
    agreeing = data.draw(st.integers(0, present - 1))
    assert agreed(PROCEDURE, present=present, agreeing=agreeing + 1) >= agreed(
        PROCEDURE, present=present, agreeing=agreeing
    )


def test_postings_and_rechecks_are_counted_in_working_days() -> None:
    monday = date(2023, 11, 6)
    assert posting_term(PROCEDURE, CALENDAR, monday, second=False).ends_on == date(2023, 11, 9)
    assert recheck_term(PROCEDURE, CALENDAR, monday).ends_on == date(2023, 11, 15)
    before_tet = date(2023, 1, 19)  # Thursday; Tết of 2023 is Sunday 22
    assert posting_term(PROCEDURE, CALENDAR, before_tet, second=True).ends_on == date(2023, 1, 31)


def test_what_rests_on_an_unverified_term_is_unverified() -> None:
    assert PROCEDURE.provenance("yearly_from") == "sourced"
    assert PROCEDURE.provenance("yearly_from", "posting") == "unverified"


@pytest.mark.parametrize(
    ("kind", "opened", "asked"),
    [
        ("yearly", "2023-09-05", True),
        ("yearly", "2025-06-30", True),
        ("yearly", "2025-07-01", False),
        ("monthly", "2023-09-15", False),
    ],
)
def test_yearly_rounds_ask_the_district_until_there_is_none(kind: str, opened: str, asked: bool) -> None:
    assert asks_district(PROCEDURE, kind, date.fromisoformat(opened)) is asked


def test_a_step_without_a_known_end_goes_on() -> None:
    terms = {**PROCEDURE.terms, "district_opinion": TermSpec("district_opinion", 5, None, None, "unverified")}
    assert asks_district(replace(PROCEDURE, terms=terms), "yearly", date(2030, 9, 5))


def test_the_district_answers_within_five_working_days() -> None:
    # A Friday: from Monday to the Friday after.
    assert district_term(PROCEDURE, CALENDAR, date(2023, 11, 10)).ends_on == date(2023, 11, 17)
