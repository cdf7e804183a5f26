"""`/attainment/` and `/attainment/<uid>/`: what evaluation found, and why."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from communes.models import Unit
from communes.scope import scope_of
from indicators.presenters.attainment import view_of
from indicators.selectors.attainment_pages import attainment_table, days_with_data, unit_page
from mongcai_portal.accounts.decorators import require
from mongcai_portal.accounts.permissions import Permission


def _asked_day(request: HttpRequest) -> date | None:
    """The day of `?as_of=`; an unreadable one counts as not given."""
    try:
        return date.fromisoformat(request.GET.get("as_of", "").strip())
    except ValueError:
        return None


@require(Permission.ATTAINMENT_VIEW)
def attainment_list(request: HttpRequest) -> HttpResponse:
    """Units by levels, and by the criteria of one level, on a day."""
    scope = scope_of(request.user)
    days = days_with_data(scope)
    day = _asked_day(request) or (days[0] if days else timezone.localdate())
    table = attainment_table(day, scope=scope, days=days, level=request.GET.get("level", ""))
    return render(request, "indicators/attainment.html", {"table": table})


@require(Permission.ATTAINMENT_VIEW)
def attainment_unit(request: HttpRequest, uid: str) -> HttpResponse:
    """One unit: the rules run again before the reader, beside what is stored."""
    try:
        page = unit_page(
            uid,
            _asked_day(request),
            scope=scope_of(request.user),
            today=timezone.localdate(),
            level=request.GET.get("level", ""),
        )
    except Unit.DoesNotExist as error:
        raise Http404 from error
    return render(request, "indicators/attainment_unit.html", {"page": page, "view": view_of(page)})
