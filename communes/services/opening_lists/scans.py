"""The scanned decision of a list: checked by its content, and shown to whoever keeps the households."""

from __future__ import annotations

from typing import Any

from django.core.files.base import File

from communes.models import OpeningListScan
from communes.scope import scope_of
from communes.services.households.guard import may
from communes.services.reviews.files import checked_paper
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.errors import Fault
from mongcai_portal.common.uploads import CheckedUpload


def checked_scan(scan: File[Any] | None) -> tuple[CheckedUpload | None, list[Fault]]:
    """Return what a scan is, None where there is none, and what is wrong with it at `/scan`."""
    if scan is None:
        return None, []
    faults: list[Fault] = []
    return checked_paper(scan, "scan", "", faults), faults


def read_scan(*, by: Any, list_id: int) -> OpeningListScan:
    """Return the scan of a list to be shown.

    Raises:
        OpeningListScan.DoesNotExist: there is none, or of a unit whose households the person does not keep; Forbidden.
    """
    may(by, Permission.HOUSEHOLDS_VIEW)
    units = scope_of(by).units_with(Permission.HOUSEHOLDS_VIEW)
    rows = OpeningListScan.objects.all()
    if units is not None:
        rows = rows.filter(owner__unit__in=units)
    return rows.get(owner=list_id)
