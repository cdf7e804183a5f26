"""`/households/flows/`: who went from which class to which between two days, as a chart with its tables."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from communes.forms.poverty_flows import FlowsForm
from communes.models import PovertyStandard
from communes.presenters.flow_chart import chart_title, draw, flow_chart, picture
from communes.presenters.flow_tables import balance_views, matrix_heads, matrix_rows
from communes.presenters.poverty_choices import standard_choices, unit_choices
from communes.scope import Scope, scope_of
from communes.selectors.poverty_changes import Changes, may_ask, public_days
from communes.selectors.poverty_counts import last_counted
from communes.selectors.poverty_published import years_counted
from communes.selectors.poverty_tables.tables import Reach, reach_of, standards_known
from communes.services.poverty_changes import ChangesAsked, changes_for
from mongcai_portal.accounts.decorators import require
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.charts import MEDIA
from mongcai_portal.common.errors import Invalid
from mongcai_portal.common.templatetags.portal import localname
from mongcai_portal.common.views.doors import at_fields, refusing

NAMES = ("standard", "unit", "from", "to")


@require(Permission.MEASURES_VIEW)
@never_cache
@require_GET
@refusing()
def poverty_flows(request: HttpRequest) -> HttpResponse:
    """Show the changes asked for; without a question, those of the last year in which anything was counted."""
    scope, today = scope_of(request.user), timezone.localdate()
    reach, standards = reach_of(scope, today), standards_known()
    given = {**_usual(scope, reach, today), **{n: request.GET[n] for n in NAMES if n in request.GET}}
    held = scope.units_with(Permission.HOUSEHOLDS_VIEW)
    outside = held is not None and not held
    years = sorted({year for one in standards for year in years_counted(one.code, today)}, reverse=True)
    form = FlowsForm(
        given,
        standards=standard_choices(standards),
        units=[one for one in unit_choices(reach, today) if one[0] or may_ask(scope, None)],
        days=public_days(today, tuple(years)) if outside else (),
    )
    found: Changes | None = None
    form.is_valid()
    try:
        found = changes_for(
            by=request.user, asked=ChangesAsked(given["standard"], given["unit"], given["from"], given["to"])
        )
    except Invalid as error:
        # What the form could not read has its own fault already.
        at_fields(form, Invalid([one for one in error.faults if one.pointer.lstrip("/") not in form.errors]))
    context: dict[str, Any] = {"form": form, "found": found, "outside": outside, "nothing": not last_counted(today)}
    if found is not None:
        standard = next(one for one in standards if one.code == found.standard)
        context |= _shown(found, standard, given)
    return render(request, "communes/poverty_flows.html", context, status=422 if form.errors else 200)


def _usual(scope: Scope, reach: Reach, today: date) -> dict[str, str]:
    last = last_counted(today)
    day = last[1] if last else today
    opening = date(day.year - 1, 12, 31)
    closing = min(date(day.year, 12, 31), today)
    unit = "" if may_ask(scope, None) else reach.own_on(closing)
    return {
        "standard": last[0] if last else "",
        "unit": unit,
        "from": opening.isoformat(),
        "to": max(closing, opening + timedelta(days=1)).isoformat(),
    }


def _shown(found: Changes, standard: PovertyStandard, given: dict[str, str]) -> dict[str, Any]:
    title = chart_title(found, standard.decision)
    chart = flow_chart(found, title) if found.published else None
    query = urlencode({name: given[name] for name in NAMES if given[name]})
    return {
        "title": title,
        "standard": localname(standard),
        "chart": draw(chart) if chart else "",
        "heads": matrix_heads(),
        "rows": matrix_rows(found) if chart else [],
        "balances": balance_views(found) if found.published else [],
        "csv_url": f"{reverse('api-household-statistics-flows')}?{query}&format=csv",
        "svg_url": f"{reverse('poverty_flows_chart', args=['svg'])}?{query}",
        "png_url": f"{reverse('poverty_flows_chart', args=['png'])}?{query}",
    }


@require(Permission.MEASURES_VIEW)
@never_cache
@require_GET
@refusing()
def poverty_flows_chart(request: HttpRequest, format: str) -> HttpResponse:
    """The chart alone as a picture, SVG or PNG, for a report."""
    if format not in MEDIA:
        raise Http404
    given = {name: request.GET.get(name, "") for name in NAMES}
    try:
        found = changes_for(
            by=request.user, asked=ChangesAsked(given["standard"], given["unit"], given["from"], given["to"])
        )
    except Invalid as error:
        raise Http404 from error
    standard = PovertyStandard.objects.get(code=found.standard)
    chart = flow_chart(found, chart_title(found, standard.decision)) if found.published else None
    if chart is None:
        raise Http404
    answer = HttpResponse(picture(chart, format), content_type=MEDIA[format])
    name = f"{_('ho-chuyen-loai')}-{found.opening:%Y-%m-%d}-{found.closing:%Y-%m-%d}.{format}"
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
