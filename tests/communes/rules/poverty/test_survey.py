"""What a survey sheet may say: every fault at its field, and nothing stored of what is wrong."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communes.rules.places import RURAL
from communes.rules.poverty.classify import POOR, SCREENED_OUT, classify
from communes.rules.poverty.survey import HIGHEST_A, HIGHEST_INCOME, Said, Survey, Wrong, check
from tests.communes.rules.poverty.test_scores import TABLE, UNEQUAL
from tests.factories.poverty import CENTRAL_2022, CODES, FORM, answers


def good(table: Any = None, **said: Any) -> Survey:
    found = check(Said(**said), FORM, table)
    assert isinstance(found, Survey), found
    return found


def wrong(table: Any = None, form: Any = FORM, **said: Any) -> set[tuple[str, tuple[str, ...]]]:
    found = check(Said(**said), form, table)
    assert isinstance(found, tuple), found
    return {(one.code, one.about) for one in found}


def test_a_blank_sheet_records_nothing():
    blank = good(income="", a_score=" ", b_score=None, answers={"water": ""}, farming="", language="vi")
    assert blank == Survey(FORM.code, None, None, None, {}, "", None)


def test_a_sheet_is_read_in_the_readers_number_format():
    assert good(income="1.500.000", a_score="140", language="vi").income == 1_500_000
    assert good(income="1,500,000", language="en").income == 1_500_000
    assert good(income="1500000").income == 1_500_000
    assert good(income=1_500_000, a_score=Decimal(140)).a_score == 140
    assert good(income="0").income == 0


@pytest.mark.parametrize(
    ("raw", "language", "code"),
    [
        ("một triệu", "vi", "not_a_number"),
        ("1500000đ", "plain", "not_a_number"),
        ("1,500,000", "vi", "wrong_format"),
        ("1.500", "vi", "ambiguous"),
        ("1500000,5", "vi", "not_whole"),
        (Decimal("0.5"), "plain", "not_whole"),
        ("-1", "plain", "negative"),
        ("1234567890123456", "plain", "too_long"),
        (HIGHEST_INCOME + 1, "plain", "beyond_limits"),
        (True, "plain", "wrong_type"),
        (1.5, "plain", "wrong_type"),
        (Decimal("NaN"), "plain", "wrong_type"),
        ([], "plain", "wrong_type"),
    ],
)
def test_income_is_a_whole_number_of_dong(raw, language, code):
    assert wrong(income=raw, language=language) == {(code, ("income",))}


@pytest.mark.parametrize(
    ("said", "code", "about"),
    [
        ({"a_score": "-1"}, "beyond_limits", "a_score"),
        ({"a_score": HIGHEST_A + 1}, "beyond_limits", "a_score"),
        ({"a_score": "9999"}, "beyond_limits", "a_score"),
        ({"a_score": "x"}, "not_a_number", "a_score"),
        ({"a_score": "1.5"}, "not_whole", "a_score"),
        ({"b_score": "-10"}, "beyond_limits", "b_score"),
        ({"b_score": "130"}, "beyond_limits", "b_score"),
        ({"b_score": "35"}, "not_a_sum", "b_score"),
        ({"b_score": "ba mươi"}, "not_a_number", "b_score"),
    ],
)
def test_scores_stay_within_their_limits(said, code, about):
    assert wrong(**said) == {(code, (about,))}


def test_scores_at_their_limits_are_taken():
    assert good(b_score="0").b_score == 0
    assert good(b_score="120").b_score == 120
    assert good(a_score="0").a_score == 0
    assert good(a_score=HIGHEST_A).a_score == HIGHEST_A
    assert good(TABLE, a_score="95").a_score == 95
    assert wrong(TABLE, a_score="96") == {("beyond_limits", ("a_score",))}


def test_the_limits_are_told_with_the_fault():
    found = check(Said(b_score="130"), FORM)
    assert found == (Wrong("beyond_limits", ("b_score",), {"value": Decimal(130), "least": 0, "most": 120}),)


def test_answers_give_the_b_score_when_none_is_open():
    assert good(answers=answers(3)).b_score == 30
    assert good(answers=answers(3, unanswered=1)).b_score is None
    assert good(answers=answers(3, unanswered=1), b_score="40").b_score == 40
    assert good().b_score is None


@pytest.mark.parametrize("typed", ["20", "40"])
def test_a_b_score_that_the_answers_do_not_give_is_refused(typed):
    assert good(answers=answers(3), b_score="30").b_score == 30
    assert wrong(answers=answers(3), b_score=typed) == {("score_disagrees", ("b_score",))}
    assert ("score_disagrees", ("b_score",)) in wrong(answers=answers(3, unanswered=1), b_score="50")


def test_sums_of_different_points_are_held_to_their_form():
    assert wrong(form=UNEQUAL, b_score="10") == {("not_a_sum", ("b_score",))}


def test_answers_are_yes_or_no_to_what_the_form_asks():
    assert wrong(answers={"cows": True}) == {("unknown_deprivation", ("answers", "cows"))}
    assert wrong(answers={"water": "có"}, language="vi") == {("not_yes_or_no", ("answers", "water"))}
    assert wrong(answers={"water": 1}) == {("not_yes_or_no", ("answers", "water"))}
    assert wrong(answers={"water": "true"}) == {("not_yes_or_no", ("answers", "water"))}  # programs send true
    assert good(answers={"water": "true", "toilet": "false"}, language="vi").answers == {"water": True, "toilet": False}
    assert wrong(farming="x") == {("not_yes_or_no", ("farming",))}
    assert good(farming=False).farming is False


def test_quick_screening_has_two_results():
    assert good(screening="survey").facts(RURAL).screened_out is False
    stopped = good(screening="screened_out")
    assert classify(stopped.facts(RURAL), CENTRAL_2022).reason == SCREENED_OUT
    assert wrong(screening="perhaps") == {("unknown_screening", ("screening",))}


def test_items_give_the_a_score_when_none_is_open():
    chosen = {"people": ["2"], "things": ["fridge"]}
    assert good(TABLE, chosen=chosen).a_score == 55
    assert good(TABLE, chosen=chosen, a_score="55").a_score == 55
    assert wrong(TABLE, chosen=chosen, a_score="60") == {("score_disagrees", ("a_score",))}
    assert good(TABLE, chosen={"people": ["2"]}).a_score is None
    assert good(TABLE, chosen={"people": ["2"]}, a_score="60").a_score == 60
    assert wrong(TABLE, chosen={"people": ["1", "2"], "cows": []}) == {
        ("one_only", ("chosen", "people")),
        ("unknown_item", ("chosen", "cows")),
    }


def test_items_without_their_table_are_refused_and_a_typed_score_is_not():
    assert wrong(chosen={"people": ["2"]}) == {("no_table", ("chosen",))}
    assert good(a_score="140").a_score == 140


def test_every_fault_is_named_at_once():
    found = wrong(income="x", a_score="-1", b_score="7", answers={"cows": True}, screening="?", farming="?")
    assert {about for _code, about in found} == {
        ("income",), ("a_score",), ("b_score",), ("answers", "cows"), ("screening",), ("farming",),
    }  # fmt: skip


def test_a_sheet_becomes_what_the_rules_read():
    facts = good(a_score="140", answers=answers(3), income="1500000", farming=True).facts(RURAL)
    assert (facts.area_type, facts.form, facts.b_score, facts.farming) == (RURAL, FORM.code, 30, True)
    assert classify(facts, CENTRAL_2022).status == POOR


junk = st.none() | st.booleans() | st.integers() | st.text() | st.decimals() | st.floats()


@given(
    st.builds(
        Said,
        income=junk,
        a_score=junk,
        b_score=junk,
        answers=st.dictionaries(st.sampled_from((*CODES, "cows")), junk),
        chosen=st.dictionaries(st.sampled_from(("people", "cows")), st.lists(st.text(max_size=2))),
        screening=st.text(max_size=3),
        farming=junk,
        language=st.sampled_from(("plain", "vi", "en")),
    )
)
def test_whatever_is_sent_is_a_sheet_within_its_limits_or_named_faults(said):
    found = check(said, FORM, TABLE)
    if isinstance(found, tuple):
        assert found and all(one.code and one.about for one in found)
        return
    assert found.income is None or 0 <= found.income <= HIGHEST_INCOME
    assert found.a_score is None or 0 <= found.a_score <= TABLE.a_highest
    assert found.b_score is None or found.b_score in range(0, 121, 10)
    assert set(found.answers) <= set(CODES)
