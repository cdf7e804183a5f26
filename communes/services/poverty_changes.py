"""What is asked of the changes between two days: read, checked, and answered as the reader may see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from communes.models import PovertyStandard, UnitVersion
from communes.scope import Scope, scope_of
from communes.selectors.poverty_changes import Changes, changes, may_ask, public_days, sees_exactly
from communes.selectors.poverty_published import years_counted
from communes.selectors.poverty_tables.tables import Reach, reach_of
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.errors import Fault, Forbidden, Invalid


@dataclass(frozen=True, slots=True)
class ChangesAsked:
    """As it was given: the code of a standard, the uid of a unit ("": all), two days written as 2023-12-31."""

    standard: str
    unit: str
    opening: str
    closing: str


def changes_for(*, by: Any, asked: ChangesAsked) -> Changes:
    """Return the changes asked for.

    Raises:
        Forbidden: no right to see counts. Invalid: `/standard` required, unknown; `/unit` required, unknown; `/from`,
        `/to` required, not_a_date, in_future, not_published (outsiders are told of the days of the published counts
        alone); `/to` before_from.
    """
    scope, today = scope_of(by), timezone.localdate()
    if Permission.MEASURES_VIEW not in scope.permissions:
        raise Forbidden(_("Tài khoản này không có quyền thực hiện thao tác đó."))
    faults: list[Fault] = []
    known = PovertyStandard.objects.filter(code=asked.standard).exists()
    if not asked.standard:
        faults.append(Fault("/standard", "required", _("Chọn chuẩn nghèo.")))
    elif not known:
        faults.append(Fault("/standard", "unknown", _("Không có chuẩn nghèo nào có mã này.")))
    unit, told = unit_asked(scope, reach_of(scope, today), asked.unit)
    faults += told
    opening, closing = (_day(asked.opening, "from", today, faults), _day(asked.closing, "to", today, faults))
    if opening and closing and closing < opening:
        faults.append(Fault("/to", "before_from", _("Ngày cuối kỳ không được trước ngày đầu kỳ.")))
    if known and not told and not sees_exactly(scope, unit):
        days = public_days(today, years_counted(asked.standard, today))
        for name, day in (("from", opening), ("to", closing)):
            if day and day not in days:
                message = _("Tài khoản này xem số vào ngày cuối các năm của chuẩn nghèo, và hôm nay.")
                faults.append(Fault(f"/{name}", "not_published", message))
    if faults or opening is None or closing is None:
        raise Invalid(faults)
    return changes(scope, asked.standard, opening, closing, unit=unit, today=today)


def unit_asked(scope: Scope, reach: Reach, uid: str) -> tuple[UnitVersion | None, list[Fault]]:
    """Return the unit of a uid within the reader's reach, None for all of them, and what is wrong with asking so."""
    unit = next((one for one in reach.units if one.unit.uid == uid), None)
    if uid and unit is None:
        return None, [Fault("/unit", "unknown", _("Không có đơn vị này trong phạm vi của tài khoản."))]
    if not may_ask(scope, unit):
        return None, [Fault("/unit", "required", _("Chọn xã, phường."))]
    return unit, []


def _day(text: str, name: str, today: date, faults: list[Fault]) -> date | None:
    if not text:
        faults.append(Fault(f"/{name}", "required", _("Ghi ngày.")))
        return None
    try:
        day = datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        faults.append(Fault(f"/{name}", "not_a_date", _("Ngày viết theo dạng 2023-12-31.")))
        return None
    if day > today:
        faults.append(Fault(f"/{name}", "in_future", _("Ngày này chưa tới.")))
        return None
    return day
