"""Proving the counts: the register is counted anew, compared with what is stored, and every difference is named."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from communes.models import CountedVillage, HouseholdCount, HouseholdStay
from communes.rules.poverty.tallies import Span
from communes.services.counts.keep import CHUNK, count_stale, counted, hold, stored_spans
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.services import record
from mongcai_portal.common.jobs import Step


@dataclass(frozen=True, slots=True)
class CountDifference:
    """A number that is stored otherwise than the register comes to; None where one of the two has none."""

    village_id: int
    standard_id: int | None
    status: str
    ethnicity: str
    start: date
    stored: tuple[date | None, int] | None
    computed: tuple[date | None, int] | None


def prove_counts(step: Step | None = None) -> tuple[int, list[CountDifference]]:
    """Count what was left for later, then compare every village; return how many, and every difference.

    Nothing that is compared is changed. A village that seems to differ is held and compared again, so that what was
    written meanwhile is no difference.
    """
    count_stale(step)
    villages = HouseholdStay.objects.order_by("village").values_list("village", flat=True).distinct()
    ids = sorted({*villages, *HouseholdCount.objects.values_list("village", flat=True).distinct()})
    found: list[CountDifference] = []
    for start in range(0, len(ids), CHUNK):
        if step:
            step(start, len(ids))
        chunk = ids[start : start + CHUNK]
        for village in sorted({one.village_id for one in _compared(chunk)}):
            with transaction.atomic():
                hold([village])
                found += _compared([village])
    if step:
        step(len(ids), len(ids))
    record(
        kind=Kind.RECHECK_DONE,
        by=None,
        obj_type="household_counts",
        obj_id="",
        label="",
        villages=len(ids),
        differences=len(found),
    )
    return len(ids), found


def prove_job(step: Step) -> dict[str, Any]:
    """The proof as background work."""
    villages, differences = prove_counts(step)
    return {"villages": villages, "differences": len(differences)}


def stale_villages() -> int:
    """Return how many villages wait for being counted."""
    return CountedVillage.objects.filter(stale_since__isnull=False).count()


def _compared(village_ids: Collection[int]) -> list[CountDifference]:
    computed, stored = set(counted(village_ids)), {span for span, _pk in stored_spans(village_ids)}
    new, old = {_place(s): s for s in computed - stored}, {_place(s): s for s in stored - computed}
    return [
        CountDifference(
            where[0].village, where[0].standard, where[0].status, where[0].ethnicity, where[1],
            _number(old.get(where)), _number(new.get(where)),
        )
        for where in sorted(new.keys() | old.keys(), key=lambda w: (w[0].village, w[0].standard or 0, *w[0][2:], w[1]))
    ]  # fmt: skip


def _place(span: Span) -> tuple[Any, date]:
    return span.cell, span.start


def _number(span: Span | None) -> tuple[date | None, int] | None:
    return None if span is None else (span.end, span.households)
