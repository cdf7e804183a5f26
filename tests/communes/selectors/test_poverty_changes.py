"""Who went from which class to which, as readers see it: exact for whoever keeps the register, no few for others."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from communes.models import PovertyStandard, UnitVersion
from communes.scope import scope_of
from communes.selectors.poverty_changes import PAIRS, changes, flow_rows, may_ask
from communes.services.access import assign_role
from communes.services.counts import count_stale, mark_stale
from tests.factories.classifications import make_classification
from tests.factories.households import make_household
from tests.factories.poverty_tables import FIRST, SECOND, make_known
from tests.factories.registers import Registry
from tests.factories.world import fresh

pytestmark = pytest.mark.django_db

TODAY = date(2024, 6, 1)
DAYS = (date(2022, 12, 31), date(2023, 12, 31))


@pytest.fixture
def standard(registry: Registry) -> PovertyStandard:
    return make_known(registry)


def asked(user: Any, standard: PovertyStandard, unit: Any = None) -> Any:
    version = UnitVersion.objects.get(unit=unit) if unit else None
    return changes(scope_of(user), standard.code, *DAYS, unit=version, today=TODAY)


def shown(found: Any) -> dict[tuple[str, str], int | None]:
    return {pair: number for pair, number in found.numbers.items() if number != 0}


def test_the_changes_of_a_commune(registry: Registry, standard: PovertyStandard) -> None:
    found = asked(registry.coordinator, standard, registry.unit)
    assert shown(found) == {
        ("poor", "poor"): 1, ("poor", "near_poor"): 1, ("poor", "others"): 1, ("poor", "absent"): 1,
        ("near_poor", "poor"): 1, ("near_poor", "others"): 1, ("near_poor", "absent"): 1, ("others", "poor"): 1,
    }  # fmt: skip
    assert set(found.numbers) == set(PAIRS) and found.exact and not found.withheld


def test_what_moves_between_units_moves_nowhere_in_all_of_them(registry: Registry, standard: PovertyStandard) -> None:
    found = asked(registry.coordinator, standard)
    assert found.numbers["near_poor", "near_poor"] == 1 and found.numbers["near_poor", "absent"] == 0
    assert not found.accounts["near_poor"].left["transfer"]


@pytest.mark.parametrize("of", ["unit", "ward", ""])
def test_balances_add_up(registry: Registry, standard: PovertyStandard, of: str) -> None:
    found = asked(registry.coordinator, standard, getattr(registry, of) if of else None)
    for balance in found.balances:
        came, left = sum(balance.came.values()), sum(balance.left.values())
        assert balance.opening + came - left == balance.closing
        account = found.accounts[balance.status]
        assert account.adds_up and (account.opening, account.closing) == (balance.opening, balance.closing)


def test_each_may_ask_of_their_own_and_outsiders_of_all_together(registry: Registry, standard: PovertyStandard) -> None:
    unit, ward = (UnitVersion.objects.get(unit=one) for one in (registry.unit, registry.ward))
    answers = {
        name: tuple(may_ask(scope_of(getattr(registry, name)), one) for one in (unit, ward, None))
        for name in ("officer", "coordinator", "leader")
    }
    assert answers == {
        "officer": (True, False, False), "coordinator": (True, True, True), "leader": (False, False, True),
    }  # fmt: skip
    assign_role(by=None, user=registry.officer, role="leader")
    assert not may_ask(scope_of(fresh(registry.officer)), None), "their own could be taken off"


# --- As outsiders see it ---------------------------------------------------------------------------------------------


def many(registry: Registry, standard: PovertyStandard, counts: dict[tuple[str, str], int]) -> None:
    """So many households that were one class at the end of 2022 and another at the end of 2023; some beside them."""
    for (before, after), number in {**counts, ("not_poor", "not_poor"): 20}.items():
        for n in range(number):
            made = make_household(registry.village, f"{before}{after}{n}")
            for day, status in ((FIRST, before), (SECOND, after)):
                make_classification(
                    made, standard, valid_from=day, status=status, effective_year=day.year + 1, round_held=day.year
                )
    mark_stale([village.pk for village in registry.villages.values()])
    count_stale()


@pytest.fixture
def quiet(registry: Registry, standard: PovertyStandard) -> PovertyStandard:
    """Without the few households of the known register."""
    from communes.models import Household

    Household.objects.all().delete()
    return standard


def test_large_numbers_are_shown_with_their_balances(registry: Registry, quiet: PovertyStandard) -> None:
    many(registry, quiet, {("poor", "near_poor"): 6, ("poor", "poor"): 8, ("near_poor", "not_poor"): 9})
    found = asked(registry.leader, quiet)
    assert shown(found) == {("poor", "poor"): 8, ("poor", "near_poor"): 6, ("near_poor", "others"): 9}
    assert not found.exact and not found.accounts and not found.withheld
    assert [(one.opening, one.closing) for one in found.balances] == [(14, 8), (9, 6)]


def test_a_small_number_cannot_be_told_from_the_balances(registry: Registry, quiet: PovertyStandard) -> None:
    counts = {("poor", "poor"): 8, ("poor", "near_poor"): 2, ("poor", "not_poor"): 7, ("near_poor", "near_poor"): 9}
    many(registry, quiet, {**counts, ("near_poor", "not_poor"): 6})
    found = asked(registry.leader, quiet)
    assert found.numbers["poor", "near_poor"] is None
    # Two more in its line and its column: whoever knows the balances is left with more than one answer.
    line = [pair for pair, number in found.numbers.items() if number is None and pair[0] == "poor"]
    column = [pair for pair, number in found.numbers.items() if number is None and pair[1] == "near_poor"]
    assert len(line) >= 2 and len(column) >= 2
    exact = asked(registry.coordinator, quiet)
    assert all(found.numbers[pair] in (None, number) for pair, number in exact.numbers.items())


def test_nothing_is_published_where_a_small_number_cannot_be_kept_safe(
    registry: Registry, quiet: PovertyStandard
) -> None:
    """Who was near poor stayed so: what is left of the closing balance is the small number."""
    counts = {("poor", "poor"): 8, ("poor", "near_poor"): 2, ("poor", "not_poor"): 7, ("near_poor", "near_poor"): 9}
    many(registry, quiet, counts)
    assert not asked(registry.leader, quiet).published
    assert asked(registry.coordinator, quiet).numbers["poor", "near_poor"] == 2


def test_nothing_is_published_where_a_balance_is_small(registry: Registry, quiet: PovertyStandard) -> None:
    many(registry, quiet, {("poor", "near_poor"): 3, ("near_poor", "near_poor"): 30})
    found = asked(registry.leader, quiet)
    assert not found.published and found.numbers == {} and found.balances == ()
    assert {row.households for row in flow_rows(found)} == {None} and all(row.suppressed for row in flow_rows(found))


def test_nothing_is_published_of_a_day_that_is_not(registry: Registry, quiet: PovertyStandard) -> None:
    many(registry, quiet, {("poor", "poor"): 8, ("near_poor", "near_poor"): 9})
    days = (date(2022, 12, 30), date(2023, 12, 31))
    assert not changes(scope_of(registry.leader), quiet.code, *days, today=TODAY).published
    assert changes(scope_of(registry.coordinator), quiet.code, *days, today=TODAY).published


def test_rows_name_no_household(registry: Registry, standard: PovertyStandard) -> None:
    text = repr(flow_rows(asked(registry.coordinator, standard)))
    assert "Chủ Hộ" not in text and len(flow_rows(asked(registry.coordinator, standard))) == len(PAIRS)
