"""Celery beat that also records that it is alive, and what it has sent and will send."""

from __future__ import annotations

import logging
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from celery.beat import PersistentScheduler
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from mongcai_portal.common import heartbeats
from mongcai_portal.common.models import ScheduledTask

logger = logging.getLogger(__name__)

EVERY_SECONDS = 10.0


class HeartbeatScheduler(PersistentScheduler):
    """The scheduler that keeps its state in a file; every ten seconds it also signs its rows in the database.

    Its file is its own: no other process may open it, and pages may run on another machine.
    """

    _signed_at = -EVERY_SECONDS

    def tick(self, *args: Any, **kwargs: Any) -> float:
        if time.monotonic() - self._signed_at >= EVERY_SECONDS:
            self._signed_at = time.monotonic()
            self._sign()
        pause: float = super().tick(*args, **kwargs)
        return min(pause, EVERY_SECONDS)

    def _sign(self) -> None:
        close_old_connections()
        try:
            heartbeats.beat(heartbeats.BEAT)
            record_schedule(self.schedule)
        except DatabaseError:  # a database that is away must not stop beat: the next tick tries again
            logger.exception("beat could not record its heartbeat")


def record_schedule(entries: dict[str, Any]) -> None:
    """Store when each entry was last sent and when it will be next, and forget entries that are no more.

    A beat that was killed has lost its file and knows of nothing sent: what is stored stays until a new sending.
    """
    known = dict(ScheduledTask.objects.values_list("name", "last_at"))
    ScheduledTask.objects.bulk_create(
        [_row(name, entry, known.get(name)) for name, entry in sorted(entries.items())],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["last_at", "next_at"],
    )
    ScheduledTask.objects.exclude(name__in=entries).delete()


def _row(name: str, entry: Any, known: datetime | None) -> ScheduledTask:
    # What beat has never sent carries the time of beat's first start.
    sent = _aware(entry.last_run_at) if entry.total_run_count else known
    remaining: timedelta = entry.schedule.remaining_estimate(entry.last_run_at)
    return ScheduledTask(name=name, last_at=sent, next_at=timezone.now() + max(remaining, timedelta(0)))


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
