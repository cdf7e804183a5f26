"""Evaluation: one path for one report and for the whole country; it writes only what differs.

Work is a row: `EvaluationRequest` outlives any lost message, a killed worker and a broker that forgot.
"""

from __future__ import annotations

import logging
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from indicators.models import (
    Attainment,
    CriterionResult,
    EvaluationRequest,
    IndicatorResult,
    Period,
    Report,
    ReportRevision,
)
from indicators.rules.standing import stand
from indicators.rules.types import PartOutcome, Standing
from indicators.selectors.data import approved_data
from indicators.selectors.definitions import contexts, definitions_for
from mongcai_portal.common.jobs import Step

log = logging.getLogger(__name__)

Pair = tuple[int, int]
CHUNK = 400
TRIES = EvaluationRequest.TRIES
TASK = "indicators.tasks.evaluate_request"
SWEEP = "indicators.tasks.sweep_requests"

GAP = Decimal("0.0001")

INDICATOR_COLUMNS = ("outcome", "rests_on_unverified", "rests_on_judgement", "norm_id", "gap")
CRITERION_COLUMNS = ("outcome", "rests_on_unverified", "rests_on_judgement")
ATTAINMENT_COLUMNS = (
    *CRITERION_COLUMNS,
    "criteria_met",
    "criteria_total",
    "indicators_met",
    "indicators_total",
    "data_up_to",
)


@dataclass(frozen=True, slots=True)
class EvaluationSummary:
    """How many result rows were written and removed, and how many already stood."""

    written: int = 0
    deleted: int = 0
    unchanged: int = 0

    def __add__(self, other: EvaluationSummary) -> EvaluationSummary:
        return EvaluationSummary(
            self.written + other.written, self.deleted + other.deleted, self.unchanged + other.unchanged
        )


def evaluate(pairs: Iterable[Pair] | None = None, *, step: Step | None = None) -> EvaluationSummary:
    """Compute and store the results of (unit id, period id) pairs; None means every approved report.

    Results of a pair without an approved report are removed. Running it twice changes nothing. `step` is called
    before each chunk and after the last, and may stop the work: a chunk is stored whole or not at all.
    """
    wanted = sorted(set(pairs)) if pairs is not None else every_pair()
    total = EvaluationSummary()
    for start in range(0, len(wanted), CHUNK):
        if step:
            step(start, len(wanted))
        with transaction.atomic():
            total += _evaluate_chunk(wanted[start : start + CHUNK])
    if step:
        step(len(wanted), len(wanted))
    return total


def every_pair() -> list[Pair]:
    """Return every (unit id, period id) with an approved report or with results."""
    return sorted(
        set(Report.objects.approved().values_list("unit_id", "period_id"))
        | set(Attainment.objects.values_list("unit_id", "period_id"))
    )


def _evaluate_chunk(pairs: Sequence[Pair]) -> EvaluationSummary:
    computed_at = timezone.now()
    indicator, criterion, attainment = computed(pairs, computed_at)
    return (
        _store(IndicatorResult, "version_id", indicator, pairs, INDICATOR_COLUMNS)
        + _store(CriterionResult, "criterion_id", criterion, pairs, CRITERION_COLUMNS)
        + _store(Attainment, "criteria_set_id", attainment, pairs, ATTAINMENT_COLUMNS, also=("computed_at",))
    )


def computed(
    pairs: Sequence[Pair], computed_at: datetime
) -> tuple[list[IndicatorResult], list[CriterionResult], list[Attainment]]:
    """Return the result rows that the pairs' approved reports give, unsaved."""
    wanted = set(pairs)
    reports = [
        r
        for r in Report.objects.approved()
        .filter(unit__in={u for u, _ in wanted}, period__in={p for _, p in wanted})
        .select_related("period")
        if (r.unit_id, r.period_id) in wanted
    ]
    data = approved_data(reports)
    approved_at = dict(
        ReportRevision.objects.filter(report__in=data, number=F("report__approved_revision")).values_list(
            "report_id", "approved_at"
        )
    )
    periods: dict[int, Period] = {r.period_id: r.period for r in reports}
    indicator: list[IndicatorResult] = []
    criterion: list[CriterionResult] = []
    attainment: list[Attainment] = []
    for period_id, period in periods.items():
        group = [r for r in reports if r.period_id == period_id]
        law = definitions_for(period)
        context = contexts([r.unit_id for r in group], period.ends_on, law.commune_groups)
        for report in group:
            for standing in stand(law.sets, context=context[report.unit_id], data=data[report.pk]):
                _rows(report, standing, approved_at[report.pk], computed_at, indicator, criterion, attainment)
    return indicator, criterion, attainment


def _rows(
    report: Report,
    standing: Standing,
    data_up_to: datetime,
    computed_at: datetime,
    indicator: list[IndicatorResult],
    criterion: list[CriterionResult],
    attainment: list[Attainment],
) -> None:
    key = {"unit_id": report.unit_id, "period_id": report.period_id}
    for c in standing.criteria:
        criterion.append(
            CriterionResult(
                **key,
                criterion_id=c.spec.id,
                outcome=c.outcome,
                rests_on_unverified=c.unverified,
                rests_on_judgement=c.judged,
            )
        )
        for i in c.indicators:
            part = i.deciding
            indicator.append(
                IndicatorResult(
                    **key,
                    version_id=i.spec.version_id,
                    outcome=i.outcome,
                    rests_on_unverified=i.unverified,
                    rests_on_judgement=i.judged,
                    norm_id=part.norm.id if part and part.norm else None,
                    gap=_stored_gap(part),
                )
            )
    attainment.append(
        Attainment(
            **key,
            criteria_set_id=standing.spec.id,
            outcome=standing.outcome,
            rests_on_unverified=standing.unverified,
            rests_on_judgement=standing.judged,
            criteria_met=standing.criteria_met,
            criteria_total=standing.criteria_total,
            indicators_met=standing.indicators_met,
            indicators_total=standing.indicators_total,
            computed_at=computed_at,
            data_up_to=data_up_to,
        )
    )


def _stored_gap(part: PartOutcome | None) -> Decimal | None:
    """Return the gap as its column keeps it: a derived norm has more places, and stored must equal computed."""
    return None if part is None or part.gap is None else part.gap.quantize(GAP, rounding=ROUND_HALF_EVEN)


def stored(model: Any, pairs: Sequence[Pair]) -> list[Any]:
    """Return the stored result rows of the pairs: one query."""
    wanted = set(pairs)
    rows = model.objects.filter(unit__in={u for u, _ in wanted}, period__in={p for _, p in wanted})
    return [row for row in rows if (row.unit_id, row.period_id) in wanted]


def same(a: Any, b: Any, columns: Sequence[str]) -> bool:
    """Whether two result rows say the same."""
    return all(getattr(a, column) == getattr(b, column) for column in columns)


def _store(
    model: Any, key: str, rows: list[Any], pairs: Sequence[Pair], columns: Sequence[str], also: Sequence[str] = ()
) -> EvaluationSummary:
    old = {(r.unit_id, r.period_id, getattr(r, key)): r for r in stored(model, pairs)}
    changed, unchanged = [], 0
    for row in rows:
        before = old.pop((row.unit_id, row.period_id, getattr(row, key)), None)
        if before is not None and same(before, row, columns):
            unchanged += 1
        else:
            changed.append(row)
    if old:
        model.objects.filter(pk__in=[r.pk for r in old.values()]).delete()
    model.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["unit", "period", key.removesuffix("_id")],
        update_fields=[*(c.removesuffix("_id") for c in columns), *also],
    )
    return EvaluationSummary(len(changed), len(old), unchanged)


def request_evaluation(*, unit_id: int, period_id: int) -> EvaluationRequest:
    """Ask for an evaluation in the caller's transaction; the message to the worker goes out after it commits."""
    while True:
        request, created = EvaluationRequest.objects.get_or_create(
            unit_id=unit_id, period_id=period_id, done_at__isnull=True, defaults={"requested_at": timezone.now()}
        )
        # A worker may close the request found before this one is counted: then it computed without our news.
        open_still = EvaluationRequest.objects.filter(pk=request.pk, done_at__isnull=True)
        if created or open_still.update(wanted=F("wanted") + 1, attempts=0):
            break
    transaction.on_commit(lambda: _send(request.pk))
    return request


def request_evaluations(pairs: Iterable[Pair]) -> None:
    """Ask for many evaluations in the caller's transaction: three queries, however many pairs there are."""
    by_period: dict[int, list[int]] = defaultdict(list)
    for unit_id, period_id in sorted(set(pairs)):
        by_period[period_id].append(unit_id)
    wanted = sum(map(len, by_period.values()))
    if not wanted:
        return
    condition = Q()
    for period_id, units in by_period.items():
        condition |= Q(period=period_id, unit__in=units)
    waiting = EvaluationRequest.objects.filter(condition, done_at__isnull=True)
    moment = timezone.now()
    while True:
        EvaluationRequest.objects.bulk_create(
            [
                EvaluationRequest(unit_id=unit_id, period_id=period_id, requested_at=moment, wanted=0)
                for period_id, units in by_period.items()
                for unit_id in units
            ],
            ignore_conflicts=True,
        )
        # A worker may close a request that was open a moment ago: then it is asked for anew.
        if waiting.update(wanted=F("wanted") + 1, attempts=0) == wanted:
            break
    transaction.on_commit(send_sweep)


def send_sweep() -> None:
    """Tell a worker that there is work; when no broker answers, the next sweep comes by itself."""
    try:
        current_app.send_task(SWEEP, retry=False)
    except Exception:  # any broker fault: the rows are the promise
        log.warning("No broker took the sweep; the next one comes by itself.", exc_info=True)


def _send(request_id: int) -> None:
    """Tell a worker at once; when no broker answers, the sweep finds the row."""
    try:
        current_app.send_task(TASK, [request_id], retry=False)
    except Exception:  # any broker fault: the row is the promise, the message only makes it quick
        log.warning("No broker took request %s; the sweep will.", request_id, exc_info=True)


def run_requests(ids: Sequence[int] | None = None) -> int:
    """Take open requests (these, or all that nobody holds) and evaluate them; return how many were closed.

    A request is held for `EVALUATION_LEASE` seconds: a worker killed meanwhile loses it to the next sweep. One that was
    taken `TRIES` times stays open and is left alone, until it is asked for anew or retried by a person.
    """
    token = uuid.uuid4().hex
    moment = timezone.now()
    free = Q(taken_at__isnull=True) | Q(taken_at__lt=moment - timedelta(seconds=settings.EVALUATION_LEASE))
    rows = EvaluationRequest.objects.filter(free, done_at__isnull=True, attempts__lt=TRIES)
    if ids is not None:
        rows = rows.filter(pk__in=ids)
    if not rows.exists():
        return 0
    rows.update(taken_at=moment, taken_by=token, attempts=F("attempts") + 1)
    taken = list(EvaluationRequest.objects.filter(taken_by=token, done_at__isnull=True))
    try:
        evaluate((r.unit_id, r.period_id) for r in taken)
    except Exception as error:
        if len(taken) == 1:
            # Kept until the lease ends, so that a faulty one is not tried in a circle.
            EvaluationRequest.objects.filter(pk=taken[0].pk).update(error=f"{type(error).__name__}: {error}"[:2000])
            log.exception("Evaluation request %s failed", taken[0].pk)
            return 0
        # One bad pair must not hold up the others.
        EvaluationRequest.objects.filter(taken_by=token).update(taken_at=None, taken_by="")
        return sum(run_requests([r.pk]) for r in taken)
    return sum(_close(r, token) for r in taken)


def _close(request: EvaluationRequest, token: str) -> int:
    """Close a request, unless it was asked for again while it ran: then it is free for the next run."""
    closed: int = EvaluationRequest.objects.filter(
        pk=request.pk, taken_by=token, wanted=request.wanted, done_at__isnull=True
    ).update(done_at=timezone.now(), error="")
    if not closed:
        EvaluationRequest.objects.filter(pk=request.pk, taken_by=token).update(taken_at=None, taken_by="")
    return closed
