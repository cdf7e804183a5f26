"""The form of one report: one HTML form that works without JavaScript, and saves cell by cell with it.

The page is sent compressed (840 kB of a commune with all three levels become 48): communes type over weak lines.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods

from communes.scope import scope_of
from indicators.forms.entry import EntryForm
from indicators.forms.locks import read_lock
from indicators.models import Report
from indicators.presenters.entry import entry_context, unsaved_lines
from indicators.presenters.report_views import CellView, Overlay
from indicators.presenters.reports import live_row_views
from indicators.presenters.words import language, period_label
from indicators.selectors.comments import thread_marks
from indicators.selectors.entry import LiveRows, copyable, find_report, live_rows, may_edit, report_state
from indicators.selectors.layout import layout_for
from indicators.selectors.typed import key_of, shown, token_of
from indicators.services.reports import submit
from indicators.services.values import CellInput, SaveResult, save_values
from indicators.views.doors import refusals
from mongcai_portal.accounts.decorators import require
from mongcai_portal.common.errors import Invalid, Stale
from mongcai_portal.common.views.errors import problem, wants_json


@require("reports.view")
@gzip_page
@require_http_methods(["GET", "POST"])
@refusals
def report_entry(request: HttpRequest, report_id: int) -> HttpResponse:
    """Show the form, or store what was typed into it."""
    report = find_report(scope=scope_of(request.user), report_id=report_id)
    if request.method == "GET":
        return _page(request, report)
    action = request.POST.get("action", "save")
    if action == "copy" or action.startswith("copy:"):
        return _copy(request, report, action.partition(":")[2])
    layout = layout_for(report.period)
    form = EntryForm(request.POST, layout.definitions)
    try:
        result = save_values(by=request.user, report_id=report.pk, cells=form.cells, all_or_none=False)
    except Stale as error:
        return _stale(request, report, form, str(error))
    overlay = _overlay(form, result)
    if wants_json(request):
        return _saved_json(live_rows(report, layout, {key[0] for key in form.typed}), form, overlay)
    if overlay.keys:
        return _page(request, report, overlay, saved=_stored(result), status=422 if overlay.faults else 409)
    if action == "submit":
        return _submit(request, report)
    if action.startswith("evidence:") and layout.row(action.partition(":")[2]):
        return redirect("report_evidence", report_id=report.pk, element=action.partition(":")[2])
    stored = _stored(result)
    if stored:
        messages.success(request, ngettext("Đã lưu %(n)s ô.", "Đã lưu %(n)s ô.", stored) % {"n": stored})
    else:
        messages.info(request, _("Không có ô nào thay đổi."))
    return redirect("report_entry", report_id=report.pk)


def _stored(result: SaveResult) -> int:
    return sum(not cell.unchanged for cell in result.saved)


def _overlay(form: EntryForm, result: SaveResult) -> Overlay:
    return Overlay(
        typed=form.typed,
        tokens=form.tokens,
        faults={key_of(f.pointer): f.message for f in result.faults},
        conflicts={(c.element, c.part): c for c in result.conflicts},
    )


def _page(
    request: HttpRequest,
    report: Report,
    overlay: Overlay | None = None,
    *,
    saved: int = 0,
    unsaved: list[tuple[str, str]] | None = None,
    problem_text: str = "",
    status: int = 200,
) -> HttpResponse:
    scope = scope_of(request.user)
    state = report_state(report)
    context = entry_context(
        state,
        overlay or Overlay(),
        editable=may_edit(scope, report),
        scope=scope,
        threads=thread_marks(report, scope),
    )
    context |= {"saved": saved, "unsaved": unsaved, "problem_text": problem_text}
    return render(request, "indicators/entry.html", context, status=status)


def _stale(request: HttpRequest, report: Report, form: EntryForm, message: str) -> HttpResponse:
    """409: the report was submitted meanwhile; what was typed is listed, since it was not stored."""
    if wants_json(request):
        return problem(409, "stale", _("Báo cáo đã đóng"), message, stale=True)
    report.refresh_from_db()
    lines = unsaved_lines(report, form.typed)
    return _page(request, report, unsaved=lines, problem_text=message, status=409)


def _saved_json(live: LiveRows, form: EntryForm, overlay: Overlay) -> HttpResponse:
    """Answer a script: the state of each cell it sent, its row's outcome and the counts, as the page draws them."""
    rows, stored_rows = live_row_views(live, overlay), live_row_views(live)
    cells: dict[str, Any] = {}
    for code, row in rows.items():
        for view, clean, stored in zip(row.cells, stored_rows[code].cells, live.rows[code].cells, strict=True):
            key = stored.key
            if key not in form.typed:
                continue
            now = shown(stored.row, language())
            cells[view.name] = {
                "status": view.status,
                "message": view.message,
                "token": token_of(stored.row.lock if stored.row else 0, now),
                "now": {"v": now.raw, "s": now.state, "r": now.reason, "n": now.note},
                "text": view.text,
                "state": _state_html(view),
                "clean": _state_html(clean),
            }
    entered = sum(done for done, _total in live.entered.values())
    body = {
        "cells": cells,
        "rows": {code: render_to_string("indicators/_row_outcome.html", {"row": row}) for code, row in rows.items()},
        "sections": live.entered,
        "entered": entered,
        "total": live.layout.cells_total,
    }
    return JsonResponse(body, status=422 if overlay.faults else 409 if overlay.conflicts else 200)


def _state_html(cell: CellView) -> str:
    return render_to_string("indicators/_cell_state.html", {"cell": cell})


def _copy(request: HttpRequest, report: Report, section: str) -> HttpResponse:
    """Fill empty cells with the values of the newest approved period before this one."""
    period, found = copyable(report, section)
    cells = [CellInput(element=c.element, part=c.part, raw=c.value, lock=0, language="plain") for c in found]
    try:
        result = save_values(by=request.user, report_id=report.pk, cells=cells, all_or_none=False)
    except Stale as error:
        messages.error(request, str(error))
        return redirect("report_entry", report_id=report.pk)
    stored = _stored(result)
    if not period:
        messages.info(request, _("Chưa có kỳ nào trước đó được phê duyệt."))
    elif not stored:
        messages.info(request, _("Không còn ô trống nào có số kỳ trước."))
    else:
        messages.success(
            request,
            _("Đã điền %(n)s ô trống bằng số %(period)s. Hãy soát lại từng ô trước khi trình.")
            % {"n": stored, "period": period_label(period).lower()},
        )
    url = reverse("report_entry", args=[report.pk])
    return redirect(f"{url}#s-{section}" if section else url)


def _submit(request: HttpRequest, report: Report) -> HttpResponse:
    try:
        submit(by=request.user, report_id=report.pk, lock=read_lock(request.POST.get("lock", "")))
    except Invalid as error:
        missing = frozenset(key_of(f.pointer) for f in error.faults)
        return _page(request, report, Overlay(missing=missing), status=422)
    except Stale as error:
        report.refresh_from_db()
        return _page(request, report, problem_text=str(error), status=409)
    messages.success(
        request,
        _("Đã trình báo cáo. Các phòng ban sẽ thẩm định; mục nào bị trả lại sẽ hiện ở đây kèm lý do."),
    )
    return redirect("report_entry", report_id=report.pk)
