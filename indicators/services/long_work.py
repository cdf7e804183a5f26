"""What the long jobs of this app do; each is one of the services that a command or a task calls as well."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from indicators.models import EvaluationRequest
from indicators.services.evaluation import evaluate
from indicators.services.recheck import recheck_all
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.services import record
from mongcai_portal.common import jobs

PORTION = 1000


def recheck_job(step: jobs.Step) -> dict[str, Any]:
    """Compare every stored result with its recomputation; changes nothing."""
    found = recheck_all(step)
    return {"pairs": found.pairs, "differences": len(found.differences)}


def evaluate_all_job(step: jobs.Step) -> dict[str, Any]:
    """Compute every result anew and write what differs."""
    summary = evaluate(step=step)
    result = {"written": summary.written, "deleted": summary.deleted, "unchanged": summary.unchanged}
    record(kind=Kind.EVALUATION_DONE, by=None, obj_type="evaluation", obj_id="", **result)
    return result


def clear_past_work(step: jobs.Step) -> dict[str, Any]:
    """Delete what ended more than `JOBS_KEPT_DAYS` days ago, in portions: no write holds the database for long."""
    before = timezone.now() - timedelta(days=settings.JOBS_KEPT_DAYS)
    past = EvaluationRequest.objects.filter(done_at__lt=before).order_by("pk")
    total, cleared = past.count(), 0
    while ids := list(past.values_list("pk", flat=True)[:PORTION]):
        step(cleared, total)
        cleared += EvaluationRequest.objects.filter(pk__in=ids).delete()[0]
    return {"evaluations": cleared, "jobs": jobs.clear_past(before)}
