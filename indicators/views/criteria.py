"""`/criteria/` and `/criteria/<code>/`: the law as the portal holds it, as a document."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from indicators.models import CriteriaSet
from indicators.presenters.criteria import document_view, set_dates, set_lines
from indicators.selectors.catalogue import criteria_set_by_code, law_day
from indicators.selectors.criteria_document import document, set_list
from mongcai_portal.accounts.decorators import require
from mongcai_portal.accounts.permissions import Permission
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
    try:
        found = criteria_set_by_code(code)
    except CriteriaSet.DoesNotExist as error:
        raise Http404 from error
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
    }
    return render(request, "indicators/criteria_set.html", context)
