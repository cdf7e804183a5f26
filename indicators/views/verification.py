"""Verification by the offices, and the coordinator's approval, return and reopening."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET, require_POST

from communes.scope import scope_of
from indicators.forms.locks import read_lock
from indicators.forms.verification import VerificationForm, read_verification
from indicators.models import Report
from indicators.presenters.verification import approved_text, verification_context
from indicators.selectors.changes import changes_between, usual_pair
from indicators.selectors.comments import thread_marks
from indicators.selectors.entry import find_report, report_state
from indicators.services.guard import hold
from indicators.services.reports import approve, reopen
from indicators.services.verification import send_back, verify
from indicators.views.doors import refusals
from mongcai_portal.accounts.decorators import require
from mongcai_portal.common.errors import Invalid, Stale


@require("reports.view")
@gzip_page
@require_GET
@refusals
def report_verify(request: HttpRequest, report_id: int) -> HttpResponse:
    """Show a report as the offices and the coordinator judge it."""
    return _page(request, find_report(scope=scope_of(request.user), report_id=report_id))


@require("reports.send_back")
@require_POST
@refusals
def verification_save(request: HttpRequest, report_id: int) -> HttpResponse:
    """Store verdicts: verify some, send some back with reasons; all of it or nothing."""
    report = find_report(scope=scope_of(request.user), report_id=report_id)
    form = VerificationForm()
    try:
        with transaction.atomic():
            # The commune may be typing: what this window was shown is compared with what will be signed.
            hold(report)
            form = read_verification(request.POST, report_state(report), rest=request.POST.get("action") == "rest")
            good = not (form.faults or form.stale)
            if good and form.elements:
                verify(by=request.user, report_id=report.pk, elements=form.elements, judgements=form.judgements)
            if good and form.returns:
                send_back(by=request.user, report_id=report.pk, returns=form.returns)
    except Invalid as error:
        form.faults |= {f.pointer.strip("/").split("/")[0]: f.message for f in error.faults}
    except Stale as error:
        return _told(request, report, str(error))
    if form.faults or form.stale:
        return _page(request, report, form, status=422 if form.faults else 409)
    if not form.elements and not form.returns:
        messages.info(request, _("Chưa chọn mục nào."))
        return redirect("report_verify", report_id=report.pk)
    _say(request, len(form.elements), len(form.returns))
    return redirect("report_verify", report_id=report.pk)


def _say(request: HttpRequest, verified: int, returned: int) -> None:
    if verified:
        text = ngettext("Đã thẩm định %(n)s mục.", "Đã thẩm định %(n)s mục.", verified)
        messages.success(request, text % {"n": verified})
    if returned:
        text = ngettext("Đã trả lại %(n)s mục kèm lý do.", "Đã trả lại %(n)s mục kèm lý do.", returned)
        messages.success(request, text % {"n": returned})


@require("reports.approve")
@require_POST
@refusals
def report_approve(request: HttpRequest, report_id: int) -> HttpResponse:
    """Approve the report that this window shows; a second window is told who was first."""
    report = find_report(scope=scope_of(request.user), report_id=report_id)
    try:
        approve(by=request.user, report_id=report.pk, lock=read_lock(request.POST.get("lock", "")))
    except Stale as error:
        return _told(request, report, str(error))
    messages.success(request, _("Đã phê duyệt. Kết quả đạt chuẩn đang được tính lại."))
    return redirect("report_verify", report_id=report.pk)


@require("reports.reopen")
@require_POST
@refusals
def report_reopen(request: HttpRequest, report_id: int) -> HttpResponse:
    """Reopen an approved report, with the reason."""
    report = find_report(scope=scope_of(request.user), report_id=report_id)
    try:
        reopen(
            by=request.user,
            report_id=report.pk,
            reason=request.POST.get("reason", ""),
            lock=read_lock(request.POST.get("lock", "")),
        )
    except Invalid as error:
        return _page(request, report, reopen_fault=str(error), status=422)
    except Stale as error:
        return _told(request, report, str(error))
    messages.success(request, _("Đã mở lại. Số đã duyệt vẫn được tính cho đến khi bản mới được duyệt."))
    return redirect("report_verify", report_id=report.pk)


def _told(request: HttpRequest, report: Report, message: str) -> HttpResponse:
    """409: another window was first; the page shows how things stand now."""
    report.refresh_from_db()
    return _page(request, report, problem_text=message, status=409)


def _page(
    request: HttpRequest,
    report: Report,
    form: VerificationForm | None = None,
    *,
    problem_text: str = "",
    reopen_fault: str = "",
    status: int = 200,
) -> HttpResponse:
    state, scope = report_state(report), scope_of(request.user)
    pair = usual_pair(report) if report.status != Report.Status.APPROVED else None
    context: dict[str, Any] = verification_context(
        state,
        scope,
        form,
        threads=thread_marks(report, scope),
        changes=changes_between(report, *pair) if pair else None,
    )
    context |= {
        "problem_text": approved_text(state, problem_text) if problem_text else "",
        "faulty": bool(form and (form.faults or form.stale)),
        "reopen_fault": reopen_fault,
        "reopen_reason": request.POST.get("reason", ""),
    }
    return render(request, "indicators/verification.html", context, status=status)
