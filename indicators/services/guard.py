"""One door per report: who may see it, and who may do what to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from communes.models import UnitVersion
from communes.scope import Scope, scope_of
from indicators.models import Report
from indicators.selectors.versions import report_version
from mongcai_portal.audit.services import About, record_many
from mongcai_portal.common.errors import Forbidden, Outdated, Stale
from mongcai_portal.common.workflow import MOVES

# Whether the caller has seen this version of what it changes (If-Match).
Seen = Callable[[str], bool]


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


def move(report: Report, name: str, *, lock: int | None, seen: Seen | None = None, **changes: Any) -> None:
    """Compare-and-swap the report's status for a named move.

    Raises:
        Stale: another window was first (status or lock differs from what this one saw).
        Outdated: the caller has seen another version than the present one.
    """
    require_seen(report, seen)
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


def require_seen(report: Report, seen: Seen | None) -> None:
    """Hold the report and ask whether the caller has seen it as it stands: nobody writes between this and the write.

    Raises:
        Outdated: it has seen another version.
    """
    if seen is None:
        return
    hold(report)
    if not seen(report_version(report.pk)):
        raise Outdated(_("Báo cáo đã thay đổi từ lần đọc gần nhất: hãy đọc lại rồi gửi với ETag mới."))


def hold(report: Report) -> None:
    """Take the report's row until the transaction ends: what is read after this stays so for who writes next."""
    Report.objects.filter(pk=report.pk).update(lock=F("lock"))


def tell(report: Report, *, kind: str, by: Any, **details: Any) -> None:
    """Write the audit event of a report, in the caller's transaction."""
    tell_many(kind=kind, by=by, about=[(report, details)])


def tell_many(*, kind: str, by: Any, about: Sequence[tuple[Report, Mapping[str, Any]]]) -> None:
    """Write one audit event for each report, in the caller's transaction: two queries for any number of them."""
    labels = _labels([report for report, _details in about])
    record_many(
        kind=kind,
        by=by,
        about=[
            About("report", report.pk, labels[report.pk], report.unit.uid, {"revision": report.revision, **details})
            for report, details in about
        ],
    )


def _labels(reports: Sequence[Report]) -> dict[int, str]:
    """Return how reports are named in the audit trail: by the unit's name on the last day of the period."""
    versions: dict[int, list[UnitVersion]] = defaultdict(list)
    for version in UnitVersion.objects.filter(unit__in={report.unit_id for report in reports}):
        versions[version.unit_id].append(version)
    labels = {}
    for report in reports:
        then = next((v for v in versions[report.unit_id] if v.holds_on(report.period.ends_on)), None)
        labels[report.pk] = f"{then.name_vi if then else report.unit.uid} · {report.period.code}"
    return labels


def now() -> Any:
    return timezone.now()
