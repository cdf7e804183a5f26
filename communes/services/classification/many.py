"""Classifying a whole register: sheets pass by in a stream, portion by portion, in memory that does not grow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils import timezone

from communes.models import HouseholdStay
from communes.rules.poverty.survey import Survey
from communes.services.classification.decisions import ReviewDecision, document_faults
from communes.services.classification.ground import Ground, among, ground_for, household_fault, portions, stored_faults
from communes.services.classification.record import counted
from communes.services.classification.rows import Common, Result, common, store, written
from communes.services.counts import mark_stale
from communes.services.households.guard import once
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.services import record
from mongcai_portal.common.errors import Invalid
from mongcai_portal.common.jobs import Step

PORTION = 20_000


def classify_many(
    *, by: Any, surveys: Iterable[tuple[int, Survey]], decision: ReviewDecision, step: Step | None = None
) -> dict[str, int]:
    """Classify households without number by a stream of sheets, and return how many new rows have each status.

    For registers of provinces: each portion is a transaction of its own and has one event in the log, so what was
    stored when the work stops stays, and the same stream again goes on where it stopped. The caller has asked whether
    the person may. The villages are left to be counted (`services.counts.count_stale`): the caller lets it follow, and
    the nightly proof counts what was left before it compares.

    Raises:
        Invalid: as `record_classifications`, of the portion in which it was found; those before are stored.
        Stale.
    """
    faults = document_faults(decision)
    if faults:
        raise Invalid(faults)
    ground = ground_for(decision)
    shared = common(decision, timezone.now())
    total: Counter[str] = Counter()
    done = 0
    # The rule judges a portion while the database stores the one before it. What it judges by was read beforehand.
    with ThreadPoolExecutor(max_workers=1) as judge:
        judged: Future[Judged] | None = None
        for portion in portions(surveys, PORTION):
            following = judge.submit(_judge, ground, shared, portion, ground.stays(portion))
            if judged is not None:
                total.update(_store(by, judged.result(), decision, shared))
            if step:
                step(done)
            judged = following
            done += len(portion)
        if judged is not None:
            total.update(_store(by, judged.result(), decision, shared))
    return dict(total)


class Judged(NamedTuple):
    """What a portion came to: its rows, households that cannot be classified with why, and the rows as a text."""

    rows: list[tuple[int, Result]]
    wrong: list[tuple[int, str]]
    text: str | None


def _judge(
    ground: Ground,
    shared: Common,
    portion: Sequence[tuple[int, Survey]],
    stays: Mapping[int, tuple[int, bool | None]],
) -> Judged:
    rows, wrong = ground.judge(portion, stays)
    return Judged(rows, wrong, written(rows, shared) if connection.vendor == "postgresql" else None)


def _villages(households: Collection[int]) -> set[int]:
    """Return where they live or lived, and perhaps where some others did, who are counted in vain."""
    stays = HouseholdStay.objects.filter(among(households)).order_by()
    return set(stays.values_list("village", flat=True).distinct())


def _store(by: Any, judged: Judged, decision: ReviewDecision, shared: Common) -> dict[str, int]:
    """Store what was judged of a portion, with its event; return how many rows have each status."""
    new, faults = stored_faults(judged.rows, shared)
    if judged.wrong or faults:
        raise Invalid([*(household_fault(*one) for one in judged.wrong), *faults])
    if not new:
        return {}
    said = counted(new)
    with once(), transaction.atomic():
        store(new, shared, judged.text if len(new) == len(judged.rows) else None)
        mark_stale(_villages({household for household, _result in new}))
        record(
            kind=Kind.HOUSEHOLD_CLASSIFIED,
            by=by,
            obj_type="classification",
            obj_id=decision.number,
            label=decision.number,
            on=decision.on,
            households=len({household for household, _result in new}),
            after=said,
        )
    return said
