"""Saying how a file is read, keeping that for its source, and saying that it is right."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communes.models import HouseholdImport, HouseholdSource, ImportFault
from communes.rules.names import name_key
from communes.rules.register_files.layout import Layout, LayoutFault, layout_faults, remembered, with_words
from communes.scope import scope_of
from communes.selectors.household_files import villages_for
from communes.services.household_imports.contents import glance
from communes.services.household_imports.doors import Status, ask_for, import_for, stale
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.services import record
from mongcai_portal.common.errors import Fault, Invalid

DECLARED = (Status.SENT, Status.FAULTY, Status.READY)
NAME_LENGTH = 120


def declare_import(*, by: Any, import_id: int, layout: Layout, save_as: str = "") -> HouseholdImport:
    """Say how a file is read, and have it checked by that; `save_as` keeps it for the source of this name.

    Raises:
        HouseholdImport.DoesNotExist, Forbidden; Stale: it is worked on, or decided; Invalid: every fault, at `/columns`
        with the field after it where one is meant (`/columns/code`).
    """
    row = import_for(by=by, import_id=import_id)
    if row.status not in DECLARED:
        raise stale(row.pk)
    faults = [_said(fault) for fault in layout_faults(layout)]
    name = " ".join(save_as.split())
    if len(name) > NAME_LENGTH:
        faults.append(Fault("/save_as", "too_long", _("Tên dài quá 120 ký tự.")))
    if faults:
        raise Invalid(faults)
    source = row.source
    with transaction.atomic():
        if name:
            source = _keep(row, by, name, layout)
        ask_for(row, by=by, come_from=DECLARED, to=Status.CHECKING, layout=layout.as_json(), source=source, accepted="")
    return row


def declare_words(*, by: Any, import_id: int, said: Mapping[tuple[str, str], str]) -> HouseholdImport:
    """Say what words of a checked file mean, by field and word, and have it checked anew.

    A village's word means the code of a village. What a field does not know is left out. They are kept with the file,
    and with its source when its declaration is kept again.

    Raises:
        HouseholdImport.DoesNotExist, Forbidden; Stale: it is worked on, decided, or not declared yet.
    """
    row = import_for(by=by, import_id=import_id)
    layout = with_words(Layout.of_json(row.layout or {"sheet": ""}), said)
    codes = {place.code for place in villages_for(scope_of(by), row.on, row.unit_id)}
    villages = dict(layout.words.get("village", {}))
    villages |= {name_key(word): code for (field, word), code in said.items() if field == "village" and code in codes}
    layout = replace(layout, words={**layout.words, "village": villages})
    again = (Status.FAULTY, Status.READY)
    ask_for(row, by=by, come_from=again, to=Status.CHECKING, layout=layout.as_json(), accepted="")
    return row


def check_again(*, by: Any, import_id: int) -> HouseholdImport:
    """Check a file anew as it was declared: the register or the villages have changed since.

    Raises:
        HouseholdImport.DoesNotExist, Forbidden; Stale: it is worked on, decided, or not declared yet.
    """
    row = import_for(by=by, import_id=import_id)
    ask_for(row, by=by, come_from=(Status.FAULTY, Status.READY), to=Status.CHECKING, accepted="")
    return row


def accept_import(*, by: Any, import_id: int, doubts_right: bool = False) -> HouseholdImport:
    """Have a checked file taken over; `doubts_right`: someone has looked at every doubt, and it is so.

    Once more it changes nothing.

    Raises:
        HouseholdImport.DoesNotExist, Forbidden; Stale: it has faults, or stands elsewhere; Invalid: `/doubts_right`
        required.
    """
    row = import_for(by=by, import_id=import_id)
    if row.status in (Status.APPLYING, Status.APPLIED):
        return row
    if row.status != Status.READY:
        raise stale(row.pk)
    if row.counts.get("doubts") and not doubts_right:
        message = _("Xem các chỗ cần xác minh, rồi đánh dấu rằng chúng đúng như vậy.")
        raise Invalid([Fault("/doubts_right", "required", message)])
    ask_for(row, by=by, come_from=(Status.READY,), to=Status.APPLYING, accepted=doubts_digest(row.faults.all()))
    return row


def doubts_digest(faults: Iterable[ImportFault]) -> str:
    """Return by what the same doubts are known again."""
    lines = sorted(f"{one.row}:{one.column}:{one.code}:{sorted(one.told.items())}" for one in faults if one.doubt)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _keep(row: HouseholdImport, by: Any, name: str, layout: Layout) -> HouseholdSource:
    """Keep a declaration for a source, of the file's own unit; one of the town is the town's to change."""
    units = scope_of(by).units_with(Permission.HOUSEHOLDS_IMPORT)
    unit = None if units is None else row.unit
    source: HouseholdSource
    source, made = HouseholdSource.objects.update_or_create(
        unit=unit,
        name=name,
        defaults={
            "layout": layout.as_json(),
            "columns": remembered(layout.columns, glance(row, layout).headings),
            "saved_by": str(by),
            "saved_at": timezone.now(),
        },
    )
    record(
        kind=Kind.HOUSEHOLD_SOURCE_SAVED, by=by, obj_type="household_source", obj_id=source.pk, label=name,
        unit_uid=unit.uid if unit else "", created=made,
    )  # fmt: skip
    return source


def _said(fault: LayoutFault) -> Fault:
    pointer = f"/{fault.about}" + (f"/{fault.field}" if fault.field else "")
    messages = {
        "rows": _("Các dòng tiêu đề phải đứng trước dòng dữ liệu đầu tiên, nhiều nhất năm dòng."),
        "required": _("Chọn cột của mục này."),
        "twice": _("Cột này đã chọn cho mục khác."),
        "two_orders": _("Ngày đầy đủ chỉ có một kiểu: chọn ngày/tháng/năm, tháng/ngày/năm hoặc năm-tháng-ngày."),
        "no_shape": _("Chọn các kiểu ngày sinh có trong tệp: cổng không đoán."),
        "unknown": _("Không có lựa chọn này."),
    }
    return Fault(pointer, fault.code, messages[fault.code])
