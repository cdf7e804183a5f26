"""One door per report: who may see it, and who may do what to it."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from communes.models import UnitVersion
from communes.scope import Scope, scope_of
from indicators.models import Report
from mongcai_portal.audit.services import record
from mongcai_portal.common.errors import Forbidden, Stale
from mongcai_portal.common.models import in_force_q
from mongcai_portal.common.workflow import MOVES


def require(scope: Scope, permission: str) -> None:
    """Raise Forbidden unless the scope holds the permission."""
    if permission not in scope.permissions:
        raise Forbidden(_("Tài khoản này không có quyền thực hiện thao tác đó."))


def report_for(*, by: Any, report_id: int, permission: str) -> tuple[Report, Scope]:
    """Return a report the person sees and may act on.

    Raises:
        Report.DoesNotExist: outside the person's scope (a foreign row does not exist for them).
        Forbidden: visible, but not this action.
    """
    scope = scope_of(by)
    report = Report.objects.visible_to(scope).select_related("unit", "period").get(pk=report_id)
    require(scope, permission)
    return report, scope


def require_own_unit(report: Report, scope: Scope) -> None:
    """Typing and submitting belong to the commune itself."""
    if report.unit_id not in scope.unit_ids:
        raise Forbidden(_("Chỉ cán bộ của xã được nhập và trình báo cáo của xã."))


def move(report: Report, name: str, *, lock: int | None, **changes: Any) -> None:
    """Compare-and-swap the report's status for a named move.

    Raises:
        Stale: another window was first (status or lock differs from what this one saw).
    """
    step = MOVES[name]
    rows = Report.objects.filter(pk=report.pk, status__in=step.sources, revision=report.revision)
    if lock is not None:
        rows = rows.filter(lock=lock)
    if step.target is not None:
        changes.setdefault("status", step.target)
    if rows.update(lock=F("lock") + 1, **changes) != 1:
        current = Report.objects.get(pk=report.pk)
        raise Stale(
            _("Báo cáo đã được xử lý ở cửa sổ khác; trạng thái hiện nay: %(status)s.")
            % {"status": current.get_status_display()}
        )


def hold(report: Report) -> None:
    """Take the report's row until the transaction ends: what is read after this stays so for who writes next."""
    Report.objects.filter(pk=report.pk).update(lock=F("lock"))


def report_label(report: Report) -> str:
    """Return how a report is named in the audit trail."""
    name = UnitVersion.objects.filter(in_force_q(report.period.ends_on), unit=report.unit_id).values_list(
        "name_vi", flat=True
    )[:1]
    return f"{next(iter(name), report.unit.uid)} · {report.period.code}"


def tell(report: Report, *, kind: str, by: Any, **details: Any) -> None:
    """Write the audit event of a report, in the caller's transaction."""
    record(
        kind=kind,
        by=by,
        obj_type="report",
        obj_id=report.pk,
        label=report_label(report),
        unit_uid=report.unit.uid,
        revision=report.revision,
        **details,
    )


def now() -> Any:
    return timezone.now()
