"""Recording legal acts: recognition of a level, and its withdrawal."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from communes.models import Unit
from communes.scope import scope_of
from indicators.models import Level, Recognition
from indicators.services.guard import require
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.services import record
from mongcai_portal.common.errors import Fault, Invalid


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
    """Record a decision that recognises a unit at a level (QĐ 18/2022/QĐ-TTg).

    Raises:
        Forbidden; Invalid: unknown level, expiry before the decision, or the same act recorded already.
    """
    scope = scope_of(by)
    require(scope, "recognitions.issue")
    faults = []
    row = Level.objects.filter(code=level).first()
    if not scope.sees_unit(unit.pk):
        faults.append(Fault("/unit", "unknown", _("Không có đơn vị này trong phạm vi của tài khoản.")))
    if row is None:
        faults.append(Fault("/level", "unknown", _("Không có mức “%(level)s”.") % {"level": level}))
    if expires_on is not None and expires_on <= decided_on:
        faults.append(Fault("/expires_on", "before_decision", _("Ngày hết hiệu lực phải sau ngày quyết định.")))
    exists = Fault("/decided_on", "duplicate", _("Quyết định công nhận này đã được ghi."))
    if row is not None and Recognition.objects.filter(unit=unit, level=row, decided_on=decided_on).exists():
        faults.append(exists)
    if faults:
        raise Invalid(faults)
    try:
        with transaction.atomic():
            recognition = Recognition.objects.create(
                unit=unit,
                level=row,
                decided_on=decided_on,
                decision_number=decision_number.strip(),
                date_precision=date_precision,
                signer=signer.strip(),
                expires_on=expires_on,
                provenance=provenance,
                source=source,
                note=note,
            )
            _tell(recognition, Kind.RECOGNITION_ISSUED, by, level=level, decided_on=decided_on.isoformat())
    except IntegrityError:
        raise Invalid([exists]) from None
    return recognition


def withdraw(*, by: Any, recognition_id: int, withdrawn_on: date, decision_number: str) -> Recognition:
    """Record the withdrawal (thu hồi) of a recognition.

    Raises:
        Recognition.DoesNotExist, Forbidden; Invalid: before its recognition, without a number, or withdrawn already.
    """
    scope = scope_of(by)
    recognition = Recognition.objects.visible_to(scope).select_related("unit").get(pk=recognition_id)
    require(scope, "recognitions.issue")
    faults = []
    if withdrawn_on < recognition.decided_on:
        faults.append(Fault("/withdrawn_on", "before_decision", _("Ngày thu hồi không được trước ngày công nhận.")))
    if not decision_number.strip():
        faults.append(Fault("/decision_number", "required", _("Ghi số quyết định thu hồi.")))
    gone = Fault("/withdrawn_on", "withdrawn", _("Quyết định này đã bị thu hồi."))
    if recognition.withdrawn_on is not None:
        faults.append(gone)
    if faults:
        raise Invalid(faults)
    with transaction.atomic():
        if not Recognition.objects.filter(pk=recognition.pk, withdrawn_on__isnull=True).update(
            withdrawn_on=withdrawn_on, withdrawal_decision=decision_number.strip()
        ):
            raise Invalid([gone])
        _tell(recognition, Kind.RECOGNITION_WITHDRAWN, by, withdrawn_on=withdrawn_on.isoformat())
    recognition.refresh_from_db()
    return recognition


def _tell(recognition: Recognition, kind: str, by: Any, **details: Any) -> None:
    record(
        kind=kind,
        by=by,
        obj_type="recognition",
        obj_id=recognition.pk,
        label=recognition.unit.uid,
        unit_uid=recognition.unit.uid,
        **details,
    )
