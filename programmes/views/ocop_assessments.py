"""One assessment: the dossier, the council's session with the sheets of its members, the result, and its moves."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from communes.scope import scope_of
from mongcai_portal.accounts.decorators import require
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.errors import Fault, Invalid, Stale
from programmes.forms.ocop import ROWS_MORE, ROWS_MOST, ReasonForm, SessionForm, SettleForm, sheets_typed
from programmes.models import OcopAssessment
from programmes.presenters.ocop import assessment_line
from programmes.presenters.ocop_sheets import SheetRow, sheet_rows, typed_rows
from programmes.selectors.ocop_law import scales
from programmes.selectors.ocop_pages import assessment_seen, sheets_of
from programmes.services import ocop as services
from programmes.views.ocop import may_do, refusals
from programmes.views.ocop_acts import STALE, put_faults


@require(Permission.OCOP_VIEW)
@require_GET
@refusals
def ocop_assessment(request: HttpRequest, assessment_id: int) -> HttpResponse:
    """Show an assessment, with the form of what is to be done next."""
    return _answer(request, assessment_seen(scope_of(request.user), assessment_id))


@require(Permission.OCOP_ASSESS)
@require_POST
@refusals
def ocop_sheets(request: HttpRequest, assessment_id: int) -> HttpResponse:
    """Store the session and all sheets, or none."""
    row = assessment_seen(scope_of(request.user), assessment_id)
    form, typed = SessionForm(request.POST), sheets_typed(request.POST)
    form.is_valid()
    try:
        services.save_sheets(
            by=request.user,
            assessment_id=row.pk,
            council=form.cleaned_data.get("council", ""),
            assessed_on=form.cleaned_data.get("assessed_on"),
            sheets=typed,
            language=get_language() or "vi",
            lock=form.seen(),
        )
    except Invalid as error:
        at_sheets = [fault for fault in error.faults if fault.pointer.startswith("/sheets")]
        put_faults(form, Invalid(fault for fault in error.faults if fault not in at_sheets))
        return _answer(request, row, session=form, rows=typed_rows(typed, at_sheets), faults=at_sheets, status=422)
    except Stale as error:
        return _late(request, row, error, session=form, rows=typed_rows(typed, ()))
    messages.success(request, _("Đã lưu phiếu chấm điểm."))
    return redirect("ocop_assessment", assessment_id=row.pk)


@require(Permission.OCOP_VIEW)
@require_POST
@refusals
def ocop_move(request: HttpRequest, assessment_id: int) -> HttpResponse:
    """Hand in, settle, send back or approve."""
    row = assessment_seen(scope_of(request.user), assessment_id)
    may = may_do(scope_of(request.user), row.product)
    if not (may["may_edit"] or may["may_assess"] or may["may_approve"]):
        raise PermissionDenied
    name = request.POST.get("move", "")
    settle, reason = SettleForm(request.POST), ReasonForm(request.POST)
    settle.is_valid()
    reason.is_valid()
    given: dict[str, Any] = {"by": request.user, "assessment_id": row.pk, "lock": reason.seen()}
    try:
        if name == "verify":
            services.verify(**given, disqualified_because=settle.cleaned_data.get("disqualified_because", ""))
        elif name == "send_back":
            services.send_back(**given, reason=reason.cleaned_data.get("reason", ""))
        elif name in ("submit", "approve"):
            getattr(services, name)(**given)
        else:
            return _answer(request, row, faults=[Fault("/move", "unknown", _("Không có bước này."))], status=422)
    except Invalid as error:
        put_faults(reason, Invalid(fault for fault in error.faults if fault.pointer == "/reason"))
        others = [fault for fault in error.faults if fault.pointer != "/reason"]
        return _answer(request, row, settle=settle, reason=reason, faults=others, status=422)
    except Stale as error:
        return _late(request, row, error, settle=settle, reason=reason)
    done = {
        "submit": _("Đã nộp hồ sơ cho hội đồng."),
        "verify": _("Đã chốt kết quả chấm điểm."),
        "send_back": _("Đã trả lại hồ sơ."),
        "approve": _("Đã phê duyệt kết quả đánh giá."),
    }
    messages.success(request, done[name])
    return redirect("ocop_assessment", assessment_id=row.pk)


def _late(request: HttpRequest, row: OcopAssessment, error: Stale, **shown: Any) -> HttpResponse:
    """Another window was first: what was typed stays, and rests on what stands now."""
    return _answer(
        request,
        assessment_seen(scope_of(request.user), row.pk),
        faults=[Fault("/", "stale", str(error))],
        status=STALE,
        **shown,
    )


def _answer(
    request: HttpRequest,
    row: OcopAssessment,
    *,
    session: SessionForm | None = None,
    rows: list[SheetRow] | None = None,
    settle: SettleForm | None = None,
    reason: ReasonForm | None = None,
    faults: Any = (),
    status: int = 200,
) -> HttpResponse:
    sheets, scope = sheets_of(row), scope_of(request.user)
    shown = rows if rows is not None else sheet_rows(sheets)
    while shown and not any((shown[-1].member, shown[-1].a, shown[-1].b, shown[-1].c)):
        shown = shown[:-1]  # empty rows are offered anew
    blank = [SheetRow(at) for at in range(len(shown), min(len(shown) + ROWS_MORE, ROWS_MOST))]
    initial = {"council": row.council, "assessed_on": row.assessed_on}
    context = {
        "row": row,
        "product": row.product,
        "line": assessment_line(row),
        "sheets": sheet_rows(sheets),
        "typed": [*shown, *blank],
        "session": session or SessionForm(initial=initial),
        "settle": settle or SettleForm(),
        "reason": reason or ReasonForm(),
        "scales": scales(),
        "faults": faults,
        "status": row.get_status_display(),
        **may_do(scope, row.product),
    }
    context["own"] = request.user.pk in (row.submitted_by_id, row.verified_by_id)
    return render(request, "programmes/ocop_assessment.html", context, status=status)
