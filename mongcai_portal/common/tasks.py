"""Background tasks of no domain."""

from typing import Any

from celery import shared_task
from celery.signals import worker_ready
from django.conf import settings

from mongcai_portal.common import heartbeats, jobs


@shared_task(name="common.tasks.worker_heartbeat")
def worker_heartbeat(queue: str) -> None:
    """Done by a worker of the queue, so the queue's row says that its messages are taken and its work gets done."""
    heartbeats.beat(queue)


@shared_task(name="common.tasks.ask_job")
def ask_job(kind: str) -> None:
    """Ask for a job in the name of the schedule."""
    jobs.ask(kind=kind)


@shared_task(name="common.tasks.run_jobs")
def run_jobs() -> None:
    """Run the job that waits longest, and have the next one run after it: each has the whole time of a task."""
    if jobs.run_next():
        jobs.wake()


@worker_ready.connect
def _sign_at_once(sender: Any = None, **kwargs: Any) -> None:
    """A worker that has just started is told to sign, so that readiness need not wait for beat's first turn."""
    for name in heartbeats.QUEUES:
        queue = settings.QUEUE_NAMES[name]
        worker_heartbeat.apply_async([name], queue=queue, expires=30)
