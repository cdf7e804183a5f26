from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import override

from communes.models import Unit, UnitGroup, UnitGroupMember
from communes.scope import scope_of
from indicators.models import Level, Report
from programmes.measures.registry import UnknownMeasure
from programmes.measures.values import Reason, plain_value
from programmes.selectors.measures import explanation_of, measures_for
from tests.factories.board import COMPUTED, board, person

pytestmark = pytest.mark.django_db
END = date(2023, 12, 31)


def of(code, day=END, **more):
    return next(m for m in measures_for(day, **more) if m.code == code)


# --- Recognised ----------------------------------------------------------------------------------------------------


def test_recognised_counts_a_level_and_every_higher_one():
    town = board()
    a, b, *_ = town.communes
    town.recognise(a, "model", date(2023, 5, 1))
    town.recognise(b, "standard", date(2021, 5, 1))
    got = [(of(f"ntm.recognised.{level}").numerator) for level in ("standard", "advanced", "model")]
    assert got == [2, 1, 1]
    value = of("ntm.recognised.standard")
    assert (value.numerator, value.denominator, value.value) == (2, 5, Decimal("40.0"))
    assert value.counted == {a.pk, b.pk}
    assert len(value.population) == 5


@pytest.mark.parametrize(
    ("change", "counts"),
    [
        ({}, 1),
        ({"decided_on": date(2024, 1, 1)}, 0),
        ({"decided_on": END}, 1),
        ({"expires_on": END}, 0),
        ({"expires_on": date(2024, 1, 1)}, 1),
        ({"withdrawn_on": END, "withdrawal_decision": "2/QĐ"}, 0),
    ],
)
def test_a_recognition_counts_only_while_it_is_in_force(change, counts):
    town = board()
    town.recognise(town.communes[0], "standard", **{"decided_on": date(2022, 1, 1), **change})
    assert of("ntm.recognised.standard").numerator == counts


def test_a_recognition_outside_the_group_does_not_count():
    town = board()
    UnitGroupMember.objects.filter(group=town.groups["ntm_assessed"], unit=town.communes[0]).delete()
    town.recognise(town.communes[0], "advanced", date(2022, 7, 22))
    value = of("ntm.recognised.advanced")
    assert (value.numerator, value.denominator) == (0, 4)


def test_another_group_can_be_asked_and_only_its_figures_come():
    town = board()
    UnitGroupMember.objects.filter(group=town.groups["ntm_assessed"], unit=town.communes[0]).delete()
    town.recognise(town.communes[0], "advanced", date(2022, 7, 22))
    town.observe("ocop.recognised.count", END, "29")
    values = measures_for(END, group="ntm_upgrade")
    assert {v.group for v in values} == {"ntm_upgrade"}
    assert next(v for v in values if v.code == "ntm.recognised.advanced").numerator == 1
    assert "ocop.recognised.count" not in {v.code for v in values}


def test_the_change_is_told_over_the_same_communes():
    town = board()
    town.recognise(town.communes[0], "standard", date(2021, 1, 1))
    town.recognise(town.communes[1], "standard", date(2023, 1, 1))
    change = of("ntm.recognised.standard").change
    assert (change.since, change.amount) == (date(2022, 12, 31), 1)


def test_no_group_in_force_is_no_data_and_not_zero():
    town = board()
    town.recognise(town.communes[0], "standard", date(2021, 1, 1))
    value = of("ntm.recognised.standard", date(2025, 7, 1))
    assert (value.value, value.numerator, value.status, value.reason) == (None, None, "no_data", Reason.NO_GROUP)


def test_an_area_without_a_member_has_no_ratio():
    town = board()
    UnitGroupMember.objects.filter(group=town.groups["ntm_assessed"]).delete()
    value = of("ntm.recognised.standard")
    assert (value.value, value.reason) == (None, Reason.NO_MEMBER)


def test_an_area_can_be_one_commune():
    town = board()
    town.recognise(town.communes[0], "standard", date(2021, 1, 1))
    value = of("ntm.recognised.standard", area="xa-1")
    assert (value.numerator, value.denominator, value.value) == (1, 1, Decimal("100.0"))


def test_the_weakest_mark_travels_with_the_ratio():
    town = board()
    town.recognise(town.communes[0], "standard", date(2021, 1, 1))
    assert of("ntm.recognised.standard").provenance == "sourced"
    UnitGroup.objects.filter(code="ntm_assessed").update(provenance="unverified")
    assert of("ntm.recognised.standard").provenance == "unverified"
    town.recognise(town.communes[1], "advanced", date(2021, 1, 1), provenance="illustrative")
    assert of("ntm.recognised.standard").provenance == "illustrative"


def test_a_sourced_recognition_outweighs_an_illustrative_one_of_the_same_commune():
    town = board()
    town.recognise(town.communes[0], "standard", date(2017, 12, 31))
    town.recognise(town.communes[0], "advanced", date(2022, 1, 1), provenance="illustrative")
    assert of("ntm.recognised.standard").provenance == "sourced"
    assert of("ntm.recognised.advanced").provenance == "illustrative"


# --- Attained ------------------------------------------------------------------------------------------------------


def test_attained_reads_the_last_approved_period_only():
    town = board()
    town.report(town.communes[:2], "2022", {"standard": "met"})
    town.report(town.communes[:1], "2023", {"standard": "not_met"})
    value = of("ntm.attained.standard")
    assert value.counted == {town.communes[1].pk}
    assert value.unknown == {u.pk for u in town.communes[2:]}
    assert (value.numerator, value.denominator, value.value) == (1, 5, Decimal("20.0"))
    assert value.change.amount == -1
    assert value.computed_at == COMPUTED


def test_a_reopened_report_counts_until_the_next_revision_is_approved():
    town = board()
    town.report(town.communes, "2023", {"standard": "met"})
    Report.objects.update(status="draft", revision=2)
    assert of("ntm.attained.standard").numerator == 5


def test_attained_without_any_approved_report_is_no_data():
    board()
    value = of("ntm.attained.standard")
    assert (value.value, value.reason, value.status) == (None, Reason.NO_REPORT, "no_data")


def test_attained_before_the_period_ends_is_no_data():
    town = board()
    town.report(town.communes, "2022", {"standard": "met"})
    assert of("ntm.attained.standard", date(2022, 12, 30)).value is None
    assert of("ntm.attained.standard", date(2022, 12, 31)).value == Decimal("100.0")


def test_a_level_whose_set_is_not_published_says_so():
    town = board()
    town.report(town.communes, "2023", {"standard": "met"})
    value = of("ntm.attained.advanced")
    assert (value.value, value.status, value.reason) == (None, "no_data", Reason.NOT_PUBLISHED)
    assert of("ntm.recognised.advanced").value == Decimal("0.0")


def test_attaining_the_higher_set_counts_below():
    town = board(published=("standard", "advanced"))
    town.report(town.communes[:1], "2023", {"standard": "no_data", "advanced": "met"})
    assert of("ntm.attained.standard").numerator == 1


def test_illustrative_reports_mark_the_attained_ratio():
    town = board()
    town.report(town.communes, "2023", {"standard": "met"}, illustrative=True)
    assert of("ntm.attained.standard").provenance == "illustrative"
    assert of("ntm.criteria_upgrade").provenance == "illustrative"


def test_levels_come_from_the_rows_not_from_a_list_of_three():
    town = board()
    Level.objects.create(code="modern", phase="2021-2025", rank=4, name_vi="Hiện đại", name_en="Modern")
    town.levels["modern"] = Level.objects.get(code="modern")
    town.recognise(town.communes[0], "modern", date(2023, 1, 1))
    value = of("ntm.recognised.modern")
    assert value.numerator == of("ntm.recognised.model").numerator == 1
    with override("en"):
        assert "Modern" in str(value.label)


def test_another_phases_levels_do_not_mix():
    town = board()
    Level.objects.create(code="standard_2026", phase="2026-2030", rank=1, name_vi="x", name_en="x")
    codes = {m.code for m in measures_for(END)}
    assert "ntm.recognised.standard_2026" not in codes
    assert "ntm.recognised.standard" in {m.code for m in measures_for(date(2026, 11, 23))}
    assert town.levels


# --- Upgrading criteria ---------------------------------------------------------------------------------------------


def test_criteria_upgrade_counts_members_with_an_approved_report():
    town = board()
    town.report(town.communes[:4], "2023", {"standard": "not_met"})
    Report.objects.create(unit=town.communes[4], period=town.periods["2023"], status="submitted", created_at=COMPUTED)
    value = of("ntm.criteria_upgrade")
    assert (value.numerator, value.denominator, value.value) == (4, 5, Decimal("80.0"))
    assert of("ntm.criteria_upgrade", date(2023, 12, 30)).numerator == 0


# --- Observed statistics ---------------------------------------------------------------------------------------------


def test_the_newest_figure_by_the_day_is_shown_with_its_own_date():
    town = board()
    town.observe("income.rural.per_capita", date(2022, 12, 31), "68.1")
    town.observe("income.rural.per_capita", END, "76.611", printed_vi="76.611 triệu đồng")
    town.observe("income.rural.per_capita", date(2024, 12, 31), "90")
    value = of("income.rural.per_capita", date(2024, 6, 30))
    assert plain_value(value.unit, value.value) == "76.611"
    assert value.observed.as_of == END
    assert value.observed.source_title == "Sơ kết 03 năm"
    assert (value.change.since, value.change.amount) == (date(2022, 12, 31), Decimal("8.511"))
    assert [p.as_of.year for p in value.history] == [2022, 2023]


def test_a_published_zero_is_zero_and_an_absent_figure_is_nothing():
    town = board()
    town.observe("poverty.poor.count", END, "0", poverty_standard="not_stated")
    value = of("poverty.poor.count")
    assert plain_value(value.unit, value.value) == "0"
    assert value.poverty_standard == "not_stated"
    absent = of("poverty.near_poor.count")
    assert (absent.value, absent.status, absent.reason) == (None, "no_data", Reason.NOT_ENTERED)


def test_a_published_ratio_keeps_both_counts():
    town = board()
    town.observe("poverty.poor.escaped", END, (39, 39))
    value = of("poverty.poor.escaped")
    assert (value.numerator, value.denominator) == (39, 39)
    assert plain_value(value.unit, value.value) == "100.0"


def test_a_figure_before_the_phase_is_the_baseline():
    town = board()
    town.observe("ocop.recognised.count", date(2020, 12, 31), "20")
    town.observe("ocop.recognised.count", END, "29")
    value = of("ocop.recognised.count")
    assert (value.baseline.as_of, value.baseline.value, value.change.amount) == (date(2020, 12, 31), 20, 9)
    assert of("ocop.recognised.count", date(2021, 6, 1)).baseline is None


def test_a_target_gives_the_status():
    town = board()
    town.observe("poverty.near_poor.count", END, "57")
    town.aim("poverty.near_poor.count", 2024, "0")
    assert of("poverty.near_poor.count").status == "on_track"
    assert of("poverty.near_poor.count", date(2025, 1, 1)).status == "behind"


def test_measures_nobody_has_entered_are_there_and_empty():
    board()
    empty = [m for m in measures_for(END) if m.reason == Reason.NOT_ENTERED]
    assert "cooperatives.effective.count" in {m.code for m in empty}
    assert all(m.value is None and m.status == "no_data" for m in empty)


# --- All together ---------------------------------------------------------------------------------------------------


def test_codes_restrict_and_unknown_areas_and_groups_are_refused():
    board()
    assert [m.code for m in measures_for(END, codes={"ntm.criteria_upgrade"})] == ["ntm.criteria_upgrade"]
    with pytest.raises(Unit.DoesNotExist):
        measures_for(END, "atlantis")
    with pytest.raises(UnitGroup.DoesNotExist):
        measures_for(END, group="nobody")


@pytest.mark.parametrize("communes", [5, 200])
def test_all_measures_cost_ten_queries_whatever_the_number_of_communes(communes, django_assert_num_queries):
    town = board(communes)
    town.report(town.communes, "2022", {"standard": "met"})
    town.report(town.communes, "2023", {"standard": "not_met"})
    town.recognise(town.communes[0], "standard", date(2022, 1, 1))
    with django_assert_num_queries(10):
        values = measures_for(END)
    assert next(v for v in values if v.code == "ntm.attained.standard").denominator == communes


def test_the_explanation_names_every_member_and_what_is_missing(django_assert_num_queries):
    town = board()
    town.report(town.communes[:3], "2023", {"standard": "met"})
    town.report(town.communes[3:4], "2023", {"standard": "not_met"})
    with django_assert_num_queries(11):
        found = explanation_of("ntm.attained.standard", END)
    assert [m.counts for m in found.members] == [True, True, True, False, None]
    assert [(c.number, c.outcome) for c in found.members[3].missing] == [(3, "not_met")]
    assert found.hidden == 0
    assert found.group.code == "ntm_assessed"


def test_the_explanation_shows_an_officer_their_own_commune_only():
    town = board()
    town.report(town.communes, "2023", {"standard": "met"})
    officer = person("officer.mot", "commune_officer", unit=town.communes[0])
    found = explanation_of("ntm.attained.standard", END, scope=scope_of(officer))
    assert [m.place.uid for m in found.members] == ["xa-1"]
    assert found.hidden == 4
    assert found.value.denominator == 5


def test_an_unknown_code_is_refused():
    board()
    with pytest.raises(UnknownMeasure):
        explanation_of("ntm.recognised.perfect", END)
