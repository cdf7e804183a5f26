"""Counts by place, standard, ethnic group and area type on any day, and what became of those who were poor."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communes.models import Household, HouseholdMember, PovertyStandard, Unit, Village
from communes.selectors.poverty_counts import (
    PovertyCount,
    cohort,
    cohorts,
    poverty_count,
    poverty_counts,
    register_holds,
    standards_counting,
    year_ends,
)
from communes.services.counts import count_stale, mark_stale
from tests.factories.classifications import make_classification, make_standard
from tests.factories.households import make_household, make_member, make_someone, make_version
from tests.factories.registers import Registry

pytestmark = pytest.mark.django_db

NEW_YEAR = date(2023, 1, 1)


def household(village: Village, code: str, ethnicity: str = "01", **over: Any) -> Household:
    made = make_household(village, code, **over)
    HouseholdMember.objects.filter(household=made).delete()
    ended = {"valid_to": made.valid_to, "ended_as": made.ended_as} if made.valid_to else {}
    make_member(made, make_someone(ethnicity=ethnicity), relation="head", **ended)
    return made


@pytest.fixture
def standards(registry: Registry) -> tuple[PovertyStandard, PovertyStandard]:
    central, province = make_standard("central"), make_standard("province")
    for year in (2022, 2023, 2024):
        central.years.create(effective_year=year, provenance="sourced", round_provenance="missing")
    province.years.create(effective_year=2023, provenance="sourced", round_provenance="missing")
    villages = registry.villages
    one, two = household(villages["thon-1"], "H1"), household(villages["thon-2"], "H2", "09")
    three, four = household(villages["thon-tra-co"], "H3", "09"), household(villages["thon-tra-co"], "H4")
    for made, status in ((one, "poor"), (two, "near_poor"), (three, "not_poor")):
        make_classification(made, central, valid_from=date(2022, 6, 1), status=status)
    make_classification(four, central, status="undetermined", reason="no_income", basis="")
    make_classification(one, province, valid_from=date(2023, 3, 30), status="near_poor")
    make_classification(one, central, valid_from=date(2023, 12, 10), status="near_poor", effective_year=2024,
                        round_held=2023)  # fmt: skip
    household(villages["thon-1"], "H5")
    mark_stale([village.pk for village in villages.values()])
    count_stale()
    return central, province


def numbers(count: PovertyCount) -> tuple[int, ...]:
    return (count.households, count.poor, count.near_poor, count.not_poor, count.undetermined, count.unclassified)


def test_counts_of_a_day_by_unit(registry: Registry, standards: Any) -> None:
    found = poverty_counts(NEW_YEAR, "central")
    assert {key: numbers(one) for key, one in found.items()} == {
        registry.unit.pk: (3, 1, 1, 0, 0, 1),
        registry.ward.pk: (2, 0, 0, 1, 1, 0),
    }
    assert found[registry.unit.pk].poor_rate == found[registry.unit.pk].near_poor_rate == Decimal("33.3")
    later = poverty_counts(date(2023, 12, 10), "central", units=[registry.unit.pk])
    assert {key: numbers(one) for key, one in later.items()} == {registry.unit.pk: (3, 0, 2, 0, 0, 1)}


def test_two_standards_are_two_counts(registry: Registry, standards: Any) -> None:
    day = date(2023, 6, 30)
    assert numbers(poverty_count(day, "central")) == (5, 1, 1, 1, 1, 1)
    assert numbers(poverty_count(day, "province")) == (5, 0, 1, 0, 0, 4)
    with pytest.raises(PovertyStandard.DoesNotExist):
        poverty_count(day, "no-such")


def test_counts_by_village_ethnic_group_and_area_type(registry: Registry, standards: Any) -> None:
    def by(what: str, **over: Any) -> dict[Any, tuple[int, ...]]:
        return {key: numbers(one)[:3] for key, one in poverty_counts(NEW_YEAR, "central", by=what, **over).items()}

    villages = registry.villages
    assert by("village") == {
        villages["thon-1"].pk: (2, 1, 0), villages["thon-2"].pk: (1, 0, 1), villages["thon-tra-co"].pk: (2, 0, 0),
    }  # fmt: skip
    assert by("ethnicity") == {"01": (3, 1, 0), "09": (2, 0, 1)}
    assert by("area_type") == {"rural": (3, 1, 1), "urban": (2, 0, 0)}
    assert by("", ethnicities=["09"]) == {None: (2, 0, 1)}
    assert by("", area="urban") == {None: (2, 0, 0)}
    assert by("ethnicity", area="urban") == {"01": (1, 0, 0), "09": (1, 0, 0)}


def test_a_merged_commune_counts_where_its_villages_lie_on_the_day(registry: Registry, standards: Any) -> None:
    for code in ("thon-1", "thon-2"):
        registry.villages[code].versions.update(valid_to=date(2023, 5, 31))
        make_version(registry.villages[code], registry.ward, valid_from=date(2023, 6, 1))
    assert set(poverty_counts(date(2023, 5, 31), "central")) == {registry.unit.pk, registry.ward.pk}
    assert {key: numbers(one)[:3] for key, one in poverty_counts(date(2023, 6, 1), "central").items()} == {
        registry.ward.pk: (5, 1, 1)
    }
    assert set(poverty_counts(date(2023, 6, 1), "central", by="area_type")) == {"urban"}


def test_where_there_is_nobody_the_counts_are_nought(standards: Any) -> None:
    assert poverty_counts(date(2021, 1, 1), "central") == {}
    nobody = poverty_count(date(2021, 1, 1), "central")
    assert numbers(nobody) == (0, 0, 0, 0, 0, 0) and nobody.poor_rate is None


def test_years_are_counted_at_their_ends_and_the_present_one_today(standards: Any) -> None:
    found = year_ends((2021, 2022, 2023, 2024), "central", today=date(2023, 7, 1))
    assert {year: numbers(one)[:3] for year, one in found.items()} == {
        2021: (0, 0, 0), 2022: (5, 1, 1), 2023: (5, 1, 1),
    }  # fmt: skip
    ended = year_ends((2023,), "central", today=date(2024, 7, 1))
    assert numbers(ended[2023])[:3] == (5, 0, 2)


def test_the_standards_of_a_day_are_those_of_its_year_and_those_classified_by(standards: Any) -> None:
    assert standards_counting(date(2023, 6, 30)) == ("central", "province")
    assert standards_counting(date(2022, 6, 30)) == ("central",)
    assert standards_counting(date(2025, 6, 30)) == ()


def test_the_register_holds_where_somebody_was_classified(registry: Registry, standards: Any) -> None:
    assert register_holds(NEW_YEAR, "central")
    assert not register_holds(NEW_YEAR, "province")
    assert register_holds(date(2023, 3, 30), "province", units=[registry.unit.pk])
    assert not register_holds(date(2023, 3, 30), "province", units=[registry.ward.pk])
    assert not register_holds(date(2022, 5, 31), "central")


def test_a_count_costs_the_same_for_many_units(registry: Registry, standards: Any) -> None:
    def cost(**over: Any) -> int:
        with CaptureQueriesContext(connection) as found:
            poverty_counts(NEW_YEAR, "central", **over)
        return len(found)

    assert cost() == cost(units=list(Unit.objects.values_list("pk", flat=True))) == 2
    assert cost(by="area_type") == 3


# --- Cohorts ---------------------------------------------------------------------------------------------------------


def test_a_cohort_is_followed_wherever_it_went(registry: Registry) -> None:
    standard = make_standard()
    ends = ("near_poor", "not_poor", "poor", "undetermined", "", "gone")
    for at, end in enumerate(ends):
        gone = {"valid_to": date(2023, 5, 1), "ended_as": "moved_out"} if end == "gone" else {}
        made = household(registry.village, f"H{at}", **gone)
        make_classification(made, standard)
        if end and end != "gone":
            why = {"reason": "no_income", "basis": ""} if end == "undetermined" else {}
            later = {"valid_from": date(2023, 12, 10), "effective_year": 2024, "round_held": 2023}
            make_classification(made, standard, status=end, **why, **later)
    late = household(registry.village, "late")
    make_classification(late, standard, valid_from=date(2023, 12, 10), effective_year=2024, round_held=2023)
    found = cohort(date(2022, 12, 31), date(2023, 12, 31), "standard")
    assert (found.poor, found.escaped_to_near_poor, found.escaped_to_not_poor, found.escaped) == (6, 1, 1, 2)
    assert (found.still_poor, found.undetermined, found.gone) == (2, 1, 1)
    assert cohort(date(2022, 12, 31), date(2022, 12, 31), "standard").still_poor == 6
    by_unit = cohorts(date(2022, 12, 31), date(2023, 12, 31), "standard")
    assert set(by_unit) == {registry.unit.pk} and by_unit[registry.unit.pk].poor == 6
    assert cohort(date(2022, 12, 31), date(2023, 12, 31), "standard", units=[registry.ward.pk]).poor == 0
