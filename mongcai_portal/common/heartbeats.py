"""Recording and reading the life signs of worker and beat."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from mongcai_portal.common.models import Heartbeat

STALE_AFTER = timedelta(seconds=60)


def beat(component: str) -> None:
    """Say that a component (`worker` or `beat`) is alive now."""
    Heartbeat.objects.update_or_create(component=component, defaults={"at": timezone.now()})


def fault_of(component: str) -> str | None:
    """What is wrong with a component, in a few words, or None when its sign is younger than a minute."""
    row = Heartbeat.objects.filter(component=component).first()
    if row is None:
        return "no heartbeat yet"
    age = timezone.now() - row.at
    if age > STALE_AFTER:
        return f"last heartbeat {int(age.total_seconds())} s ago"
    return None
