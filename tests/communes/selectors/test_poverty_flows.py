"""Flows of the real register: whatever happens to households, the accounts of all days add up and agree with counts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from communes.models import Household, HouseholdCount, PovertyStandard
from communes.rules.poverty.flows import CLASSES
from communes.selectors.poverty_counts import poverty_counts
from communes.selectors.poverty_flows import poverty_flows
from communes.services.classification import OpeningList, record_opening_list
from communes.services.households import MemberEntry, end_household, move_household, register_household
from mongcai_portal.common.errors import Invalid
from tests.communes.services.test_household_histories import PLAN, act
from tests.factories.classifications import make_classification, make_standard
from tests.factories.households import make_household, make_version
from tests.factories.registers import START, Registry, entry, someone

pytestmark = pytest.mark.django_db

CLASSIFIED = st.lists(
    st.tuples(st.integers(0, 9), st.sampled_from(["poor", "near_poor", "not_poor"]), st.integers(0, 60)), max_size=8
)


def classify(standard: PovertyStandard, which: int, status: str, day: date, at: int) -> None:
    households = list(Household.objects.in_force(day).order_by("pk"))
    if households:
        opening = OpeningList(number=f"{at}", on=day, standard=standard.code, effective_year=2022)
        record_opening_list(by=None, statuses={households[which % len(households)].pk: status}, opening=opening)


@pytest.fixture
def standard(registry: Registry) -> PovertyStandard:
    found = make_standard()
    found.years.create(effective_year=2022, provenance="sourced", round_provenance="missing")
    return found


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(plan=PLAN, classified=CLASSIFIED, days=st.tuples(st.integers(-5, 300), st.integers(-5, 300)))
def test_whatever_happens_the_accounts_add_up_and_agree_with_the_counts(
    registry: Registry, standard: PovertyStandard, plan: Any, classified: Any, days: tuple[int, int]
) -> None:
    with transaction.atomic():
        for code in "ABC":
            head, other = (someone(f"{code}{n}", None) for n in range(2))
            members = (
                MemberEntry(relation="head", person=head), MemberEntry(relation="other_relative", person=other),
            )  # fmt: skip
            register_household(by=None, entry=entry(code=code, members=members))
        day = START
        waiting = list(enumerate(classified))
        for at, (step, a, b, many, later) in enumerate(plan):
            day = max(day + timedelta(days=later), START)
            deed = act(step, a, b, many, day, at)
            try:
                if deed is not None:
                    deed()
                if waiting:
                    number, (which, status, wait) = waiting.pop(0)
                    day += timedelta(days=wait)
                    classify(standard, which, status, day, number)
            except Invalid:
                continue
        opening, closing = (START + timedelta(days=n) for n in sorted(days))
        flows = poverty_flows(opening, closing, standard.code, classes=CLASSES)
        for key, account in flows.accounts.items():
            assert account.adds_up, (key, account)
        for moment, side in ((opening, "opening"), (closing, "closing")):
            for unit, count in poverty_counts(moment, standard.code).items():
                for status in CLASSES:
                    account = flows.accounts.get((unit, status))
                    assert getattr(count, status) == (getattr(account, side) if account else 0), (unit, status, side)
        few = poverty_flows(opening, closing, standard.code)
        assert few.accounts == {k: one for k, one in flows.accounts.items() if k[1] in ("poor", "near_poor")}
        assert few.changes == {pair: n for pair, n in flows.changes.items() if {"poor", "near_poor"}.intersection(pair)}
        transaction.set_rollback(True)


def test_a_year_of_a_commune(registry: Registry, standard: PovertyStandard) -> None:
    def household(code: str, *classes: tuple[date, str], village: str = "thon-1") -> Household:
        made = make_household(registry.villages[village], code)
        for day, status in classes:
            held = day.year if day.month > 6 else day.year - 1
            make_classification(made, standard, valid_from=day, status=status, effective_year=held + 1, round_held=held)
        return made

    before, after = date(2022, 12, 10), date(2023, 12, 10)
    household("stays", (before, "poor"))
    household("escapes", (before, "poor"), (after, "near_poor"))
    household("rises", (before, "near_poor"), (after, "not_poor"))
    household("new", (after, "poor"))
    household("back", (date(2022, 1, 1), "poor"), (before, "not_poor"), (after, "poor"))
    leaves, goes = household("leaves", (before, "poor")), household("goes", (before, "poor"))
    end_household(by=None, household_id=leaves.pk, on=date(2023, 5, 1), because="moved_out")
    move_household(by=None, household_id=goes.pk, on=date(2023, 6, 1), village="thon-tra-co")
    flows = poverty_flows(date(2022, 12, 31), date(2023, 12, 31), "standard")
    poor = flows.accounts[registry.unit.pk, "poor"]
    assert (poor.opening, poor.closing) == (4, 3)
    assert dict(poor.came) == {"newly": 1, "fell_back": 1}
    assert dict(poor.left) == {"escaped": 1, "moved_out": 1, "transfer": 1}
    assert dict(flows.accounts[registry.ward.pk, "poor"].came) == {"transfer": 1}
    near = flows.accounts[registry.unit.pk, "near_poor"]
    assert (near.opening, dict(near.came), dict(near.left), near.closing) == (1, {"better": 1}, {"escaped": 1}, 1)
    assert flows.changes == {
        ("poor", "poor"): 2, ("poor", "near_poor"): 1, ("poor", "absent"): 1, ("near_poor", "not_poor"): 1,
        ("not_poor", "poor"): 1, ("unclassified", "poor"): 1,
    }  # fmt: skip


def test_units_of_one_place_are_counted_together(registry: Registry, standard: PovertyStandard) -> None:
    goes = make_household(registry.village, "goes")
    make_classification(goes, standard)
    move_household(by=None, household_id=goes.pk, on=date(2023, 6, 1), village="thon-tra-co")
    days = (date(2022, 12, 31), date(2023, 12, 31))
    city = poverty_flows(*days, "standard", places={registry.unit.pk: "city", registry.ward.pk: "city"})
    (key, account), *others = city.accounts.items()
    assert key == ("city", "poor") and not others
    assert (account.opening, account.came, account.left, account.closing) == (1, {}, {}, 1)
    commune = poverty_flows(*days, "standard", places={registry.unit.pk: "commune"})
    assert set(commune.accounts) == {("commune", "poor")}
    assert dict(commune.accounts["commune", "poor"].left) == {"transfer": 1}
    assert commune.changes == {("poor", "absent"): 1}


def test_a_boundary_that_moves_is_told_apart_from_a_household_that_does(
    registry: Registry, standard: PovertyStandard
) -> None:
    make_classification(make_household(registry.village, "H1"), standard)
    registry.village.versions.update(valid_to=date(2023, 6, 30))
    make_version(registry.village, registry.ward, valid_from=date(2023, 7, 1))
    flows = poverty_flows(date(2022, 12, 31), date(2023, 12, 31), "standard")
    assert dict(flows.accounts[registry.unit.pk, "poor"].left) == {"boundary": 1}
    assert dict(flows.accounts[registry.ward.pk, "poor"].came) == {"boundary": 1}


def test_the_flows_cost_the_same_for_many_households(registry: Registry, standard: PovertyStandard) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as found:
            poverty_flows(date(2022, 12, 31), date(2023, 12, 31), "standard")
        return len(found)

    make_classification(make_household(registry.village, "H1"), standard)
    few = cost()
    for n in range(2, 20):
        make_classification(make_household(registry.village, f"H{n}"), standard)
    assert cost() == few == 5
    assert not HouseholdCount.objects.exists()  # nothing of it is read from the stored counts
