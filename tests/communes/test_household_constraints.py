"""The database keeps the promise: every named constraint of the register refuses what it is for."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from communes.models import Household, HouseholdStay, Person, Unit, Village
from mongcai_portal.common import ciphers
from tests.factories.households import (
    make_household,
    make_member,
    make_someone,
    make_succession,
    make_version,
    make_village,
)
from tests.factories.world import make_unit
from tests.indicators.test_constraints import refused

pytestmark = pytest.mark.django_db

LATER = date(2023, 1, 1)
EARLIER = date(2021, 1, 1)


@pytest.fixture
def unit() -> Unit:
    return make_unit("hai-son", "Hải Sơn", "commune", None)


@pytest.fixture
def village(unit: Unit) -> Village:
    return make_village(unit, "thon-1")


@pytest.fixture
def household(village: Village) -> Household:
    return make_household(village, "H1")


def test_a_code_is_used_once(village: Village, household: Household) -> None:
    assert refused(lambda: make_household(village, "H1"), "communes_household_code_once")


@pytest.mark.parametrize(
    ("over", "name"),
    [
        ({"code": ""}, "communes_household_named"),
        ({"head_name": ""}, "communes_household_named"),
        ({"size": 0}, "communes_household_not_empty"),
        ({"began_as": "found"}, "communes_household_began_somehow"),
        ({"ended_as": "dissolved"}, "communes_household_ended_somehow"),
        ({"valid_to": LATER}, "communes_household_ended_somehow"),
        ({"valid_to": LATER, "ended_as": "lost"}, "communes_household_ended_somehow"),
        ({"valid_to": EARLIER, "ended_as": "dissolved"}, "communes_household_dates_in_order"),
    ],
)
def test_a_household_is_named_and_begins_and_ends_somehow(village: Village, over: dict[str, Any], name: str) -> None:
    make_household(village, "H2", valid_to=LATER, ended_as="dissolved")
    assert refused(lambda: make_household(village, **{"code": "H3", **over}), name)


def test_a_household_lives_at_one_place(village: Village, household: Household) -> None:
    def stay(**over: Any) -> Any:
        return lambda: HouseholdStay.objects.create(household=household, village=village, **over)

    assert refused(stay(valid_from=LATER), "communes_householdstay_one_open")
    assert refused(stay(valid_from=household.valid_from, valid_to=LATER), "communes_householdstay_once")
    assert refused(stay(valid_from=LATER, valid_to=EARLIER), "communes_householdstay_dates_in_order")


def test_a_household_has_one_head_and_a_person_one_household(village: Village, household: Household) -> None:
    other = make_household(village, "H2")
    child = make_someone()
    make_member(household, child)
    assert refused(lambda: make_member(household, make_someone(), relation="head"), "communes_member_one_head")
    assert refused(lambda: make_member(other, child, valid_from=LATER), "communes_member_of_one_household")
    ended = {"valid_to": LATER, "ended_as": "moved_out"}
    assert refused(lambda: make_member(other, child, **ended), "communes_member_once")
    make_member(household, make_someone(), relation="head", **ended)


@pytest.mark.parametrize(
    ("over", "name"),
    [
        ({"relation": "friend"}, "communes_member_words_known"),
        ({"began_as": "found"}, "communes_member_words_known"),
        ({"ended_as": "died"}, "communes_member_ended_somehow"),
        ({"valid_to": LATER}, "communes_member_ended_somehow"),
        ({"valid_to": EARLIER, "ended_as": "died"}, "communes_member_dates_in_order"),
    ],
)
def test_a_membership_says_what_it_is_and_how_it_ended(household: Household, over: dict[str, Any], name: str) -> None:
    # The base of dated rows names its constraint by the model.
    name = name.replace("communes_member_dates", "communes_householdmember_dates")
    assert refused(lambda: make_member(household, make_someone(), **over), name)


def test_a_household_is_split_off_once_and_merged_once(village: Village, household: Household) -> None:
    second, third = make_household(village, "H2"), make_household(village, "H3")
    make_succession(household, second)
    assert refused(lambda: make_succession(household, second), "communes_householdsuccession_once")
    assert refused(lambda: make_succession(third, second), "communes_householdsuccession_split_off_once")
    make_succession(second, third, kind="merge")
    again = {"kind": "merge", "effective_on": LATER.replace(month=2)}
    assert refused(lambda: make_succession(second, household, **again), "communes_householdsuccession_merged_once")
    assert refused(lambda: make_succession(third, third), "communes_householdsuccession_not_to_itself")
    assert refused(lambda: make_succession(third, household, kind="x"), "communes_householdsuccession_kind_known")


def test_an_identity_number_is_stored_whole_and_once() -> None:
    hidden = ciphers.keyring().hide("022199001234", "test")
    whole = {"identity_key": hidden.key, "identity_text": hidden.text, "identity_index": hidden.index}
    make_someone(**whole)
    assert refused(lambda: make_someone(**whole), "communes_person_identity_once")
    for left_out in whole:
        over = {**whole, "identity_index": "other", left_out: ""}
        assert refused(lambda over=over: make_someone(**over), "communes_person_identity_whole")
    make_someone(), make_someone()  # without a number there may be many


@pytest.mark.parametrize(
    ("over", "name"),
    [
        ({"name": ""}, "communes_person_named"),
        ({"sex": "x"}, "communes_person_words_known"),
        ({"birth_precision": "week"}, "communes_person_words_known"),
        ({"birth_date": LATER, "died_on": EARLIER}, "communes_person_died_after_birth"),
    ],
)
def test_a_person_is_named_and_dies_after_being_born(over: dict[str, Any], name: str) -> None:
    make_someone(birth_date=LATER, died_on=LATER)
    assert refused(lambda: Person.objects.create(**{"name": "Người Thử", **over}), name)


def test_a_village_is_in_one_place_on_a_day(unit: Unit, village: Village) -> None:
    assert refused(lambda: make_version(village, unit, valid_from=LATER), "communes_villageversion_one_open")
    ended = {"valid_to": LATER}
    assert refused(lambda: make_version(village, unit, **ended), "communes_villageversion_one_first")
    make_version(village, unit, valid_from=EARLIER, **ended)
    again = {"valid_from": EARLIER, **ended}
    assert refused(lambda: make_version(village, unit, **again), "communes_villageversion_once")
    wrong = {"valid_from": LATER, "valid_to": EARLIER}
    assert refused(lambda: make_version(village, unit, **wrong), "communes_villageversion_dates_in_order")
    later = {"valid_from": LATER, "valid_to": LATER}
    assert refused(lambda: make_version(village, unit, "", **later), "communes_villageversion_named")
    assert refused(lambda: make_version(village, unit, kind="to", **later), "communes_villageversion_named")
