"""Letting the register leave as a file: that it did, who took it and what for stands in the log before it does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from communes.models import Household, Unit
from communes.scope import scope_of
from communes.selectors.household_export import Asked, exportable, members_of
from communes.services.households.guard import may, tell_many
from communes.services.households.listing import units_read
from communes.services.households.reading import PURPOSE_AT_LEAST, PURPOSE_AT_MOST
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.services import About, record_many
from mongcai_portal.common.errors import Fault, Invalid

# People in one file: what an office opens in Excel, and what a request makes in some seconds.
LONGEST = 200_000
# Households whose reading is noted in one transaction.
PORTION = 1000


@dataclass(frozen=True, slots=True)
class Released:
    """What may leave: the households of the moment, how many people they have, and the day."""

    households: QuerySet[Household]
    people: int
    day: date
    numbers: bool


def release_register(*, by: Any, asked: Asked, kind: str, purpose: str = "") -> Released:
    """Return what may leave as a file of a kind (csv, xlsx); the event is in the log before anything of it does.

    With identity numbers in clear, each household's own log has it, too.

    Raises:
        Forbidden: no right to export, or to read numbers where these are asked for; Invalid: `/unit` unknown,
        `/purpose` required or too_long with numbers, `/unit` too_many people for one file.
    """
    may(by, Permission.HOUSEHOLDS_EXPORT)
    if asked.numbers:
        may(by, Permission.HOUSEHOLDS_UNMASK)
    scope, why = scope_of(by), " ".join(purpose.split())
    faults = []
    unit = Unit.objects.filter(pk=asked.unit_id).first() if asked.unit_id is not None else None
    units = scope.units_with(Permission.HOUSEHOLDS_EXPORT)
    if asked.unit_id is not None and (unit is None or (units is not None and unit.pk not in units)):
        faults.append(Fault("/unit", "unknown", _("Không có đơn vị này trong phạm vi của tài khoản.")))
    if asked.numbers and len(why) < PURPOSE_AT_LEAST:
        faults.append(Fault("/purpose", "required", _("Ghi rõ xuất số định danh để làm gì, ít nhất 10 ký tự.")))
    elif len(why) > PURPOSE_AT_MOST:
        faults.append(Fault("/purpose", "too_long", _("Mục đích dài quá 500 ký tự.")))
    if faults:
        raise Invalid(faults)
    households = exportable(scope, asked)
    people = members_of(households).count()
    if people > LONGEST:
        message = _("Có hơn %(n)s nhân khẩu: chọn một xã, phường cho mỗi tệp.") % {"n": LONGEST}
        raise Invalid([Fault("/unit", "too_many", message)])
    if asked.numbers:
        _note_each(by, households, why)
    told = {"format": kind, "rows": people, "numbers": asked.numbers, "purpose": why}
    uids = units_read(by, permission=Permission.HOUSEHOLDS_EXPORT, unit=unit.uid if unit else "")
    about = [About("household_export", "", uid, uid, told) for uid in uids]
    record_many(kind=Kind.HOUSEHOLDS_EXPORTED, by=by, about=about)
    return Released(households, people, timezone.localdate(), asked.numbers)


def _note_each(by: Any, households: QuerySet[Household], why: str) -> None:
    """Write into each household's log whose numbers are read; in portions, no write holds the database for long."""
    rows = members_of(households).exclude(person__identity_index="").order_by("household_id", "person_id")
    found = rows.values_list("household_id", "person_id").iterator(chunk_size=5000)
    told = [(pk, [person for _household, person in group]) for pk, group in groupby(found, key=lambda row: row[0])]
    for start in range(0, len(told), PORTION):
        portion = dict(told[start : start + PORTION])
        with transaction.atomic():
            tell_many(
                kind=Kind.HOUSEHOLD_UNMASKED,
                by=by,
                about=[
                    (household, {"purpose": why, "people": portion[household.pk], "export": True})
                    for household in Household.objects.filter(pk__in=portion)
                ],
            )
