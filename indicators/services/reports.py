"""The report's way: opened, typed, submitted, verified office by office, approved; or sent back; or reopened."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from communes.models import Unit, UnitVersion
from communes.scope import scope_of
from communes.selectors.lineage import heirs_of
from indicators.models import Period, Report, ReportedValue, ReportRevision, Verdict
from indicators.models.reports import REPORTING_KINDS
from indicators.selectors.definitions import definitions_for
from indicators.services.derived import derive_report
from indicators.services.evaluation import request_evaluation
from indicators.services.guard import Seen, move, report_for, require, require_own_unit, tell
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.services import record
from mongcai_portal.common.errors import Fault, Forbidden, Invalid
from mongcai_portal.common.models import in_force_q
from mongcai_portal.common.periods import parse_period
from mongcai_portal.common.templatetags.portal import date_vi, localname

REASON_LENGTH = 2000


def open_period(*, by: Any, code: str, due_on: date) -> Period:
    """Open a reporting period; opening it again with the same due date changes nothing.

    Raises:
        Forbidden; Invalid: not a period, a deadline before its end, or already opened with another deadline.
    """
    require(scope_of(by), "reports.open")
    try:
        span = parse_period(code)
    except ValueError:
        raise Invalid(
            [
                Fault(
                    "/period",
                    "invalid",
                    _("“%(code)s” không phải là kỳ báo cáo (ví dụ 2023, 2023-H1).") % {"code": code},
                )
            ]
        ) from None
    if due_on < span.ends_on:
        raise Invalid([deadline_fault(span.ends_on)])
    with transaction.atomic():
        period, created = Period.objects.get_or_create(
            code=span.code, defaults={"starts_on": span.starts_on, "ends_on": span.ends_on, "due_on": due_on}
        )
        if created:
            record(
                kind=Kind.PERIOD_OPENED, by=by, obj_type="period", obj_id=period.pk, label=period.code, due_on=due_on
            )
        elif period.due_on != due_on:
            raise Invalid([Fault("/due_on", "duplicate", _("Kỳ này đã mở với hạn nộp khác."))])
    return period


def deadline_fault(ends_on: date) -> Fault:
    """A deadline before the end of its period."""
    message = _("Hạn nộp không được trước ngày cuối kỳ (%(day)s).") % {"day": date_vi(ends_on)}
    return Fault("/due_on", "before_end", message)


def open_report(*, by: Any, unit: Unit, period: Period, illustrative: bool = False) -> Report:
    """Open the report of a commune for a period.

    Raises:
        Forbidden; Invalid: the unit is out of scope, no commune on the period's last day, no published criteria set
        applies, or the report exists already. Every fault is named.
    """
    scope = scope_of(by)
    require(scope, "reports.open")
    faults = []
    kind = UnitVersion.objects.filter(in_force_q(period.ends_on), unit=unit).values_list("kind", flat=True).first()
    if not scope.sees_unit(unit.pk):
        faults.append(Fault("/unit", "unknown", _("Không có đơn vị này trong phạm vi của tài khoản.")))
    elif kind is None:
        faults.append(Fault("/unit", "not_in_force", _not_there(unit)))
    elif kind not in REPORTING_KINDS:
        message = _("Chỉ xã báo cáo theo bộ tiêu chí nông thôn mới; phường không báo cáo.")
        faults.append(Fault("/unit", "not_a_commune", message))
    if not definitions_for(period).sets:
        faults.append(Fault("/period", "no_criteria_set", _("Chưa có bộ tiêu chí nào áp dụng cho kỳ này.")))
    exists = Fault("/period", "duplicate", _("Đơn vị này đã có báo cáo cho kỳ đó."))
    if Report.objects.filter(unit=unit, period=period).exists():
        faults.append(exists)
    if faults:
        raise Invalid(faults)
    moment = timezone.now()
    try:
        with transaction.atomic():
            report = Report.objects.create(unit=unit, period=period, created_at=moment, illustrative=illustrative)
            ReportRevision.objects.create(report=report, number=1, opened_by=str(by), opened_at=moment)
            tell(report, kind=Kind.REPORT_OPENED, by=by)
            derive_report(report.pk)
    except IntegrityError:
        # Two windows opened it at once: the database let one through.
        raise Invalid([exists]) from None
    return report


def _not_there(unit: Unit) -> str:
    """Say that a unit does not report, and who does in its place."""
    heirs = heirs_of(unit.pk)
    if not heirs:
        return _("Đơn vị không tồn tại vào ngày cuối kỳ.")
    names = ", ".join(f"“{localname(version)}”" for version in heirs)
    return _("Đơn vị không tồn tại vào ngày cuối kỳ; địa bàn đã thuộc %(names)s.") % {"names": names}


def submit(*, by: Any, report_id: int, lock: int | None = None, seen: Seen | None = None) -> Report:
    """Submit a report (trình): every cell holds a value or says why not.

    Raises:
        Report.DoesNotExist, Forbidden, Stale; Invalid: names every cell that was never entered.
    """
    report, scope = report_for(by=by, report_id=report_id, permission="reports.submit")
    require_own_unit(report, scope)
    moment = timezone.now()
    first = {} if _imported(report) else {"submitted_first_at": Coalesce(F("submitted_first_at"), Value(moment))}
    with transaction.atomic():
        # The move first: it makes typists of this report queue or fail, so nothing changes under the check.
        move(report, "submit", lock=lock, seen=seen, **first)
        # After the move: a set published meanwhile asks too.
        definitions = definitions_for(report.period)
        entered = set(
            ReportedValue.objects.filter(report=report, revision=report.revision).values_list("element_id", "part")
        )
        faults = [
            Fault(
                f"/{e.code}/{c.part}" if c.part else f"/{e.code}",
                "missing",
                _("Chưa nhập: %(name)s") % {"name": e.name_vi if not c.part else f"{e.name_vi} – {c.name_vi}"},
            )
            for e in definitions.elements
            for c in e.cells
            if (e.id, c.part) not in entered
        ]
        if faults:
            raise Invalid(faults)
        ReportRevision.objects.filter(report=report, number=report.revision).update(
            submitted_by_id=by.pk, submitted_by=str(by), submitted_at=moment
        )
        Verdict.objects.filter(report=report, revision=report.revision, state=Verdict.State.RETURNED).update(
            state=Verdict.State.OPEN
        )
        known = set(
            Verdict.objects.filter(report=report, revision=report.revision).values_list("element_id", flat=True)
        )
        Verdict.objects.bulk_create(
            Verdict(report=report, revision=report.revision, element_id=e.id, office_id=e.office_id)
            for e in definitions.elements
            if e.id not in known
        )
        tell(report, kind=Kind.REPORT_SUBMITTED, by=by)
    report.refresh_from_db()
    return report


def _imported(report: Report) -> bool:
    """Whether it came from the archive: it was submitted on paper in its time, on a day that the portal never knew."""
    return report.revision > 1 and ReportRevision.objects.filter(report=report, imported_from__isnull=False).exists()


def approve(*, by: Any, report_id: int, lock: int | None = None, seen: Seen | None = None) -> Report:
    """Approve a verified report (phê duyệt) and ask for its evaluation, in one transaction.

    Raises:
        Report.DoesNotExist; Stale: it is not (or no longer) waiting for approval; Forbidden: also for the person
        who submitted it.
    """
    report, _scope = report_for(by=by, report_id=report_id, permission="reports.approve")
    with transaction.atomic():
        move(report, "approve", lock=lock, seen=seen, approved_revision=report.revision)
        # After the move: nobody can submit anew between this look and the approval.
        revision = ReportRevision.objects.get(report=report, number=report.revision)
        if revision.submitted_by_id == by.pk:
            raise Forbidden(_("Người trình báo cáo không được phê duyệt báo cáo đó."))
        ReportRevision.objects.filter(pk=revision.pk).update(approved_by=str(by), approved_at=timezone.now())
        tell(report, kind=Kind.REPORT_APPROVED, by=by)
        request_evaluation(unit_id=report.unit_id, period_id=report.period_id)
    report.refresh_from_db()
    return report


def reopen(*, by: Any, report_id: int, reason: str, lock: int | None = None, seen: Seen | None = None) -> Report:
    """Reopen an approved report as a new revision; the approved one keeps counting until the next is approved.

    The values are copied, the old revision stays as it is. Verdicts and judgements are given anew: they were given on
    the figures of the old one.

    Raises:
        Report.DoesNotExist, Forbidden, Stale; Invalid: no reason given, or one that is too long.
    """
    report, _scope = report_for(by=by, report_id=report_id, permission="reports.reopen")
    if not reason.strip():
        raise Invalid([Fault("/reason", "required", _("Ghi lý do mở lại báo cáo."))])
    if len(reason.strip()) > REASON_LENGTH:
        raise Invalid([Fault("/reason", "too_long", _("Lý do mở lại dài quá 2.000 ký tự."))])
    before, moment = report.revision, timezone.now()
    with transaction.atomic():
        move(report, "reopen", lock=lock, seen=seen, revision=before + 1)
        report.refresh_from_db()
        ReportRevision.objects.create(
            report=report, number=report.revision, opened_by=str(by), opened_at=moment, reason=reason.strip()
        )
        rows = list(ReportedValue.objects.filter(report=report, revision=before))
        for row in rows:
            row.pk, row.revision, row.lock = None, report.revision, 1
        ReportedValue.objects.bulk_create(rows)
        derive_report(report.pk)
        tell(report, kind=Kind.REPORT_REOPENED, by=by, reason=reason.strip())
    return report
