"""Recording legal acts: a recognition known from a publication, and the withdrawal of a recognition."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communes.models import Unit, UnitVersion
from communes.scope import Scope, scope_of
from indicators.models import Level, Recognition, RecognitionScan
from indicators.selectors.register import record_seen
from indicators.services.guard import require
from indicators.services.recognition_checks import Act, act_faults, ground_for, withdrawal_date_faults
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.services import record
from mongcai_portal.common.errors import Fault, Invalid, Stale
from mongcai_portal.common.models import in_force_q
from mongcai_portal.common.uploads import CheckedUpload, check_upload

SCAN_KINDS = ("pdf", "png", "jpeg")
SCAN_BYTES = 20 * 1024 * 1024


def recognise(
    *,
    by: Any,
    unit: Unit,
    level: str,
    decided_on: date,
    decision_number: str = "",
    date_precision: str = "day",
    signer: str = "",
    expires_on: date | None = None,
    provenance: str = "sourced",
    source: str = "",
    note: str = "",
) -> Recognition:
    """Record a decision known from a publication, whose paper is not at hand (loaders; pages use `record_decision`).

    Raises:
        Forbidden; Invalid: everything that `act_faults` names, and a unit out of scope.
    """
    scope = scope_of(by)
    require(scope, "recognitions.issue")
    faults = unit_fault(scope, unit)
    faults += act_faults(Act(unit.pk, level, decided_on, expires_on), ground_for([unit.pk]), today=timezone.localdate())
    if faults:
        raise Invalid(faults)
    with once():
        recognition = Recognition.objects.create(
            unit=unit,
            level=Level.objects.get(code=level),
            decided_on=decided_on,
            decision_number=decision_number.strip(),
            date_precision=date_precision,
            signer=signer.strip(),
            expires_on=expires_on,
            provenance=provenance,
            source=source,
            note=note,
            recorded_by=str(by),
            recorded_at=timezone.now(),
        )
        tell(recognition, Kind.RECOGNITION_ISSUED, by, level=level, decided_on=decided_on.isoformat())
    return recognition


def withdraw(
    *,
    by: Any,
    recognition_id: int,
    withdrawn_on: date | None,
    decision_number: str,
    reason: str,
    scan: File[Any] | None,
) -> Recognition:
    """Record the province's withdrawal (thu hồi) of a recognition.

    Raises:
        Recognition.DoesNotExist, Forbidden; Stale: annulled meanwhile; Invalid: before its recognition, withdrawn or
        expired already, in the future, without day, number, reason or scan. Every fault is named.
    """
    scope = scope_of(by)
    row = record_seen(scope, recognition_id)
    require(scope, "recognitions.issue")
    still_stands(row)
    faults = []
    if withdrawn_on is None:
        faults.append(Fault("/withdrawn_on", "required", _("Ghi ngày thu hồi.")))
    act = Act(row.unit_id, row.level.code, row.decided_on, row.expires_on, withdrawn_on)
    faults += withdrawal_date_faults(act, timezone.localdate())
    if not decision_number.strip():
        faults.append(Fault("/decision_number", "required", _("Ghi số quyết định thu hồi.")))
    if not reason.strip():
        faults.append(Fault("/reason", "required", _("Ghi lý do thu hồi.")))
    gone = Fault("/withdrawn_on", "withdrawn", _("Quyết định này đã bị thu hồi."))
    if row.withdrawn_on is not None:
        faults.append(gone)
    checked = checked_scan(scan, faults)
    if faults or checked is None or scan is None:
        raise Invalid(faults)
    with transaction.atomic():
        changed = Recognition.objects.filter(pk=row.pk, withdrawn_on__isnull=True).update(
            withdrawn_on=withdrawn_on, withdrawal_decision=decision_number.strip(), withdrawal_reason=reason.strip()
        )
        if not changed:
            raise Invalid([gone])
        keep(row, RecognitionScan.Act.WITHDRAWAL, scan, checked, by)
        tell(
            row,
            Kind.RECOGNITION_WITHDRAWN,
            by,
            withdrawn_on=withdrawn_on.isoformat() if withdrawn_on else "",
            decision_number=decision_number.strip(),
            reason=reason.strip(),
            scan=checked.name,
        )
    row.refresh_from_db()
    return row


def checked_scan(scan: File[Any] | None, faults: list[Fault]) -> CheckedUpload | None:
    """Check the scan of an act; what is wrong with it is added to the faults."""
    try:
        return check_upload(scan, kinds=SCAN_KINDS, max_bytes=SCAN_BYTES)
    except ValidationError as error:
        for one in error.error_list:
            message = _("Chọn bản quét của quyết định.") if one.code == "missing" else one.messages[0]
            faults.append(Fault("/scan", str(one.code), message))
        return None


def still_stands(row: Recognition) -> None:
    """Refuse what is done to a record that was annulled meanwhile."""
    if row.annulled_at is not None:
        raise Stale(_("Bản ghi này đã bị hủy ở cửa sổ khác."))


def keep(row: Recognition, act: str, scan: File[Any], checked: CheckedUpload, by: Any) -> None:
    """Store the scan of an act, in the caller's transaction."""
    RecognitionScan.of(scan, checked, by=by, recognition=row, act=act).save()


def tell(row: Recognition, kind: str, by: Any, **details: Any) -> None:
    """Write the audit event of a record, in the caller's transaction."""
    names = UnitVersion.objects.filter(in_force_q(row.decided_on), unit=row.unit_id).values_list("name_vi", flat=True)
    record(
        kind=kind,
        by=by,
        obj_type="recognition",
        obj_id=row.pk,
        label=f"{next(iter(names[:1]), row.unit.uid)} · {row.level.code}",
        unit_uid=row.unit.uid,
        **details,
    )


def unit_fault(scope: Scope, unit: Unit | None) -> list[Fault]:
    """Return the fault of a unit that the account does not see."""
    if unit is None or scope.sees_unit(unit.pk):
        return []
    return [Fault("/unit", "unknown", _("Không có đơn vị này trong phạm vi của tài khoản."))]


@contextmanager
def once() -> Iterator[None]:
    """Two windows recorded the same act at once: the database let one through, the other hears it as a fault."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise Invalid([Fault("/decided_on", "duplicate", _("Quyết định công nhận này đã được ghi."))]) from error
