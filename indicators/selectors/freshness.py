"""Which stored results are older than they should be."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet, Subquery
from django.utils import timezone

from indicators.models import EvaluationRequest
from indicators.rules.freshness import Late, lateness
from mongcai_portal.common.heartbeats import EVALUATE, STALE_AFTER
from mongcai_portal.common.models import Heartbeat
from mongcai_portal.common.stamped import kept, stamp_now

Pair = tuple[int, int]


def late_results() -> dict[Pair, Late]:
    """Return what is late by (unit id, period id): one query while no evaluation is to be done, else two."""
    stamp = stamp_now().of(EvaluationRequest)
    # What waits becomes late by the clock: only that nothing waits is kept.
    return late_of(kept("waiting evaluations", waiting_results, stamp=stamp, stands=lambda waiting: not waiting))


def waiting_results() -> list[tuple[Pair, Late | None]]:
    """Return the evaluations still to be done, with how late that makes a result: one query."""
    return _waiting(EvaluationRequest.objects.waiting())


def late_of(waiting: Iterable[tuple[Pair, Late | None]]) -> dict[Pair, Late]:
    """Return those that are late."""
    return {pair: late for pair, late in waiting if late is not None}


def waiting_for(unit_id: int, period_id: int) -> tuple[bool, Late | None]:
    """Say whether a unit's period is still to be evaluated, and whether that makes its result late: one query."""
    found = _waiting(EvaluationRequest.objects.waiting().filter(unit=unit_id, period=period_id))
    return bool(found), found[0][1] if found else None


def _waiting(rows: QuerySet[EvaluationRequest]) -> list[tuple[Pair, Late | None]]:
    now = timezone.now()
    sign = Subquery(Heartbeat.objects.filter(component=EVALUATE).values("at"))
    return [
        (
            (unit_id, period_id),
            lateness(
                asked_at,
                failed=bool(error) or attempts >= EvaluationRequest.TRIES,
                silent=at is None or now - at >= STALE_AFTER,
                now=now,
            ),
        )
        for unit_id, period_id, asked_at, error, attempts, at in rows.annotate(sign=sign).values_list(
            "unit_id", "period_id", "requested_at", "error", "attempts", "sign"
        )
    ]
