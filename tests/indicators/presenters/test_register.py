"""The words of the register of recognitions."""

from __future__ import annotations

import pytest
from django.utils import translation

from indicators.presenters.register import arithmetic
from indicators.rules.withdrawal import CriterionState, WithdrawalReading


def reading(failed: int, total: int) -> WithdrawalReading:
    states = tuple(CriterionState(number, f"Tiêu chí {number}", "not_met") for number in range(failed))
    return WithdrawalReading(total, states, (), "")


@pytest.mark.parametrize(
    ("failed", "total", "told"),
    [
        (6, 19, "6/19 = 31,6%"),
        (1, 3, "1/3 = 33,3%"),
        (3, 10, "3/10 = 30,0%"),
        # Under the bound it must not read as the bound: 30 % and 50 % are what the rule asks for.
        (2997, 10_000, "2997/10000 = 29,9%"),
        (4996, 10_000, "4996/10000 = 49,9%"),
        (3496, 10_000, "3496/10000 = 35,0%"),
    ],
)
def test_a_share_is_rounded_but_never_over_a_bound_of_the_rule(failed: int, total: int, told: str) -> None:
    with translation.override("vi"):
        assert arithmetic(reading(failed, total), ()) == told
