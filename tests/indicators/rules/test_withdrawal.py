"""The withdrawal rule of QĐ 18/2022/QĐ-TTg, case by case, at its bounds, and for every figure."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from indicators.rules.types import MET, NO_DATA, NOT_APPLICABLE, NOT_MET, OUTCOMES, UNDETERMINED
from indicators.rules.withdrawal import (
    HALF,
    NAMED,
    NAMED_AMONG,
    NONE,
    PARTLY_FROM,
    WHOLLY_FROM,
    CriterionState,
    ground_of,
    read_withdrawal,
    slipped,
)

SET = Path(__file__).parents[3] / "indicators" / "data" / "ntm_commune_standard_2021_2025.yaml"
NAMES = {10: "Thu nhập", 17: "Môi trường và an toàn thực phẩm", 19: "Quốc phòng và An ninh"}


def criteria(failed=(), unclear=(), left_out=(), total=19, names=NAMES):
    outcomes = dict.fromkeys(range(1, total + 1), MET)
    outcomes |= dict.fromkeys(failed, NOT_MET) | dict.fromkeys(unclear, NO_DATA)
    outcomes |= dict.fromkeys(left_out, NOT_APPLICABLE)
    return [CriterionState(n, names.get(n, f"Tiêu chí {n}"), outcome) for n, outcome in outcomes.items()]


@pytest.mark.parametrize(
    ("failed", "total", "named", "ground"),
    [
        (299, 1000, True, NONE),  # 29.9 %
        (300, 1000, True, NAMED_AMONG),
        (300, 1000, False, NONE),
        (499, 1000, True, NAMED_AMONG),  # 49.9 %
        (499, 1000, False, NONE),
        (500, 1000, True, HALF),
        (500, 1000, False, HALF),
        (5, 19, True, NONE),  # 26.3 %
        (6, 19, True, NAMED_AMONG),  # 31.6 %
        (6, 19, False, NONE),
        (9, 19, True, NAMED_AMONG),  # 47.4 %
        (9, 19, False, NONE),
        (10, 19, False, HALF),  # 52.6 %
        (3, 10, True, NAMED_AMONG),
        (5, 10, False, HALF),
        (0, 19, False, NONE),
        (0, 0, False, NONE),
        (19, 19, True, HALF),
    ],
)
def test_the_rule_at_and_beside_its_bounds(failed, total, named, ground):
    assert ground_of(failed, total, named=named) == ground


def test_more_failed_than_there_are_is_refused():
    with pytest.raises(ValueError, match="20"):
        ground_of(20, 19, named=False)


def test_six_of_nineteen_with_income_among_them_warns_with_its_arithmetic():
    found = read_withdrawal(criteria(failed=(2, 5, 8, 10, 12, 14)))
    assert (len(found.failed), found.total, found.ground) == (6, 19, NAMED_AMONG)
    assert found.share == Decimal(600) / Decimal(19)
    assert [one.name for one in found.named] == ["Thu nhập"]


def test_six_of_nineteen_without_a_named_one_does_not_warn():
    found = read_withdrawal(criteria(failed=(2, 5, 8, 9, 12, 14)))
    assert (found.ground, found.named, found.warns) == (NONE, (), False)


def test_what_is_not_known_never_counts_as_failed_and_is_told():
    found = read_withdrawal(criteria(failed=(2, 5, 8, 10, 12), unclear=(14, 15, 16)))
    assert (len(found.failed), found.total, found.ground) == (5, 19, NONE)
    assert [one.number for one in found.unclear] == [14, 15, 16]


def test_an_undetermined_criterion_is_unclear_too():
    found = read_withdrawal([CriterionState(1, "Một", UNDETERMINED), CriterionState(2, "Hai", NOT_MET)])
    assert (len(found.failed), len(found.unclear), found.total) == (1, 1, 2)


def test_not_applicable_leaves_the_denominator():
    found = read_withdrawal(criteria(failed=(2, 5, 8, 10, 12), left_out=(13, 14, 15)))
    assert (found.total, found.share, found.ground) == (16, Decimal("31.25"), NAMED_AMONG)


def test_without_an_applicable_criterion_there_is_no_share():
    assert read_withdrawal([CriterionState(1, "Một", NOT_APPLICABLE)]).share is None


@pytest.mark.parametrize(
    "name", ["Thu nhập", "thu nhập", "Môi trường", "Chất lượng môi trường sống", "Quốc phòng và an ninh"]
)
def test_named_criteria_are_known_by_the_decisions_words(name):
    assert CriterionState(1, name, NOT_MET).named


@pytest.mark.parametrize("name", ["Giao thông", "Trường học", "Môi trường kinh doanh", "Hộ nghèo"])
def test_others_are_not_named(name):
    assert not CriterionState(1, name, NOT_MET).named


def test_numbers_and_names_are_those_of_the_reference_data():
    rules = yaml.safe_load(SET.read_text(encoding="utf-8"))["recognition_rules"]["withdrawal"]["rules"]
    part, half = rules
    assert (part["failed_share_min_pct"], part["failed_share_max_pct_exclusive"]) == (PARTLY_FROM, WHOLLY_FROM)
    assert half["failed_share_min_pct"] == WHOLLY_FROM
    assert tuple(part["must_include_any_of_vi"]) == NAMED


def test_a_criterion_met_at_recognition_and_not_now_has_slipped():
    now = criteria(failed=(3, 10), unclear=(5,), total=10)
    then = dict.fromkeys(range(1, 11), MET) | {3: NOT_MET}
    assert [one.number for one in slipped(now, then)] == [10]


def test_without_figures_of_that_time_the_decision_says_that_all_was_met():
    assert [one.number for one in slipped(criteria(failed=(3, 10)), None)] == [3, 10]


def test_what_was_unknown_at_recognition_has_not_slipped():
    assert slipped(criteria(failed=(3,)), {1: MET, 3: NO_DATA}) == ()


STATES = st.lists(
    st.builds(
        CriterionState,
        number=st.integers(1, 40),
        name=st.sampled_from([*NAMES.values(), "Giao thông", "Điện"]),
        outcome=st.sampled_from(OUTCOMES),
    ),
    max_size=40,
)


@given(STATES, st.randoms())
def test_the_order_of_criteria_never_matters(states, random):
    mixed = list(states)
    random.shuffle(mixed)
    one, other = read_withdrawal(states), read_withdrawal(mixed)
    assert (one.ground, one.share, len(one.unclear)) == (other.ground, other.share, len(other.unclear))


@given(STATES, st.integers(0, 39))
def test_a_criterion_that_is_met_again_never_brings_a_warning(states, at):
    if at >= len(states) or states[at].outcome == NOT_APPLICABLE:
        return
    better = [*states[:at], CriterionState(states[at].number, states[at].name, MET), *states[at + 1 :]]
    order = (NONE, NAMED_AMONG, HALF)
    assert order.index(read_withdrawal(better).ground) <= order.index(read_withdrawal(states).ground)


@given(STATES)
def test_missing_figures_alone_never_bring_a_warning(states):
    unknown = [CriterionState(s.number, s.name, NO_DATA if s.outcome == NOT_MET else s.outcome) for s in states]
    assert not read_withdrawal(unknown).warns


@given(STATES)
def test_a_warning_rests_on_at_least_thirty_percent(states):
    found = read_withdrawal(states)
    if found.warns:
        assert found.share is not None
        assert found.share >= PARTLY_FROM
        assert found.share >= WHOLLY_FROM or found.named


def test_figures_of_before_the_decision_are_counted_and_warn_of_nothing() -> None:
    states = criteria(failed=(2, 5, 8, 10, 12, 14))
    assert read_withdrawal(states).warns
    found = read_withdrawal(states, since_decision=False)
    assert (found.ground, found.failed) == ("", read_withdrawal(states).failed)
