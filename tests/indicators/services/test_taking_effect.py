"""A set that is published while reports are under way: they are asked for what it adds, and nothing is stuck."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from communes.models import Office, Unit
from communes.services.units import load_units
from indicators.models import (
    Attainment,
    CriteriaSet,
    DataElement,
    EvaluationRequest,
    Judgement,
    Report,
    ReportedValue,
    Verdict,
)
from indicators.selectors.definitions import definitions_for
from indicators.services.criteria import ADVANCED, STANDARD, load_criteria
from indicators.services.evaluation import run_requests
from indicators.services.publishing import publish_set
from indicators.services.reports import approve, open_report, submit
from indicators.services.values import CellInput, save_values
from indicators.services.verification import verify
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common.errors import Invalid, Stale
from tests.factories.levels import add_levels
from tests.factories.world import World, bring_to, make_communes, make_period, make_person, make_report, make_world

pytestmark = pytest.mark.django_db
# What the advanced set reads that the standard one does not.
ADDED = "signs"
FILES = (STANDARD, ADVANCED)


@pytest.fixture
def world() -> World:
    """The standard set alone is published; the advanced one is a draft."""
    world = make_world()
    for one in reversed(add_levels(world)):
        CriteriaSet.objects.filter(pk=one.pk).update(status="draft")
    return world


def publish(world: World) -> CriteriaSet:
    return publish_set(by=world.people["coordinator"], code=CriteriaSet.objects.get(level__code="advanced").code)


def verdict(report: Report, code: str) -> Verdict:
    return Verdict.objects.get(report=report, revision=report.revision, element__code=code)


@pytest.mark.parametrize("status", ["submitted", "verified"])
def test_a_report_under_way_goes_back_for_what_the_set_adds_with_the_reason(world: World, status: str) -> None:
    report = bring_to(world, status)
    others = dict(Verdict.objects.filter(report=report).values_list("element__code", "state"))
    one = publish(world)
    before = report.lock
    report.refresh_from_db()
    assert (report.status, report.lock) == ("returned", before + 1)
    back = verdict(report, ADDED)
    assert (back.state, back.by, back.office) == ("returned", "coordinator", back.element.office)
    assert back.reason == f"Bộ tiêu chí mới ban hành cần thêm số liệu này: {one.name_vi}."
    kept = dict(
        Verdict.objects.filter(report=report).exclude(element__code=ADDED).values_list("element__code", "state")
    )
    assert kept == others
    event = AuditEvent.objects.get(kind="report.sent_back")
    assert (event.object_label, event.unit_uid) == ("Xã Thử 1 · 2023", "commune-1")
    assert event.details == {"revision": 1, "reasons": {ADDED: back.reason}}


def test_the_reason_is_kept_in_the_language_of_the_communes(world: World) -> None:
    report = bring_to(world, "submitted")
    with override("en"):
        publish(world)
    assert verdict(report, ADDED).reason.startswith("Bộ tiêu chí mới")


def test_the_report_goes_on_to_its_approval_with_the_new_figure(world: World) -> None:
    report = bring_to(world, "verified")
    publish(world)
    with pytest.raises(Stale):
        approve(by=world.people["coordinator"], report_id=report.pk)
    value = CellInput(element=ADDED, part="", raw="90", language="plain")
    save_values(by=world.people["officer"], report_id=report.pk, cells=[value], all_or_none=True)
    submit(by=world.people["officer"], report_id=report.pk)
    assert verify(by=world.people["verifier_all"], report_id=report.pk).status == "verified"
    assert approve(by=world.people["coordinator"], report_id=report.pk).status == "approved"


def test_a_figure_that_gets_a_new_cell_goes_back_with_its_judgements(world: World) -> None:
    report = bring_to(world, "verified")
    assert Judgement.objects.filter(report=report).exists()
    # Typed before the whole of it was asked for: the cell is not there.
    roads = DataElement.objects.get(code="roads")
    report.values.filter(element=roads).update(part="17.9")
    publish(world)
    assert verdict(report, "roads").state == "returned"
    assert not Judgement.objects.filter(report=report).exists()


def test_a_returned_report_keeps_the_reasons_of_its_offices_and_learns_what_is_new(world: World) -> None:
    report = bring_to(world, "submitted")
    Verdict.objects.filter(report=report, element__code="plan").update(state="returned", reason="Thiếu quyết định")
    Report.objects.filter(pk=report.pk).update(status="returned")
    publish(world)
    assert verdict(report, "plan").reason == "Thiếu quyết định"
    assert verdict(report, ADDED).state == "returned"


@pytest.mark.parametrize("status", ["draft", "approved"])
def test_a_draft_and_an_approved_report_are_not_sent_back(world: World, status: str) -> None:
    report = bring_to(world, status)
    publish(world)
    report.refresh_from_db()
    assert report.status == status
    assert not AuditEvent.objects.filter(kind="report.sent_back").exists()


def test_a_report_of_another_year_stays_as_it_is(world: World) -> None:
    report = bring_to(world, "submitted")
    CriteriaSet.objects.filter(level__code="advanced").update(first_year=2024)
    publish(world)
    report.refresh_from_db()
    assert report.status == "submitted"


def test_a_set_that_adds_nothing_sends_nothing_back(world: World) -> None:
    CriteriaSet.objects.filter(pk=world.criteria_set.pk).update(status="published")
    report = bring_to(world, "submitted")
    CriteriaSet.objects.filter(pk=world.criteria_set.pk).update(status="draft")
    publish_set(by=world.people["coordinator"], code=world.criteria_set.code)
    report.refresh_from_db()
    assert report.status == "submitted"


def test_a_set_that_is_refused_sends_nothing_back(world: World) -> None:
    report = bring_to(world, "submitted")
    CriteriaSet.objects.filter(level__code="advanced").update(indicators_declared=99)
    with pytest.raises(Invalid):
        publish(world)
    report.refresh_from_db()
    assert report.status == "submitted" and not Verdict.objects.filter(element__code=ADDED).exists()


def test_publishing_costs_as_many_queries_with_twenty_reports_as_with_two(world: World) -> None:
    def queries(start: int, count: int) -> int:
        for unit in make_communes(world.town, count, start=start):
            officer = make_person(f"officer_{unit.uid}", "commune_officer", unit=unit)
            bring_to(world, "verified", report=make_report(world, unit=unit), officer=officer)
        # A figure nobody was asked for, and one with a cell that was not there.
        ReportedValue.objects.filter(element__code="roads").update(part="17.9")
        with CaptureQueriesContext(connection) as found:
            publish(world)
        assert Report.objects.filter(status="returned").count() == Report.objects.count()
        # As it was before.
        CriteriaSet.objects.filter(level__code="advanced").update(status="draft")
        Verdict.objects.filter(element__code=ADDED).delete()
        Verdict.objects.update(state="verified")
        Report.objects.update(status="verified")
        return len(found)

    assert queries(10, 2) == queries(20, 18) <= 50


# --- Published by loading ----------------------------------------------------------------------------------------


@pytest.fixture
def town(db: None) -> dict[str, Any]:
    """The sets as they come with the portal, the advanced one a draft; one commune whose report is filled in."""
    load_units(by=None)
    load_criteria(by=None, files=FILES, publish=[STANDARD])
    commune = Unit.objects.get(uid="hai-ninh")
    return {
        "commune": commune,
        "period": make_period("2025"),
        "officer": make_person("officer", "commune_officer", unit=commune),
        "verifier": make_person("verifier", "sector_verifier", offices=list(Office.objects.all())),
        "coordinator": make_person("coordinator", "coordinator"),
    }


def submitted(town: dict[str, Any]) -> Report:
    report = open_report(by=town["coordinator"], unit=town["commune"], period=town["period"])
    cells = [
        CellInput(
            element=element.code,
            part=cell.part,
            raw=True if cell.value_type == "boolean" else cell.scale[0] if cell.value_type == "choice" else "50",
            language="plain",
        )
        for element in definitions_for(town["period"]).elements
        for cell in element.cells
    ]
    save_values(by=town["officer"], report_id=report.pk, cells=cells, all_or_none=True)
    return submit(by=town["officer"], report_id=report.pk)


def test_approved_reports_are_evaluated_by_a_set_that_a_load_published_and_it_is_told(town: dict[str, Any]) -> None:
    report = submitted(town)
    verify(by=town["verifier"], report_id=report.pk)
    approve(by=town["coordinator"], report_id=report.pk)
    run_requests()
    assert load_criteria(by=town["coordinator"], files=FILES, publish=FILES)
    asked = EvaluationRequest.objects.get(done_at__isnull=True)
    assert (asked.unit_id, asked.period_id) == (report.unit_id, report.period_id)
    event = AuditEvent.objects.get(kind="criteria.published")
    assert (event.actor_name, event.details["reports"]) == ("coordinator", 1)
    assert event.object_label == CriteriaSet.objects.get(level__code="advanced").code
    run_requests()
    assert set(Attainment.objects.values_list("criteria_set__level__code", flat=True)) == {"standard", "advanced"}


def test_a_report_under_way_goes_back_when_a_load_publishes_a_set(town: dict[str, Any]) -> None:
    report = submitted(town)
    load_criteria(by=None, files=FILES, publish=FILES)
    report.refresh_from_db()
    assert report.status == "returned"
    back = Verdict.objects.filter(report=report, state="returned")
    asked = {element.code for element in definitions_for(town["period"]).elements}
    assert asked > set(back.values_list("element__code", flat=True)) != set()
    assert set(back.values_list("by", flat=True)) == {"Hệ thống"}


def test_loading_again_asks_for_nothing_and_tells_nothing(town: dict[str, Any]) -> None:
    report = submitted(town)
    load_criteria(by=None, files=FILES, publish=FILES)
    report.refresh_from_db()
    stood = (report.lock, AuditEvent.objects.count(), EvaluationRequest.objects.count(), Verdict.objects.count())
    assert not load_criteria(by=None, files=FILES, publish=FILES)
    report.refresh_from_db()
    counts = (AuditEvent.objects.count(), EvaluationRequest.objects.count(), Verdict.objects.count())
    assert (report.lock, *counts) == stood


def test_a_load_where_no_report_is_concerned_tells_of_the_load_alone(town: dict[str, Any]) -> None:
    load_criteria(by=None, files=FILES, publish=FILES)
    assert CriteriaSet.objects.filter(status="published").count() == 2
    assert not AuditEvent.objects.filter(kind="criteria.published").exists()
