"""A title holds from the day of its decision until the day it expires or is withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from indicators.rules.titles import holds

DAY = date(2023, 12, 31)
EARLIER, LATER = date(2023, 12, 30), date(2024, 1, 1)


@dataclass(frozen=True)
class Decision:
    decided_on: date | None
    expires_on: date | None = None
    withdrawn_on: date | None = None


@pytest.mark.parametrize(
    ("decision", "held"),
    [
        (Decision(EARLIER), True),
        (Decision(DAY), True),
        (Decision(LATER), False),
        (Decision(None), False),
        (Decision(EARLIER, expires_on=LATER), True),
        (Decision(EARLIER, expires_on=DAY), False),
        (Decision(EARLIER, withdrawn_on=LATER), True),
        (Decision(EARLIER, withdrawn_on=DAY), False),
    ],
)
def test_the_days_of_decision_expiry_and_withdrawal_decide(decision: Decision, held: bool) -> None:
    assert holds(decision, DAY) is held
