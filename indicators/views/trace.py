"""One element of a report: how its cells came to be, and what the two sides say about it.

Opened from a row it is a fragment, opened by its address a page; both show the same part.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from communes.scope import scope_of
from indicators.forms.locks import read_lock
from indicators.models import Comment, Report
from indicators.presenters.comments import thread_view, threads_context
from indicators.presenters.revisions import head_context
from indicators.presenters.trace import trace_context
from indicators.selectors.comments import thread_of, threads_of
from indicators.selectors.entry import find_report, unit_name
from indicators.selectors.history import element_trail
from indicators.selectors.layout import layout_for
from indicators.selectors.register_rows import knows_register
from indicators.services.comments import UnknownElement, comment, mark_seen
from indicators.views.doors import refusals
from mongcai_portal.accounts.decorators import require
from mongcai_portal.common.errors import Invalid
from mongcai_portal.common.views.errors import answer, is_fragment


@require("reports.view")
@require_GET
@refusals
def value_history(request: HttpRequest, report_id: int, element: str) -> HttpResponse:
    """Show every save of an element's cells, what was decided about it, and the thread."""
    return _show(request, find_report(scope=scope_of(request.user), report_id=report_id), element)


@require("reports.view")
@require_GET
@refusals
def report_comments(request: HttpRequest, report_id: int) -> HttpResponse:
    """List the threads of a report, those with something new for the reader first."""
    scope = scope_of(request.user)
    report = find_report(scope=scope, report_id=report_id)
    context = head_context(report, *unit_name(report))
    context |= threads_context(threads_of(report), layout_for(report.period), report, scope)
    return render(request, "indicators/comments.html", context)


@require("reports.comment")
@require_POST
@refusals
def comment_add(request: HttpRequest, report_id: int, element: str) -> HttpResponse:
    """Add a remark to the thread of an element."""
    report = find_report(scope=scope_of(request.user), report_id=report_id)
    text = request.POST.get(f"text:{element}", "")
    token = request.POST.get(f"token:{element}", "")
    try:
        comment(by=request.user, report_id=report.pk, element=element, text=text, token=token)
    except UnknownElement as error:
        raise Http404 from error
    except Invalid as error:
        if is_fragment(request):
            # Nothing is swapped, so what was typed stays; the shell shows the faults.
            return answer(request, status=422, code="invalid", title=_("Chưa gửi được"), detail=str(error), template="")
        return _show(request, report, element, text=text, faults=error, status=422)
    return _after(request, report, element, _("Đã gửi ý kiến."))


@require("reports.comment")
@require_POST
@refusals
def comment_seen(request: HttpRequest, report_id: int, element: str) -> HttpResponse:
    """Mark a thread as read by the reader's side."""
    report = find_report(scope=scope_of(request.user), report_id=report_id)
    upto = read_lock(request.POST.get(f"upto:{element}", "")) or 0
    try:
        mark_seen(by=request.user, report_id=report.pk, element=element, upto=upto)
    except (UnknownElement, Comment.DoesNotExist) as error:
        raise Http404 from error
    return _after(request, report, element, _("Đã đánh dấu là đã đọc."))


def _after(request: HttpRequest, report: Report, element: str, told: str) -> HttpResponse:
    if is_fragment(request):
        return _show(request, report, element)
    messages.success(request, told)
    return redirect(reverse("value_history", args=[report.pk, element]) + "#thread")


def _show(
    request: HttpRequest,
    report: Report,
    element: str,
    *,
    text: str = "",
    faults: Invalid | None = None,
    status: int = 200,
) -> HttpResponse:
    trail = element_trail(report, element)
    if trail is None:
        raise Http404
    scope = scope_of(request.user)
    context = trace_context(trail, exact=knows_register(scope, report)) | {
        "thread": thread_view(thread_of(report, trail.row.element.id), trail.row, trail.layout, report, scope),
        "typed": text,
        "faults": [fault.message for fault in faults.faults] if faults else [],
        "fragment": is_fragment(request),
    }
    if is_fragment(request):
        return render(request, "indicators/_trace.html", context, status=status)
    return render(request, "indicators/trace.html", context | head_context(report, *unit_name(report)), status=status)
