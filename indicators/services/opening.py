"""Opening a report by the keys that other systems know."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from communes.models import Unit
from communes.scope import scope_of
from indicators.models import Period, Report
from indicators.services.guard import require
from indicators.services.reports import open_report
from mongcai_portal.common.errors import Fault, Invalid
from mongcai_portal.common.periods import parse_period


def open_report_by_keys(*, by: Any, unit: str, period: str) -> Report:
    """Open the report of a unit (uid) for a period (code) that the coordinator has opened.

    Raises:
        Forbidden; Invalid: unknown keys at `/unit` and `/period`, and whatever `open_report` refuses.
    """
    scope = scope_of(by)
    require(scope, "reports.open")
    faults = []
    unit_row = Unit.objects.visible_to(scope).filter(uid=unit).first()
    if unit_row is None:
        faults.append(Fault("/unit", "unknown", _("Không có đơn vị này trong phạm vi của tài khoản.")))
    period_row = Period.objects.filter(code=period.strip()).first()
    if period_row is None:
        faults.append(_period_fault(period))
    if unit_row is None or period_row is None:
        raise Invalid(faults)
    return open_report(by=by, unit=unit_row, period=period_row)


def _period_fault(period: str) -> Fault:
    try:
        parse_period(period)
    except ValueError:
        message = _("“%(code)s” không phải là kỳ báo cáo (ví dụ 2023, 2023-H1).") % {"code": period}
        return Fault("/period", "invalid", message)
    return Fault("/period", "not_opened", _("Kỳ này chưa được mở để báo cáo."))
