"""The report's way, move by move: the right person, the right status, once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from communes.models import Unit
from indicators.models import Attainment, EvaluationRequest, Period, Report, ReportedValue, ReportRevision, Verdict
from indicators.services.reports import approve, open_period, open_report, reopen, submit
from indicators.services.values import save_values
from indicators.services.verification import send_back, verify
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common.errors import Forbidden, Invalid, Stale
from tests.factories.world import World, bring_to, cells, fresh, make_communes, make_report, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def codes(error: pytest.ExceptionInfo[Invalid]) -> set[str]:
    return {f.code for f in error.value.faults}


def test_a_second_report_for_a_unit_and_period_is_refused_at_the_period(world: World) -> None:
    make_report(world)
    with pytest.raises(Invalid) as error:
        make_report(world)
    assert [(f.pointer, f.code) for f in error.value.faults] == [("/period", "duplicate")]
    assert Report.objects.count() == 1


def test_only_a_commune_reports_and_every_fault_is_named(world: World) -> None:
    later = Period.objects.create(
        code="2030", starts_on=date(2030, 1, 1), ends_on=date(2030, 12, 31), due_on=date(2031, 1, 15)
    )
    with pytest.raises(Invalid) as error:
        open_report(by=world.people["coordinator"], unit=world.town, period=later)
    assert codes(error) == {"not_a_commune", "no_criteria_set"}


def test_a_unit_that_does_not_exist_at_the_periods_end_has_no_report(world: World) -> None:
    world.commune.versions.update(valid_to=date(2023, 6, 30))
    with pytest.raises(Invalid) as error:
        make_report(world)
    assert codes(error) == {"not_in_force"}


@pytest.mark.parametrize("who", ["officer", "leader", "verifier_a", "administrator"])
def test_only_the_coordinator_opens_reports(world: World, who: str) -> None:
    with pytest.raises(Forbidden):
        open_report(by=world.people[who], unit=world.commune, period=world.period)


def test_a_period_opens_once_and_its_deadline_follows_its_end(world: World) -> None:
    coordinator = world.people["coordinator"]
    period = open_period(by=coordinator, code="2024", due_on=date(2025, 1, 15))
    assert open_period(by=coordinator, code="2024", due_on=date(2025, 1, 15)) == period
    for code, due, fault in (
        ("2024", date(2025, 2, 1), "duplicate"),
        ("2025", date(2025, 6, 1), "before_end"),
        ("năm 2024", date(2025, 6, 1), "invalid"),
    ):
        with pytest.raises(Invalid) as error:
            open_period(by=coordinator, code=code, due_on=due)
        assert codes(error) == {fault}


def test_submitting_names_every_cell_never_entered_and_moves_nothing(world: World) -> None:
    report = make_report(world)
    save_values(
        by=world.people["officer"],
        report_id=report.pk,
        all_or_none=True,
        cells=cells({("roads", ""): None, ("insured", "female"): None}),
    )
    with pytest.raises(Invalid) as error:
        submit(by=world.people["officer"], report_id=report.pk)
    assert {f.pointer for f in error.value.faults} == {"/roads", "/insured/female"}
    report.refresh_from_db()
    assert report.status == "draft"
    assert not Verdict.objects.exists()


def test_submitting_opens_every_element_for_its_office(world: World) -> None:
    bring_to(world, "submitted")
    assert set(Verdict.objects.values_list("element__code", "office__code", "state")) == {
        ("plan", "a", "open"),
        ("houses", "a", "open"),
        ("water", "a", "open"),
        ("roads", "b", "open"),
        ("insured", "b", "open"),
        ("schooling", "b", "open"),
    }


def test_submitting_twice_tells_the_second_window(world: World) -> None:
    report = bring_to(world, "submitted")
    with pytest.raises(Stale):
        submit(by=world.people["officer"], report_id=report.pk)


def test_a_window_that_saw_an_older_state_cannot_submit(world: World) -> None:
    report = bring_to(world, "draft")
    with pytest.raises(Stale):
        submit(by=world.people["officer"], report_id=report.pk, lock=report.lock + 5)


def test_approving_counts_the_current_revision_and_asks_for_evaluation(world: World) -> None:
    report = bring_to(world, "approved")
    assert (report.status, report.approved_revision) == ("approved", 1)
    revision = ReportRevision.objects.get(report=report)
    assert (revision.submitted_by, revision.approved_by) == ("officer", "coordinator")
    request = EvaluationRequest.objects.get()
    assert (request.unit_id, request.period_id, request.done_at) == (report.unit_id, report.period_id, None)
    assert not Attainment.objects.exists()


def test_approving_from_two_windows_approves_once_and_tells_the_second(world: World) -> None:
    report = bring_to(world, "verified")
    approve(by=world.people["coordinator"], report_id=report.pk)
    with pytest.raises(Stale, match="đã phê duyệt"):
        approve(by=world.people["coordinator"], report_id=report.pk)
    assert AuditEvent.objects.filter(kind="report.approved").count() == 1
    assert EvaluationRequest.objects.get().wanted == 1


@pytest.mark.parametrize("status", ["draft", "submitted"])
def test_what_is_not_verified_cannot_be_approved(world: World, status: str) -> None:
    report = bring_to(world, status)
    with pytest.raises(Stale):
        approve(by=world.people["coordinator"], report_id=report.pk)


def test_approve_refuses_the_person_who_submitted(world: World) -> None:
    report = bring_to(world, "verified")
    ReportRevision.objects.filter(report=report).update(submitted_by_id=world.people["coordinator"].pk)
    with pytest.raises(Forbidden):
        approve(by=world.people["coordinator"], report_id=report.pk)


@pytest.mark.parametrize("who", ["officer", "verifier_all", "leader", "administrator"])
def test_only_the_coordinator_approves(world: World, who: str) -> None:
    report = bring_to(world, "verified")
    with pytest.raises(Forbidden):
        approve(by=world.people[who], report_id=report.pk)


def test_reopening_makes_a_new_revision_and_the_old_one_counts_until_the_next(world: World) -> None:
    report = bring_to(world, "approved")
    report = reopen(by=world.people["coordinator"], report_id=report.pk, reason="Nhập nhầm")
    assert (report.status, report.revision, report.approved_revision) == ("draft", 2, 1)
    assert ReportedValue.objects.filter(report=report, revision=1).count() == len(cells())
    save_values(
        by=fresh(world.people["officer"]), report_id=report.pk, cells=cells({("houses", ""): "2"}), all_or_none=True
    )
    numbers = ReportedValue.objects.filter(element__code="houses").order_by("revision").values_list("number", flat=True)
    assert list(numbers) == [0, 2]


def test_reopening_needs_a_reason_and_an_approved_report(world: World) -> None:
    report = bring_to(world, "approved")
    with pytest.raises(Invalid):
        reopen(by=world.people["coordinator"], report_id=report.pk, reason=" ")
    reopen(by=world.people["coordinator"], report_id=report.pk, reason="x")
    with pytest.raises(Stale):
        reopen(by=world.people["coordinator"], report_id=report.pk, reason="x")


def test_an_office_verifies_its_own_elements_and_the_last_one_makes_the_report_verified(world: World) -> None:
    report = bring_to(world, "submitted")
    assert verify(by=world.people["verifier_a"], report_id=report.pk).status == "submitted"
    assert set(Verdict.objects.filter(state="verified").values_list("office__code", flat=True)) == {"a"}
    assert verify(by=world.people["verifier_b"], report_id=report.pk).status == "verified"


def test_an_office_cannot_touch_anothers_elements(world: World) -> None:
    report = bring_to(world, "submitted")
    with pytest.raises(Forbidden):
        verify(by=world.people["verifier_a"], report_id=report.pk, elements=["roads"])
    with pytest.raises(Forbidden):
        send_back(by=world.people["verifier_a"], report_id=report.pk, returns={"roads": "x"})
    assert not Verdict.objects.exclude(state="open").exists()


def test_a_judgement_is_taken_only_where_no_norm_decides(world: World) -> None:
    report = bring_to(world, "submitted")
    b = world.people["verifier_b"]
    for judgements, code in (
        ({"insured": "met"}, "norm_known"),
        ({"roads": "good"}, "invalid"),
        ({"plan": "met"}, "not_chosen"),
        ({"roads": {"OTHER": "met"}}, "norm_known"),
    ):
        with pytest.raises(Invalid) as error:
            verify(by=b, report_id=report.pk, judgements=judgements)
        assert codes(error) == {code}
    verify(by=b, report_id=report.pk, judgements={"roads": "met"})
    assert report.judgements.get().outcome == "met"


def test_verifying_again_finds_nothing_open(world: World) -> None:
    report = bring_to(world, "submitted")
    verify(by=world.people["verifier_a"], report_id=report.pk)
    with pytest.raises(Invalid) as error:
        verify(by=world.people["verifier_a"], report_id=report.pk)
    assert codes(error) == {"nothing_open"}


def test_sending_back_needs_a_reason_for_each_and_keeps_other_verdicts(world: World) -> None:
    report = bring_to(world, "submitted")
    verify(by=world.people["verifier_b"], report_id=report.pk)
    a = world.people["verifier_a"]
    for returns, code in (({}, "required"), ({"houses": " "}, "required"), ({"castles": "x"}, "unknown_element")):
        with pytest.raises(Invalid) as error:
            send_back(by=a, report_id=report.pk, returns=returns)
        assert codes(error) == {code}
    report = send_back(by=a, report_id=report.pk, returns={"houses": "Thiếu biên bản", "plan": "Chưa công bố"})
    assert report.status == "returned"
    assert dict(Verdict.objects.filter(state="returned").values_list("element__code", "reason")) == {
        "houses": "Thiếu biên bản",
        "plan": "Chưa công bố",
    }
    assert Verdict.objects.filter(state="verified").count() == 3


def test_offices_go_on_while_another_offices_elements_are_back(world: World) -> None:
    report = bring_to(world, "submitted")
    send_back(by=world.people["verifier_a"], report_id=report.pk, returns={"houses": "x"})
    assert verify(by=world.people["verifier_b"], report_id=report.pk).status == "returned"
    with pytest.raises(Invalid) as error:
        verify(by=world.people["verifier_a"], report_id=report.pk, elements=["houses"])
    assert codes(error) == {"returned"}


def test_the_coordinator_may_send_a_verified_report_back(world: World) -> None:
    report = bring_to(world, "verified")
    assert send_back(by=world.people["coordinator"], report_id=report.pk, returns={"roads": "x"}).status == "returned"
    assert not report.judgements.exists()


def test_a_sent_back_report_goes_round_again(world: World) -> None:
    report = bring_to(world, "submitted")
    send_back(by=world.people["verifier_a"], report_id=report.pk, returns={"houses": "x"})
    submit(by=world.people["officer"], report_id=report.pk)
    verify(by=world.people["verifier_all"], report_id=report.pk)
    assert approve(by=world.people["coordinator"], report_id=report.pk).status == "approved"


@pytest.mark.parametrize("communes", [5, 500])
def test_approving_costs_the_same_whatever_the_number_of_communes(
    communes: int, django_assert_num_queries: Any
) -> None:
    world = make_world(communes=1)
    make_communes(world.town, communes - 1, start=2)
    report = bring_to(world, "verified")
    others = Report.objects.bulk_create(
        Report(unit=unit, period=world.period, created_at=timezone.now(), status="approved", approved_revision=1)
        for unit in Unit.objects.filter(uid__startswith="commune-").exclude(pk=report.unit_id)
    )
    assert len(others) == communes - 1
    coordinator = fresh(world.people["coordinator"])
    with django_assert_num_queries(14):
        approve(by=coordinator, report_id=report.pk)
