"""Long work as rows: asked for once, run one after another, cancelled, tried again, recovered from a killed worker."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from mongcai_portal.common import jobs
from mongcai_portal.common.jobs import JobKind, Step, ask, cancel, clear_past, register, retry, run_next
from mongcai_portal.common.models import Heartbeat, Job

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(jobs, "_kinds", {})
    monkeypatch.setattr(jobs, "wake", lambda: None)
    register(JobKind("count", "Đếm", run=lambda step: {"n": 3}))
    yield


def kind(run: Callable[[Step], Any], code: str = "count", **more: Any) -> None:
    register(JobKind(code, code, run=run, **more))


def fail(step: Step) -> None:
    raise OSError("/srv/portal: no space left")


def due_now() -> None:
    """Let the pause before the next try be over."""
    Job.objects.filter(state="waiting").update(not_before=timezone.now() - timedelta(seconds=1))


def lapsed(job: Job, seconds: int = 61) -> None:
    """As if the worker had made no step for so long."""
    Job.objects.filter(pk=job.pk).update(
        state="running", taken_by="killed", taken_at=timezone.now() - timedelta(seconds=seconds), attempts=1
    )


def test_a_job_runs_once_and_keeps_its_result() -> None:
    job = ask(kind="count", by="Quản trị")
    assert run_next() is True
    job.refresh_from_db()
    assert (job.state, job.result, job.attempts, job.error) == ("done", {"n": 3}, 1, "")
    assert job.finished_at is not None and job.taken_by == ""
    assert run_next() is False


def test_an_unknown_kind_is_not_asked_for() -> None:
    with pytest.raises(KeyError):
        ask(kind="nothing")
    assert not Job.objects.exists()


def test_asking_while_one_waits_or_runs_returns_that_one() -> None:
    job = ask(kind="count")
    assert ask(kind="count") == job
    seen: list[Job] = []
    kind(lambda step: seen.append(ask(kind="count")))
    run_next()
    assert seen == [job]
    assert ask(kind="count") != job, "after it a new one"


def test_the_database_refuses_two_open_jobs_of_a_kind_and_two_that_run() -> None:
    moment = timezone.now()
    first = ask(kind="count")
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(kind="count", asked_at=moment, not_before=moment)
    Job.objects.filter(pk=first.pk).update(state="running")
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(kind="other", state="running", asked_at=moment, not_before=moment)


@pytest.mark.parametrize(
    "wrong", [{"state": "done"}, {"state": "waiting", "finished_at": timezone.now()}, {"state": "failed"}]
)
def test_the_database_refuses_an_end_without_time_or_reason(wrong: dict[str, Any]) -> None:
    moment = timezone.now()
    if wrong["state"] == "failed":
        wrong = {**wrong, "finished_at": moment}
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(kind="count", asked_at=moment, not_before=moment, **wrong)


def test_nothing_is_taken_while_another_job_runs() -> None:
    kind(lambda step: None, "other")
    first, second = ask(kind="count"), ask(kind="other", by="x")
    Job.objects.filter(pk=first.pk).update(state="running", taken_by="x", taken_at=timezone.now())
    assert run_next() is False
    second.refresh_from_db()
    assert second.state == "waiting" and second.attempts == 0


def test_steps_store_the_progress_and_sign_for_the_queue() -> None:
    seen = []

    def work(step: Step) -> dict[str, Any]:
        step(2, 5)
        seen.append(Job.objects.values_list("done", "total", "state").get())
        return {"n": 1}

    kind(work)
    ask(kind="count")
    run_next()
    assert seen == [(2, 5, "running")]
    assert Heartbeat.objects.filter(component="maintenance").exists()


def test_a_scheduled_run_with_nothing_to_tell_leaves_no_row_and_one_asked_by_a_person_does() -> None:
    kind(lambda step: None)
    ask(kind="count")
    run_next()
    assert not Job.objects.exists()
    ask(kind="count", by="Quản trị")
    run_next()
    assert Job.objects.get().state == "done"


def test_a_job_that_waits_is_cancelled_and_never_starts() -> None:
    ran = []
    kind(lambda step: ran.append(1))
    job = ask(kind="count")
    assert cancel(job_id=job.pk, by="Quản trị") is True
    assert run_next() is False and ran == []
    job.refresh_from_db()
    assert (job.state, job.cancelled_by) == ("cancelled", "Quản trị")


def test_a_running_job_stops_at_its_next_step() -> None:
    steps = []

    def work(step: Step) -> None:
        for n in range(5):
            step(n, 5)
            steps.append(n)
            if n == 1:
                cancel(job_id=step.job_id, by="Quản trị")

    kind(work)
    job = ask(kind="count")
    run_next()
    job.refresh_from_db()
    assert steps == [0, 1], "the step after the cancellation is not made"
    assert (job.state, job.done) == ("cancelled", 2)


def test_what_has_ended_or_is_being_cancelled_cannot_be_cancelled() -> None:
    job = ask(kind="count", by="x")
    run_next()
    assert cancel(job_id=job.pk, by="y") is False
    Job.objects.filter(pk=job.pk).update(state="running", finished_at=None)
    assert cancel(job_id=job.pk, by="first") is True
    assert cancel(job_id=job.pk, by="second") is False
    assert Job.objects.get().cancelled_by == "first"


def test_a_failing_job_is_tried_three_times_with_growing_pauses_and_then_says_why() -> None:
    kind(fail)
    job = ask(kind="count")
    pauses = []
    for _ in range(2):
        before = timezone.now()
        assert run_next() is True
        job.refresh_from_db()
        assert (job.state, job.error) == ("waiting", "OSError")
        pauses.append(round((job.not_before - before).total_seconds()))
        assert run_next() is False, "not before its pause is over"
        due_now()
    assert pauses == [60, 120]
    run_next()
    job.refresh_from_db()
    assert (job.state, job.error, job.attempts) == ("failed", "OSError", 3)
    assert "no space" not in str(job.__dict__), "another program's text stays in the log"
    due_now()
    assert run_next() is False


def test_an_error_that_goes_away_leaves_no_trace_in_the_result() -> None:
    kind(fail)
    job = ask(kind="count")
    run_next()
    kind(lambda step: {"n": 1})
    due_now()
    run_next()
    job.refresh_from_db()
    assert (job.state, job.error, job.attempts) == ("done", "", 2)


@pytest.mark.parametrize("state", ["failed", "cancelled"])
def test_what_failed_or_was_cancelled_runs_again_with_all_its_tries(state: str) -> None:
    job = ask(kind="count", by="x")
    Job.objects.filter(pk=job.pk).update(
        state=state, error="OSError", attempts=3, finished_at=timezone.now(), cancel_asked=True
    )
    assert retry(job_id=job.pk, by="Quản trị") is True
    assert run_next() is True
    job.refresh_from_db()
    assert (job.state, job.attempts, job.asked_by, job.error) == ("done", 1, "Quản trị", "")


def test_what_is_done_or_has_a_successor_is_not_run_again() -> None:
    job = ask(kind="count", by="x")
    run_next()
    assert retry(job_id=job.pk, by="y") is False
    Job.objects.filter(pk=job.pk).update(state="failed", error="OSError")
    ask(kind="count")
    assert retry(job_id=job.pk, by="y") is False
    assert Job.objects.filter(state="failed").count() == 1


def test_a_job_of_a_killed_worker_is_run_by_the_next_one() -> None:
    job = ask(kind="count", by="x")
    lapsed(job)
    assert run_next() is True
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("done", 2)


def test_a_worker_that_makes_steps_keeps_its_job() -> None:
    job = ask(kind="count", by="x")
    lapsed(job, seconds=55)
    assert run_next() is False
    assert Job.objects.get().taken_by == "killed"


def test_a_job_that_kills_its_worker_each_time_is_given_up() -> None:
    job = ask(kind="count", by="x")
    lapsed(job)
    Job.objects.update(attempts=3)
    assert run_next() is False
    job.refresh_from_db()
    assert (job.state, job.error) == ("failed", "lost")


def test_a_cancelled_job_of_a_killed_worker_does_not_start_again() -> None:
    job = ask(kind="count", by="x")
    lapsed(job)
    Job.objects.update(cancel_asked=True)
    assert run_next() is False
    assert Job.objects.get().state == "cancelled"


def test_a_worker_that_was_too_slow_stops_and_leaves_the_job_to_its_new_holder() -> None:
    def work(step: Step) -> dict[str, Any]:
        Job.objects.filter(pk=step.job_id).update(taken_by="another")
        step(1, 2)
        return {"n": "of the slow one"}

    kind(work)
    job = ask(kind="count", by="x")
    run_next()
    job.refresh_from_db()
    assert (job.state, job.taken_by, job.result) == ("running", "another", {})


def test_a_kind_that_is_no_more_fails_in_words() -> None:
    job = ask(kind="count")
    jobs._kinds.clear()
    assert run_next() is True
    job.refresh_from_db()
    assert (job.state, job.error) == ("failed", "unknown_kind")


def test_only_what_ended_before_the_day_is_cleared() -> None:
    old, kept = ask(kind="count", by="x"), None
    run_next()
    Job.objects.filter(pk=old.pk).update(finished_at=timezone.now() - timedelta(days=31))
    kept = ask(kind="count", by="x")
    run_next()
    assert clear_past(timezone.now() - timedelta(days=30)) == 1
    assert list(Job.objects.all()) == [kept]
