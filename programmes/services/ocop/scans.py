"""The paper of a recognition: its signed decision, scanned, checked by its content and kept once."""

from __future__ import annotations

from typing import Any

from django.core.files.base import File
from django.utils.translation import gettext as _

from indicators.services.recognition import checked_scan
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.common.errors import Fault, Invalid
from mongcai_portal.common.uploads import CheckedUpload
from programmes.models import OcopDecisionScan, OcopRecognition
from programmes.services.ocop.guard import actor, once, recognition_for, still_stands, tell


def attach_scan(*, by: Any, recognition_id: int, scan: File[Any] | None) -> OcopDecisionScan:
    """Add the paper to a recognition that was recorded without it.

    Raises:
        OcopRecognition.DoesNotExist, Forbidden; Stale: annulled meanwhile.
        Invalid: `/scan` missing, there (it has its paper), or what `check_upload` says of the file.
    """
    row = recognition_for(by=by, recognition_id=recognition_id, permission=Permission.OCOP_RECOGNISE)
    still_stands(row)
    faults: list[Fault] = []
    checked = checked_scan(scan, faults)
    there = Fault(
        "/scan", "there", _("Quyết định này đã có bản quét; quét nhầm thì hủy bản ghi rồi ghi lại quyết định.")
    )
    if OcopDecisionScan.objects.filter(recognition=row).exists():
        faults.append(there)
    if faults or checked is None or scan is None:
        raise Invalid(faults)
    with once(there):
        made = keep(row, scan, checked, by)
        tell(row.product, kind=Kind.OCOP_SCAN_ADDED, by=by, recognition=row.pk, files=told(checked))
    return made


def checked_paper(scan: File[Any] | None, faults: list[Fault]) -> CheckedUpload | None:
    """Check a paper that may be left out; what is wrong with one that was sent is added to the faults."""
    return checked_scan(scan, faults) if scan is not None else None


def keep(row: OcopRecognition, scan: File[Any], checked: CheckedUpload, by: Any) -> OcopDecisionScan:
    """Store the paper of a recognition, in the caller's transaction."""
    made = OcopDecisionScan.of(scan, checked, by=actor(by), recognition=row)
    made.save(force_insert=True)
    return made


def told(checked: CheckedUpload | None) -> list[dict[str, Any]]:
    """What the audit says of a paper; nothing without one."""
    return [{"name": checked.name, "size": checked.size, "sha256": checked.sha256}] if checked is not None else []
