"""Poor, near poor, neither, or not to be said: both shapes of the rule with every line at its border."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from communes.rules.places import RURAL, URBAN
from communes.rules.poverty.classify import (
    ABOVE,
    BETWEEN,
    BY_INCOME,
    BY_SCORES,
    LIST_NOT_ENTERED,
    NEAR_POOR,
    NO_AREA_TYPE,
    NO_INCOME,
    NO_LINE,
    NO_SCORE_LIMIT,
    NOT_ASKED,
    NOT_POOR,
    OTHER_FORM,
    POOR,
    SCORE_DISAGREES,
    SCREENED_OUT,
    UNANSWERED,
    UNDETERMINED,
    WITHIN,
    classify,
)
from communes.rules.poverty.types import StandardSpec
from tests.factories.poverty import (
    CENTRAL_2016,
    CENTRAL_2022,
    CENTRAL_2027,
    CODES,
    FORM,
    QUANG_NINH,
    STANDARDS,
    TEN,
    answers,
    household,
)

WITH_LIST_2016 = replace(CENTRAL_2016, form=TEN)


def status(standard: StandardSpec, area_type: str, **facts: Any) -> str:
    return classify(household(area_type, **facts), standard).status


def reason(standard: StandardSpec, area_type: str = RURAL, **facts: Any) -> str:
    found = classify(household(area_type, **facts), standard)
    assert (found.status == UNDETERMINED) is bool(found.reason)
    return found.reason


@pytest.mark.parametrize(
    ("standard", "area_type", "line"),
    [
        (CENTRAL_2022, RURAL, 1_500_000),
        (CENTRAL_2022, URBAN, 2_000_000),
        (QUANG_NINH, RURAL, 2_100_000),
        (QUANG_NINH, URBAN, 2_600_000),
        (replace(CENTRAL_2027, form=FORM), RURAL, 2_200_000),
        (replace(CENTRAL_2027, form=FORM), URBAN, 2_800_000),
    ],
)
def test_with_one_line_the_poor_are_under_it_and_deprived_of_three(standard, area_type, line):
    told = {
        (income, deprived): status(standard, area_type, income=income, answers=answers(deprived))
        for income in (0, line - 1, line, line + 1)
        for deprived in (0, 2, 3, 4, 12)
    }
    assert told == {
        (income, deprived): NOT_POOR if income > line else POOR if deprived >= 3 else NEAR_POOR
        for income, deprived in told
    }


@pytest.mark.parametrize(("area_type", "first", "second"), [(RURAL, 700_000, 1_000_000), (URBAN, 900_000, 1_300_000)])
def test_with_two_lines_the_first_alone_makes_poor_and_deprivations_decide_up_to_the_second(area_type, first, second):
    def told(income: int, deprived: int) -> str:
        return status(WITH_LIST_2016, area_type, income=income, answers=answers(deprived, of=TEN), form="ten")

    for deprived in (0, 2, 3, 10):
        assert told(0, deprived) == told(first - 1, deprived) == told(first, deprived) == POOR
        between = POOR if deprived >= 3 else NEAR_POOR
        assert told(first + 1, deprived) == told(second - 1, deprived) == told(second, deprived) == between
        assert told(second + 1, deprived) == NOT_POOR


@pytest.mark.parametrize(
    ("area_type", "a_score", "b_score", "expected"),
    [
        (RURAL, 140, 30, POOR),
        (RURAL, 140, 20, NEAR_POOR),
        (RURAL, 141, 30, NOT_POOR),
        (RURAL, 139, 40, POOR),
        (RURAL, 0, 0, NEAR_POOR),
        (RURAL, 141, 120, NOT_POOR),
        (RURAL, 175, 30, NOT_POOR),
        (URBAN, 175, 30, POOR),
        (URBAN, 175, 20, NEAR_POOR),
        (URBAN, 176, 30, NOT_POOR),
        (URBAN, 141, 120, POOR),
    ],
)
def test_on_the_scored_form_a_at_its_limit_is_inside_and_b_at_its_limit_is_poor(area_type, a_score, b_score, expected):
    assert status(CENTRAL_2022, area_type, a_score=a_score, b_score=b_score) == expected
    assert status(CENTRAL_2022, area_type, a_score=a_score, answers=answers(b_score // 10)) == expected


def test_area_type_decides_the_line():
    facts = {"income": 1_800_000, "answers": answers(3)}
    assert (status(CENTRAL_2022, RURAL, **facts), status(CENTRAL_2022, URBAN, **facts)) == (NOT_POOR, POOR)


def test_two_standards_tell_two_things_of_one_household():
    facts = {"income": 2_000_000, "answers": answers(3)}
    assert status(CENTRAL_2022, RURAL, **facts) == NOT_POOR
    assert status(QUANG_NINH, RURAL, **facts) == POOR


def test_it_says_the_income_the_line_and_which_deprivations_counted():
    found = classify(household(income=1_400_000, answers=answers(("water", "toilet", "telecom"))), CENTRAL_2022)
    assert found.line and found.deprivation and found.deprivation.deprived
    assert (found.basis, found.line.value, found.line.place) == (BY_INCOME, 1_400_000, WITHIN)
    assert found.line.limit(found.line.deciding) == 1_500_000
    assert [one.code for one in found.deprivation.deprived.counted] == ["water", "toilet", "telecom"]
    assert (found.deprivation.measure, found.deprivation.low, found.deprivation.least) == ("number", 3, 3)


def test_it_says_the_scores_and_their_limits():
    found = classify(household(a_score=120, answers=answers(("water",))), CENTRAL_2022)
    assert found.line and found.deprivation
    assert (found.basis, found.line.value, found.line.limit(found.line.poor)) == (BY_SCORES, 120, 140)
    assert (found.deprivation.measure, found.deprivation.low, found.deprivation.least) == ("points", 10, 30)
    by_score = classify(household(a_score=120, b_score=40), CENTRAL_2022)
    assert by_score.deprivation and by_score.deprivation.deprived is None and by_score.deprivation.low == 40


def test_of_two_lines_it_names_the_one_that_decided():
    def deciding(income: int) -> tuple[str, int]:
        line = classify(household(income=income, form="ten", answers=answers(0, of=TEN)), WITH_LIST_2016).line
        assert line
        return line.place, line.deciding.amount

    assert deciding(700_000) == (WITHIN, 700_000)
    assert deciding(1_000_000) == (BETWEEN, 1_000_000)
    assert deciding(1_000_001) == (ABOVE, 1_000_000)


def test_scores_decide_where_there_are_limits_and_a_disagreeing_income_is_told():
    both = {"a_score": 140, "income": 1_500_001, "answers": answers(3)}
    found = classify(household(**both), CENTRAL_2022)
    assert (found.status, found.basis, found.line and found.line.disagrees) == (POOR, BY_SCORES, True)
    agreeing = classify(household(**{**both, "income": 1_500_000}), CENTRAL_2022)
    assert agreeing.line and not agreeing.line.disagrees
    other = classify(household(**both), QUANG_NINH)
    assert (other.status, other.basis) == (POOR, BY_INCOME)


# --- What the data do not allow ---


@pytest.mark.parametrize("standard", STANDARDS)
def test_without_an_area_type_nothing_is_said(standard):
    for place in ("", "special_zone"):
        assert reason(standard, place, income=1, a_score=1, answers=answers(12)) == NO_AREA_TYPE


@pytest.mark.parametrize("standard", STANDARDS)
def test_without_income_and_score_nothing_is_said_and_quick_screening_is_named(standard):
    assert reason(standard, answers=answers(12)) == NO_INCOME
    assert reason(standard, answers=answers(12), screened_out=True) == SCREENED_OUT


@pytest.mark.parametrize("standard", [CENTRAL_2016, QUANG_NINH, CENTRAL_2027])
def test_a_scored_form_without_income_says_nothing_under_a_standard_without_score_limit(standard):
    scored = {"a_score": 100, "b_score": 90}
    assert reason(standard, **scored) == NO_SCORE_LIMIT
    assert status(CENTRAL_2022, RURAL, **scored) == POOR


def test_quick_screening_decides_nothing_where_income_or_score_is_known():
    assert status(CENTRAL_2022, RURAL, income=5_000_000, screened_out=True) == NOT_POOR
    assert status(CENTRAL_2022, RURAL, a_score=200, screened_out=True) == NOT_POOR


@pytest.mark.parametrize(
    ("standard", "income"),
    [(CENTRAL_2016, 700_001), (CENTRAL_2016, 1_000_000), (CENTRAL_2027, 0), (CENTRAL_2027, 2_200_000)],
)
def test_a_list_not_yet_entered_leaves_open_what_deprivations_decide(standard, income):
    assert reason(standard, income=income, answers=answers(12), b_score=120) == LIST_NOT_ENTERED


def test_what_income_alone_decides_needs_no_list():
    assert status(CENTRAL_2016, RURAL, income=700_000) == POOR
    assert status(CENTRAL_2016, RURAL, income=1_000_001) == NOT_POOR
    assert status(CENTRAL_2027, RURAL, income=2_200_001) == NOT_POOR


def test_a_list_that_is_entered_in_part_counts_as_not_entered():
    part = replace(CENTRAL_2022, form=replace(FORM, deprivations=FORM.deprivations[:11]))
    assert reason(part, income=1, answers=answers(11)) == LIST_NOT_ENTERED


def test_answers_that_were_not_asked_for_leave_it_open_only_under_the_line():
    assert reason(CENTRAL_2022, income=1_500_000) == NOT_ASKED
    assert reason(CENTRAL_2022, a_score=140) == NOT_ASKED
    assert status(CENTRAL_2022, RURAL, income=1_500_001) == NOT_POOR
    assert status(CENTRAL_2022, RURAL, a_score=141) == NOT_POOR


@pytest.mark.parametrize(
    ("deprived", "open_", "expected"),
    [(3, 9, POOR), (2, 1, UNDETERMINED), (2, 0, NEAR_POOR), (1, 1, NEAR_POOR), (0, 3, UNDETERMINED), (0, 2, NEAR_POOR)],
)
def test_open_answers_matter_only_when_they_could_turn_the_result(deprived, open_, expected):
    given = answers(deprived, unanswered=open_)
    for measured in ({"income": 1_500_000}, {"a_score": 140}):
        found = classify(household(answers=given, **measured), CENTRAL_2022)
        assert (found.status, found.reason) == (expected, UNANSWERED if expected == UNDETERMINED else "")
        assert found.deprivation and found.deprivation.deprived
        assert len(found.deprivation.deprived.unanswered) == open_


def test_a_b_score_settles_what_open_answers_leave():
    given = answers(2, unanswered=5)
    assert reason(CENTRAL_2022, income=1, answers=given) == UNANSWERED
    assert status(CENTRAL_2022, RURAL, income=1, answers=given, b_score=20) == NEAR_POOR
    assert status(CENTRAL_2022, RURAL, income=1, answers=given, b_score=30) == POOR
    # Ten points a deprivation: the score alone gives the number under a standard without score limits, too.
    assert status(QUANG_NINH, RURAL, income=2_100_000, b_score=20) == NEAR_POOR
    assert status(QUANG_NINH, RURAL, income=2_100_000, b_score=30) == POOR


@pytest.mark.parametrize("b_score", [-10, 10, 25, 80, 130])
def test_a_b_score_that_the_answers_do_not_give_says_nothing(b_score):
    given = answers(2, unanswered=5)
    assert reason(CENTRAL_2022, income=1, answers=given, b_score=b_score) == SCORE_DISAGREES


def test_answers_and_scores_of_another_form_say_nothing():
    assert reason(CENTRAL_2022, form="ten", a_score=1, b_score=0) == OTHER_FORM
    assert reason(CENTRAL_2022, form="ten", income=1, answers=answers(3)) == OTHER_FORM
    assert reason(CENTRAL_2022, form="", income=1, b_score=30) == OTHER_FORM
    # Income is nobody's form.
    assert status(CENTRAL_2022, RURAL, form="ten", income=1_500_001, a_score=1) == NOT_POOR


def test_a_line_that_is_not_entered_says_nothing():
    no_lines = replace(CENTRAL_2022, lines={})
    assert reason(no_lines, income=1, answers=answers(3)) == NO_LINE
    one_of_two = replace(WITH_LIST_2016, lines={k: v for k, v in CENTRAL_2016.lines.items() if k[1] == "poor"})
    assert reason(one_of_two, income=1) == NO_LINE


def test_a_limit_for_a_without_one_for_b_classifies_nothing():
    half = replace(CENTRAL_2022, b_least=None)
    assert reason(half, a_score=1, b_score=30) == NO_SCORE_LIMIT
    assert status(half, RURAL, a_score=1, income=1, b_score=30) == POOR


# --- What it rests on ---


def test_a_status_carries_the_marks_of_what_it_rests_on():
    def marked(standard: StandardSpec, **facts: Any) -> bool:
        return classify(household(**facts), standard).unverified

    firm = replace(
        CENTRAL_2022,
        form=replace(FORM, deprivations=tuple(replace(d, threshold_provenance="sourced") for d in FORM.deprivations)),
    )
    scored = {"a_score": 1, "answers": answers(3)}
    assert not marked(CENTRAL_2022, income=9_000_000)  # the line alone
    assert marked(CENTRAL_2022, income=1, answers=answers(3))  # thresholds as no decree was seen to give them
    assert not marked(firm, income=1, answers=answers(3)) and not marked(firm, **scored)
    assert marked(replace(firm, b_provenance="unverified"), **scored)
    assert not marked(replace(firm, b_provenance="unverified"), income=1, answers=answers(3))
    assert marked(replace(firm, list_provenance="unverified"), **scored)
    assert not marked(replace(firm, list_provenance="unverified"), income=9_000_000)
    assert marked(CENTRAL_2027, income=9_000_000)  # its rule is quoted by a newspaper
    assert not marked(CENTRAL_2027, income=1)  # undetermined rests on nothing
    line = CENTRAL_2022.lines[RURAL, "poor"]
    loose = replace(firm, lines={**firm.lines, (RURAL, "poor"): replace(line, provenance="unverified")})
    assert marked(loose, income=9_000_000) and not marked(loose, a_score=999)


@pytest.mark.parametrize(
    ("area_type", "income", "band"),
    [
        (RURAL, 1_500_000, False),
        (RURAL, 1_500_001, True),
        (RURAL, 2_250_000, True),
        (RURAL, 2_250_001, False),
        (URBAN, 2_000_000, False),
        (URBAN, 2_000_001, True),
        (URBAN, 3_000_000, True),
        (URBAN, 3_000_001, False),
    ],
)
def test_average_living_is_a_band_above_the_line_for_farming_households(area_type, income, band):
    def told(farming: bool | None) -> bool | None:
        facts = household(area_type, income=income, answers=answers(0), farming=farming)
        return classify(facts, CENTRAL_2022).average_living

    assert told(True) is band
    assert told(False) is False
    assert told(None) is (None if band else False)


def test_average_living_is_held_against_the_income_where_scores_decide():
    def told(income: int) -> bool | None:
        return classify(household(a_score=141, income=income, farming=True), CENTRAL_2022).average_living

    assert [told(income) for income in (1_500_000, 1_500_001, 2_250_000, 2_250_001)] == [False, True, True, False]


def test_average_living_is_not_said_without_income_or_band():
    assert classify(household(a_score=141, farming=True), CENTRAL_2022).average_living is None
    assert classify(household(a_score=141, farming=False), CENTRAL_2022).average_living is False
    assert classify(household(income=2_200_000, farming=True), QUANG_NINH).average_living is None
    assert classify(household(farming=True), CENTRAL_2022).average_living is None


def test_the_twelve_deprivations_are_worth_the_same():
    for code in CODES:
        found = classify(household(a_score=1, answers=answers((code, "water", "toilet"))), CENTRAL_2022)
        assert found.status == (NEAR_POOR if code in ("water", "toilet") else POOR)
