"""Background work: each task calls one service and lets it raise."""

from __future__ import annotations

from celery import shared_task

from programmes.services.ocop import reminders


@shared_task(name="programmes.tasks.remind_ocop")
def remind_ocop() -> None:
    """Remind of the certificates whose turn has come."""
    reminders.remind_expiring()


@shared_task(name="programmes.tasks.send_ocop_letters")
def send_ocop_letters() -> None:
    """Send the letters that wait, those that failed before among them."""
    reminders.send_letters()
