"""Celery beat that also records that it is alive."""

from __future__ import annotations

import logging
import time
from typing import Any

from celery.beat import PersistentScheduler
from django.db import DatabaseError, close_old_connections

from mongcai_portal.common import heartbeats

logger = logging.getLogger(__name__)

EVERY_SECONDS = 10.0


class HeartbeatScheduler(PersistentScheduler):
    """The scheduler that keeps its state in a file; every ten seconds it also signs its heartbeat row."""

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
            heartbeats.beat("beat")
        except DatabaseError:  # a database that is away must not stop beat: the next tick tries again
            logger.exception("beat could not record its heartbeat")
