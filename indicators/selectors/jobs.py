"""All background work on one page: jobs, evaluations, letters, the schedule, and whether anyone is there to do it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Count, Q, QuerySet, When
from django.utils import timezone

from communes.models import UnitVersion
from communes.selectors.directory import names_on
from indicators.models import EvaluationRequest
from mongcai_portal.common import heartbeats, letters
from mongcai_portal.common.heartbeats import Sign
from mongcai_portal.common.jobs import OPEN
from mongcai_portal.common.letters import LetterCount
from mongcai_portal.common.models import Job, ScheduledTask

SHOWN = 20  # evaluations still to be done; the rest is counted
PAST = 20  # work that is over, on one page


@dataclass(frozen=True, slots=True)
class Background:
    """Background work at this moment.

    `evaluations` are those that failed first, then the oldest; `waiting`, `failed` count all of them. `past` is newest
    first, of both kinds; `older` is where the next page begins.
    """

    now: datetime
    signs: dict[str, Sign]
    schedule: dict[str, ScheduledTask]
    jobs: tuple[Job, ...]
    evaluations: tuple[EvaluationRequest, ...]
    waiting: int
    failed: int
    letters: tuple[LetterCount, ...]
    past: tuple[Job | EvaluationRequest, ...]
    older: datetime | None
    names: dict[int, UnitVersion]


def background(*, before: datetime | None = None) -> Background:
    """Return the page's content: eight queries and those of `letters.counts`, however much there is to do."""
    failed = Q(~Q(error="") | Q(attempts__gte=EvaluationRequest.TRIES))
    evaluations = tuple(
        EvaluationRequest.objects.waiting()
        .annotate(is_failed=Case(When(failed, then=1), default=0))
        .select_related("unit", "period")
        .order_by("-is_failed", "requested_at", "pk")[:SHOWN]
    )
    counts = EvaluationRequest.objects.waiting().aggregate(n=Count("pk"), failed=Count("pk", filter=failed))
    past, older = _past(before)
    units = {row.unit_id for row in (*evaluations, *past) if isinstance(row, EvaluationRequest)}
    return Background(
        now=timezone.now(),
        signs=heartbeats.signs(),
        schedule={row.name: row for row in ScheduledTask.objects.all()},
        jobs=tuple(Job.objects.filter(state__in=OPEN).order_by("state", "not_before", "pk")),
        evaluations=evaluations,
        waiting=counts["n"],
        failed=counts["failed"],
        letters=letters.counts(),
        past=past,
        older=older,
        names=names_on(timezone.localdate(), units),
    )


def _past(before: datetime | None) -> tuple[tuple[Job | EvaluationRequest, ...], datetime | None]:
    """Return a page of work that is over, and where the next begins: two queries."""
    jobs: QuerySet[Job] = Job.objects.filter(finished_at__isnull=False)
    done = EvaluationRequest.objects.filter(done_at__isnull=False).select_related("unit", "period")
    if before is not None:
        jobs, done = jobs.filter(finished_at__lt=before), done.filter(done_at__lt=before)
    rows: list[Job | EvaluationRequest] = [
        *jobs.order_by("-finished_at", "-pk")[: PAST + 1],
        *done.order_by("-done_at", "-pk")[: PAST + 1],
    ]
    rows.sort(key=ended_at, reverse=True)
    shown = rows[:PAST]
    # What ended at the very moment of the last row (one batch) stays with it.
    shown += [row for row in rows[PAST:] if ended_at(row) == ended_at(shown[-1])]
    return tuple(shown), ended_at(shown[-1]) if len(shown) < len(rows) else None


def ended_at(row: Job | EvaluationRequest) -> datetime:
    """When work was over."""
    moment = row.finished_at if isinstance(row, Job) else row.done_at
    assert moment is not None
    return moment


def jobs_seen() -> QuerySet[Job]:
    """Return every job, newest first, as other systems read them."""
    return Job.objects.all()
