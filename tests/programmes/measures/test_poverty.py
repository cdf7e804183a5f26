"""Poor and near-poor households as measures: from the register where it has counted, as printed where it has not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communes.models import Classification, CountedVillage, Household, PovertyStandard, Unit, Village
from communes.scope import NOBODY, scope_of
from communes.services.counts import count_villages
from indicators.rules.freshness import Late
from mongcai_portal.common.stamped import watched_tables
from programmes.measures.values import MeasureValue, Reason
from programmes.presenters.measure import page
from programmes.selectors.measures import area_figures, explain, explanation_of, measure_in, measures_for
from programmes.selectors.world import load_world
from tests.factories.board import Board, board, person
from tests.factories.classifications import make_classification, make_standard
from tests.factories.households import make_household, make_village

pytestmark = pytest.mark.django_db

END, YEAR_BEFORE = date(2023, 12, 31), date(2022, 12, 31)
OLD = date(2020, 1, 1)


def recount() -> None:
    count_villages(list(Village.objects.values_list("pk", flat=True)))


def households(unit: Unit, standard: PovertyStandard, *, others: int = 20, **statuses: int) -> None:
    village = make_village(unit, f"thon-{unit.uid}")
    names = [status for status, number in statuses.items() for _ in range(number)]
    for at, status in enumerate([*names, *[""] * others]):
        made = make_household(village, f"{unit.uid}-{at}", valid_from=OLD)
        if status:
            make_classification(made, standard, status=status)


@pytest.fixture
def standard() -> PovertyStandard:
    made = make_standard(decision="07/2021/NĐ-CP")
    for year in (2022, 2023, 2024):
        made.years.create(effective_year=year, round_held=year - 1, provenance="sourced", round_provenance="sourced")
    return made


@pytest.fixture
def town(standard: PovertyStandard) -> Iterator[Board]:
    """Six poor and eight near poor in the one commune, none and seven in the other, twenty others in each."""
    town = board(2)
    households(town.communes[0], standard, poor=6, near_poor=8)
    households(town.communes[1], standard, near_poor=7)
    recount()
    return town


def of(code: str, day: date = END, **more: Any) -> MeasureValue:
    return next(value for value in measures_for(day, **more) if value.code == f"poverty.{code}")


def test_the_register_counts_and_names_its_standard(town: Board) -> None:
    poor, near = of("poor.count"), of("near_poor.count")
    assert (poor.value, near.value, poor.provenance) == (6, 15, "sourced")
    assert (near.poverty_standard, near.source, near.own_day) == ("standard", "household_register", END)
    assert (near.change.since, near.change.amount) == (YEAR_BEFORE, 0)


def test_a_day_within_a_year_is_told_the_end_of_the_year_before(town: Board) -> None:
    Classification.objects.filter(household__code="xa-1-0").update(valid_from=date(2023, 6, 1))
    recount()
    assert of("poor.count", date(2023, 6, 2)).own_day == YEAR_BEFORE


def test_rates_are_over_all_households(town: Board) -> None:
    poor, near = of("poor.rate"), of("near_poor.rate")
    assert (poor.numerator, poor.denominator, poor.value) == (6, 61, Decimal("9.8"))
    assert (near.numerator, near.denominator) == (15, 61)


def test_without_households_beside_the_reviewed_ones_there_is_no_rate(standard: PovertyStandard) -> None:
    town = board(1)
    households(town.communes[0], standard, others=0, near_poor=9)
    recount()
    assert (of("near_poor.count").value, of("near_poor.rate").reason) == (9, Reason.NO_OTHERS)


def test_a_printed_figure_stays_until_every_commune_is_in_the_register(standard: PovertyStandard) -> None:
    town = board(3)
    for unit in town.communes[:2]:
        households(unit, standard, near_poor=9)
    recount()
    town.observe("poverty.near_poor.count", END, "57", poverty_standard="not_stated")
    value = of("near_poor.count")
    assert (value.value, value.source, value.poverty_standard) == (57, "review", "not_stated")
    found = explanation_of("poverty.near_poor.count", END).households
    assert [place.uid for place in found.absent] == ["xa-3"] and found.day is None
    households(town.communes[2], standard, near_poor=0)
    recount()
    assert of("near_poor.count").value == 18


def test_a_figure_printed_for_a_later_day_is_the_newer_one(town: Board) -> None:
    town.observe("poverty.near_poor.count", date(2024, 6, 30), "12", poverty_standard="not_stated")
    assert of("near_poor.count", date(2024, 7, 1)).value == 12
    assert of("near_poor.count").value == 15


@pytest.mark.parametrize(("printed", "differs"), [("15", False), ("57", True)])
def test_what_a_source_printed_stands_beside_what_is_counted(town: Board, printed: str, differs: bool) -> None:
    town.observe("poverty.near_poor.count", END, printed, poverty_standard="not_stated")
    value = of("near_poor.count")
    assert (value.value, value.observed.value, value.differs) == (15, Decimal(printed), differs)
    world = load_world(END)
    measure = measure_in(world, "poverty.near_poor.count")
    shown = page(explain(world, measure), measure, world, NOBODY)
    assert [row.value for row in shown.printed] == [printed]
    assert bool(shown.counted_parts.differs) is differs


def test_two_standards_stand_side_by_side(town: Board) -> None:
    own = make_standard("own", area=town.town)
    own.years.create(effective_year=2023, provenance="sourced", round_provenance="missing")
    make_classification(town_household("xa-2-8"), own, status="near_poor")
    recount()
    assert of("near_poor.count").value == 15
    [beside] = explanation_of("poverty.near_poor.count", END, scope=coordinator()).households.by_standard
    assert (beside.code, beside.number) == ("own", 1)


def town_household(code: str) -> Household:
    return Household.objects.get(code=code)


def coordinator() -> Any:
    return scope_of(person("dieu-phoi", "coordinator"))


# --- Few households ---------------------------------------------------------------------------------------------------


def test_few_households_of_a_commune_are_told_to_who_looks_after_them(standard: PovertyStandard) -> None:
    town = board(2)
    households(town.communes[0], standard, poor=2, near_poor=8)
    households(town.communes[1], standard, poor=7, near_poor=7)
    recount()
    officer = scope_of(person("can-bo", "commune_officer", unit=town.communes[0]))
    outside = of("poor.count", area="xa-1")
    assert (outside.value, outside.reason, outside.status) == (None, Reason.FEW, "no_data")
    assert of("poor.count", area="xa-1", scope=officer).value == 2
    assert of("poor.rate", area="xa-1").value is None


def test_what_is_kept_of_few_for_who_looks_after_them_is_told_to_nobody_else(standard: PovertyStandard) -> None:
    town = board(2)
    households(town.communes[0], standard, poor=2, near_poor=8)
    households(town.communes[1], standard, near_poor=7)
    recount()

    def poor(seen: frozenset[int] | None) -> MeasureValue:
        kept = area_figures(END, "mong-cai", group=None, seen=seen)
        return next(value for value in kept.values if value.code == "poverty.poor.count")

    assert [poor(None).value, poor(frozenset()).value, poor(None).value] == [2, None, 2]
    with CaptureQueriesContext(connection) as asked:
        poor(None)
    assert len(asked) == 1, "it was kept"


def test_no_figure_of_the_town_gives_a_commune_back(standard: PovertyStandard) -> None:
    town = board(2)
    households(town.communes[0], standard, poor=2, near_poor=8)
    households(town.communes[1], standard, poor=7, near_poor=7)
    recount()
    leader = scope_of(person("lanh-dao", "leader"))
    stranger = scope_of(person("nguoi-khac", "commune_officer", unit=town.communes[1]))
    rows = {row.code: row.number for row in explanation_of("poverty.poor.count", END, scope=leader).households.by_unit}
    assert rows["xa-1"] is None and None in (rows["xa-2"], of("poor.count", scope=leader).value)
    # Who knows the seven of their own commune takes them off the town's.
    assert of("poor.count", scope=stranger).value is None


def test_few_of_the_whole_town_are_not_told_but_what_is_printed_is(standard: PovertyStandard) -> None:
    town = board(1)
    households(town.communes[0], standard, near_poor=3)
    recount()
    assert of("near_poor.count").reason == Reason.FEW
    town.observe("poverty.near_poor.count", END, "3")
    assert (of("near_poor.count").value, of("near_poor.count").source) == (3, "review")


def test_a_zero_is_told(standard: PovertyStandard) -> None:
    town = board(1)
    households(town.communes[0], standard, near_poor=9)
    recount()
    assert of("poor.count").value == 0


def test_by_ethnic_group_and_area_type_for_who_looks_after_all_households(town: Board) -> None:
    seen = explanation_of("poverty.near_poor.count", END, scope=coordinator()).households
    assert [(row.code, row.number) for row in seen.by_area_type] == [("rural", 15)]
    assert [(row.code, row.number) for row in seen.by_ethnic_group] == [("", 15)]
    leader = scope_of(person("lanh-dao", "leader"))
    unseen = explanation_of("poverty.near_poor.count", END, scope=leader).households
    assert (unseen.by_area_type, unseen.by_ethnic_group) == ((), ())
    assert [row.code for row in unseen.by_unit] == ["xa-1", "xa-2"]


# --- Those who escaped ------------------------------------------------------------------------------------------------


@pytest.fixture
def cohort(standard: PovertyStandard) -> Board:
    town = board(1)
    old = make_standard("old")
    old.years.create(effective_year=2020, round_held=2019, provenance="sourced", round_provenance="sourced")
    households(town.communes[0], standard, near_poor=3, not_poor=6)
    for one in Classification.objects.filter(standard=standard).select_related("household"):
        make_classification(one.household, old, valid_from=date(2020, 11, 1), effective_year=2020, round_held=2019)
    recount()
    return town


def test_the_escaped_are_of_those_who_were_poor_before_the_phase(cohort: Board) -> None:
    value = of("poor.escaped")
    assert (value.numerator, value.denominator, value.value) == (9, 9, Decimal("100.0"))
    found = explanation_of("poverty.poor.escaped", END).households.cohort
    assert (found.since.day, found.since.standard.code, found.now.standard.code) == (
        date(2020, 12, 31), "old", "standard",
    )  # fmt: skip


def test_few_who_stayed_poor_hide_how_many_escaped(cohort: Board) -> None:
    some = Classification.objects.filter(standard__code="standard", status="not_poor").values("pk")[:2]
    Classification.objects.filter(pk__in=list(some.values_list("pk", flat=True))).update(status="poor")
    recount()
    assert of("poor.escaped").reason == Reason.FEW
    value = of("poor.escaped", scope=coordinator())
    assert (value.numerator, value.denominator) == (7, 9)


def test_without_anyone_known_to_be_poor_before_the_printed_ratio_stays(town: Board) -> None:
    town.observe("poverty.poor.escaped", END, (39, 39))
    assert (of("poor.escaped").numerator, of("poor.escaped").source) == (39, "review")


# --- What it costs ----------------------------------------------------------------------------------------------------


def test_every_table_that_counts_are_read_from_is_watched(cohort: Board) -> None:
    with CaptureQueriesContext(connection) as asked:
        measures_for(END)
    read = {table for query in asked for table in re.findall(r'(?:FROM|JOIN) "(\w+)"', query["sql"])}
    assert "communes_householdcount" in read and read <= watched_tables()
    assert len(asked) <= 21


def test_a_count_is_late_while_a_village_of_the_area_waits_for_being_counted(town: Board) -> None:
    codes = ("poor.count", "near_poor.count", "poor.rate", "near_poor.rate")
    assert [of(code).late for code in codes] == [None] * 4
    since = timezone.now()
    CountedVillage.objects.filter(village__code="thon-xa-1").update(stale_since=since)
    assert [of(code).late for code in codes] == [Late(since)] * 4
    assert of("near_poor.count", area="xa-1").late and not of("near_poor.count", area="xa-2").late
    within = load_world(END).within(town.communes[1].pk).register
    assert within is not None and within.now is not None and within.now.stale_since is None
    recount()
    assert [of(code).late for code in codes] == [None] * 4


def test_the_ratio_of_those_who_escaped_is_late_with_the_counts_of_its_days(cohort: Board) -> None:
    assert of("poor.escaped").value is not None and of("poor.escaped").late is None
    since = timezone.now()
    CountedVillage.objects.filter(village__code="thon-xa-1").update(stale_since=since)
    assert of("poor.escaped").late == Late(since)


def test_a_printed_figure_is_not_late_whatever_waits_for_being_counted(town: Board) -> None:
    town.observe("poverty.near_poor.count", date(2024, 1, 31), "9")
    CountedVillage.objects.update(stale_since=timezone.now())
    value = of("near_poor.count", date(2024, 1, 31))
    assert (value.value, value.late) == (9, None)
