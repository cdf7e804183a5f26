"""B from the answers, A from an item table."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communes.rules.places import RURAL, URBAN
from communes.rules.poverty.scores import (
    ANY,
    ONE,
    AScore,
    ChoiceFault,
    ItemSpec,
    OptionSpec,
    TableSpec,
    a_score,
    allows,
    choice_faults,
    choose_table,
    count,
)
from communes.rules.poverty.types import FormSpec
from tests.factories.poverty import CODES, FORM, answers

# Made up: the points of the circular were not to be had.
TABLE = TableSpec(
    FORM.code,
    "dong_bang_song_hong",
    RURAL,
    (
        ItemSpec("people", ONE, (OptionSpec("1", 60), OptionSpec("2", 40), OptionSpec("3+", 0))),
        ItemSpec("things", ANY, (OptionSpec("fridge", 15), OptionSpec("motorcycle", 20))),
    ),
    "unverified",
)
POINTS = (5, 20, 25)
UNEQUAL = replace(
    FORM, deprivations=tuple(replace(one, points=n) for one, n in zip(FORM.deprivations[:3], POINTS, strict=True))
)


def test_twelve_deprivations_of_ten_points_make_a_hundred_and_twenty():
    assert (FORM.b_highest, FORM.points_each) == (120, 10)
    assert (UNEQUAL.b_highest, UNEQUAL.points_each) == (50, None)
    assert (FormSpec("none", ()).b_highest, FormSpec("none", ()).points_each) == (0, None)


def test_open_answers_leave_a_span_of_points():
    found = count(FORM, answers(2, unanswered=3))
    assert (found.number, found.points) == ((2, 5), (20, 50))
    assert count(FORM, {}).points == (0, 120)
    assert count(FORM, answers(12)).points == (120, 120)
    assert count(FORM, {"unheard": True}).counted == ()


@pytest.mark.parametrize(("score", "possible"), [(19, False), (20, True), (25, False), (50, True), (60, False)])
def test_a_b_score_is_a_sum_that_the_answers_allow(score, possible):
    assert allows(FORM, count(FORM, answers(2, unanswered=3)), score) is possible


@pytest.mark.parametrize(("score", "possible"), [(0, True), (5, True), (10, False), (30, True), (45, True), (50, True)])
def test_sums_of_different_points_are_found(score, possible):
    assert allows(UNEQUAL, count(UNEQUAL, {}), score) is possible


@given(st.dictionaries(st.sampled_from(CODES), st.booleans()), st.sampled_from((FORM, UNEQUAL)))
def test_whatever_the_open_answers_are_their_sum_is_allowed(given_, form):
    before = count(form, given_)
    for rest in (True, False):
        full = count(form, {**dict.fromkeys(CODES, rest), **given_})
        assert full.points[0] == full.points[1] and allows(form, before, full.points[0])


# --- A ---


def test_a_is_the_sum_of_what_was_chosen():
    assert a_score(TABLE, {"people": ["2"], "things": ["fridge", "motorcycle"]}) == AScore(75, ())
    assert a_score(TABLE, {"people": ["1"], "things": []}).points == 60
    assert a_score(TABLE, {"people": ["3+"], "things": []}).points == 0
    assert TABLE.a_highest == 95


@pytest.mark.parametrize(
    ("chosen", "open_"),
    [
        ({}, ("people", "things")),
        ({"people": ["1"]}, ("things",)),
        ({"people": [], "things": []}, ("people",)),
    ],
)
def test_an_item_without_an_answer_leaves_a_open(chosen, open_):
    found = a_score(TABLE, chosen)
    assert (found.points, found.unanswered) == (None, open_)


@pytest.mark.parametrize(
    ("chosen", "fault"),
    [
        ({"cows": ["2"]}, ChoiceFault("cows", "unknown_item")),
        ({"people": ["9"]}, ChoiceFault("people", "unknown_option", "9")),
        ({"people": ["1", "2"]}, ChoiceFault("people", "one_only")),
        ({"things": ["fridge", "fridge"]}, ChoiceFault("things", "duplicate")),
    ],
)
def test_choices_that_the_table_does_not_know_are_named_and_not_added_up(chosen, fault):
    assert choice_faults(TABLE, chosen) == [fault]
    with pytest.raises(ValueError, match=fault.code):
        a_score(TABLE, chosen)


def test_a_table_is_of_its_form_region_and_area_type_and_counts_only_with_items():
    empty = replace(TABLE, area_type=URBAN, items=())

    def chosen(form: str = FORM.code, region: str = TABLE.region, area_type: str = RURAL) -> TableSpec | None:
        return choose_table((empty, TABLE), form=form, region=region, area_type=area_type)

    assert chosen() is TABLE
    assert chosen(form="other") is chosen(region="tay_nguyen") is chosen(area_type=URBAN) is None


@given(st.lists(st.integers(0, 60), min_size=1), st.sampled_from((ONE, ANY)), st.data())
def test_no_choice_goes_beyond_the_highest_a(points, choose, data):
    item = ItemSpec("i", choose, tuple(OptionSpec(str(at), n) for at, n in enumerate(points)))
    table = replace(TABLE, items=(item,))
    codes = [option.code for option in item.options]
    most = 1 if choose == ONE else len(codes)
    picked = data.draw(st.lists(st.sampled_from(codes), unique=True, min_size=1, max_size=most))
    assert 0 <= (a_score(table, {"i": picked}).points or 0) <= table.a_highest
