"""`/`: where we stand, with the communes behind every ratio; `/attention/`: all that needs attention."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from communes.models import Unit
from communes.scope import scope_of
from communes.selectors.poverty_published import seen_by
from mongcai_portal.accounts.decorators import require, signed_in
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.links import link
from mongcai_portal.common.views.asked import asked_day
from programmes.measures.facts import HOME_AREA
from programmes.presenters.attention import AttentionList
from programmes.presenters.board import drawn_overview
from programmes.presenters.text import name_of
from programmes.selectors.overview import overview

PER_PAGE = 50


@signed_in
def overview_page(request: HttpRequest) -> HttpResponse:
    """The overview of a day; who may not see it (a commune officer) starts at the reports."""
    if not request.user.has_perm(Permission.OVERVIEW_VIEW):
        return redirect("report_list")
    day, readable = asked_day(request)
    try:
        shown = drawn_overview(
            day,
            area=request.GET.get("unit") or HOME_AREA,
            readable=readable,
            seen=seen_by(scope_of(request.user)),
            assigns=request.user.has_perm(Permission.TASKS_ASSIGN),
        )
    except Unit.DoesNotExist as error:
        raise Http404 from error
    return render(request, "programmes/overview.html", {"page": shown.page, "board": shown.board})


@require(Permission.OVERVIEW_VIEW)
def attention_page(request: HttpRequest) -> HttpResponse:
    """All that needs attention in an area, page by page: of a province that is more than the overview has room for."""
    day, readable = asked_day(request)
    today, area, asked = timezone.localdate(), request.GET.get("unit") or HOME_AREA, request.GET.get("page", "1")
    at = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 6 and int(asked) else 1
    try:
        found = overview(day, today=today, area=area, told=((at - 1) * PER_PAGE, at * PER_PAGE))
    except Unit.DoesNotExist as error:
        raise Http404 from error
    every = AttentionList(found, today=today)
    numbered = Paginator(range(len(every)), PER_PAGE).get_page(at)
    carried = {"as_of": found.world.as_of, "unit": area if area != HOME_AREA else ""}
    if numbered.number != at:
        return redirect(link("attention", **carried, page=numbered.number))
    context = {
        "items": every.told((at - 1) * PER_PAGE, at * PER_PAGE),
        "count": len(every),
        "page_obj": numbered,
        "area": name_of(found.world.area),
        "day": found.world.as_of,
        "days": found.days,
        "back": link("overview", **carried),
        "unreadable": not readable,
        "assigns": request.user.has_perm(Permission.TASKS_ASSIGN),
    }
    return render(request, "programmes/attention.html", context)
