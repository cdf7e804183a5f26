"""The job: what waits to be checked, taken over or taken back, one file after the other."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from communes.models import HouseholdImport, ImportContent
from communes.scope import scope_of
from communes.services.counts import count_stale
from communes.services.household_imports.applying import run_apply
from communes.services.household_imports.checking import run_check
from communes.services.household_imports.doors import KIND, WORKED, Status
from communes.services.household_imports.undoing import run_undo
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common import jobs
from mongcai_portal.common.ciphers import Undecipherable
from mongcai_portal.common.grids import Unreadable

log = logging.getLogger(__name__)

_WORK: dict[str, Callable[..., None]] = {
    Status.CHECKING: run_check,
    Status.APPLYING: run_apply,
    Status.UNDOING: run_undo,
}
# Where an import stands when its work came to nothing.
_BACK = {Status.CHECKING: Status.SENT, Status.APPLYING: Status.READY, Status.UNDOING: Status.APPLIED}


def import_job(step: jobs.Step) -> dict[str, Any]:
    """Do what waits; a killed worker's file is begun anew, and was not stored in part.

    Raises:
        Stopped: cancelled (the file then stands where it stood before), or taken over.
    """
    done = 0
    while row := HouseholdImport.objects.filter(status__in=WORKED).order_by("asked_at", "pk").first():
        _work_on(row, step)
        done += 1
    # The households that came or went, outside of the transaction that brought them; also those of a job that ended
    # between the two.
    count_stale(step)
    return {"files": done} if done else {}


def _work_on(row: HouseholdImport, step: jobs.Step) -> None:
    by = row.asked_by
    if by is None or Permission.HOUSEHOLDS_IMPORT not in scope_of(by).permissions:
        _put_back(row, "forbidden")
        return
    try:
        _WORK[row.status](row, by=by, step=step)
    except jobs.Cancelled:
        _put_back(row, "cancelled")
        raise
    except jobs.Stopped:
        raise
    except (Unreadable, Undecipherable, ImportContent.DoesNotExist) as error:
        log.warning("household import %s: %s", row.pk, type(error).__name__)
        _put_back(row, "unreadable")
    except Exception as error:
        # Told by its kind alone: what programs say of a fault may repeat what people's rows hold.
        log.error("household import %s failed: %s", row.pk, type(error).__name__)
        _put_back(row, "failed")


def _put_back(row: HouseholdImport, error: str) -> None:
    HouseholdImport.objects.filter(pk=row.pk, status=row.status).update(
        status=_BACK[Status(row.status)], error=error, asked_at=timezone.now()
    )


def wake_waiting() -> None:
    """Have taken up what waits and no job is open for: its job ended just before it was asked for."""
    with transaction.atomic():
        if HouseholdImport.objects.filter(status__in=WORKED).exists():
            jobs.ask(kind=KIND)
