"""`/measures/<code>/`: why a headline figure is what it is."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from communes.models import Unit, UnitGroup
from communes.scope import scope_of
from communes.selectors.poverty_published import seen_by
from mongcai_portal.accounts.decorators import require
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.views.asked import asked_day
from programmes.measures.facts import HOME_AREA
from programmes.measures.registry import UnknownMeasure
from programmes.presenters.measure import page
from programmes.selectors.measures import explain, measure_in
from programmes.selectors.overview import default_day
from programmes.selectors.reporting import reporting
from programmes.selectors.world import load_world, refuse_foreign


@require(Permission.MEASURES_VIEW)
def measure_page(request: HttpRequest, code: str) -> HttpResponse:
    """A measure of a day: its rule, numerator and denominator, and what each member contributes."""
    day, readable = asked_day(request)
    known = reporting()
    scope = scope_of(request.user)
    day = day or default_day(known, timezone.localdate())
    try:
        world = load_world(
            day,
            request.GET.get("unit") or HOME_AREA,
            group=request.GET.get("group") or None,
            known=known,
            seen=seen_by(scope),
        )
        refuse_foreign(world, scope)
        found = explain(world, measure_in(world, code), scope)
    except (Unit.DoesNotExist, UnitGroup.DoesNotExist, UnknownMeasure) as error:
        raise Http404 from error
    context = {"page": page(found), "world": world, "days": known.days_with_data, "unreadable": not readable}
    return render(request, "programmes/measure.html", context)
