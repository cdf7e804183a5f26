"""The register's rate in a report: written by the signal, never typed, and evaluated anew when the register changes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from communes.models import Classification, Household, PovertyStandard
from communes.services.households import end_household
from indicators.models import EvaluationRequest, IndicatorResult, Report, ReportedValue, ValueChange
from indicators.services import bulk, reports
from indicators.services.evaluation import run_requests
from indicators.services.values import CellInput, save_values
from indicators.services.verification import verify
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common.errors import Invalid
from tests.factories.classifications import make_classification
from tests.factories.derived import ELEMENT, make_derived_world, make_neighbour, make_register, recount
from tests.factories.world import World, cells, fresh, make_period, make_report

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_derived_world()


@pytest.fixture
def standard(world: World) -> PovertyStandard:
    return make_register(world)


def become(code: str, status: str, on: date = date(2023, 6, 1)) -> None:
    """A decision on a day, counted."""
    make_classification(Household.objects.get(code=code), PovertyStandard.objects.get(), status=status, valid_from=on)
    recount()


def cell(report: Report, revision: int = 1) -> ReportedValue | None:
    return ReportedValue.objects.filter(report=report, element__code=ELEMENT, revision=revision).first()


def bring_to(world: World, status: str, *, typed: bool = True) -> Report:
    """Take a report of the commune to a status; `typed`: with the rate typed in."""
    report, officer = make_report(world), world.people["officer"]
    values = cells({} if typed else {(ELEMENT, ""): None})
    save_values(by=officer, report_id=report.pk, cells=values, all_or_none=True)
    if status == "draft":
        return report
    report = reports.submit(by=officer, report_id=report.pk)
    if status == "submitted":
        return report
    verify(by=world.people["verifier_all"], report_id=report.pk)
    return reports.approve(by=world.people["coordinator"], report_id=report.pk)


def outcome(report: Report) -> str:
    run_requests()
    return IndicatorResult.objects.get(unit=report.unit, version__element__code=ELEMENT).outcome


def test_a_report_is_opened_with_what_the_register_says(world: World, standard: PovertyStandard) -> None:
    report = make_report(world)
    row = cell(report)
    assert (row.state, row.number, row.derived_from) == ("value", Decimal("2"), "poor_and_near_poor_rate")
    assert row.basis == {
        "standard": "standard", "as_of": "2023-12-31", "poor": 0, "near_poor": 5, "households": 250,
        "at_most": False,
    }  # fmt: skip
    assert ValueChange.objects.get().number == 2
    event = AuditEvent.objects.get(kind="report.values_saved")
    assert event.details["derived_from"] == "poor_and_near_poor_rate"


def test_a_rate_that_would_give_back_another_communes_few_is_left_to_be_typed(
    world: World, standard: PovertyStandard
) -> None:
    """Three of the neighbour's are near poor: who knew the rates and the sum of both would know it."""
    report = make_report(world)
    assert cell(report).number == 2
    make_neighbour(world, standard, near_poor=3)
    assert cell(report) is None
    make_neighbour(world, standard, near_poor=2, name="thon-3")
    assert cell(report).number == 2


def test_what_was_approved_stays_when_a_neighbours_few_appear(world: World, standard: PovertyStandard) -> None:
    report = bring_to(world, "approved", typed=False)
    make_neighbour(world, standard, near_poor=3)
    assert (cell(report).number, outcome(report)) == (2, "met")


def test_classifying_counts_tells_and_turns_the_outcome(world: World, standard: PovertyStandard) -> None:
    report = bring_to(world, "approved", typed=False)
    assert outcome(report) == "met"
    become("H5", "poor")
    assert cell(report).number == Decimal("2.4")
    assert EvaluationRequest.objects.filter(done_at=None).count() == 1
    assert outcome(report) == "not_met"
    become("H5", "not_poor", on=date(2023, 9, 1))
    assert outcome(report) == "met"


def test_whatever_changes_the_register_reaches_the_report(world: World, standard: PovertyStandard) -> None:
    report = make_report(world)
    end_household(by=None, household_id=Household.objects.get(code="H9").pk, on=date(2023, 3, 1), because="moved_out")
    assert cell(report).number == Decimal("2.0080")


def test_what_happens_after_the_period_changes_nothing_of_it(world: World, standard: PovertyStandard) -> None:
    report = make_report(world)
    become("H5", "poor", on=date(2024, 2, 1))
    assert cell(report).number == 2


def test_counting_again_without_a_change_writes_nothing(world: World, standard: PovertyStandard) -> None:
    report = make_report(world)
    lock = cell(report).lock
    recount()
    assert cell(report).lock == lock and ValueChange.objects.count() == 1


def test_another_communes_report_stays_as_it_is(world: World, standard: PovertyStandard) -> None:
    other = make_report(world, unit=world.communes[1])
    become("H5", "poor")
    assert cell(other) is None


def test_a_typed_value_gives_way_while_the_report_is_typed(world: World) -> None:
    report = bring_to(world, "draft")
    assert cell(report).derived_from == ""
    make_register(world)
    assert (cell(report).number, cell(report).derived_from) == (2, "poor_and_near_poor_rate")


@pytest.mark.parametrize("status", ["submitted", "approved"])
def test_a_typed_value_stays_once_the_report_is_on_its_way(world: World, status: str) -> None:
    report = bring_to(world, status)
    make_register(world)
    assert (cell(report).number, cell(report).derived_from) == (Decimal("88.5"), "")


def test_a_reopened_report_takes_over_what_the_register_says(world: World) -> None:
    report = bring_to(world, "approved")
    make_register(world)
    reports.reopen(by=world.people["coordinator"], report_id=report.pk, reason="Đã có sổ hộ")
    assert (cell(report, 1).number, cell(report, 2).number) == (Decimal("88.5"), 2)
    become("H5", "poor")
    assert (cell(report, 1).number, cell(report, 2).number) == (Decimal("88.5"), Decimal("2.4"))


def test_both_the_approved_and_the_open_revision_follow(world: World, standard: PovertyStandard) -> None:
    report = bring_to(world, "approved", typed=False)
    reports.reopen(by=world.people["coordinator"], report_id=report.pk, reason="Sửa số khác")
    become("H5", "poor")
    assert (cell(report, 1).number, cell(report, 2).number) == (Decimal("2.4"), Decimal("2.4"))
    assert outcome(report) == "not_met"


def test_where_the_register_says_it_no_more_it_is_to_be_typed(world: World, standard: PovertyStandard) -> None:
    report = make_report(world)
    Classification.objects.all().delete()
    recount()
    assert cell(report) is None
    assert ValueChange.objects.order_by("pk").last().state == ""


def test_an_approved_report_keeps_what_the_register_said_last(world: World, standard: PovertyStandard) -> None:
    report = bring_to(world, "approved", typed=False)
    Classification.objects.all().delete()
    recount()
    assert cell(report).number == 2


def test_placeholders_say_nothing_of_a_report_that_is_meant(world: World, standard: PovertyStandard) -> None:
    Household.objects.filter(code="H3").update(illustrative=True)
    assert cell(make_report(world)) is None
    coordinator = world.people["coordinator"]
    shown = reports.open_report(by=coordinator, unit=world.commune, period=make_period("2022"), illustrative=True)
    assert cell(shown) is not None


def test_few_households_are_told_as_four_at_most(world: World) -> None:
    make_register(world, near_poor=2, homes=400)
    row = cell(make_report(world))
    assert (row.number, row.basis["at_most"]) == (1, True), "as of one, three or four of them"


def test_of_few_in_a_small_commune_nothing_is_told(world: World) -> None:
    make_register(world, near_poor=2)
    assert cell(make_report(world)) is None


# --- Not typed ------------------------------------------------------------------------------------------------------


def test_typing_it_is_refused_at_the_cell_and_the_rest_is_saved(world: World, standard: PovertyStandard) -> None:
    report = make_report(world)
    found = save_values(by=world.people["officer"], report_id=report.pk, cells=cells(), all_or_none=False)
    assert [(fault.pointer, fault.code) for fault in found.faults] == [(f"/{ELEMENT}", "derived")]
    assert cell(report).number == 2 and ReportedValue.objects.filter(report=report).count() == len(cells())
    with pytest.raises(Invalid):
        save_values(by=world.people["officer"], report_id=report.pk, cells=cells(), all_or_none=True)


@pytest.mark.parametrize(
    "typed", [{"raw": ""}, {"state": "no_data"}, {"raw": "3"}], ids=["emptied", "no data", "another number"]
)
def test_nothing_can_be_put_in_its_place(world: World, standard: PovertyStandard, typed: dict[str, str]) -> None:
    report = make_report(world)
    sent = CellInput(ELEMENT, **typed)
    found = save_values(by=world.people["officer"], report_id=report.pk, cells=[sent], all_or_none=False)
    assert [fault.code for fault in found.faults] == ["derived"] and cell(report).number == 2


def test_sending_what_stands_or_a_note_is_no_fault(world: World, standard: PovertyStandard) -> None:
    report = make_report(world)
    sent = CellInput(ELEMENT, raw="2", note="Theo sổ hộ")
    found = save_values(by=world.people["officer"], report_id=report.pk, cells=[sent], all_or_none=True)
    assert not found.faults
    assert (cell(report).note, cell(report).derived_from) == ("Theo sổ hộ", "poor_and_near_poor_rate")


@pytest.mark.parametrize("partial", [False, True])
def test_a_bulk_write_names_the_row(world: World, standard: PovertyStandard, partial: bool) -> None:
    report = make_report(world)
    place = {"unit": world.commune.uid, "period": "2023"}
    sent = [{**place, "element": ELEMENT, "value": "3"}, {**place, "element": "houses", "value": "0"}]
    answer = bulk.save_bulk(by=fresh(world.people["officer"]), rows=sent, key="k1", partial=partial, dry_run=False)
    assert [(row["row"], row["code"]) for row in answer.rejected] == [(0, "derived")]
    assert ReportedValue.objects.filter(report=report, element__code="houses").exists() is partial
    assert cell(report).number == 2


# --- Who reads how the number went from day to day ------------------------------------------------------------------


def test_the_log_says_that_it_was_written_and_not_what(world: World, standard: PovertyStandard) -> None:
    report = make_report(world)
    become("H5", "poor")
    save_values(
        by=fresh(world.people["officer"]),
        report_id=report.pk,
        cells=[CellInput(ELEMENT, raw="2,4", note="theo sổ hộ")],
        all_or_none=True,
    )
    events = AuditEvent.objects.filter(kind="report.values_saved")
    told = [cell for event in events for cell in event.details["cells"]]
    assert len(told) == 3 and all(cell["before"] is None and cell["after"] is None for cell in told)
    assert [change.number for change in ValueChange.objects.order_by("pk")] == [2, Decimal("2.4"), Decimal("2.4")]


def test_what_was_typed_before_stands_in_the_log(world: World) -> None:
    bring_to(world, "draft")
    make_register(world)
    event = AuditEvent.objects.filter(kind="report.values_saved").first()
    assert [(cell["before"], cell["after"]) for cell in event.details["cells"]] == [("88.5", None)]
