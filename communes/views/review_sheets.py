"""The households of a round, and the survey sheet: a form that works without JavaScript, saved by field with it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from communes.forms.reviews import ReasonForm, SheetPost
from communes.models import HouseholdReview, ReviewFile, ReviewRound
from communes.presenters.review_sheet import (
    Overlay,
    cell_views,
    fault_lines,
    language,
    live_context,
    review_state,
    sections_of,
)
from communes.presenters.review_terms import average_note
from communes.presenters.review_words import before_words, stored_results
from communes.rules.list_reads import pages_word
from communes.rules.reviews.requests import AVERAGE, granted
from communes.scope import scope_of
from communes.selectors.reviews.households import (
    STATES,
    ReviewFilter,
    complaints_of,
    find_review,
    review_counts,
    reviews,
)
from communes.selectors.reviews.rounds import find_round, procedure_spec, village_names
from communes.selectors.reviews.sheets import Live, SheetForm, live_result, sheet_form, shown, token_of, typed_cells
from communes.services import reviews as services
from communes.services.households import ListRead, note_list, note_views
from communes.services.reviews.guard import may_for_unit
from communes.services.reviews.sheets import may_type
from communes.views.kept_searches import keep_search, kept_search, may_be_identity
from communes.views.reviews import DECIDE, REVIEW, VIEW, refusals, round_heading
from mongcai_portal.accounts.decorators import require
from mongcai_portal.common.errors import Invalid, Stale
from mongcai_portal.common.templatetags.portal import localname
from mongcai_portal.common.views.errors import problem, wants_json
from mongcai_portal.common.workflow import APPROVED, EDITABLE, SUBMITTED

LINES = 50


@require(VIEW)
@never_cache
@require_http_methods(["GET", "POST"])
@refusals
def review_households(request: HttpRequest, round_id: int) -> HttpResponse:
    """List the households of a round, found by village, state, head or code; what is searched for is posted."""
    round_ = find_round(scope_of(request.user), round_id)
    posted = request.method == "POST"
    asked = request.POST if posted else request.GET
    village, state = asked.get("village", ""), asked.get("state", "")
    wanted = ReviewFilter(
        village=int(village) if village.isascii() and village.isdigit() and len(village) < 15 else None,
        state=state if state in STATES else "",
        q=asked.get("q", "").strip()[:120] if posted else kept_search(request, request.GET.get("s", "")),
    )
    if posted and not may_be_identity(wanted.q):
        query = {"village": wanted.village, "state": wanted.state, "s": wanted.q and keep_search(request, wanted.q)}
        given = {name: value for name, value in query.items() if value}
        address = reverse("review_households", args=[round_id])
        return redirect(f"{address}?{urlencode(given)}" if given else address)
    page = Paginator(reviews(round_, wanted), LINES).get_page(request.GET.get("page"))
    found = list(page.object_list)
    _note(request, round_, wanted, page.number, len(found))
    ids = set(HouseholdReview.objects.filter(round=round_).order_by().values_list("village_id", flat=True).distinct())
    names = village_names(round_.opened_on, ids)
    standards = {one.standard.code: localname(one.standard) for one in round_.standards.select_related("standard")}
    counts = review_counts(round_)
    words = {
        "": _("Tất cả"),
        "open": _("Chưa xong"),
        "finished": _("Đã xong"),
        "complaint": _("Có khiếu nại"),
        "request": _("Có giấy đề nghị"),
        "left": _("Đã chuyển đi"),
    }
    context = {
        **round_heading(round_),
        "page_obj": page,
        "lines": [
            {
                "review": one,
                "village": names.get(one.village_id, ("", ""))[0],
                "before": before_words(one.before, standards),
                "results": stored_results(one.results.all()),
                "state": review_state(one),
            }
            for one in found
        ],
        "wanted": wanted,
        "states": [(code, label, counts[code]) for code, label in words.items() if counts[code] or not code],
        "villages": sorted(((pk, name) for pk, (name, _key) in names.items()), key=lambda pair: names[pair[0]][1]),
        "may_add": may_for_unit(request.user, round_.unit_id, REVIEW) and round_.status in EDITABLE,
    }
    return render(request, "communes/review_households.html", context)


def _note(request: HttpRequest, round_: ReviewRound, wanted: ReviewFilter, page: int, shown: int) -> None:
    asked = {
        "village": wanted.village,
        "state": wanted.state,
        "searched": bool(wanted.q),
        "pages": pages_word(page),
    }
    note_list(by=request.user, read=ListRead((), asked, shown, round_=round_))


@require(VIEW)
@never_cache
@require_http_methods(["GET", "POST"])
@refusals
def review_sheet(request: HttpRequest, round_id: int, review_id: int) -> HttpResponse:
    """Show a household's sheet, store what was typed into it, or finish it."""
    review = find_review(scope_of(request.user), round_id, review_id)
    # A save answers with the sheet, too: what another window wrote comes back to the one that typed over it. Of the
    # round's unit, wherever the household lives by now: what was reviewed stays readable there.
    note_views(by=request.user, household_ids=[review.household_id])
    sheet = sheet_form(review.round)
    if request.method == "GET":
        return _page(request, review, sheet)
    post = SheetPost(request.POST, sheet.cells)
    try:
        result = services.save_cells(by=request.user, review_id=review.pk, cells=post.cells)
    except Stale as error:
        if wants_json(request):
            return problem(409, "stale", _("Phiếu đã đóng"), str(error), stale=True)
        review = find_review(scope_of(request.user), round_id, review_id)
        return _page(request, review, sheet, problem_text=str(error), status=409)
    overlay = Overlay(
        typed=post.typed,
        tokens=post.tokens,
        faults={fault.pointer.lstrip("/").replace("~0", "~"): str(fault.message) for fault in result.faults},
        conflicts={one.name: one for one in result.conflicts},
    )
    if wants_json(request):
        return _saved_json(review, sheet, post, overlay)
    if overlay.faults or overlay.conflicts:
        return _page(request, review, sheet, overlay, status=422 if overlay.faults else 409)
    if request.POST.get("action") == "finish":
        return _finish(request, review, sheet)
    n = sum(not one.unchanged for one in result.saved)
    if n:
        messages.success(request, ngettext("Đã lưu %(n)s mục.", "Đã lưu %(n)s mục.", n) % {"n": n})
    else:
        messages.info(request, _("Không có mục nào thay đổi."))
    return redirect("review_sheet", round_id=round_id, review_id=review_id)


def _finish(request: HttpRequest, review: HouseholdReview, sheet: SheetForm) -> HttpResponse:
    try:
        services.finish_sheet(by=request.user, review_id=review.pk)
    except Stale as error:
        return _page(request, review, sheet, problem_text=str(error), status=409)
    except Invalid as error:
        faults = {fault.pointer.lstrip("/").replace("~0", "~"): str(fault.message) for fault in error.faults}
        values = {name: shown(cell, "text", "vi") for name, cell in typed_cells(review).items()}
        return _page(request, review, sheet, Overlay(typed=values, faults=faults), unfinished=True, status=422)
    told = {"code": review.household.code}
    messages.success(request, _("Đã hoàn thành phiếu của hộ %(code)s.") % told)
    live, _cells = _live(review, sheet)
    if live.described and sheet.lists.causes and not live.description.applying:
        messages.warning(request, _("Phiếu của hộ %(code)s chưa ghi nguyên nhân nghèo nào (phiếu C).") % told)
    after = review.round.reviews.filter(finished_at__isnull=True, refusal__isnull=True)
    following = after.order_by("household__sort_key", "pk").first()
    if following is not None and review.round.status in EDITABLE:
        return redirect("review_sheet", round_id=review.round_id, review_id=following.pk)
    return redirect("review_round", round_id=review.round_id)


def _live(review: HouseholdReview, sheet: SheetForm) -> tuple[Live, dict[str, Any]]:
    cells = typed_cells(review)
    values = {name: cell.value for name, cell in cells.items()}
    return live_result(sheet, values, review.household.farming), cells


def _page(
    request: HttpRequest,
    review: HouseholdReview,
    sheet: SheetForm,
    overlay: Overlay | None = None,
    *,
    problem_text: str = "",
    unfinished: bool = False,
    status: int = 200,
) -> HttpResponse:
    round_ = review.round
    live, cells = _live(review, sheet)
    sections = sections_of(sheet, cells, overlay or Overlay())
    may_act = may_for_unit(request.user, round_.unit_id, REVIEW)
    may_decide = may_for_unit(request.user, round_.unit_id, DECIDE)
    results = list(review.results.select_related("standard"))
    complaints = complaints_of(review)
    waiting = next((one for one in complaints if one.answered_on is None), None)
    editable = may_act and may_type(review, round_)
    statuses = {one.standard.code: one.status for one in results}
    average = {one.standard.code: one.average_living for one in results}
    names = {one.standard.code: localname(one.standard) for one in round_.standards.select_related("standard")}
    refusable = may_decide and round_.status != APPROVED and review.requested_on is not None
    context = {
        **round_heading(round_),
        "review": review,
        "household": review.household,
        "village": village_names(round_.opened_on, [review.village_id]).get(review.village_id, ("", ""))[0],
        "before": before_words(review.before, names),
        "sections": sections,
        "live": live_context(live, sheet),
        "editable": editable,
        "language": language(),
        "problem_text": problem_text,
        "wrong": fault_lines(overlay.faults, sections) if overlay else [],
        "conflicts": bool(overlay and overlay.conflicts),
        "unfinished": unfinished,
        "state": review_state(review),
        "files": list(review.files.order_by("pk")),
        "complaints": complaints,
        "waiting": waiting,
        "may_keep": may_act and round_.status != APPROVED,
        "may_reopen": may_act
        and review.finished_at is not None
        and (round_.status in EDITABLE or (round_.status == SUBMITTED and waiting is not None)),
        "may_complain": may_act and round_.status == SUBMITTED and waiting is None and review.finished_at is not None,
        "may_answer": may_act and round_.status == SUBMITTED and waiting is not None,
        "may_refuse": refusable
        and not hasattr(review, "refusal")
        and not (statuses and granted(review.reason, review.before, statuses, average)),
        "average_note": average_note(procedure_spec(round_.procedure)) if review.reason == AVERAGE else "",
        "certified": round_.status == APPROVED
        and not review.fell_out
        and any(one.status in ("poor", "near_poor") for one in results),
    }
    return render(request, "communes/review_sheet.html", context, status=status)


def _saved_json(review: HouseholdReview, sheet: SheetForm, post: SheetPost, overlay: Overlay) -> HttpResponse:
    """Answer a script: the state of each field it sent, the live result and the count, as the page draws them."""
    live, cells = _live(review, sheet)
    views, clean = cell_views(sheet, cells, overlay), cell_views(sheet, cells, Overlay())
    told: dict[str, Any] = {}
    for name in post.typed:
        view, stored = views[name], clean[name]
        now = shown(cells.get(name), stored.kind, language())
        told[name] = {
            "status": view.status,
            "message": view.message,
            "token": token_of(stored.lock, now),
            "now": {"v": now, "s": "", "r": "", "n": ""},
            "text": view.text,
            "state": _state_html(view),
            "clean": _state_html(stored),
        }
    context = {"live": live_context(live, sheet)}
    body = {
        "cells": told,
        "rows": {
            "result": render_to_string("communes/_review_result.html", context),
            "bar": render_to_string("communes/_review_bar.html", context),
            "described": render_to_string("communes/_review_described.html", context),
        },
        "sections": {},
        "entered": live.entered,
        "total": live.total,
    }
    return JsonResponse(body, status=422 if overlay.faults else 409 if overlay.conflicts else 200)


def _state_html(cell: Any) -> str:
    return render_to_string("communes/_review_cell_state.html", {"cell": cell})


@require(REVIEW)
@require_POST
@refusals
def review_reopen(request: HttpRequest, round_id: int, review_id: int) -> HttpResponse:
    """Open a finished sheet again."""
    review = find_review(scope_of(request.user), round_id, review_id)
    form = ReasonForm(request.POST)
    form.is_valid()
    try:
        services.reopen_sheet(by=request.user, review_id=review.pk, reason=form.cleaned_data.get("reason", ""))
    except (Invalid, Stale) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Đã mở lại phiếu."))
    return redirect("review_sheet", round_id=round_id, review_id=review_id)


@require(REVIEW)
@require_POST
@refusals
def review_paper(request: HttpRequest, round_id: int, review_id: int) -> HttpResponse:
    """Keep a photograph or scan of the sheet or of the request."""
    review = find_review(scope_of(request.user), round_id, review_id)
    papers = (ReviewFile.Paper.SHEET, ReviewFile.Paper.REQUEST)
    paper = next((one for one in papers if one == request.POST.get("paper")), ReviewFile.Paper.SHEET)
    try:
        row = services.keep_paper(by=request.user, review_id=review.pk, paper=paper, file=request.FILES.get("file"))
    except (Invalid, Stale) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Đã lưu “%(name)s”.") % {"name": row.name})
    return redirect("review_sheet", round_id=round_id, review_id=review_id)
