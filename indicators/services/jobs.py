"""What people do with background work: start, cancel, and have done again what failed. Each leaves an event."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from communes.scope import scope_of
from indicators.models import EvaluationRequest
from indicators.services.evaluation import send_sweep
from indicators.services.guard import require
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.services import record
from mongcai_portal.common import jobs, letters
from mongcai_portal.common.errors import Fault, Invalid, Stale
from mongcai_portal.common.models import Job


def start(*, by: Any, kind: str) -> Job:
    """Ask for a kind of job; when one is open already, that one is returned and nothing is changed.

    Raises:
        Forbidden; Invalid: no such kind.
    """
    require(scope_of(by), Permission.JOBS_MANAGE)
    if kind not in {one.code for one in jobs.kinds()}:
        raise Invalid([Fault("/kind", "unknown", _("Không có công việc “%(kind)s”.") % {"kind": kind})])
    with transaction.atomic():
        before = set(Job.objects.filter(kind=kind, state__in=jobs.OPEN).values_list("pk", flat=True))
        job = jobs.ask(kind=kind, by=str(by))
        if job.pk not in before:
            _tell(job, Kind.JOB_ASKED, by)
    return job


def cancel(*, by: Any, job_id: int) -> Job:
    """Cancel a job: one that waits never starts, one that runs stops at its next step. What it stored so far stays.

    Raises:
        Job.DoesNotExist; Forbidden; Stale: it has ended, or someone cancelled it before.
    """
    require(scope_of(by), Permission.JOBS_MANAGE)
    job = Job.objects.get(pk=job_id)
    with transaction.atomic():
        if not jobs.cancel(job_id=job_id, by=str(by)):
            raise Stale(_stale(job_id))
        _tell(job, Kind.JOB_CANCELLED, by)
    job.refresh_from_db()
    return job


def retry(*, by: Any, job_id: int) -> Job:
    """Let a job that failed or was cancelled run again, with all its tries.

    Raises:
        Job.DoesNotExist; Forbidden; Stale: it has not ended so, or another of its kind waits or runs.
    """
    require(scope_of(by), Permission.JOBS_MANAGE)
    job = Job.objects.get(pk=job_id)
    with transaction.atomic():
        if not jobs.retry(job_id=job_id, by=str(by)):
            raise Stale(_stale(job_id))
        _tell(job, Kind.JOB_RETRIED, by)
    job.refresh_from_db()
    return job


def retry_evaluations(*, by: Any) -> int:
    """Let every evaluation with an error be tried again now, also those that had all their tries; return how many.

    Raises:
        Forbidden.
    """
    require(scope_of(by), Permission.JOBS_MANAGE)
    failed = EvaluationRequest.objects.failed().values_list("pk", flat=True)
    with transaction.atomic():
        ids = list(failed)
        count = EvaluationRequest.objects.filter(pk__in=ids, done_at__isnull=True).update(
            attempts=0, taken_at=None, taken_by="", error=""
        )
        if count:
            record(kind=Kind.JOB_RETRIED, by=by, obj_type="evaluation", obj_id="", rows=count)
            transaction.on_commit(send_sweep)
    return count


def retry_letters(*, by: Any) -> int:
    """Let every letter that was given up, of whatever kind, wait for being sent again; return how many.

    Raises:
        Forbidden.
    """
    require(scope_of(by), Permission.JOBS_MANAGE)
    total = 0
    with transaction.atomic():
        for kind in letters.kinds():
            count = letters.send_again(kind)
            if count:
                record(
                    kind=Kind.JOB_RETRIED,
                    by=by,
                    obj_type="letter",
                    obj_id=kind.code,
                    label=str(kind.label),
                    rows=count,
                )
                transaction.on_commit(partial(letters.wake, kind.task))
            total += count
    return total


def _tell(job: Job, kind: str, by: Any) -> None:
    record(kind=kind, by=by, obj_type="job", obj_id=job.pk, label=jobs.label_of(job.kind))


def _stale(job_id: int) -> str:
    state = Job.objects.get(pk=job_id).get_state_display()
    return _(
        "Công việc đã được xử lý ở cửa sổ khác, hoặc một việc cùng loại đang mở; trạng thái hiện nay: %(state)s."
    ) % {"state": state}
