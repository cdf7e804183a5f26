"""A workbook comes: checked by its content, kept encrypted, put aside when nobody wants it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communes.models import HouseholdImport, HouseholdSource, ImportContent, ImportFault, Unit
from communes.models.imports import CONTENT
from communes.scope import scope_of
from communes.services.household_imports.doors import Status, import_for, stale, tell
from communes.services.households.guard import day_faults, may
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.common import ciphers
from mongcai_portal.common.errors import Fault, Invalid
from mongcai_portal.common.grids import GridBook, Unreadable
from mongcai_portal.common.uploads import CheckedUpload, check_upload

MAX_BYTES = 20 * 1024 * 1024


def send_import(
    *, by: Any, file: File[Any] | None, on: date | None, unit_id: int | None = None, source_id: int | None = None
) -> HouseholdImport:
    """Keep a workbook for its declaration; nothing of it is read into the register.

    Args:
        on: the day from which its households stand in the register.
        unit_id: the unit that it may speak of; needed by whoever brings files for units only.
        source_id: where it comes from, when that is known.

    Raises:
        Forbidden; Invalid: `/file` as `check_upload` names it, or damaged; `/on` required, in_future; `/unit` required,
        unknown; `/source` unknown.
    """
    may(by, Permission.HOUSEHOLDS_IMPORT)
    faults = [Fault("/on", "required", _("Ghi ngày các hộ vào sổ."))] if on is None else day_faults(on)
    unit, wrong = _unit(by, unit_id)
    faults += wrong
    source, wrong = _source(by, source_id)
    faults += wrong
    content, checked, wrong = _content(file)
    faults += wrong
    if faults or checked is None:
        raise Invalid(faults)
    sealed = ciphers.keyring().seal(content, CONTENT)
    moment = timezone.now()
    with transaction.atomic():
        row: HouseholdImport = HouseholdImport.objects.create(
            name=checked.name, size=checked.size, sha256=checked.sha256, unit=unit, source=source, on=on,
            sent_by=str(by), sent_at=moment, asked_by=by, asked_at=moment,
        )  # fmt: skip
        ImportContent.objects.create(owner=row, key=sealed.key, sealed=sealed.content)
    return row


def _unit(by: Any, unit_id: int | None) -> tuple[Unit | None, list[Fault]]:
    units = scope_of(by).units_with(Permission.HOUSEHOLDS_IMPORT)
    if unit_id is None:
        if units is None:
            return None, []
        if len(units) == 1:
            return Unit.objects.get(pk=next(iter(units))), []
        return None, [Fault("/unit", "required", _("Chọn xã, phường của tệp."))]
    unit = Unit.objects.filter(pk=unit_id).first()
    if unit is None or (units is not None and unit.pk not in units):
        return None, [Fault("/unit", "unknown", _("Không có đơn vị này trong phạm vi của tài khoản."))]
    return unit, []


def _source(by: Any, source_id: int | None) -> tuple[HouseholdSource | None, list[Fault]]:
    if source_id is None:
        return None, []
    source = HouseholdSource.objects.usable_by(scope_of(by)).filter(pk=source_id).first()
    return source, [] if source else [Fault("/source", "unknown", _("Không có nguồn tệp này."))]


def _content(file: File[Any] | None) -> tuple[bytes, CheckedUpload | None, list[Fault]]:
    try:
        checked = check_upload(file, kinds=("xlsx",), max_bytes=MAX_BYTES)
    except ValidationError as error:
        return b"", None, [Fault("/file", str(one.code), one.messages[0]) for one in error.error_list]
    assert file is not None
    try:
        if not GridBook(file.file).sheets:  # type: ignore[arg-type]
            raise Unreadable
    except Unreadable:
        return b"", None, [damaged()]
    file.seek(0)
    return file.read(), checked, []


def damaged() -> Fault:
    return Fault("/file", "damaged", _("Không đọc được tệp Excel này: hãy mở bằng Excel rồi lưu lại."))


def discard_import(*, by: Any, import_id: int) -> HouseholdImport:
    """Put a file aside that was not taken over; its content and what was found in it go, that it was there stays.

    Raises:
        HouseholdImport.DoesNotExist, Forbidden; Stale: it is worked on, or was decided.
    """
    row = import_for(by=by, import_id=import_id)
    with transaction.atomic():
        waiting = HouseholdImport.objects.filter(pk=row.pk, status__in=[Status.SENT, Status.FAULTY, Status.READY])
        if not waiting.update(status=Status.DISCARDED, ended_by=str(by), ended_at=timezone.now()):
            raise stale(row.pk)
        forget(row)
        tell(row, kind=Kind.HOUSEHOLDS_DISCARDED, by=by)
    row.refresh_from_db()
    return row


def forget(row: HouseholdImport) -> None:
    """Delete the content of a decided file and what was found in its cells: both hold people's data."""
    ImportContent.objects.filter(owner=row).delete()
    ImportFault.objects.filter(owner=row).delete()
