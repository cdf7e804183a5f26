"""Background tasks of no domain."""

from typing import Any

from celery import shared_task
from celery.signals import worker_ready

from mongcai_portal.common import files, heartbeats, idempotency


@shared_task(name="common.tasks.worker_heartbeat")
def worker_heartbeat() -> None:
    """Done by a worker, so its row says that messages are taken and work gets done."""
    heartbeats.beat("worker")


@shared_task(name="common.tasks.remove_unused_files")
def remove_unused_files() -> None:
    """Clear away files that no row names any more, and answers that nobody will ask for again."""
    files.remove_unused()
    idempotency.forget()


@worker_ready.connect
def _sign_at_once(**kwargs: Any) -> None:
    """A worker that has just started is told to sign, so that readiness need not wait for beat's first turn."""
    worker_heartbeat.delay()
