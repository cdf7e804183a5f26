"""What a reader sees of the counts: who looks after households the numbers, others what gives no few of them away."""

from __future__ import annotations

from datetime import date

import pytest

from communes.rules.poverty.disclosure import TOTAL
from communes.scope import scope_of
from communes.selectors.poverty_published import OTHERS, published_counts
from tests.factories.classifications import make_counted
from tests.factories.registers import Registry

pytestmark = pytest.mark.django_db

TODAY = date(2023, 7, 1)


@pytest.fixture
def counted(registry: Registry) -> Registry:
    make_counted(registry)
    return registry


def test_who_looks_after_all_households_sees_the_numbers(counted: Registry) -> None:
    found = published_counts(scope_of(counted.coordinator), "standard", (2022, 2023, 2024), today=TODAY)
    assert list(found) == [2022, 2023]
    table = found[2022]
    assert (table[counted.unit.pk, "poor"], table[counted.unit.pk, OTHERS], table[TOTAL, "poor"]) == (2, 9, 8)
    assert not table.withheld


def test_who_sees_counts_alone_does_not_see_few_households(counted: Registry) -> None:
    table = published_counts(scope_of(counted.leader), "standard", (2022,), today=TODAY)[2022]
    assert table[counted.unit.pk, "poor"] is None
    assert len(table.withheld) >= 4 and table[counted.ward.pk, OTHERS] == 0


def test_an_officer_sees_their_own_commune_and_cannot_subtract_it(counted: Registry) -> None:
    own = published_counts(scope_of(counted.officer), "standard", (2022,), today=TODAY)[2022]
    assert own[counted.unit.pk, "poor"] == 2 and not own.withheld
    other = published_counts(scope_of(counted.stranger), "standard", (2022,), today=TODAY)[2022]
    assert other[counted.ward.pk, "poor"] == 6
    assert other[counted.unit.pk, "poor"] is None and other[TOTAL, "poor"] is None
