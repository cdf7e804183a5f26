"""Evaluation: one path, bit-equal, idempotent; work as rows that survive everything."""

from __future__ import annotations

from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from indicators.models import Attainment, CriterionResult, EvaluationRequest, IndicatorResult, Period, Report
from indicators.selectors.attainment import criterion_matrix, explain, latest_attainments
from indicators.services import evaluation
from indicators.services.evaluation import evaluate, request_evaluation, run_requests
from indicators.services.recheck import recheck
from indicators.services.reports import reopen
from tests.factories.world import World, bring_to, make_person, make_report, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def snapshot() -> dict[str, list[Any]]:
    return {
        model.__name__: list(model.objects.order_by("unit", "period", key).values_list("unit", "period", key, *columns))
        for model, key, columns in (
            (IndicatorResult, "version", evaluation.INDICATOR_COLUMNS),
            (CriterionResult, "criterion", evaluation.CRITERION_COLUMNS),
            (Attainment, "criteria_set", evaluation.ATTAINMENT_COLUMNS),
        )
    }


def second_report(world: World, changes: dict[tuple[str, str], object]) -> Report:
    report = make_report(world, unit=world.communes[1])
    return bring_to(world, "approved", report=report, changes=changes, officer=world.people["other_officer"])


def test_a_good_report_attains_and_says_what_it_rests_on(world: World) -> None:
    bring_to(world, "approved")
    assert run_requests() == 1
    row = Attainment.objects.get()
    assert (row.outcome, row.criteria_met, row.criteria_total) == ("met", 4, 4)
    assert (row.indicators_met, row.indicators_total) == (6, 6)
    assert row.rests_on_unverified
    assert row.rests_on_judgement
    assert row.computed_at >= row.data_up_to


@pytest.mark.parametrize(
    ("changes", "outcome", "criteria"),
    [
        ({("houses", ""): "1"}, "not_met", {1: "met", 2: "not_met", 3: "met", 4: "met"}),
        ({("insured", "female"): "89.9"}, "not_met", {1: "met", 2: "not_met", 3: "met", 4: "met"}),
        ({("water", "17.1.a"): "14"}, "not_met", {1: "met", 2: "met", 3: "not_met", 4: "met"}),
        ({("schooling", "14.1.c"): "mức độ 1"}, "not_met", {1: "met", 2: "met", 3: "met", 4: "not_met"}),
        ({("plan", ""): False}, "not_met", {1: "not_met", 2: "met", 3: "met", 4: "met"}),
    ],
)
def test_one_value_short_makes_its_criterion_and_the_commune_fail(
    world: World, changes: dict[tuple[str, str], object], outcome: str, criteria: dict[int, str]
) -> None:
    bring_to(world, "approved", changes=changes)
    run_requests()
    assert Attainment.objects.get().outcome == outcome
    assert dict(CriterionResult.objects.values_list("criterion__number", "outcome")) == criteria


def test_only_approved_reports_count(world: World) -> None:
    bring_to(world, "verified")
    assert evaluate().written == 0
    assert not Attainment.objects.exists()


def test_one_report_and_everything_give_the_same_rows(world: World) -> None:
    bring_to(world, "approved")
    second_report(world, {("houses", ""): "3"})
    for request in EvaluationRequest.objects.all():
        run_requests([request.pk])
    step_by_step = snapshot()
    for model in (IndicatorResult, CriterionResult, Attainment):
        model.objects.all().delete()
    evaluate()
    assert snapshot() == step_by_step
    assert recheck() == []


def test_evaluating_again_writes_nothing(world: World) -> None:
    bring_to(world, "approved")
    first = evaluate()
    computed_at = Attainment.objects.get().computed_at
    again = evaluate()
    assert (first.written, again.written, again.unchanged) == (11, 0, 11)
    assert Attainment.objects.get().computed_at == computed_at


def test_only_what_differs_is_written(world: World) -> None:
    bring_to(world, "approved")
    evaluate()
    CriterionResult.objects.filter(criterion__number=2).update(outcome="not_met")
    assert evaluate().written == 1
    assert recheck() == []


def test_results_of_a_report_that_no_longer_counts_are_removed(world: World) -> None:
    report = bring_to(world, "approved")
    evaluate()
    Report.objects.filter(pk=report.pk).update(status="draft", approved_revision=None)
    assert evaluate([(report.unit_id, report.period_id)]).deleted == 11


def test_a_reopened_report_counts_by_its_approved_revision(world: World) -> None:
    report = bring_to(world, "approved")
    evaluate()
    reopen(by=world.people["coordinator"], report_id=report.pk, reason="x")
    assert evaluate().written == 0
    assert Attainment.objects.get().outcome == "met"


def test_recheck_lists_what_is_stored_otherwise_and_changes_nothing(world: World) -> None:
    bring_to(world, "approved")
    run_requests()
    Attainment.objects.update(outcome="not_met")
    IndicatorResult.objects.filter(version__indicator__code="1.1").delete()
    differences = recheck()
    assert {(d.table, d.stored is None, d.computed is None) for d in differences} == {
        ("Attainment", False, False),
        ("IndicatorResult", True, False),
    }
    assert Attainment.objects.get().outcome == "not_met"


def test_recheck_leaves_out_what_is_still_to_be_computed(world: World) -> None:
    bring_to(world, "approved")
    assert recheck() == []


def test_asking_twice_keeps_one_open_request(world: World) -> None:
    for _ in range(2):
        request_evaluation(unit_id=world.commune.pk, period_id=world.period.pk)
    assert EvaluationRequest.objects.get().wanted == 2


def test_a_request_that_closes_while_it_is_asked_for_again_is_followed_by_another(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    request_evaluation(unit_id=world.commune.pk, period_id=world.period.pk)
    manager = EvaluationRequest.objects
    real = manager.get_or_create

    def meanwhile(**wanted: Any) -> Any:
        found = real(**wanted)
        manager.filter(wanted=1, attempts=0).exclude(requested_at=None).update(done_at=timezone.now(), attempts=1)
        monkeypatch.undo()
        return found

    monkeypatch.setattr(type(manager), "get_or_create", lambda _self, **wanted: meanwhile(**wanted))
    request_evaluation(unit_id=world.commune.pk, period_id=world.period.pk)
    assert manager.filter(done_at=None).count() == 1


def test_running_a_request_twice_closes_it_once(world: World) -> None:
    bring_to(world, "approved")
    pk = EvaluationRequest.objects.get().pk
    assert (run_requests([pk]), run_requests([pk])) == (1, 0)


def test_a_request_asked_for_again_while_it_runs_is_run_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    bring_to(world, "approved")
    real = evaluation.evaluate

    def meanwhile(pairs: Any) -> Any:
        result = real(pairs)
        EvaluationRequest.objects.update(wanted=F("wanted") + 1)
        return result

    monkeypatch.setattr(evaluation, "evaluate", meanwhile)
    assert run_requests() == 0
    monkeypatch.setattr(evaluation, "evaluate", real)
    assert run_requests() == 1


def test_a_request_of_a_killed_worker_is_taken_over_after_its_lease(world: World, settings: Any) -> None:
    bring_to(world, "approved")
    EvaluationRequest.objects.update(taken_at=timezone.now(), taken_by="dead")
    assert run_requests() == 0
    EvaluationRequest.objects.update(taken_at=timezone.now() - timedelta(seconds=settings.EVALUATION_LEASE + 1))
    assert run_requests() == 1


def test_one_faulty_pair_does_not_hold_up_the_others(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    good = bring_to(world, "approved")
    bad = second_report(world, {})
    real = evaluation.evaluate

    def faulty(pairs: Any) -> Any:
        pairs = list(pairs)
        if any(unit == bad.unit_id for unit, _ in pairs):
            raise RuntimeError("broken norm")
        return real(pairs)

    monkeypatch.setattr(evaluation, "evaluate", faulty)
    assert run_requests() == 1
    assert Attainment.objects.get().unit_id == good.unit_id
    assert "broken norm" in EvaluationRequest.objects.get(done_at__isnull=True).error


def test_a_silent_broker_does_not_stop_an_approval(
    world: World, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    def no_broker(*args: Any, **kwargs: Any) -> None:
        raise ConnectionError("no broker")

    monkeypatch.setattr(evaluation.current_app, "send_task", no_broker)
    with django_capture_on_commit_callbacks(execute=True):
        report = bring_to(world, "approved")
    assert report.status == "approved"
    assert EvaluationRequest.objects.filter(done_at__isnull=True).count() == 1


def test_standing_on_a_day_is_that_of_the_last_period_ended_by_then(world: World) -> None:
    bring_to(world, "approved")
    later = Period.objects.create(
        code="2024", starts_on=date(2024, 1, 1), ends_on=date(2024, 12, 31), due_on=date(2025, 1, 15)
    )
    bring_to(world, "approved", report=make_report(world, period=later), changes={("houses", ""): "4"})
    evaluate()
    assert [a.outcome for a in latest_attainments(date(2023, 12, 30))] == []
    assert [a.outcome for a in latest_attainments(date(2024, 6, 1))] == ["met"]
    assert [a.outcome for a in latest_attainments(date(2024, 12, 31))] == ["not_met"]
    numbers = dict(world.criteria_set.criteria.values_list("pk", "number"))
    matrix = criterion_matrix({world.commune.pk: later.pk}, numbers)
    assert {n: r.outcome for n, r in matrix[world.commune.pk].items()} == {
        1: "met",
        2: "not_met",
        3: "met",
        4: "met",
    }


def test_an_explanation_runs_the_rules_again_and_agrees_with_what_is_stored(world: World) -> None:
    bring_to(world, "approved", changes={("insured", "female"): "89"})
    evaluate()
    found = explain(world.commune.pk, "SMALL", date(2023, 12, 31))
    assert found is not None
    assert found.agrees
    insured = next(i for c in found.standing.criteria for i in c.indicators if i.spec.element == "insured")
    assert insured.deciding is not None
    assert (insured.outcome, insured.deciding.part.code, insured.deciding.gap) == ("not_met", "female", -1)
    assert found.elements["insured"].entered.by == "officer"
    assert found.elements["insured"].verified.by == "verifier_all"
    assert found.revision.approved_by == "coordinator"


def test_an_explanation_of_nothing_is_none(world: World) -> None:
    assert explain(world.commune.pk, "SMALL", date(2023, 12, 31)) is None
    bring_to(world, "approved")
    assert explain(world.commune.pk, "OTHER", date(2023, 12, 31)) is None


@pytest.mark.parametrize("communes", [2, 40])
def test_evaluating_everything_costs_the_same_whatever_the_number(
    communes: int, django_assert_max_num_queries: Any
) -> None:
    world = make_world(communes=communes)
    officer = make_person("everyone", "commune_officer", unit=world.communes[0])
    for unit in world.communes[1:]:
        officer.role_assignments.create(role="commune_officer", unit=unit)
    for unit in world.communes:
        bring_to(world, "approved", report=make_report(world, unit=unit), officer=officer)
    with django_assert_max_num_queries(24):
        evaluate()


def cost_of_one_request(communes: int) -> int:
    """How many queries it takes to evaluate one approved report among that many."""
    world = make_world(communes)
    bring_to(world, "approved")
    Report.objects.bulk_create(
        Report(unit=unit, period=world.period, created_at=timezone.now()) for unit in world.communes[1:]
    )
    with CaptureQueriesContext(connection) as asked:
        assert run_requests() == 1
    assert Attainment.objects.count() == 1
    return len(asked)


@pytest.mark.parametrize("communes", [5, 500])
def test_evaluating_one_report_costs_the_same_whatever_the_number_of_communes(communes: int) -> None:
    assert cost_of_one_request(communes) == 19


def test_the_command_evaluates_what_it_is_told(world: World) -> None:
    bring_to(world, "approved")
    out = StringIO()
    call_command("evaluate", "--unit", "commune-1", "--period", "2023", stdout=out)
    first = snapshot()
    assert first["Attainment"] and out.getvalue().startswith("written ")
    out = StringIO()
    call_command("evaluate", stdout=out)
    assert out.getvalue().startswith("written 0, deleted 0, ")
    assert snapshot() == first


def test_the_command_says_when_there_is_no_such_report(world: World) -> None:
    with pytest.raises(CommandError):
        call_command("evaluate", "--unit", "atlantis")


def test_the_recheck_command_fails_when_something_differs(world: World) -> None:
    bring_to(world, "approved")
    evaluate()
    EvaluationRequest.objects.update(done_at=timezone.now())
    call_command("recheck", stdout=StringIO())
    Attainment.objects.update(criteria_met=0)
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("recheck", stdout=out)
    assert ended.value.code == 1 and "1 differences" in out.getvalue()
