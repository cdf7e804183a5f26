"""`/healthz`: the process answers. `/readyz`: everything that work needs is there."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu import Connection

from mongcai_portal.common import heartbeats

logger = logging.getLogger(__name__)

BROKER_TIMEOUT_SECONDS = 2.0


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when every check is `ok`, else 503; a fault is told in a few words without paths or addresses."""
    checks = {name: _ask(check) for name, check in CHECKS.items()}
    ready = all(answer == "ok" for answer in checks.values())
    return JsonResponse({"status": "ok" if ready else "unavailable", "checks": checks}, status=200 if ready else 503)


def _ask(check: Callable[[], str | None]) -> str:
    try:
        return check() or "ok"
    except Exception as fault:  # whatever it is, the answer must say so rather than fail itself
        logger.warning("health check failed", exc_info=True)
        return type(fault).__name__


def _database() -> str | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return None


def _migrations() -> str | None:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(waiting)} not applied" if waiting else None


def _queue() -> str | None:
    if settings.CELERY_BROKER_URL.startswith("filesystem:"):
        settings.BROKER_DIR.mkdir(parents=True, exist_ok=True)
        probe = settings.BROKER_DIR / "probe"
        probe.touch()
        return None
    with Connection(settings.CELERY_BROKER_URL, connect_timeout=BROKER_TIMEOUT_SECONDS) as broker:
        broker.ensure_connection(max_retries=1, timeout=BROKER_TIMEOUT_SECONDS)
    return None


CHECKS: dict[str, Callable[[], str | None]] = {
    "database": _database,
    "migrations": _migrations,
    "queue": _queue,
    "worker": heartbeats.fault_of_workers,
    "beat": heartbeats.fault_of_beat,
}
