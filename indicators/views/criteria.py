"""`/criteria/` and `/criteria/<code>/`: the law as the portal holds it, as a document."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from indicators.models import CriteriaSet
from indicators.presenters.criteria import document_view, set_dates, set_lines
from indicators.selectors.catalogue import criteria_set_by_code, law_day
from indicators.selectors.criteria_document import document, set_list
from indicators.services.publishing import publish_set
from mongcai_portal.accounts.decorators import require
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.errors import Fault, Invalid, Stale
from mongcai_portal.common.views.asked import asked_day


@require(Permission.CRITERIA_VIEW)
@require_GET
def criteria_list(request: HttpRequest) -> HttpResponse:
    """All sets, drafts among them."""
    return render(request, "indicators/criteria_list.html", {"sets": set_lines(set_list())})


@require(Permission.CRITERIA_VIEW)
@require_GET
def criteria_set(request: HttpRequest, code: str) -> HttpResponse:
    """A set on a day; `?versions=all` opens every version, so that they print too."""
    return _page(request, _found(code))


@require(Permission.CRITERIA_PUBLISH)
@require_POST
def criteria_publish(request: HttpRequest, code: str) -> HttpResponse:
    """Publish a draft; what it still lacks is named on its page, and it stays a draft."""
    found = _found(code)
    try:
        publish_set(by=request.user, code=found.code)
    except Invalid as error:
        return _page(request, found, faults=error.faults, status=422)
    except Stale as error:
        return _page(request, _found(code), problem=str(error), status=409)
    messages.success(request, _("Đã ban hành bộ tiêu chí. Báo cáo các năm áp dụng được xét theo bộ này."))
    return redirect("criteria_set", code=code)


def _found(code: str) -> CriteriaSet:
    try:
        return criteria_set_by_code(code)
    except CriteriaSet.DoesNotExist as error:
        raise Http404 from error


def _page(
    request: HttpRequest, found: CriteriaSet, *, faults: Sequence[Fault] = (), problem: str = "", status: int = 200
) -> HttpResponse:
    day, readable = asked_day(request)
    found_day = day or law_day(found, timezone.localdate())
    doc = document(found, found_day)
    context = {
        "set": found,
        "day": found_day,
        "dates": set_dates(found),
        "draft": found.status == CriteriaSet.Status.DRAFT,
        "doc": document_view(doc, may_enter=request.user.has_perm(Permission.NORMS_ENTER)),
        "sources": doc.sources,
        "all_versions": request.GET.get("versions") == "all",
        "unreadable": not readable,
        "may_publish": request.user.has_perm(Permission.CRITERIA_PUBLISH),
        "faults": faults,
        "problem": problem,
    }
    return render(request, "indicators/criteria_set.html", context, status=status)
