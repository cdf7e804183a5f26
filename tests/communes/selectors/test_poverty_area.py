"""What the register says of an area on published days, to whom, and under which standard."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from communes.models import Classification, CountedVillage, Household, UnitVersion, Village
from communes.selectors.poverty_area import AreaDay, area_days, ground_of, poor_rate, published_day
from communes.services.counts import count_villages
from tests.factories.classifications import make_classification, make_counted, make_standard, make_standard_year
from tests.factories.households import make_household
from tests.factories.registers import Registry
from tests.factories.world import make_unit

pytestmark = pytest.mark.django_db

END = date(2022, 12, 31)
NOBODY: frozenset[int] = frozenset()


@pytest.fixture
def counted(registry: Registry) -> Registry:
    """Two poor, seven near poor, nine others in the commune; six poor and eight near poor in the ward."""
    make_standard_year(make_counted(registry))
    return registry


def recount() -> None:
    count_villages(list(Village.objects.values_list("pk", flat=True)))


def said(area: str, day: date = END, seen: frozenset[int] | None = NOBODY) -> AreaDay:
    [found] = area_days(area, [day], seen=seen)[day]
    return found


@pytest.mark.parametrize(
    ("as_of", "day"),
    [
        (date(2023, 12, 31), date(2023, 12, 31)),
        (date(2023, 12, 30), date(2022, 12, 31)),
        (date(2024, 7, 1), date(2024, 7, 1)),
        (date(2024, 6, 30), date(2023, 12, 31)),
        (date(2030, 1, 1), date(2024, 7, 1)),
    ],
)
def test_counts_are_told_of_the_ends_of_years_and_of_today(as_of: date, day: date) -> None:
    assert published_day(as_of, today=date(2024, 7, 1)) == day


def test_a_commune_is_told_what_its_reader_may_see(counted: Registry) -> None:
    outside, inside = said("hai-son"), said("hai-son", seen=frozenset({counted.unit.pk}))
    assert (outside.number("poor"), inside.number("poor"), inside.number("near_poor")) == (None, 2, 7)
    assert (outside.known, inside.known, said("hai-son", seen=None).known) == (False, True, True)
    assert inside.whole and inside.complete and inside.standard.code == "standard"


def test_whoever_knows_one_commune_gets_no_other_by_subtraction(counted: Registry) -> None:
    ward = said("tra-co", seen=frozenset({counted.ward.pk}))
    assert ward.number("poor") == 6
    assert said("hai-son", seen=frozenset({counted.ward.pk})).number("poor") is None


def test_the_counts_of_an_area_say_since_when_one_of_its_villages_waits(counted: Registry) -> None:
    town = make_unit("mong-cai", "Móng Cái", "city", None)
    UnitVersion.objects.filter(unit__in=(counted.unit, counted.ward)).update(parent=town)
    assert said("mong-cai").stale_since is None
    first, second = datetime(2024, 7, 1, 2, tzinfo=UTC), datetime(2024, 7, 1, 3, tzinfo=UTC)
    for code, since in (("thon-1", second), ("thon-tra-co", first)):
        CountedVillage.objects.filter(village__code=code).update(stale_since=since)
    assert (said("hai-son").stale_since, said("mong-cai").stale_since) == (second, first)
    assert said("mong-cai").of(counted.unit.pk).stale_since == second
    recount()
    assert said("mong-cai").stale_since is None


def test_a_day_on_which_nobody_is_classified_says_nothing(counted: Registry) -> None:
    assert area_days("hai-son", [date(2021, 12, 31)], seen=None) == {date(2021, 12, 31): ()}


def test_an_area_is_whole_once_each_of_its_units_is_in_the_register(registry: Registry) -> None:
    standard = make_standard()
    make_standard_year(standard)
    make_classification(make_household(registry.village, "H1"), standard)
    recount()
    assert said("hai-son").whole
    [other] = area_days("tra-co", [END], seen=None)[END]
    assert not other.whole and other.units == {registry.ward.pk} and not other.counted


def test_without_a_standard_nothing_is_asked(registry: Registry, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert area_days("hai-son", [END], seen=None) == {}


def test_the_countrys_standard_comes_before_the_provinces(counted: Registry) -> None:
    own = make_standard("own", area=counted.unit)
    make_standard_year(own)
    make_classification(Household.objects.get(code="thon-1-0"), own, status="near_poor")
    recount()
    assert [one.standard.code for one in area_days("hai-son", [END], seen=None)[END]] == ["standard", "own"]


# --- What it rests on, and the rate of a unit -------------------------------------------------------------------------


def test_one_placeholder_marks_the_counts(counted: Registry) -> None:
    assert ground_of(END, ["standard"]).provenance == "sourced"
    Classification.objects.filter(pk=Classification.objects.first().pk).update(provenance="illustrative")
    assert ground_of(END, ["standard"]).provenance == "illustrative"
    assert ground_of(date(2022, 12, 1), ["standard"]).provenance == "sourced"


def test_the_rate_is_of_poor_and_near_poor_over_all_households(counted: Registry) -> None:
    found = poor_rate(counted.unit.pk, END, "standard")
    assert found is not None
    assert (found.poor, found.near_poor, found.households, found.percent) == (2, 7, 18, Decimal("50.0000"))


def test_there_is_no_rate_where_only_reviewed_households_are_registered(counted: Registry) -> None:
    assert poor_rate(counted.ward.pk, END, "standard") is None


def test_there_is_no_rate_while_somebody_is_undetermined_or_nobody_classified(counted: Registry) -> None:
    one = make_household(counted.village, "open")
    make_classification(
        one, Classification.objects.first().standard, status="undetermined", reason="no_income", basis=""
    )
    recount()
    assert poor_rate(counted.unit.pk, END, "standard") is None
    assert poor_rate(counted.unit.pk, date(2022, 6, 1), "standard") is None
    assert poor_rate(counted.unit.pk, END, "no-such") is None
