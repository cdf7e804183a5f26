"""The grid unit × period, on the page and as a file."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET

from communes.scope import scope_of
from indicators.presenters.completeness import completeness_table, grid_context
from indicators.selectors.completeness import choose_periods, completeness_grid
from mongcai_portal.accounts.decorators import require
from mongcai_portal.common.exports import UnknownFormat, download

LINES = 60  # units of one page; totals count all


@require("reports.view")
@gzip_page
@require_GET
def completeness(request: HttpRequest) -> HttpResponse:
    """Show who has reported, who is late and who is missing."""
    scope = scope_of(request.user)
    choice = choose_periods(kind=request.GET.get("kind", ""), until=request.GET.get("until", ""))
    grid = completeness_grid(scope=scope, periods=choice.shown)
    page = Paginator(grid.lines, LINES).get_page(request.GET.get("page"))
    context = grid_context(grid, choice, scope, page.object_list)
    return render(request, "indicators/completeness.html", context | {"page_obj": page})


@require("reports.view")
@require_GET
def completeness_export(request: HttpRequest) -> HttpResponse:
    """The same grid, all its units, as CSV or Excel (`?format=`)."""
    choice = choose_periods(kind=request.GET.get("kind", ""), until=request.GET.get("until", ""))
    grid = completeness_grid(scope=scope_of(request.user), periods=choice.shown)
    try:
        return download(
            request.GET.get("format", "csv"),
            completeness_table(grid, timezone.localtime()),
            name=f"tien-do-bao-cao-{timezone.localdate():%Y-%m-%d}",
        )
    except UnknownFormat as error:
        raise Http404 from error
