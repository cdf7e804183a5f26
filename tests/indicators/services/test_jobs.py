"""What an administrator does with background work, and what the long jobs themselves do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from indicators.models import Attainment, EvaluationRequest, Reminder
from indicators.selectors.freshness import late_results
from indicators.services import evaluation
from indicators.services import jobs as services
from indicators.services.evaluation import request_evaluation, run_requests
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common import heartbeats
from mongcai_portal.common.errors import Forbidden, Invalid, Stale
from mongcai_portal.common.jobs import ask, run_next
from mongcai_portal.common.models import Job
from tests.factories.world import World, bring_to, fresh, make_report, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def admin(world: World) -> Any:
    return fresh(world.people["administrator"])


def kinds_told() -> list[str]:
    return list(AuditEvent.objects.filter(kind__startswith="job.").order_by("pk").values_list("kind", flat=True))


def broken(*args: Any) -> None:
    raise ValueError("no such norm")


# --- Verbs ------------------------------------------------------------------------------------------------------


def test_an_administrator_starts_cancels_and_starts_again_and_each_leaves_an_event(admin: Any) -> None:
    job = services.start(by=admin, kind="recheck")
    assert services.start(by=admin, kind="recheck") == job
    assert services.cancel(by=admin, job_id=job.pk).state == "cancelled"
    assert services.retry(by=admin, job_id=job.pk).state == "waiting"
    assert run_next() and Job.objects.get().state == "done"
    assert kinds_told() == ["job.asked", "job.cancelled", "job.retried"]
    event = AuditEvent.objects.get(kind="job.cancelled")
    assert (event.object_type, event.object_id, event.object_label) == ("job", str(job.pk), "Đối chiếu lại mọi kết quả")


def test_an_unknown_kind_is_refused_by_name(admin: Any) -> None:
    with pytest.raises(Invalid) as refused:
        services.start(by=admin, kind="format-disk")
    assert [(f.pointer, f.code) for f in refused.value.faults] == [("/kind", "unknown")]
    assert not Job.objects.exists() and kinds_told() == []


def test_what_another_window_ended_is_stale_and_leaves_no_event(admin: Any) -> None:
    job = services.start(by=admin, kind="recheck")
    run_next()
    for verb in (services.cancel, services.retry):
        with pytest.raises(Stale, match="đã xong"):
            verb(by=admin, job_id=job.pk)
    assert kinds_told() == ["job.asked"]


@pytest.mark.parametrize(
    "verb",
    [
        lambda by, pk: services.start(by=by, kind="recheck"),
        lambda by, pk: services.cancel(by=by, job_id=pk),
        lambda by, pk: services.retry(by=by, job_id=pk),
        lambda by, pk: services.retry_evaluations(by=by),
        lambda by, pk: services.retry_letters(by=by),
    ],
)
def test_who_only_sees_jobs_changes_none(world: World, verb: Callable[[Any, int], Any]) -> None:
    job = ask(kind="recheck")
    for name in ("coordinator", "leader", "officer"):
        with pytest.raises(Forbidden):
            verb(fresh(world.people[name]), job.pk)
    assert Job.objects.get().state == "waiting" and kinds_told() == []


# --- Evaluations and letters ---------------------------------------------------------------------------------------


def test_an_evaluation_that_always_fails_is_given_up_and_comes_back_when_it_is_retried(
    world: World, admin: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring_to(world, "approved")
    with monkeypatch.context() as patch:
        patch.setattr(evaluation, "computed", broken)
        for _ in range(evaluation.TRIES + 3):
            run_requests()
            EvaluationRequest.objects.update(taken_at=None)  # its lease is over
    request = EvaluationRequest.objects.get()
    assert (request.attempts, request.done_at) == (evaluation.TRIES, None)
    assert run_requests() == 0, "left alone, also when it would succeed"
    assert services.retry_evaluations(by=admin) == 1
    assert run_requests() == 1
    assert Attainment.objects.get().outcome == "met"
    assert services.retry_evaluations(by=admin) == 0
    assert kinds_told() == ["job.retried"]


@pytest.mark.parametrize("again", ["one", "many"])
def test_an_evaluation_that_was_given_up_is_tried_again_when_it_is_asked_for_anew(world: World, again: str) -> None:
    report = bring_to(world, "approved")
    EvaluationRequest.objects.update(attempts=evaluation.TRIES, error="ValueError: x")
    if again == "one":
        request_evaluation(unit_id=report.unit_id, period_id=report.period_id)
    else:
        evaluation.request_evaluations([(report.unit_id, report.period_id)])
    assert run_requests() == 1


def test_letters_that_were_given_up_wait_again(world: World, admin: Any) -> None:
    Reminder.objects.create(
        period=world.period,
        unit=world.commune,
        recipient=world.people["officer"],
        kind="overdue",
        day=timezone.localdate(),
        created_at=timezone.now(),
        mail="failed",
        attempts=6,
        error="SMTPServerDisconnected",
    )
    assert services.retry_letters(by=admin) == 1
    row = Reminder.objects.get()
    assert (row.mail, row.attempts) == ("waiting", 0)
    assert services.retry_letters(by=admin) == 0


# --- The jobs themselves -------------------------------------------------------------------------------------------


def test_the_recheck_job_counts_what_differs(world: World) -> None:
    bring_to(world, "approved")
    run_requests()
    job = ask(kind="recheck")
    run_next()
    job.refresh_from_db()
    assert (job.state, job.result, job.done, job.total) == ("done", {"pairs": 1, "differences": 0}, 1, 1)
    Attainment.objects.update(outcome="not_met")
    job = ask(kind="recheck")
    run_next()
    job.refresh_from_db()
    assert job.result == {"pairs": 1, "differences": 1}
    assert Attainment.objects.get().outcome == "not_met", "it changes nothing"


def test_computing_everything_anew_puts_right_what_differs(world: World) -> None:
    bring_to(world, "approved")
    run_requests()
    Attainment.objects.update(outcome="not_met")
    job = ask(kind="evaluate_all")
    run_next()
    job.refresh_from_db()
    assert job.result == {"written": 1, "deleted": 0, "unchanged": 10}
    assert Attainment.objects.get().outcome == "met"


def test_a_cancelled_recomputation_keeps_whole_chunks_and_a_cancelled_check_is_not_recorded(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evaluation, "CHUNK", 1)
    bring_to(world, "approved")
    other = make_report(world, unit=world.communes[1])
    bring_to(world, "approved", report=other, officer=world.people["other_officer"])
    real = evaluation._evaluate_chunk

    def cancelled_meanwhile(pairs: Any) -> Any:
        from mongcai_portal.common.jobs import cancel

        cancel(job_id=Job.objects.get(state="running").pk, by="Quản trị")
        return real(pairs)

    monkeypatch.setattr(evaluation, "_evaluate_chunk", cancelled_meanwhile)
    job = ask(kind="evaluate_all")
    run_next()
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == ("cancelled", 1, 2)
    assert Attainment.objects.count() == 1


def test_old_work_is_cleared_and_newer_and_open_work_stays(world: World, settings: Any) -> None:
    settings.JOBS_KEPT_DAYS = 30
    bring_to(world, "approved")
    run_requests()
    old = timezone.now() - timedelta(days=31)
    EvaluationRequest.objects.update(done_at=old)
    other = make_report(world, unit=world.communes[1])
    bring_to(world, "approved", report=other, officer=world.people["other_officer"])
    EvaluationRequest.objects.filter(done_at=None).update(requested_at=old)
    job = ask(kind="clear_past_work")
    run_next()
    job.refresh_from_db()
    assert job.result == {"evaluations": 1, "jobs": 0}
    assert EvaluationRequest.objects.get().unit == world.communes[1]


# --- Freshness -------------------------------------------------------------------------------------------------------


def test_results_are_late_when_their_evaluation_waits_long_fails_or_nobody_evaluates(
    world: World, django_assert_num_queries: Any
) -> None:
    report = bring_to(world, "approved")
    pair = (report.unit_id, report.period_id)
    assert set(late_results()) == {pair}, "no worker ever signed"
    heartbeats.beat("evaluate")
    assert late_results() == {}
    EvaluationRequest.objects.update(error="ValueError: x")
    assert late_results()[pair].failed
    asked = timezone.now() - timedelta(minutes=1)
    EvaluationRequest.objects.update(error="", requested_at=asked)
    with django_assert_num_queries(2):  # whether anything changed, and what waits
        late = late_results()[pair]
    assert (late.since, late.failed) == (asked, False)
    run_requests()
    assert late_results() == {}
    with django_assert_num_queries(1):
        assert late_results() == {}
