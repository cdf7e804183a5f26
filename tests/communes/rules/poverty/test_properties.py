"""What must hold of every household under every standard."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from communes.rules.places import RURAL, URBAN
from communes.rules.poverty.classify import (
    NEAR_POOR,
    NOT_POOR,
    POOR,
    REASONS,
    STATUSES,
    UNDETERMINED,
    classify,
)
from communes.rules.poverty.scores import count
from communes.rules.poverty.types import HouseholdFacts, StandardSpec
from tests.factories.poverty import CENTRAL_2016, CENTRAL_2022, CODES, FORM, STANDARDS, TEN

POVERTY = {NOT_POOR: 0, NEAR_POOR: 1, POOR: 2}
WITH_LISTS = (replace(CENTRAL_2016, form=replace(TEN, code=FORM.code)), *(replace(s, form=FORM) for s in STANDARDS[1:]))

standards = st.sampled_from((*STANDARDS, *WITH_LISTS))
listed = st.sampled_from(WITH_LISTS)
# Near every line of every standard, and anywhere.
incomes = st.one_of(
    st.sampled_from(sorted({line.amount for s in STANDARDS for line in s.lines.values()})).flatmap(
        lambda line: st.sampled_from((line - 1, line, line + 1))
    ),
    st.integers(0, 10_000_000),
)
a_scores = st.one_of(st.sampled_from((139, 140, 141, 174, 175, 176)), st.integers(0, 500))
partial = st.dictionaries(st.sampled_from(CODES), st.booleans())
complete = st.fixed_dictionaries({code: st.booleans() for code in CODES})
households = st.builds(
    HouseholdFacts,
    area_type=st.sampled_from((RURAL, URBAN, "")),
    income=st.none() | incomes,
    form=st.sampled_from((FORM.code, "other", "")),
    answers=partial,
    a_score=st.none() | a_scores,
    b_score=st.none() | st.integers(0, 12).map(lambda n: n * 10),
    screened_out=st.booleans(),
    farming=st.none() | st.booleans(),
)
# Everything is recorded; by income or by scores.
known = st.builds(
    HouseholdFacts,
    area_type=st.sampled_from((RURAL, URBAN)),
    income=incomes,
    form=st.just(FORM.code),
    answers=complete,
    a_score=st.none() | a_scores,
)


def poverty(facts: HouseholdFacts, standard: StandardSpec) -> int:
    return POVERTY[classify(facts, standard).status]


@given(households, standards)
def test_it_is_always_one_status_and_undetermined_always_says_why(facts, standard):
    found = classify(facts, standard)
    assert found.status in STATUSES
    assert (found.reason in REASONS) if found.status == UNDETERMINED else found.reason == ""
    assert found == classify(facts, standard)
    assert not (found.status == UNDETERMINED and found.unverified)


@given(known, listed)
def test_with_everything_recorded_it_is_never_undetermined(facts, standard):
    assert classify(facts, standard).status != UNDETERMINED


@given(known, listed, st.sampled_from(CODES))
def test_more_deprivations_never_make_a_household_less_poor(facts, standard, code):
    more = replace(facts, answers={**facts.answers, code: True})
    assert poverty(more, standard) >= poverty(facts, standard)


@given(known, listed, st.integers(0, 10_000_000))
def test_more_income_never_makes_a_household_poorer(facts, standard, more):
    facts = replace(facts, a_score=None)
    assert facts.income is not None
    assert poverty(replace(facts, income=facts.income + more), standard) <= poverty(facts, standard)


@given(known, st.integers(0, 500))
def test_a_higher_a_score_never_makes_a_household_poorer(facts, more):
    low = replace(facts, a_score=facts.a_score or 0)
    assert poverty(replace(low, a_score=(low.a_score or 0) + more), CENTRAL_2022) <= poverty(low, CENTRAL_2022)


@given(known, listed)
def test_the_urban_line_never_makes_a_household_less_poor(facts, standard):
    rural, urban = replace(facts, area_type=RURAL), replace(facts, area_type=URBAN)
    assert poverty(urban, standard) >= poverty(rural, standard)


@given(known)
def test_who_is_poor_by_income_under_the_central_line_is_so_under_the_higher_provincial_one(facts):
    facts = replace(facts, a_score=None)
    assert poverty(facts, WITH_LISTS[2]) >= poverty(facts, CENTRAL_2022)


@given(households, standards, st.dictionaries(st.sampled_from(CODES), st.booleans(), min_size=1))
def test_what_was_decided_with_open_answers_stands_when_they_are_given(facts, standard, further):
    facts = replace(facts, b_score=None)
    before = classify(facts, standard).status
    if before != UNDETERMINED:
        assert classify(replace(facts, answers={**further, **facts.answers}), standard).status == before


@given(known, listed)
def test_the_b_score_alone_says_what_its_answers_say(facts, standard):
    own = standard.form
    assert own
    points = count(own, facts.answers).points[0]
    assert poverty(replace(facts, answers={}, b_score=points), standard) == poverty(facts, standard)
