"""`/`: where we stand, with the communes behind every ratio."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from communes.models import Unit
from mongcai_portal.accounts.decorators import signed_in
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.views.asked import asked_day
from programmes.measures.facts import HOME_AREA
from programmes.presenters.overview import page
from programmes.selectors.overview import overview


@signed_in
def overview_page(request: HttpRequest) -> HttpResponse:
    """The overview of a day; who may not see it (a commune officer) starts at the reports."""
    if not request.user.has_perm(Permission.OVERVIEW_VIEW):
        return redirect("report_list")
    day, readable = asked_day(request)
    today = timezone.localdate()
    try:
        found = overview(day, today=today, area=request.GET.get("unit") or HOME_AREA)
    except Unit.DoesNotExist as error:
        raise Http404 from error
    return render(request, "programmes/overview.html", {"page": page(found, today=today), "unreadable": not readable})
