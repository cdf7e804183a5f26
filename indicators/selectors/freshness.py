"""Which stored results are older than they should be."""

from __future__ import annotations

from django.db.models import Subquery
from django.utils import timezone

from indicators.models import EvaluationRequest
from indicators.rules.freshness import Late, lateness
from mongcai_portal.common.heartbeats import EVALUATE, STALE_AFTER
from mongcai_portal.common.models import Heartbeat

Pair = tuple[int, int]


def late_results() -> dict[Pair, Late]:
    """Return what is late by (unit id, period id): one query, whose rows are the evaluations still to be done."""
    now = timezone.now()
    sign = Heartbeat.objects.filter(component=EVALUATE).values("at")
    rows = (
        EvaluationRequest.objects.waiting()
        .annotate(sign=Subquery(sign))
        .values_list("unit_id", "period_id", "requested_at", "error", "attempts", "sign")
    )
    found = {}
    for unit_id, period_id, asked_at, error, attempts, at in rows:
        late = lateness(
            asked_at,
            failed=bool(error) or attempts >= EvaluationRequest.TRIES,
            silent=at is None or now - at >= STALE_AFTER,
            now=now,
        )
        if late is not None:
            found[unit_id, period_id] = late
    return found
