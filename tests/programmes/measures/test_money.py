"""Money as measures: of the day's year, per programme and for all with each amount once, never zero for nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from communes.models import Unit, UnitSuccession, UnitVersion
from communes.scope import NOBODY, Scope, scope_of
from programmes.measures.money import MONEY
from programmes.measures.register_facts import MoneyFact, MoneyLine
from programmes.measures.series import points_of, trend_of
from programmes.measures.values import MeasureValue, Reason
from programmes.models import BudgetEntry
from programmes.presenters.measure import MeasurePage, page
from programmes.reports.ground import READER as ALL
from programmes.rules.budget import LineSum, total
from programmes.selectors.budget import Asked, line_sums, lines_seen
from programmes.selectors.measures import explain, explanation_of, measure_in, measures_for, values_in
from programmes.selectors.targets import late_rows, plan_rows
from programmes.selectors.world import load_world
from programmes.services.budget import Move, carry_over, enter_move, retag
from tests.factories.board import COMPUTED, Board, board, person
from tests.factories.budget import make_line, make_programmes

pytestmark = pytest.mark.django_db
END = date(2023, 12, 31)
RATE = "money.all.disbursement_rate"
NTM, NQ06, DTTS = (f"money.{code}.disbursement_rate" for code in ("ntm", "nq06", "dtts"))


@pytest.fixture
def town() -> Board:
    """Two communes: 1000 million of NTM that serves NQ06, too, 400 of GNBV, and money of the people."""
    town = board(2)
    make_programmes()
    first, second = town.communes
    make_line(first, planned=1_000_000_000, allocated=800_000_000, disbursed=500_000_000, shared_with=("NQ06",))
    make_line(second, programme="GNBV", planned=400_000_000, allocated=400_000_000, disbursed=200_000_000)
    make_line(second, planned=90_000_000, source="people_cash", disbursed=120_000_000)
    return town


def of(code: str, day: date = END, **more: Any) -> MeasureValue:
    return next(value for value in measures_for(day, **more) if value.code == code)


def shown(code: str, day: date = END, scope: Scope = NOBODY, **more: Any) -> MeasurePage:
    world = load_world(day, **more)
    measure = measure_in(world, code)
    return page(explain(world, measure, scope), measure, world, scope)


# --- What is counted -------------------------------------------------------------------------------------------------


def test_the_rate_is_disbursed_of_what_may_be_spent_in_dong(town: Board) -> None:
    value = of(NTM)
    assert (value.numerator, value.denominator, value.value) == (500_000_000, 1_000_000_000, Decimal("50.0"))
    assert (value.unit, value.direction, value.source, value.own_day) == ("percent", "up", "budget_lines", END)
    assert (value.status, value.group) == ("no_target", None)


def test_amounts_are_whole_dong_of_money_by_decision_alone(town: Board) -> None:
    assert (of("money.ntm.allocated").value, of("money.ntm.disbursed").value) == (800_000_000, 500_000_000)
    assert (of("money.all.allocated").value, of("money.all.disbursed").value) == (1_200_000_000, 700_000_000)
    assert (of("money.all.disbursed").unit, of("money.all.disbursed").direction) == ("vnd", "neutral")


def test_one_amount_of_two_programmes_counts_in_both_and_once_in_all(town: Board) -> None:
    assert (of(NQ06).numerator, of(NTM).numerator) == (500_000_000, 500_000_000)
    assert (of(RATE).numerator, of(RATE).denominator, of(RATE).value) == (700_000_000, 1_400_000_000, Decimal("50.0"))


def test_a_line_that_is_tagged_anew_moves_with_its_tags(town: Board) -> None:
    line = BudgetEntry.objects.filter(amount=500_000_000).get().line
    retag(by=None, line_id=line.pk, shared_with=["GNBV"])
    assert (of(NQ06).value, of("money.gnbv.disbursed").value) == (None, 700_000_000)
    assert of("money.all.disbursed").value == 700_000_000


def test_money_carried_over_may_be_spent(town: Board) -> None:
    line = BudgetEntry.objects.filter(amount=500_000_000).get().line
    after = carry_over(by=None, line_id=line.pk, move=Move("carry", 300_000_000, date(2024, 1, 20), "7/QĐ-UBND"))
    enter_move(by=None, line_id=after.pk, move=Move("allocated", 300_000_000, date(2024, 2, 1), "8/QĐ-UBND"))
    enter_move(by=None, line_id=after.pk, move=Move("disbursed", 100_000_000, date(2024, 3, 1), "9/QĐ-UBND"))
    value = of(NTM, date(2024, 6, 30))
    assert (value.numerator, value.denominator, value.value) == (100_000_000, 300_000_000, Decimal("33.3"))


def test_figures_are_those_of_the_day(town: Board) -> None:
    line = BudgetEntry.objects.filter(amount=500_000_000).get().line
    enter_move(by=None, line_id=line.pk, move=Move("disbursed", 300_000_000, date(2023, 11, 1), "9/QĐ-UBND"))
    assert (of(NTM, date(2023, 10, 31)).value, of(NTM).value) == (Decimal("50.0"), Decimal("80.0"))


def test_a_commune_has_its_own_figures_and_a_group_none(town: Board) -> None:
    assert (of(RATE, area="xa-1").numerator, of(RATE, area="xa-2").numerator) == (500_000_000, 200_000_000)
    assert RATE not in {value.code for value in measures_for(END, group="ntm_upgrade")}


def test_the_towns_own_money_is_the_towns_and_no_communes(town: Board) -> None:
    make_line(town.town, planned=100_000_000, component=2)
    assert of("money.ntm.disbursement_rate").denominator == 1_100_000_000
    assert of(NTM, area="xa-1").denominator == 1_000_000_000


def test_a_merged_commune_leaves_its_money_to_the_new_one(town: Board) -> None:
    heir = Unit.objects.create(uid="xa-moi")
    UnitVersion.objects.create(
        unit=heir, name_vi="Xã Mới", name_en="New", kind="commune", parent=town.town, search_key="moi", sort_key="moi",
        valid_from=date(2023, 7, 1),
    )  # fmt: skip
    for unit in town.communes:
        UnitVersion.objects.filter(unit=unit).update(valid_to=date(2023, 6, 30))
        UnitSuccession.objects.create(
            predecessor=unit, successor=heir, effective_on=date(2023, 7, 1), kind="merge", provenance="sourced"
        )
    assert of(RATE, area="xa-moi").numerator == of(RATE).numerator == 700_000_000


# --- What is not known -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [DTTS, "money.dtts.allocated", "money.mtqg_2026_2035.disbursed"])
def test_a_programme_without_money_has_no_figure_and_says_why(town: Board, code: str) -> None:
    value = of(code)
    assert (value.value, value.numerator, value.status, value.reason) == (None, None, "no_data", Reason.NO_MONEY)
    assert "chưa ghi vốn" in shown(code).reason


def test_money_of_the_people_alone_makes_no_figure(town: Board) -> None:
    make_line(town.communes[0], programme="NQ06", component=None, source="people_cash", year=2022, on=date(2022, 3, 1))
    assert of(NQ06, date(2022, 12, 31)).reason == Reason.NO_MONEY


def test_a_year_without_money_is_not_filled_with_the_year_before(town: Board) -> None:
    assert of(RATE, date(2024, 6, 30)).value is None
    assert of(RATE, date(2023, 1, 31)).reason == Reason.NO_MONEY  # planned on the first of February


def test_what_was_planned_and_not_spent_is_a_zero(town: Board) -> None:
    make_line(town.communes[0], programme="NQ06", component=None, year=2024, on=date(2024, 2, 1))
    assert (of(NQ06, date(2024, 6, 30)).value, of("money.nq06.disbursed", date(2024, 6, 30)).value) == (0, 0)


def test_nothing_to_spend_has_no_rate_but_amounts(town: Board) -> None:
    line = make_line(town.communes[0], programme="NQ06", component=None, year=2024, on=date(2024, 2, 1))
    less = Move("planned", -1_000_000_000, date(2024, 3, 1), "9/QĐ-UBND", "giao nhầm")
    enter_move(by=None, line_id=line.pk, move=less)
    day = date(2024, 6, 30)
    assert (of(NQ06, day).value, of(NQ06, day).reason) == (None, Reason.NOTHING_TO_SPEND)
    assert of("money.nq06.allocated", day).value == 0


def test_an_illustrative_entry_marks_every_figure_that_it_is_in(town: Board) -> None:
    assert of(RATE).provenance == "sourced"
    BudgetEntry.objects.filter(amount=200_000_000).update(provenance="illustrative")
    assert (of(RATE).provenance, of(RATE).marks.illustrative) == ("illustrative", True)
    assert (of("money.gnbv.allocated").provenance, of(NTM).provenance) == ("illustrative", "sourced")
    BudgetEntry.objects.filter(amount=800_000_000).update(provenance="unverified")
    assert of(NQ06).provenance == "unverified"


# --- Against the pages of money --------------------------------------------------------------------------------------

amounts = st.integers(0, 10**12)
programmes = ("NTM", "GNBV", "DTTS", "NQ06", "MTQG_2026_2035")
lines = st.lists(
    st.builds(
        lambda n, serves, mobilised, planned, carried, allocated, spent: LineSum(
            n, serves, None, 1, 2023, 1, mobilised, planned, carried, allocated, min(spent, planned + carried)
        ),
        st.integers(1, 40),
        st.lists(st.sampled_from(programmes), min_size=1, max_size=5, unique=True).map(tuple),
        st.booleans(), amounts, amounts, amounts, amounts,
    ),
    unique_by=lambda one: one.id,
    max_size=20,
)  # fmt: skip


@pytest.fixture
def empty_world(db: None) -> Any:
    board(1)
    return load_world(END)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(lines)
def test_the_figure_of_all_counts_every_amount_once_whatever_it_is_tagged_with(
    empty_world: Any, found: list[LineSum]
) -> None:
    money = MoneyFact(tuple(MoneyLine(one, frozenset({one.unit}), COMPUTED) for one in found))
    values = {value.code: value for value in values_in(replace(empty_world, money=money, _answers={}))}
    decided = [one for one in found if not one.mobilised]
    whole, rate = values["money.all.disbursed"], values[RATE]
    if not decided:
        assert (whole.value, whole.reason, rate.value) == (None, Reason.NO_MONEY, None)
        return
    assert whole.value == sum(one.disbursed for one in decided)
    assert values["money.all.allocated"].value == sum(one.allocated for one in decided)
    if rate.value is not None:
        assert rate.denominator == sum(one.planned + one.carried_over for one in decided)
    for code in programmes:
        own = [one for one in decided if code in one.serves]
        value = values[f"money.{code.lower()}.disbursed"].value
        assert value == (sum(one.disbursed for one in own) if own else None)


@pytest.mark.parametrize("code", ["NTM", "GNBV", "NQ06", ""])
def test_every_figure_is_that_of_the_pages_of_money(town: Board, code: str) -> None:
    found = total(line_sums(lines_seen(ALL, Asked(programme=code, year=2023)), END))
    name = code.lower() or "all"
    rate = of(f"money.{name}.disbursement_rate")
    assert (rate.numerator, rate.denominator) == (found.disbursed, found.available)
    assert abs(rate.value - found.rate) <= Decimal("0.05")
    assert of(f"money.{name}.allocated").value == found.allocated


# --- Targets and the years -------------------------------------------------------------------------------------------


def test_a_rate_is_judged_by_the_plan_of_its_own_year(town: Board) -> None:
    for year, value in ((2022, "90"), (2023, "95"), (2024, "95")):
        town.aim(RATE, year, value, start="0", since=date(year, 1, 1))
    assert (of(RATE).target.year, of(RATE).status) == (2023, "behind")
    world = load_world(date(2024, 1, 1))
    rows = {row.target.year: row for row in plan_rows(world, ALL)}
    assert [(year, row.status, row.late) for year, row in sorted(rows.items())] == [
        (2022, "no_data", False),
        (2023, "behind", True),
        (2024, "no_data", False),
    ]
    assert (rows[2023].value.value, rows[2023].value.as_of) == (Decimal("50.0"), END)
    assert [row.target.year for row in late_rows(world, None)] == []
    assert [row.target.year for row in late_rows(load_world(END), None)] == [2023]


def test_a_rate_that_reached_its_plan_in_its_year_has_reached_it_ever_after(town: Board) -> None:
    town.aim(RATE, 2023, "50", start="0", since=date(2023, 1, 1))
    assert of(RATE).status == "reached"
    (row,) = plan_rows(load_world(date(2025, 3, 1)), ALL)
    assert (row.status, row.late) == ("reached", False)


def test_the_years_stand_side_by_side_and_nothing_is_projected(town: Board) -> None:
    make_line(
        town.communes[0], planned=200_000_000, allocated=200_000_000, disbursed=180_000_000, year=2022,
        on=date(2022, 3, 1),
    )  # fmt: skip
    town.aim(RATE, 2022, "95", start="0", since=date(2022, 1, 1))
    world = load_world(date(2023, 6, 30))
    measure = measure_in(world, RATE)
    trend = trend_of(world, measure, measure.calculate(world, measure))
    known = [(one.as_of, one.value, one.numerator) for one in points_of(trend) if one.kind == "known"]
    assert known == [
        (date(2022, 12, 31), Decimal("90.0"), 180_000_000),
        (date(2023, 6, 30), Decimal("50.0"), 700_000_000),
    ]
    assert (trend.projection.ends, trend.missed) == (None, {2022})
    assert "mỗi năm tính lại từ đầu" in shown(RATE).trend.refusal


def test_what_was_spent_after_the_year_is_not_of_the_years_end(town: Board) -> None:
    line = BudgetEntry.objects.filter(amount=500_000_000).get().line
    enter_move(by=None, line_id=line.pk, move=Move("disbursed", 100_000_000, date(2024, 1, 20), "9/QĐ-UBND"))
    world = load_world(date(2024, 6, 30))
    measure = measure_in(world, NTM)
    assert measure.of_year(world, measure, 2023).value == of(NTM).value == Decimal("50.0")


# --- The explanation -------------------------------------------------------------------------------------------------


def test_the_page_shows_amounts_sources_units_and_the_texts(town: Board) -> None:
    found = shown(NTM, scope=ALL)
    assert (found.big, found.unit) == ("50,0%", "500/1.000 triệu đồng")
    assert found.money.facts[0][:2] == ("Kế hoạch giao", "1.000.000.000 đồng")
    assert [one.label for one in found.money.sources.rows] == ["Nguồn province"]
    assert [(one.label, one.disbursed) for one in found.money.units.rows] == [("Xã Xã 001", "500")]
    assert "Nghị quyết của NTM" in [one.text for one in found.money.legal]
    assert "programme=NTM" in found.money.lines_url and "year=2023" in found.money.lines_url
    assert shown("money.ntm.disbursed", scope=ALL).big == "500"


def test_lines_that_the_reader_may_not_see_are_counted_and_not_told(town: Board) -> None:
    officer = scope_of(person("can-bo", "commune_officer", unit=town.communes[0]))
    found = explanation_of(RATE, END, scope=officer)
    assert [one.code for one in found.money.by_unit] == ["xa-1"]
    assert (found.money.total.disbursed, found.hidden, found.value.numerator) == (500_000_000, 1, 700_000_000)
    assert "1 dòng vốn khác" in shown(RATE, scope=officer).hidden


def test_other_measures_have_no_money_behind_them(town: Board) -> None:
    assert explanation_of("ntm.criteria_upgrade", END).money is None


# --- All together ----------------------------------------------------------------------------------------------------


def test_every_programme_has_its_three_figures() -> None:
    assert [one.code.split(".")[1] for one in MONEY[::3]] == ["all", "ntm", "gnbv", "dtts", "nq06", "mtqg_2026_2035"]
    assert {one.programme for one in MONEY} == {"", *programmes}


def test_money_costs_no_more_queries_whatever_the_number_of_lines(town: Board) -> None:
    counts = []
    for component, source in ((2, "province"), (1, "city"), (2, "city")):
        make_line(town.communes[1], component=component, source=source)
        with CaptureQueriesContext(connection) as found:
            load_world(END)
        counts.append(len(found))
    assert counts == [counts[0]] * 3 and counts[0] <= 10
