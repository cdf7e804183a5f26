"""Background work: each task calls one service and lets it raise."""

from __future__ import annotations

from celery import shared_task

from indicators.services import evaluation, reminders


@shared_task(name="indicators.tasks.evaluate_request")
def evaluate_request(request_id: int) -> None:
    """Run one request at once after an approval."""
    evaluation.run_requests([request_id])


@shared_task(name="indicators.tasks.sweep_requests")
def sweep_requests() -> None:
    """Run every request that no worker took, or whose worker died."""
    evaluation.run_requests()


@shared_task(name="indicators.tasks.remind_due")
def remind_due() -> None:
    """Remind of the deadlines whose turn is today."""
    reminders.remind_due()


@shared_task(name="indicators.tasks.send_reminders")
def send_reminders() -> None:
    """Send the letters that wait, those that failed before among them."""
    reminders.send_waiting()
