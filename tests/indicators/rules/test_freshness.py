"""A result is late when what it lacks has been waiting for longer than usual, failed, or nobody is there to compute."""

from datetime import UTC, datetime, timedelta

import pytest

from indicators.rules.freshness import LATE_AFTER, Late, lateness, latest

ASKED = datetime(2024, 1, 10, 14, 2, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("after", "failed", "silent", "late"),
    [
        (LATE_AFTER - SECOND, False, False, None),
        (LATE_AFTER, False, False, Late(ASKED)),
        (SECOND, True, False, Late(ASKED, failed=True)),
        (SECOND, False, True, Late(ASKED)),
    ],
)
def test_lateness(after: timedelta, failed: bool, silent: bool, late: Late | None) -> None:
    assert lateness(ASKED, failed=failed, silent=silent, now=ASKED + after) == late


def test_a_figure_of_many_is_late_since_the_first_and_failed_when_any_is() -> None:
    assert latest([None, Late(ASKED + SECOND), Late(ASKED, failed=False), Late(ASKED + SECOND, failed=True)]) == Late(
        ASKED, failed=True
    )
    assert latest([None, None]) is None
    assert latest([]) is None
