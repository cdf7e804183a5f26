"""Recording and reading the life signs of beat, and of the workers of each queue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from mongcai_portal.common.models import Heartbeat

STALE_AFTER = timedelta(seconds=60)
BEAT, EVALUATE, MAINTENANCE, MAIL = "beat", "evaluate", "maintenance", "mail"
QUEUES = (EVALUATE, MAINTENANCE, MAIL)


@dataclass(frozen=True, slots=True)
class Sign:
    """The last life sign of beat or of a queue's workers; `at` is None when none ever came."""

    component: str
    at: datetime | None
    alive: bool


def beat(component: str) -> None:
    """Say that beat, or a worker of a queue, is alive now.

    One statement, and no transaction around it: who stops for good right then holds no lock that others wait for.
    """
    now = timezone.now()
    if not Heartbeat.objects.filter(component=component).update(at=now):
        Heartbeat.objects.bulk_create([Heartbeat(component=component, at=now)], ignore_conflicts=True)


def signs() -> dict[str, Sign]:
    """Return the last sign of beat and of each queue: one query."""
    found = dict(Heartbeat.objects.values_list("component", "at"))
    oldest = timezone.now() - STALE_AFTER
    return {name: Sign(name, found.get(name), found.get(name, oldest) > oldest) for name in (BEAT, *QUEUES)}


def fault_of_beat() -> str | None:
    """What is wrong with beat, in a few words, or None when its sign is younger than a minute."""
    return _fault(signs()[BEAT])


def fault_of_workers() -> str | None:
    """What is wrong with the workers, queue by queue, or None when each queue's sign is younger than a minute."""
    found = signs()
    faults = {name: fault for name in QUEUES if (fault := _fault(found[name]))}
    return "; ".join(f"{name}: {fault}" for name, fault in faults.items()) or None


def _fault(sign: Sign) -> str | None:
    if sign.at is None:
        return "no heartbeat yet"
    if not sign.alive:
        return f"last heartbeat {int((timezone.now() - sign.at).total_seconds())} s ago"
    return None
