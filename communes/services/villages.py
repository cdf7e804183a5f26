"""Villages (thôn, bản, khu): made, renamed, and passed along when their commune goes over into another unit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.validators import slug_re
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from communes.models import Unit, UnitSuccession, UnitVersion, Village, VillageVersion
from communes.scope import scope_of
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.services import About, record, record_many
from mongcai_portal.common.errors import Fault, Forbidden, Invalid
from mongcai_portal.common.models import in_force_q
from mongcai_portal.common.text import nfc, search_key, sort_key

NAME_LENGTH, CODE_LENGTH = 120, 80


def add_village(
    *,
    by: Any,
    code: str,
    name: str,
    unit: str,
    kind: str = VillageVersion.Kind.THON,
    valid_from: date | None = None,
) -> Village:
    """Make a village of a commune or ward; the same again changes nothing.

    Args:
        unit: its uid. valid_from: None when it has been there as long as anyone knows.

    Raises:
        Forbidden; Invalid: `/code` used, malformed; `/name` required, too_long; `/kind` unknown; `/unit` unknown,
        not_there (on the day), not_a_commune. Every fault is named.
    """
    if by is not None and Permission.HOUSEHOLDS_EDIT not in scope_of(by).permissions:
        raise Forbidden(_("Tài khoản này không có quyền thực hiện thao tác đó."))
    plain = " ".join(nfc(name).split())
    place = Unit.objects.filter(uid=unit).first()
    known = Village.objects.filter(code=code).first()
    if known is not None and place is not None:
        same = known.versions.filter(name_vi=plain, unit=place, kind=kind, valid_from=valid_from)
        if same.exists() and known.versions.count() == 1:
            return known
    faults = _name_faults(plain, kind)
    if len(code) > CODE_LENGTH or not slug_re.match(code):
        faults.append(Fault("/code", "malformed", _("Mã chỉ gồm chữ không dấu, chữ số và gạch nối, tối đa 80 ký tự.")))
    used = Fault("/code", "used", _("Mã này đã dùng."))
    if known is not None:
        faults.append(used)
    faults += _unit_faults(by, place, valid_from)
    if faults or place is None:
        raise Invalid(faults)
    try:
        with transaction.atomic():
            village = Village.objects.create(code=code)
            _version(village, place, plain, kind, valid_from).save()
            record(
                kind=Kind.VILLAGE_ADDED,
                by=by,
                obj_type="village",
                obj_id=village.pk,
                label=code,
                unit_uid=place.uid,
                name=plain,
                valid_from=valid_from,
            )
    except IntegrityError:
        raise Invalid([used]) from None  # another window made it at the same moment
    return village


def rename_village(
    *, by: Any, village_id: int, name: str, valid_from: date, kind: str = VillageVersion.Kind.THON
) -> None:
    """Give a village another name or kind from a day on; its past keeps the old one. The same again changes nothing.

    Raises:
        Village.DoesNotExist: also outside the person's scope; Forbidden; Invalid: `/name`, `/kind`, and `/valid_from`
        before_last_change.
    """
    villages = Village.objects.all()
    if by is not None:
        if Permission.HOUSEHOLDS_EDIT not in scope_of(by).permissions:
            raise Forbidden(_("Tài khoản này không có quyền thực hiện thao tác đó."))
        units = scope_of(by).units_with(Permission.HOUSEHOLDS_EDIT)
        villages = villages if units is None else villages.of_units(units)
    village = villages.get(pk=village_id)
    plain = " ".join(nfc(name).split())
    last = village.versions.select_related("unit").filter(valid_to__isnull=True).get()
    if (last.name_vi, last.kind, last.valid_from) == (plain, kind, valid_from):
        return
    faults = _name_faults(plain, kind)
    if last.valid_from is not None and valid_from <= last.valid_from:
        faults.append(Fault("/valid_from", "before_last_change", _("Ngày phải sau lần thay đổi gần nhất.")))
    if faults:
        raise Invalid(faults)
    with transaction.atomic():
        _succeed([(last, last.unit, plain, kind)], lambda _last: valid_from)
        record(
            kind=Kind.VILLAGE_CHANGED,
            by=by,
            obj_type="village",
            obj_id=village.pk,
            label=village.code,
            unit_uid=last.unit.uid,
            before={"name": last.name_vi},
            after={"name": plain},
            valid_from=valid_from,
        )


def carry_villages(*, by: Any) -> int:
    """Pass villages along from units that were merged or renamed to what came of them; return how many versions began.

    So households of a commune that became part of a ward are in the ward, and under its line, from that day on. Which
    villages a part that was split off took along is not in the map: those are changed one by one. Again, it changes
    nothing.
    """
    made = 0
    steps = UnitSuccession.objects.filter(kind__in=[UnitSuccession.Kind.MERGE, UnitSuccession.Kind.RENAME])
    steps = steps.select_related("successor").order_by("effective_on")
    if not VillageVersion.objects.filter(valid_to__isnull=True, unit__in=steps.values("predecessor")).exists():
        return 0
    with transaction.atomic():
        for step in steps:
            before = VillageVersion.objects.filter(unit=step.predecessor_id, valid_to__isnull=True)
            rows = [v for v in before if v.valid_from is None or v.valid_from < step.effective_on]
            if not rows:
                continue
            _succeed(
                [(row, step.successor, row.name_vi, row.kind) for row in rows], lambda _row, s=step: s.effective_on
            )
            made += len(rows)
            villages = Village.objects.in_bulk([row.village_id for row in rows])
            record_many(
                kind=Kind.VILLAGE_CHANGED,
                by=by,
                about=[
                    About(
                        "village",
                        row.village_id,
                        villages[row.village_id].code,
                        step.successor.uid,
                        {"valid_from": step.effective_on},
                    )
                    for row in rows
                ],
            )
    return made


def _succeed(rows: list[tuple[VillageVersion, Unit, str, str]], since: Callable[[VillageVersion], date]) -> None:
    for last, _unit, _name, _kind in rows:
        eve = date.fromordinal(since(last).toordinal() - 1)
        VillageVersion.objects.filter(pk=last.pk).update(valid_to=eve)
    VillageVersion.objects.bulk_create(
        _version(last.village, unit, name, kind, since(last)) for last, unit, name, kind in rows
    )


def _version(village: Village, unit: Unit, name: str, kind: str, valid_from: date | None) -> VillageVersion:
    return VillageVersion(
        village=village,
        unit=unit,
        name_vi=name,
        kind=kind,
        search_key=search_key(name)[:160],
        sort_key=sort_key(name)[:420],
        valid_from=valid_from,
    )


def _name_faults(name: str, kind: str) -> list[Fault]:
    faults = []
    if not name:
        faults.append(Fault("/name", "required", _("Ghi tên thôn, bản, khu.")))
    elif len(name) > NAME_LENGTH:
        faults.append(Fault("/name", "too_long", _("Tên dài quá 120 ký tự.")))
    if kind not in VillageVersion.Kind.values:
        faults.append(Fault("/kind", "unknown", _("Không có lựa chọn này.")))
    return faults


def _unit_faults(by: Any, unit: Unit | None, valid_from: date | None) -> list[Fault]:
    units = None if by is None else scope_of(by).units_with(Permission.HOUSEHOLDS_EDIT)
    if unit is None or (units is not None and unit.pk not in units):
        return [Fault("/unit", "unknown", _("Không có đơn vị này trong phạm vi của tài khoản."))]
    versions = UnitVersion.objects.filter(unit=unit)
    first = versions.filter(in_force_q(valid_from)) if valid_from else versions.order_by("valid_from")
    version = first.first()
    if version is None:
        return [Fault("/unit", "not_there", _("Đơn vị này không tồn tại vào ngày đó."))]
    if version.kind not in ("commune", "ward", "special_zone"):
        return [Fault("/unit", "not_a_commune", _("Thôn, bản, khu thuộc xã, phường hoặc đặc khu."))]
    return []
