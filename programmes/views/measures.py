"""`/measures/<code>/`: why a headline figure is what it is."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from communes.models import Unit, UnitGroup
from communes.scope import Scope, scope_of
from communes.selectors.poverty_published import seen_by
from mongcai_portal.accounts.decorators import require
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.charts import MEDIA, drawn
from mongcai_portal.common.links import link
from mongcai_portal.common.views.asked import asked_day
from programmes.measures.explained import Explanation
from programmes.measures.facts import HOME_AREA, World
from programmes.measures.registry import UnknownMeasure
from programmes.measures.trend_chart import measure_chart as measure_trend
from programmes.measures.values import Measure
from programmes.presenters.measure import page
from programmes.selectors.measures import explain, measure_in
from programmes.selectors.overview import default_day
from programmes.selectors.reporting import reporting
from programmes.selectors.world import load_world, refuse_foreign


class Explained(NamedTuple):
    """A measure of the day asked for with what lies behind it, and what the page needs beside it."""

    explanation: Explanation
    measure: Measure
    world: World
    scope: Scope
    days: tuple[date, ...]
    readable: bool


def _explained(request: HttpRequest, code: str) -> Explained:
    """Explain the measure asked for.

    Raises:
        Http404: no such measure, area or group, or an area that is not the reader's.
    """
    day, readable = asked_day(request)
    known, scope = reporting(), scope_of(request.user)
    try:
        world = load_world(
            day or default_day(known, timezone.localdate()),
            request.GET.get("unit") or HOME_AREA,
            group=request.GET.get("group") or None,
            known=known,
            seen=seen_by(scope),
            trend=True,
        )
        refuse_foreign(world.area.uid, world.in_area, scope)
        measure = measure_in(world, code)
    except (Unit.DoesNotExist, UnitGroup.DoesNotExist, UnknownMeasure) as error:
        raise Http404 from error
    return Explained(explain(world, measure, scope), measure, world, scope, known.days_with_data, readable)


@require(Permission.MEASURES_VIEW)
def measure_page(request: HttpRequest, code: str) -> HttpResponse:
    """A measure of a day: its rule, its sources, what each member contributes, its plans and its trend."""
    found = _explained(request, code)
    context = {
        "page": page(found.explanation, found.measure, found.world, found.scope),
        "world": found.world,
        "days": found.days,
        "unreadable": not found.readable,
        "assign_url": _assign_url(found.world, code) if request.user.has_perm(Permission.TASKS_ASSIGN) else "",
    }
    return render(request, "programmes/measure.html", context)


@require(Permission.MEASURES_VIEW)
@never_cache
@require_GET
def measure_chart(request: HttpRequest, code: str, format: str) -> HttpResponse:
    """The trend of a measure as a chart: its specification for the page, or drawn as a picture for a report."""
    found = _explained(request, code)
    specification = measure_trend(found.explanation, found.world)
    if specification is None or format not in ("json", *MEDIA):
        raise Http404
    if format == "json":
        return JsonResponse(specification)
    answer = HttpResponse(drawn(specification, format), content_type=MEDIA[format])
    name = f"{code}-{found.world.as_of:%Y-%m-%d}.{format}"
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _assign_url(world: World, code: str) -> str:
    """Where a task is given that comes from this measure, for the commune when it is one's figure."""
    return link("task_new", measure=code, unit=world.area.uid if world.area.uid != HOME_AREA else "")
