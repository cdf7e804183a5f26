"""The scanned decision of a list: checked by its content, kept, and shown to whoever keeps the households."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.files.base import File

from communes.models import OpeningListFile, OpeningListScan
from communes.scope import scope_of
from communes.services.households.guard import may
from communes.services.opening_lists.doors import tell
from communes.services.reviews.files import checked_paper
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.common.errors import Fault
from mongcai_portal.common.files import discard
from mongcai_portal.common.uploads import CheckedUpload


@dataclass(frozen=True, slots=True)
class Scan:
    """A scan that was sent, and what it is by its content."""

    file: File[Any]
    checked: CheckedUpload


def checked_scan(scan: File[Any] | None) -> tuple[Scan | None, list[Fault]]:
    """Return what a scan is, None where there is none, and what is wrong with it at `/scan`."""
    if scan is None:
        return None, []
    faults: list[Fault] = []
    checked = checked_paper(scan, "scan", "", faults)
    return Scan(scan, checked) if checked else None, faults


def keep_scan(row: OpeningListFile, scan: Scan | None, *, by: Any) -> None:
    """Keep a scan with its list, in the place of another and with its event, in the caller's transaction.

    None, and the very scan that is kept already, change nothing.
    """
    kept = OpeningListScan.objects.filter(owner=row).first()
    if scan is None or (kept is not None and kept.sha256 == scan.checked.sha256):
        return
    if kept is not None:
        discard(kept)
    OpeningListScan.of(scan.file, scan.checked, by=by, owner=row).save()
    replaced = {"replaced": kept.sha256} if kept is not None else {}
    tell(row, kind=Kind.OPENING_LIST_SCANNED, by=by, sha256=scan.checked.sha256, **replaced)


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
