"""What became of the poor of an area, as readers see it: exact for who looks after them, no few for others."""

from __future__ import annotations

from datetime import date

import pytest

from communes.models import Classification, PovertyStandard, UnitVersion, Village
from communes.scope import NOBODY as STRANGER
from communes.selectors.poverty_area import area_days
from communes.selectors.poverty_changes import changes
from communes.selectors.poverty_cohort import PublishedCohort, area_cohort
from communes.services.counts import count_villages
from tests.factories.classifications import make_classification, make_standard
from tests.factories.households import make_household
from tests.factories.registers import Registry
from tests.factories.world import make_unit

pytestmark = pytest.mark.django_db

START, END = date(2020, 12, 31), date(2022, 12, 31)
TODAY = date(2024, 6, 1)
NOBODY: frozenset[int] = frozenset()
HOME = "mong-cai"


def recount() -> None:
    count_villages(list(Village.objects.values_list("pk", flat=True)))


def standard_of(code: str, *years: int) -> PovertyStandard:
    made = make_standard(code)
    for year in years:
        made.years.create(effective_year=year, round_held=year - 1, provenance="sourced", round_provenance="sourced")
    return made


def cohort_of(area: str, seen: frozenset[int] | None = NOBODY) -> PublishedCohort:
    days = area_days(area, [START, END], seen=seen)
    return area_cohort(days[START][0], days[END][0], seen=seen, today=TODAY)


def told(area: str, seen: frozenset[int] | None = NOBODY) -> tuple[int | None, int | None, int | None]:
    found = cohort_of(area, seen)
    return found.poor, found.escaped, found.rest


def fill(registry: Registry, village: str, standards: tuple[PovertyStandard, PovertyStandard], **paths: int) -> None:
    """So many households of a village that went from one class to another: `poor_to_near_poor=3`."""
    old, new = standards
    for path, number in paths.items():
        before, _to, after = path.partition("_to_")
        for n in range(number):
            one = make_household(registry.villages[village], f"{village}-{path}-{n}", valid_from=date(2020, 1, 1))
            day = date(2020, 11, 1)
            make_classification(one, old, status=before, valid_from=day, effective_year=2020, round_held=2019)
            make_classification(one, new, status=after)


@pytest.fixture
def standards(registry: Registry) -> tuple[PovertyStandard, PovertyStandard]:
    return standard_of("old", 2020), standard_of("new", 2023)


@pytest.fixture
def years(registry: Registry, standards: tuple[PovertyStandard, PovertyStandard]) -> Registry:
    """Six poor of 2020 by an older standard, of whom five are no longer poor by the next; one is."""
    fill(registry, "thon-1", standards, poor_to_not_poor=3, poor_to_near_poor=2, poor_to_poor=1)
    recount()
    return registry


def test_who_was_poor_by_one_standard_is_asked_for_by_the_next(years: Registry) -> None:
    found = cohort_of("hai-son", None)
    assert (found.poor, found.escaped, found.rest) == (6, 5, 1)
    assert found.parts is not None
    assert (found.parts.escaped_to_near_poor, found.parts.escaped_to_not_poor, found.parts.still_poor) == (2, 3, 1)


def test_few_who_did_not_escape_are_not_told_nor_what_gives_them_back(years: Registry) -> None:
    found = cohort_of("hai-son")
    assert (found.poor, found.escaped, found.rest, found.parts) == (6, None, None, None)


def test_all_who_escaped_are_told(years: Registry) -> None:
    Classification.objects.filter(standard__code="new", status="poor").update(status="not_poor")
    recount()
    assert told("hai-son") == (6, 6, 0)


def test_whom_the_later_standard_says_nothing_of_has_not_escaped(years: Registry) -> None:
    Classification.objects.filter(standard__code="new", status="not_poor").delete()
    found = cohort_of("hai-son", None)
    assert found.parts is not None
    assert (found.escaped, found.parts.undetermined, found.parts.still_poor) == (2, 3, 1)


# --- What one area says of another ----------------------------------------------------------------------------------


@pytest.fixture
def two(registry: Registry, standards: tuple[PovertyStandard, PovertyStandard]) -> Registry:
    """Two of ten escaped in the commune and nine of fifteen in the ward; in both, others became poor."""
    home = make_unit(HOME, "Móng Cái", "city", None)
    UnitVersion.objects.filter(unit__in=[registry.unit, registry.ward]).update(parent=home)
    fill(
        registry, "thon-1", standards, poor_to_near_poor=2, poor_to_poor=8, not_poor_to_poor=6, near_poor_to_near_poor=9
    )
    fill(
        registry,
        "thon-tra-co",
        standards,
        poor_to_not_poor=9,
        poor_to_poor=6,
        not_poor_to_poor=7,
        near_poor_to_near_poor=9,
    )
    recount()
    return registry


def test_the_few_of_one_unit_are_not_the_whole_less_all_other_units(two: Registry) -> None:
    commune, ward = told("hai-son"), told("tra-co")
    assert (commune, ward) == ((10, None, None), (15, None, None))
    whole = told(HOME)
    assert whole == (25, 11, 14)


def test_who_looks_after_one_unit_does_not_get_the_other_by_subtraction(two: Registry) -> None:
    ward = frozenset({two.ward.pk})
    assert told("tra-co", ward) == (15, 9, 6)
    assert told("hai-son", ward) == (10, None, None)
    assert told(HOME, ward) == (25, None, None), "less their own nine it would be two"
    everyone = told(HOME, None)
    assert everyone == (25, 11, 14)


def test_who_looks_after_the_one_of_few_is_told_of_the_other_and_of_both(two: Registry) -> None:
    commune = frozenset({two.unit.pk})
    assert told("hai-son", commune) == (10, 2, 8)
    assert told("tra-co", commune) == (15, 9, 6) and told(HOME, commune) == (25, 11, 14)


def test_few_who_became_poor_hide_how_many_stayed_so(
    registry: Registry, standards: tuple[PovertyStandard, PovertyStandard]
) -> None:
    fill(registry, "thon-1", standards, poor_to_near_poor=9, poor_to_poor=8, not_poor_to_poor=3, not_poor_to_not_poor=9)
    recount()
    assert told("hai-son") == (17, None, None)
    assert told("hai-son", None) == (17, 9, 8)


# --- Beside the table of changes ------------------------------------------------------------------------------------


@pytest.fixture
def one(registry: Registry) -> PovertyStandard:
    """A standard that counts on both days."""
    return standard_of("old", 2020, 2021, 2022, 2023)


def follow(registry: Registry, one: PovertyStandard, **paths: int) -> dict[tuple[str, str], int | None]:
    fill(registry, "thon-1", (one, one), not_poor_to_not_poor=20, **paths)
    recount()
    return dict(changes(STRANGER, "old", START, END, today=TODAY).numbers)


def test_what_the_changes_leave_out_of_the_poor_the_cohort_does_not_tell(
    registry: Registry, one: PovertyStandard
) -> None:
    numbers = follow(
        registry, one, poor_to_poor=5, poor_to_near_poor=2, poor_to_not_poor=30, near_poor_to_poor=6,
        near_poor_to_near_poor=9, near_poor_to_not_poor=40,
    )  # fmt: skip
    assert numbers["poor", "poor"] is None and numbers["poor", "near_poor"] is None
    assert told("hai-son") == (37, None, None), "of thirty-seven five stayed poor, so two would be near poor"
    assert told("hai-son", None) == (37, 32, 5)


def test_what_the_changes_show_the_cohort_tells(registry: Registry, one: PovertyStandard) -> None:
    numbers = follow(
        registry, one, poor_to_poor=12, poor_to_near_poor=6, poor_to_not_poor=7, near_poor_to_poor=8,
        near_poor_to_near_poor=9,
    )  # fmt: skip
    assert None not in numbers.values() and numbers["poor", "poor"] == 12
    assert told("hai-son") == (25, 13, 12)


def test_of_few_nothing_is_known_and_the_cohort_does_not_say_of_how_many(
    registry: Registry, one: PovertyStandard
) -> None:
    follow(registry, one, poor_to_poor=12, poor_to_near_poor=6, poor_to_not_poor=7, near_poor_to_poor=8)
    some = Classification.objects.filter(
        valid_from__year=2022, household__code__in=[f"thon-1-poor_to_not_poor-{n}" for n in range(3)]
    )
    assert some.update(status="undetermined", reason="no_income", basis="") == 3
    recount()
    assert told("hai-son", None) == (25, 10, 15)
    assert told("hai-son") == (25, None, None)
