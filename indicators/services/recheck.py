"""Recompute everything, compare with what is stored, and list every difference; nothing is changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from indicators.models import Attainment, CriterionResult, EvaluationRequest, IndicatorResult
from indicators.services import evaluation
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.services import record
from mongcai_portal.common.jobs import Step


@dataclass(frozen=True, slots=True)
class Difference:
    """A result that is stored otherwise than computed; `stored` or `computed` is None when it is missing."""

    table: str
    unit_id: int
    period_id: int
    key: int
    stored: str | None
    computed: str | None


@dataclass(frozen=True, slots=True)
class Rechecked:
    """How many pairs of unit and period were compared, and what differs."""

    pairs: int
    differences: tuple[Difference, ...]


def recheck() -> list[Difference]:
    """Return every difference between stored and recomputed results."""
    return list(recheck_all().differences)


def recheck_all(step: Step | None = None) -> Rechecked:
    """Compare stored with recomputed results, and record the check in the audit trail.

    A pair with an open request is left out: its results are known to be on their way. `step` is called before each
    chunk, and may stop the work: a check that was stopped is none, and is not recorded.
    """
    waiting = set(EvaluationRequest.objects.filter(done_at__isnull=True).values_list("unit_id", "period_id"))
    pairs = [pair for pair in evaluation.every_pair() if pair not in waiting]
    differences: list[Difference] = []
    for start in range(0, len(pairs), evaluation.CHUNK):
        if step:
            step(start, len(pairs))
        chunk = pairs[start : start + evaluation.CHUNK]
        indicator, criterion, attainment = evaluation.computed(chunk, timezone.now())
        for model, key, rows, columns in (
            (IndicatorResult, "version_id", indicator, evaluation.INDICATOR_COLUMNS),
            (CriterionResult, "criterion_id", criterion, evaluation.CRITERION_COLUMNS),
            (Attainment, "criteria_set_id", attainment, evaluation.ATTAINMENT_COLUMNS),
        ):
            differences += _compare(model, key, rows, evaluation.stored(model, chunk), columns)
    if step:
        step(len(pairs), len(pairs))
    record(
        kind=Kind.RECHECK_DONE,
        by=None,
        obj_type="recheck",
        obj_id="",
        label="",
        pairs=len(pairs),
        differences=len(differences),
    )
    return Rechecked(len(pairs), tuple(differences))


def _compare(model: Any, key: str, rows: list[Any], stored: list[Any], columns: Any) -> list[Difference]:
    def identity(row: Any) -> tuple[int, int, int]:
        return row.unit_id, row.period_id, getattr(row, key)

    def said(row: Any) -> str:
        return ", ".join(f"{c}={getattr(row, c)}" for c in columns)

    new, old = {identity(r): r for r in rows}, {identity(r): r for r in stored}
    return [
        Difference(
            model.__name__,
            *where,
            said(old[where]) if where in old else None,
            said(new[where]) if where in new else None,
        )
        for where in sorted(new.keys() | old.keys())
        if where not in new or where not in old or not evaluation.same(new[where], old[where], columns)
    ]
