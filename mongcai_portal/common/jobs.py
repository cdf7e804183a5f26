"""Long work: which kinds there are, and how one is asked for, held, run step by step, cancelled and recovered.

A job is a row (`Job`), and the row is the promise: a message may be lost by any broker, a worker may be killed. Whoever
has something long to do registers a `JobKind` in `AppConfig.ready`, and beat or a service asks for it.

    register(JobKind("recheck", _("Đối chiếu lại mọi kết quả"), run=recheck_job))

`run` gets a `Step` to call between two chunks of its work, outside of any transaction: it stores how far the work is,
holds the job anew, and raises when the job was cancelled or taken over. What `run` returns is kept as the result.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.functional import Promise

from mongcai_portal.common import heartbeats
from mongcai_portal.common.models import Job

log = logging.getLogger(__name__)

TASK = "common.tasks.run_jobs"
TRIES = 3
FIRST_PAUSE = timedelta(minutes=1)  # doubled after each failure
LOST, UNKNOWN = "lost", "unknown_kind"
OPEN = (Job.State.WAITING, Job.State.RUNNING)


class Stopped(Exception):
    """Raised by a step: the work ends here."""


class Cancelled(Stopped):
    """Someone cancelled the job."""


class TakenOver(Stopped):
    """The job was held too long without a step, and is another worker's now."""


@dataclass(frozen=True, slots=True)
class Step:
    """How running work tells how far it is: `step(done, total)`."""

    job_id: int
    token: str

    def __call__(self, done: int, total: int | None = None) -> None:
        """Store the progress and hold the job anew.

        Raises:
            Cancelled; TakenOver: the work must stop; what it has stored so far stays.
        """
        if not _held(self.job_id, self.token).update(done=done, total=total, taken_at=timezone.now()):
            raise TakenOver(self.job_id)
        if Job.objects.filter(pk=self.job_id, cancel_asked=True).exists():
            raise Cancelled(self.job_id)
        heartbeats.beat(heartbeats.MAINTENANCE)  # a long job keeps its worker from the messages that ask for it


Run = Callable[[Step], Mapping[str, Any] | None]


@dataclass(frozen=True, slots=True)
class JobKind:
    """A kind of long work.

    `told` says a result in words; `alarming` whether a result needs attention although the work was done; `tries`: how
    often it is begun before it counts as failed.
    """

    code: str
    label: str | Promise
    run: Run
    told: Callable[[Mapping[str, Any]], str] = lambda result: ""
    alarming: Callable[[Mapping[str, Any]], bool] = lambda result: False
    tries: int = TRIES


_kinds: dict[str, JobKind] = {}


def register(kind: JobKind) -> None:
    """Make a kind of work known; a second time replaces it."""
    _kinds[kind.code] = kind


def kinds() -> tuple[JobKind, ...]:
    """Return every kind, in the order of registration."""
    return tuple(_kinds.values())


def find(code: str) -> JobKind | None:
    """Return a kind, or None when it is not known (any more)."""
    return _kinds.get(code)


def label_of(code: str) -> str:
    """Return what a kind is called; one that is not known any more by its code."""
    return str(_kinds[code].label) if code in _kinds else code


# --- Asking ---------------------------------------------------------------------------------------------------------


def ask(*, kind: str, by: str = "") -> Job:
    """Return the open job of a kind, made now unless there is one; workers are told after the commit.

    Raises:
        KeyError: no such kind.
    """
    _kinds[kind]
    moment = timezone.now()
    while True:
        found = Job.objects.filter(kind=kind, state__in=OPEN).first()
        if found is not None:
            return found
        try:
            with transaction.atomic():
                job = Job.objects.create(kind=kind, asked_by=by, asked_at=moment, not_before=moment)
        except IntegrityError:  # another window or beat was first
            continue
        transaction.on_commit(wake)
        return job


def wake() -> None:
    """Tell a worker that a job waits; when no broker answers, the next sweep comes by itself."""
    try:
        current_app.send_task(TASK, retry=False)
    except Exception:  # any broker fault: the row is the promise
        log.warning("No broker took the job; the next sweep will.", exc_info=True)


def cancel(*, job_id: int, by: str) -> bool:
    """Cancel a job that waits, or ask the one that runs to stop at its next step; False when it is neither."""
    own = Job.objects.filter(pk=job_id)
    waiting = own.filter(state=Job.State.WAITING)
    if waiting.update(state=Job.State.CANCELLED, cancel_asked=True, cancelled_by=by, finished_at=timezone.now()):
        return True
    running = own.filter(state=Job.State.RUNNING, cancel_asked=False)
    return bool(running.update(cancel_asked=True, cancelled_by=by))


def retry(*, job_id: int, by: str) -> bool:
    """Let a failed or cancelled job wait again, with all its tries; False when it is neither, or its kind is open."""
    moment = timezone.now()
    ended = Job.objects.filter(pk=job_id, state__in=[Job.State.FAILED, Job.State.CANCELLED])
    try:
        with transaction.atomic():
            changed = ended.update(
                state=Job.State.WAITING,
                asked_by=by,
                asked_at=moment,
                not_before=moment,
                attempts=0,
                finished_at=None,
                cancel_asked=False,
                cancelled_by="",
                done=0,
                total=None,
                error="",
            )
    except IntegrityError:  # another job of the kind is open already
        return False
    if changed:
        transaction.on_commit(wake)
    return bool(changed)


# --- Running --------------------------------------------------------------------------------------------------------


def run_next() -> bool:
    """Take over what killed workers held, then take the job that waits longest and run it; False when there is none.

    Nothing is taken while another job runs.
    """
    moment = timezone.now()
    _recover(moment)
    job = Job.objects.filter(state=Job.State.WAITING, not_before__lte=moment).order_by("not_before", "pk").first()
    if job is None:
        return False
    token = uuid.uuid4().hex
    try:
        with transaction.atomic():
            taken = Job.objects.filter(pk=job.pk, state=Job.State.WAITING).update(
                state=Job.State.RUNNING,
                taken_at=moment,
                taken_by=token,
                started_at=moment,
                attempts=F("attempts") + 1,
                done=0,
                total=None,
            )
    except IntegrityError:  # the constraint: another one runs
        return False
    if taken:
        job.refresh_from_db()
        _run(job, token)
    return bool(taken)


def _run(job: Job, token: str) -> None:
    kind = _kinds.get(job.kind)
    if kind is None:
        _finish(job.pk, token, Job.State.FAILED, error=UNKNOWN)
        return
    try:
        result = dict(kind.run(Step(job.pk, token)) or {})
    except Cancelled:
        _finish(job.pk, token, Job.State.CANCELLED)
    except TakenOver:
        log.warning("Job %s (%s) was held too long without a step; another worker has it", job.pk, job.kind)
    except Exception as error:
        log.exception("Job %s (%s) failed", job.pk, job.kind)
        _fail(job, token, type(error).__name__, kind.tries)
    else:
        if result or job.asked_by:
            _finish(job.pk, token, Job.State.DONE, result=result)
        else:  # the schedule asked, and there is nothing to tell
            _held(job.pk, token).delete()


def _held(job_id: int, token: str) -> QuerySet[Job]:
    """The job, as long as it is still the holder's."""
    return Job.objects.filter(pk=job_id, taken_by=token, state=Job.State.RUNNING)


def _finish(job_id: int, token: str, state: str, *, error: str = "", result: Mapping[str, Any] | None = None) -> None:
    _held(job_id, token).update(
        state=state, error=error, result=dict(result or {}), finished_at=timezone.now(), taken_at=None, taken_by=""
    )


def _fail(job: Job, token: str, error: str, tries: int) -> None:
    """Let the job wait for its next try, or give it up after the last."""
    if job.attempts >= tries:
        _finish(job.pk, token, Job.State.FAILED, error=error)
        return
    _held(job.pk, token).update(
        state=Job.State.WAITING,
        error=error,
        not_before=timezone.now() + FIRST_PAUSE * 2 ** (job.attempts - 1),
        taken_at=None,
        taken_by="",
    )


def _recover(moment: datetime) -> None:
    """Take a job from a worker that made no step for `JOB_LEASE` seconds: it waits again, or has had all its tries."""
    lapsed = moment - timedelta(seconds=settings.JOB_LEASE)
    for job in Job.objects.filter(state=Job.State.RUNNING, taken_at__lt=lapsed):
        kind = _kinds.get(job.kind)
        if job.cancel_asked:
            _finish(job.pk, job.taken_by, Job.State.CANCELLED)
        elif kind is None or job.attempts >= kind.tries:
            _finish(job.pk, job.taken_by, Job.State.FAILED, error=LOST)
        else:
            _held(job.pk, job.taken_by).update(state=Job.State.WAITING, error=LOST, taken_at=None, taken_by="")


# --- Clearing -------------------------------------------------------------------------------------------------------


def clear_past(before: datetime) -> int:
    """Delete the jobs that ended before a moment; return how many."""
    return Job.objects.filter(finished_at__lt=before).delete()[0]
