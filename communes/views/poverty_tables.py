"""`/households/tables/`: the report tables of poor and near-poor households as one workbook."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from communes.forms.poverty_tables import TablesForm
from communes.presenters.poverty_choices import standard_choices, unit_choices
from communes.presenters.poverty_tables import title_of, told_of, write_tables
from communes.rules.poverty.report_tables import LISTS, TABLES
from communes.scope import scope_of
from communes.selectors.count_freshness import stale_since, stale_units
from communes.selectors.poverty_counts import last_counted
from communes.selectors.poverty_published import years_counted
from communes.selectors.poverty_tables.tables import reach_of, standards_known
from communes.services.poverty_tables import TablesAsked, release_tables
from mongcai_portal.accounts.decorators import require
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.errors import Invalid
from mongcai_portal.common.exports import MEDIA_TYPES, XLSX
from mongcai_portal.common.views.doors import at_fields, refusing


@require(Permission.MEASURES_VIEW)
@never_cache
@require_http_methods(["GET", "POST"])
@refusing()
def poverty_tables(request: HttpRequest) -> HttpResponse:
    """Ask which tables are to leave, and hand them out; that they left stands in the log.

    `?unit=` chooses a unit beforehand, where the reader may ask for it.
    """
    scope, today = scope_of(request.user), timezone.localdate()
    reach, standards = reach_of(scope, today), standards_known()
    years = sorted({year for one in standards for year in years_counted(one.code, today)}, reverse=True)
    lists = reach.lists is None or bool(reach.lists)
    tables = [number for number in TABLES if lists or number not in LISTS]
    last, units = last_counted(today), unit_choices(reach, today)
    own = "" if reach.whole else reach.own_on(min(date((last[1] if last else today).year, 12, 31), today))
    asked_unit = request.GET.get("unit", "")
    form = TablesForm(
        request.POST if request.method == "POST" else None,
        standards=standard_choices(standards),
        years=years,
        units=units,
        tables=[(number, title_of(number)) for number in tables],
        initial={
            "standard": last[0] if last else "",
            "year": last[1].year if last else "",
            "unit": asked_unit if asked_unit in dict(units) else own,
            "tables": [number for number in tables if number not in LISTS],
        },
    )
    if request.method == "POST":
        form.is_valid()
        data = form.cleaned_data
        asked = TablesAsked(
            data.get("standard", ""), data.get("year"), data.get("unit", ""), tuple(data.get("tables") or ())
        )
        try:
            released = release_tables(by=request.user, asked=asked)
        except Invalid as error:
            at_fields(form, error)
        else:
            answer = HttpResponse(write_tables(released), content_type=MEDIA_TYPES[XLSX])
            name = f"{_('bieu-ho-ngheo')}-{asked.unit or _('toan-thanh-pho')}-{asked.year}.xlsx"
            answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
            answer["Cache-Control"] = "private, no-store"
            answer["X-Content-Type-Options"] = "nosniff"
            return answer
    own_units = None if reach.whole else {one.unit_id for one in reach.units}
    chosen = {str(value) for value in form["tables"].value() or ()}
    context = {
        "form": form,
        "tables": [(number, title_of(number), told_of(number), str(number) in chosen) for number in tables],
        "lists": lists,
        "since": stale_since(stale_units([today])[today], own_units),
        "outside": scope.units_with(Permission.HOUSEHOLDS_VIEW) is not None and reach.whole,
    }
    return render(request, "communes/poverty_tables.html", context, status=422 if form.errors else 200)
