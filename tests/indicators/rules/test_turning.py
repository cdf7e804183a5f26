"""How an outcome turned: better and worse mirror each other, and nothing is compared with nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.rules.turning import BETTER, GONE, NEW, OTHER, SAME, TURNS, WORSE, turn
from indicators.rules.types import MET, NO_DATA, NOT_APPLICABLE, NOT_MET, OUTCOMES, UNDETERMINED

outcomes = st.sampled_from([*OUTCOMES, None])


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        (NOT_MET, MET, BETTER),
        (NO_DATA, MET, BETTER),
        (UNDETERMINED, MET, BETTER),
        (MET, NOT_MET, WORSE),
        (MET, NO_DATA, WORSE),
        (MET, UNDETERMINED, WORSE),
        (NO_DATA, NOT_MET, OTHER),
        (NOT_MET, UNDETERMINED, OTHER),
        (MET, NOT_APPLICABLE, OTHER),
        (NOT_APPLICABLE, MET, OTHER),
        (NOT_APPLICABLE, NOT_MET, OTHER),
        (MET, MET, SAME),
        (None, MET, NEW),
        (None, NOT_MET, NEW),
        (MET, None, GONE),
        (None, None, SAME),
    ],
)
def test_each_turn_has_its_name(before: str | None, now: str | None, told: str) -> None:
    assert turn(before, now) == told


@given(outcomes, outcomes)
def test_looking_back_mirrors_looking_forward(before: str | None, now: str | None) -> None:
    mirror = {BETTER: WORSE, WORSE: BETTER, NEW: GONE, GONE: NEW}
    assert turn(now, before) == mirror.get(turn(before, now), turn(before, now))
    assert turn(before, now) in TURNS


@given(outcomes, outcomes)
def test_better_is_only_what_is_met_now_and_same_only_what_did_not_change(before: str | None, now: str | None) -> None:
    found = turn(before, now)
    assert (found == SAME) == (before == now)
    assert found != BETTER or now == MET
    assert found != WORSE or before == MET


@given(outcomes)
def test_what_does_not_apply_counts_neither_up_nor_down(other: str | None) -> None:
    assert turn(NOT_APPLICABLE, other) not in (BETTER, WORSE)
    assert turn(other, NOT_APPLICABLE) not in (BETTER, WORSE)
