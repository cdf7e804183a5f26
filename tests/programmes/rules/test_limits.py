from decimal import Decimal

import pytest

from programmes.measures.values import UNIT_LABELS
from programmes.rules.limits import COUNTED, NEGATIVE, NOT_WHOLE, OVER_PERCENT, beyond, highest


@pytest.mark.parametrize(
    ("unit", "value", "why"),
    [
        ("percent", "0", ""),
        ("percent", "100", ""),
        ("percent", "100.0001", OVER_PERCENT),
        ("percent", "-0.1", NEGATIVE),
        ("household", "0", ""),
        ("household", "57.5", NOT_WHOLE),
        ("household", "-1", NEGATIVE),
        ("kilometre", "3.25", ""),
        ("million_vnd_per_person_year", "176.611", ""),
    ],
)
def test_what_a_unit_allows(unit, value, why):
    assert beyond(unit, Decimal(value)) == why


def test_only_percentages_have_a_ceiling():
    assert highest("percent") == 100
    assert highest("household") is None


def test_every_counted_unit_is_a_unit_of_measures():
    assert COUNTED < set(UNIT_LABELS)
