"""Moving the deadline of a period, with the reason."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from communes.scope import scope_of
from indicators.models import Period
from indicators.services.guard import require
from indicators.services.reports import deadline_fault
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.services import record
from mongcai_portal.common.errors import Fault, Invalid, Stale
from mongcai_portal.common.templatetags.portal import date_vi


def move_deadline(*, by: Any, code: str, due_on: date, reason: str, seen: date | None = None) -> bool:
    """Move the deadline of a period; return whether it moved (to the day where it stands already: no).

    Args:
        seen: the deadline that the window showed; another one by now is refused.

    Raises:
        Forbidden; Period.DoesNotExist; Invalid: before the end of its period, or no reason (every fault is named);
        Stale: someone else moved it meanwhile.
    """
    require(scope_of(by), "reports.open")
    period = Period.objects.get(code=code)
    faults = []
    if due_on < period.ends_on:
        faults.append(deadline_fault(period.ends_on))
    if not reason.strip():
        faults.append(Fault("/reason", "required", _("Ghi lý do chuyển hạn nộp.")))
    if faults:
        raise Invalid(faults)
    if period.due_on == due_on:
        return False
    before = seen or period.due_on
    with transaction.atomic():
        if not Period.objects.filter(pk=period.pk, due_on=before).update(due_on=due_on):
            period.refresh_from_db()
            raise Stale(_("Hạn nộp đã được chuyển ở cửa sổ khác, nay là %(day)s.") % {"day": date_vi(period.due_on)})
        record(
            kind=Kind.PERIOD_DEADLINE_MOVED,
            by=by,
            obj_type="period",
            obj_id=period.pk,
            label=period.code,
            before=before,
            after=due_on,
            reason=reason.strip(),
        )
    return True
