"""Which norms are still to be found: those of the file that nobody compared, and those that some unit lacks."""

from __future__ import annotations

import pytest

from communes.models import UnitZone
from communes.scope import scope_of
from indicators.models import IndicatorVersion, Norm, ZoneNormRule
from indicators.selectors.norm_queue import QueueFilter, norm_queue
from indicators.services.evaluation import evaluate
from tests.factories.norms import enter, version_of
from tests.factories.world import REGION, World, bring_to, fresh, make_period, make_person, make_report, make_world

pytestmark = pytest.mark.django_db
MIDLANDS = "trung_du_mien_nui_phia_bac"


@pytest.fixture
def world() -> World:
    return make_world()


def queue(world: World, **wanted: str) -> list[tuple[str, str, str, str, tuple[int, ...], int]]:
    found = norm_queue(scope=scope_of(fresh(world.people["coordinator"])), wanted=QueueFilter(**wanted))
    return [(i.kind, i.version.indicator.code, i.asked.part, i.region, i.years, i.results) for i in found.items]


def test_without_reports_a_version_without_any_norm_is_missing_one(world: World) -> None:
    assert queue(world) == [("missing", "1.2", "", "", (), 0), ("unverified", "2.1", "", REGION, (), 0)]


def test_a_component_without_a_norm_is_missing_one_of_its_own(world: World) -> None:
    Norm.objects.filter(part="17.1.a").delete()
    assert ("missing", "3.1", "17.1.a", "", (), 0) in queue(world)


def test_the_whole_of_a_conjunction_needs_no_norm(world: World) -> None:
    Norm.objects.filter(version=version_of("4.1"), part="").delete()
    assert not [row for row in queue(world) if row[1] == "4.1"]


def test_an_indicator_taken_from_attainment_needs_no_norm(world: World) -> None:
    indicator = version_of("1.2").indicator
    indicator.derived_from_attainment = world.criteria_set
    indicator.save()
    assert not [row for row in queue(world) if row[1] == "1.2"]


def test_a_commune_measured_by_a_region_without_a_norm_lacks_one(world: World) -> None:
    ZoneNormRule.objects.create(
        criteria_set=world.criteria_set, zone="extremely_difficult", region=MIDLANDS, provenance="sourced"
    )
    UnitZone.objects.create(unit=world.commune, zone="extremely_difficult", provenance="sourced")
    bring_to(world, "approved")
    evaluate(None)
    assert ("missing", "2.1", "", MIDLANDS, (2023,), 1) in queue(world)
    assert ("unverified", "2.1", "", REGION, (), 0) in queue(world)
    enter(world, "2.1", value="80", region=MIDLANDS)
    assert not [row for row in queue(world) if row[:2] == ("missing", "2.1")]


def test_only_the_years_that_lack_a_norm_are_named(world: World) -> None:
    Norm.objects.filter(version=version_of("2.1")).update(year=2023)
    bring_to(world, "draft")
    make_report(world, period=make_period("2024"))
    assert ("missing", "2.1", "", REGION, (2024,), 0) in queue(world)


def test_results_are_counted_by_what_they_rest_on(world: World) -> None:
    bring_to(world, "approved")
    evaluate(None)
    assert queue(world) == [("missing", "1.2", "", "", (), 1), ("unverified", "2.1", "", REGION, (), 1)]
    enter(world, "2.1", value="91", region=REGION, year="2024")
    # The narrower norm of another year takes no result from the one that is not compared yet.
    assert ("unverified", "2.1", "", REGION, (), 1) in queue(world)


def test_versions_of_other_days_are_not_counted(world: World) -> None:
    bring_to(world, "approved")
    evaluate(None)
    IndicatorVersion.objects.filter(pk=version_of("1.2").pk).update(valid_to="2022-12-31")
    assert ("missing", "1.2", "", "", (), 0) in queue(world)


def test_communes_that_choose_otherwise_than_most_are_counted_where_they_belong() -> None:
    world = make_world(communes=4)
    ZoneNormRule.objects.create(
        criteria_set=world.criteria_set, zone="extremely_difficult", region=MIDLANDS, provenance="sourced"
    )
    UnitZone.objects.create(unit=world.communes[3], zone="extremely_difficult", provenance="sourced")
    for unit in world.communes:
        officer = make_person(f"o-{unit.uid}", "commune_officer", unit=unit)
        bring_to(world, "approved", report=make_report(world, unit=unit), officer=officer)
    evaluate(None)
    found = queue(world)
    assert ("unverified", "2.1", "", REGION, (), 3) in found
    assert ("missing", "2.1", "", MIDLANDS, (2023,), 1) in found
    assert ("missing", "1.2", "", "", (), 4) in found
