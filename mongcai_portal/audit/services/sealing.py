"""Sealing the log: one job takes what has become visible and adds it to the chain."""

from __future__ import annotations

import logging

from django.db import IntegrityError, transaction
from django.utils import timezone

from mongcai_portal.audit.chain import GENESIS, SEALED, digest_of, link
from mongcai_portal.audit.models import AuditSeal
from mongcai_portal.audit.selectors.chain import head, waiting

logger = logging.getLogger(__name__)

# What is written in one transaction: a fraction of a second.
PORTION = 1000


def seal_waiting() -> int:
    """Seal every event that waits, in order of id, and return how many.

    Nobody who writes an event waits for this. Two jobs at once do no harm: the second finds its places taken, writes
    nothing and leaves the rest to the first.
    """
    sealed, more = 0, True
    while more:
        try:
            done, more = _seal_portion()
        except IntegrityError:
            logger.info("the audit log is being sealed by another job")
            break
        sealed += done
    if sealed:
        # The head in the server's log is a copy outside the database.
        logger.info("audit log sealed: %s events, head %s", sealed, head())
    return sealed


def _seal_portion() -> tuple[int, bool]:
    """Seal the next events; return how many, and whether more wait."""
    now = timezone.now()  # before looking: what is committed afterwards may be younger, never older
    last = head()
    found = list(waiting(last).values(*SEALED)[: PORTION + 1])
    more = len(found) > PORTION
    # Only with nothing left is everything seen; before that the older of them may carry any moment since the last time.
    seen = last.seen_at if last else None
    if not more:
        seen = now if seen is None else max(now, seen)
    seals: list[AuditSeal] = []
    seq, previous = (last.seq, last.hash) if last else (0, GENESIS)
    for event in found[:PORTION]:
        seq += 1
        digest = digest_of(event)
        made = link(previous=previous, seq=seq, event_id=event["id"], digest=digest, seen_at=seen)
        seals.append(
            AuditSeal(seq=seq, event_id=event["id"], digest=digest, previous=previous, hash=made, seen_at=seen)
        )
        previous = made
    with transaction.atomic():
        AuditSeal.objects.bulk_create(seals)
    return len(seals), more
