"""The database keeps the promise: one answer a household, standard and day, which says what it rests on."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db.models import ProtectedError

from communes.models import Classification, Household, PovertyStandard
from tests.factories.classifications import make_classification, make_standard
from tests.factories.households import make_household, make_village
from tests.factories.world import make_unit
from tests.indicators.test_constraints import refused

pytestmark = pytest.mark.django_db

UNDETERMINED = {"status": "undetermined", "reason": "no_income", "basis": ""}
LISTED = {"origin": "opening_list", "basis": ""}


@pytest.fixture
def household() -> Household:
    return make_household(make_village(make_unit("hai-son", "Hải Sơn", "commune", None), "thon-1"), "H1")


@pytest.fixture
def standard() -> PovertyStandard:
    return make_standard()


def test_a_household_is_one_thing_a_day_under_a_standard(household: Household, standard: PovertyStandard) -> None:
    make_classification(household, standard)
    again = {"status": "near_poor"}
    assert refused(lambda: make_classification(household, standard, **again), "communes_classification_one_a_day")
    make_classification(household, make_standard("other"))
    make_classification(household, standard, valid_from=date(2022, 12, 11))


@pytest.mark.parametrize(
    ("over", "name"),
    [
        ({"status": "rich"}, "communes_classification_undetermined_says_why"),
        ({"reason": "no_income"}, "communes_classification_undetermined_says_why"),
        ({**UNDETERMINED, "reason": ""}, "communes_classification_undetermined_says_why"),
        ({**UNDETERMINED, "reason": "unknown"}, "communes_classification_undetermined_says_why"),
        ({"basis": ""}, "communes_classification_rests_on_something"),
        ({"basis": "hearsay"}, "communes_classification_rests_on_something"),
        ({"origin": "rumour"}, "communes_classification_rests_on_something"),
        ({**LISTED, "basis": "income"}, "communes_classification_rests_on_something"),
        ({**UNDETERMINED, **LISTED}, "communes_classification_rests_on_something"),
        ({"average_living": True}, "communes_classification_average_is_not_poor"),
        ({"round_held": 2021}, "communes_classification_round_before_or_in_it"),
        ({"round_held": 2024}, "communes_classification_round_before_or_in_it"),
        ({"area_type": "special"}, "communes_classification_named"),
        ({"decision_number": ""}, "communes_classification_named"),
    ],
)
def test_a_row_that_breaks_the_promise_is_refused_by_name(
    household: Household, standard: PovertyStandard, over: dict[str, Any], name: str
) -> None:
    assert refused(lambda: make_classification(household, standard, **over), name)


@pytest.mark.parametrize(
    "over",
    [
        UNDETERMINED,
        LISTED,
        {"status": "not_poor", "average_living": True},
        {"round_held": None},
        {"round_held": 2023, "area_type": ""},
    ],
)
def test_what_keeps_it_is_taken(household: Household, standard: PovertyStandard, over: dict[str, Any]) -> None:
    assert make_classification(household, standard, **over).pk


def test_a_standard_that_classified_somebody_stays(household: Household, standard: PovertyStandard) -> None:
    make_classification(household, standard)
    with pytest.raises(ProtectedError):
        standard.delete()
    household.delete()
    assert not Classification.objects.exists()


def test_the_answer_of_a_day_is_the_row_that_began_last(household: Household, standard: PovertyStandard) -> None:
    second = make_standard("second")
    make_classification(household, standard, valid_from=date(2022, 1, 1), effective_year=2022)
    make_classification(household, standard, valid_from=date(2023, 12, 1), effective_year=2024, round_held=2023)
    # Written later, of a day between the two.
    make_classification(household, standard, valid_from=date(2022, 12, 10), status="near_poor")
    make_classification(household, second, valid_from=date(2023, 1, 1), status="not_poor")

    def on(*day: int) -> dict[int, str]:
        return dict(Classification.objects.on(date(*day)).values_list("standard_id", "status"))

    assert on(2021, 12, 31) == {}
    assert on(2022, 12, 9) == {standard.pk: "poor"}
    assert on(2022, 12, 10) == {standard.pk: "near_poor"}
    assert on(2023, 11, 30) == {standard.pk: "near_poor", second.pk: "not_poor"}
    assert on(2023, 12, 1) == {standard.pk: "poor", second.pk: "not_poor"}


def test_a_household_that_left_counts_no_more(household: Household, standard: PovertyStandard) -> None:
    make_classification(household, standard)
    Household.objects.filter(pk=household.pk).update(valid_to=date(2023, 5, 31), ended_as="moved_out")
    assert Classification.objects.of_standing(date(2023, 5, 31)).count() == 1
    assert Classification.objects.of_standing(date(2023, 6, 1)).count() == 0
