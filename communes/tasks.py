"""Background work: each task calls one service and lets it raise."""

from __future__ import annotations

from celery import shared_task

from communes.services import household_imports


@shared_task(name="communes.tasks.sweep_household_imports")
def sweep_household_imports() -> None:
    """Ask for a job when a file waits and none is open."""
    household_imports.wake_waiting()
