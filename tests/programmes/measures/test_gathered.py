"""Figures of an area from those of its communes, and sources that differ."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from communes.models import Office, UnitGroup, UnitGroupMember
from communes.scope import scope_of
from indicators.models import DataElement, Report, ReportedValue
from programmes.measures.money import EVERY, PROGRAMMES
from programmes.measures.registry import BREAKTHROUGHS, measures_with
from programmes.measures.values import COMMUNES, Reason
from programmes.selectors.measures import explanation_of, measures_for
from tests.factories.board import COMPUTED, board, person

pytestmark = pytest.mark.django_db
END = date(2023, 12, 31)
D = Decimal


def of(code, day=END, **more):
    return next(m for m in measures_for(day, **more) if m.code == code)


@pytest.fixture
def town():
    town = board(3)
    group = UnitGroup.objects.create(
        code="ethnic_border_island", name_vi="Vùng", name_en="Area", provenance="sourced", valid_from=date(2021, 1, 1)
    )
    UnitGroupMember.objects.bulk_create(UnitGroupMember(group=group, unit=unit) for unit in town.communes[:2])
    return town


def enter(town, code, values, day=END, **more):
    for unit, value in zip(town.communes, values, strict=False):
        if value is not None:
            town.observe(code, day, value, area=unit, **more)


def people(town, numbers, day=END):
    enter(town, "population.resident.count", numbers, day)


# --- Counts and shares -----------------------------------------------------------------------------------------


def test_a_count_of_the_area_is_the_sum_when_every_commune_has_entered(town):
    enter(town, "cooperatives.effective.count", ["2", "0", "5"])
    value = of("cooperatives.effective.count")
    assert (value.value, value.numerator, value.is_gathered) == (7, None, True)
    assert (value.source, value.own_day, value.group) == (COMMUNES, END, "ntm_upgrade")


def test_a_sum_of_a_few_communes_is_not_told_as_the_whole(town):
    enter(town, "cooperatives.effective.count", ["2", None, "5"])
    value = of("cooperatives.effective.count")
    assert (value.value, value.status, value.reason) == (None, "no_data", Reason.PART)
    assert [one.place.uid for one in value.gathered.lacking] == ["xa-2"]


def test_an_older_day_that_is_whole_speaks_until_the_newer_one_is(town):
    enter(town, "cooperatives.effective.count", ["1", "1", "1"], date(2022, 12, 31))
    enter(town, "cooperatives.effective.count", ["2", None, "5"])
    value = of("cooperatives.effective.count")
    assert (value.value, value.own_day) == (3, date(2022, 12, 31))
    town.observe("cooperatives.effective.count", END, "4", area=town.communes[1])
    value = of("cooperatives.effective.count")
    assert (value.value, value.own_day) == (11, END)
    assert [(p.as_of.year, p.value) for p in value.history] == [(2022, 3), (2023, 11)]
    assert value.change.amount == 8


def test_a_share_divides_the_sums(town):
    enter(town, "labour.non_agricultural.share", [(1, 2), (90, 100), (0, 10)])
    value = of("labour.non_agricultural.share")
    assert (value.numerator, value.denominator, value.value) == (91, 112, D("81.3"))


def test_a_share_of_which_only_the_percentage_is_known_cannot_be_added(town):
    enter(town, "labour.non_agricultural.share", [(1, 2), (90, 100), "50"])
    value = of("labour.non_agricultural.share")
    assert (value.value, value.reason) == (None, Reason.PART)


def test_communes_with_a_rural_model_are_counted(town):
    enter(town, "services.rural_model.communes", ["1", "0", "1"])
    assert of("services.rural_model.communes").value == 2


def test_a_figure_printed_for_the_area_stands_and_the_computed_one_stands_beside_it(town):
    enter(town, "cooperatives.effective.count", ["2", "0", "5"])
    town.observe("cooperatives.effective.count", END, "8", printed_vi="08 hợp tác xã")
    value = of("cooperatives.effective.count")
    assert (value.value, value.is_gathered, value.source) == (8, False, "review")
    assert value.gathered.whole.value == 7


def test_what_communes_entered_for_a_later_day_takes_over(town):
    town.observe("cooperatives.effective.count", date(2022, 12, 31), "8")
    enter(town, "cooperatives.effective.count", ["2", "0", "5"])
    value = of("cooperatives.effective.count")
    assert (value.value, value.is_gathered) == (7, True)
    assert of("cooperatives.effective.count", date(2023, 6, 30)).value == 8


def test_the_weakest_mark_travels_with_a_gathered_figure(town):
    enter(town, "cooperatives.effective.count", ["2", "0"])
    town.observe("cooperatives.effective.count", END, "5", area=town.communes[2], provenance="illustrative")
    value = of("cooperatives.effective.count")
    assert (value.provenance, value.marks.illustrative) == ("illustrative", True)


def test_a_commune_has_its_own_figure_and_nothing_gathered(town):
    enter(town, "cooperatives.effective.count", ["2", "0", "5"])
    value = of("cooperatives.effective.count", area="xa-3")
    assert (value.value, value.gathered, value.is_gathered) == (5, None, False)


def test_over_another_group_only_its_members_are_added(town):
    enter(town, "cooperatives.effective.count", ["2", "0", "5"])
    value = of("cooperatives.effective.count", group="ethnic_border_island")
    assert (value.value, value.group) == (2, "ethnic_border_island")


# --- Means -----------------------------------------------------------------------------------------------------


def test_the_income_of_the_group_is_weighted_by_its_people(town):
    enter(town, "income.commune.per_capita", ["60", "90", "1000"])
    people(town, ["1000", "3000", "1"])
    town.observe(
        "income.ethnic_border_island.per_capita",
        END,
        "70.957",
        group=UnitGroup.objects.get(code="ethnic_border_island"),
    )
    value = of("income.ethnic_border_island.per_capita")
    assert value.value == D("70.957")
    assert value.gathered.whole.value == D("82.5")
    assert value.gathered.whole.value != D(75)


def test_without_a_printed_figure_the_weighted_mean_is_the_figure(town):
    enter(town, "income.commune.per_capita", ["60", "90", "80"])
    people(town, ["1000", "3000", "2000"])
    value = of("income.rural.per_capita")
    assert (value.value, value.is_gathered) == (D("81.667"), True)


def test_people_of_another_year_weigh_nothing(town):
    enter(town, "income.commune.per_capita", ["60", "90", "80"])
    people(town, ["1000", "3000", "2000"], date(2022, 12, 31))
    value = of("income.rural.per_capita")
    assert (value.value, value.reason) == (None, Reason.PART)
    assert len(value.gathered.lacking) == 3


def test_the_people_of_the_day_are_the_newest_of_the_year(town):
    enter(town, "income.commune.per_capita", ["60", "90", "80"])
    people(town, ["1", "1", "1"], date(2023, 4, 1))
    people(town, ["1000", "3000", "2000"], date(2023, 7, 1))
    assert of("income.rural.per_capita").value == D("81.667")


def report_income(town, at, number, **more):
    element = DataElement.objects.filter(code="per_capita_income").first() or make_element()
    town.report([town.communes[at]], "2023", {}, **more)
    report = Report.objects.get(unit=town.communes[at])
    ReportedValue.objects.create(
        report=report, revision=1, element=element, state="value", number=number, entered_by="x", entered_at=COMPUTED
    )
    return report


def make_element():
    office = Office.objects.create(code="tk", name_vi="Thống kê", name_en="Statistics", sort_key="t")
    return DataElement.objects.create(
        code="per_capita_income", name_vi="Thu nhập", name_en="Income", value_type="number", unit="x", office=office
    )


def test_the_income_that_a_commune_reported_is_not_typed_again(town):
    people(town, ["1000", "3000", "2000"])
    for at, number in enumerate(("60", "90", "80")):
        report_income(town, at, number, illustrative=at == 0)
    value = of("income.rural.per_capita")
    assert value.value == D("81.667")
    assert value.provenance == "illustrative"
    assert of("income.commune.per_capita", area="xa-2").source == "approved_report"


def test_a_report_that_is_not_approved_says_nothing(town):
    people(town, ["1000", "3000", "2000"])
    report = report_income(town, 0, "60")
    Report.objects.filter(pk=report.pk).update(approved_revision=None, status="draft")
    assert of("income.commune.per_capita", area="xa-1").reason == Reason.NOT_ENTERED


def test_a_report_and_another_source_that_differ_leave_the_mean_open(town):
    people(town, ["1000", "3000", "2000"])
    for at, number in enumerate(("60", "90", "80")):
        report_income(town, at, number)
    town.observe("income.commune.per_capita", END, "61", area=town.communes[0], source="niên giám")
    value = of("income.rural.per_capita")
    assert (value.value, value.reason) == (None, Reason.PART)
    assert [one.place.uid for one in value.gathered.lacking if one.conflict] == ["xa-1"]


# --- Sources that differ -----------------------------------------------------------------------------------------


def test_equally_firm_sources_that_differ_leave_no_value_and_are_both_shown(town):
    town.observe("income.rural.per_capita", END, "76.611")
    town.observe("income.rural.per_capita", END, "75.2", source="niên giám")
    value = of("income.rural.per_capita")
    assert (value.value, value.status, value.reason) == (None, "no_data", Reason.CONFLICT)
    assert {fact.value for fact in value.conflict} == {D("76.611"), D("75.2")}


def test_a_firmer_source_counts_and_the_other_still_stands_beside_it(town):
    town.observe("income.rural.per_capita", END, "76.611")
    newer = datetime(2026, 1, 1, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
    town.observe("income.rural.per_capita", END, "75.2", source="báo", provenance="unverified", recorded_at=newer)
    value = of("income.rural.per_capita")
    assert value.value == D("76.611")
    assert {fact.source for fact in value.conflict} == {"review", "báo"}


def test_sources_that_agree_are_no_conflict(town):
    town.observe("income.rural.per_capita", END, "76.611")
    town.observe("income.rural.per_capita", END, "76.6110", source="niên giám")
    value = of("income.rural.per_capita")
    assert (value.value, value.conflict) == (D("76.611"), ())


def test_a_withdrawn_figure_settles_the_conflict(town):
    town.observe("income.rural.per_capita", END, "76.611")
    ended = {"ended_at": COMPUTED, "ended_by": "x", "end_reason": "y"}
    town.observe("income.rural.per_capita", END, "75.2", source="niên giám", **ended)
    value = of("income.rural.per_capita")
    assert (value.value, value.conflict) == (D("76.611"), ())


def test_a_day_of_conflict_is_left_out_of_the_series(town):
    town.observe("income.rural.per_capita", date(2021, 12, 31), "60")
    town.observe("income.rural.per_capita", date(2022, 12, 31), "70")
    town.observe("income.rural.per_capita", date(2022, 12, 31), "71", source="niên giám")
    town.observe("income.rural.per_capita", END, "76")
    assert [p.as_of.year for p in of("income.rural.per_capita").history] == [2021, 2023]


# --- What readers see ----------------------------------------------------------------------------------------------


def test_an_officer_sees_the_own_part_and_how_many_others_there_are(town):
    enter(town, "cooperatives.effective.count", ["2", "0", "5"])
    officer = person("officer", "commune_officer", unit=town.communes[1])
    found = explanation_of("cooperatives.effective.count", END, scope=scope_of(officer)).value.gathered
    assert [one.place.uid for one in found.parts] == ["xa-2"]
    assert (found.hidden, found.whole.value) == (2, 7)


def test_the_three_breakthroughs_are_named_on_their_measures():
    named = {one.code: one.breakthrough for one in measures_with(()) if one.breakthrough}
    assert set(named.values()) == set(BREAKTHROUGHS)
    assert named["income.rural.per_capita"] == "income"
    assert named["ocop.recognised.count"] == "production"
    assert named["environment.waste_collected.share"] == "environment"


def test_every_measure_has_a_programme_of_the_reference_file():
    assert {one.programme for one in measures_with(())} == {EVERY, *PROGRAMMES}
