"""`/units/` and `/units/<uid>/`: the units of a day, and one of them with its standing and its history."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from communes.models import Unit
from communes.scope import scope_of
from indicators.presenters.commune import view_of
from indicators.presenters.units import list_view
from indicators.selectors.attainment_pages import days_with_data
from indicators.selectors.commune import commune_page
from indicators.selectors.units import LISTED, unit_list
from mongcai_portal.accounts.decorators import require
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.parts import parts_of
from mongcai_portal.common.views.asked import asked_day


@require(Permission.UNITS_VIEW)
@require_GET
def units(request: HttpRequest) -> HttpResponse:
    """The units of a day that the reader sees, searched by name without marks."""
    scope = scope_of(request.user)
    day, readable = asked_day(request)
    days = days_with_data(scope)
    kind = request.GET.get("kind", "")
    found = unit_list(
        day or (days[0] if days else timezone.localdate()),
        scope=scope,
        q=request.GET.get("q", "")[:80],
        kind=kind if kind in LISTED else "",
    )
    context = {"found": found, "view": list_view(found), "days": days, "unreadable": not readable}
    return render(request, "indicators/units.html", context)


@require(Permission.UNITS_VIEW)
@require_GET
def unit(request: HttpRequest, uid: str) -> HttpResponse:
    """One unit on a day; also when it does not exist on it, which is said with the way to those that do."""
    day, readable = asked_day(request)
    try:
        page = commune_page(uid, day, scope=scope_of(request.user), today=timezone.localdate())
    except Unit.DoesNotExist as error:
        raise Http404 from error
    context = {
        "page": page,
        "view": view_of(page, request.GET.get("level", "")),
        "unreadable": not readable,
        "parts": parts_of("unit", request, uid=uid, day=page.day),
    }
    return render(request, "indicators/unit.html", context)
