"""`/attainment/…`: what evaluation found, what turned, and why: the matrix, a unit, a criterion, an indicator."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from communes.models import Unit
from communes.scope import Scope, scope_of
from indicators.models import Criterion
from indicators.presenters.attainment import view_of
from indicators.presenters.attainment_cell import CellView, cell_view
from indicators.presenters.attainment_export import export_name, export_tables
from indicators.presenters.attainment_sheet import matrix_asked, matrix_sheet
from indicators.selectors.attainment_cell import CellPage, criterion_page, indicator_page
from indicators.selectors.attainment_pages import unit_page
from indicators.selectors.attainment_table import Table
from mongcai_portal.accounts.decorators import require
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.exports import UnknownFormat, download
from mongcai_portal.common.links import link
from mongcai_portal.common.views.asked import asked_day
from mongcai_portal.common.views.panel import page_or_panel

_CELL = re.compile(r"^(?P<uid>[-\w]+)\.(?P<number>\d{1,4})$")


def _asked(request: HttpRequest) -> tuple[dict[str, Any], bool]:
    """Return what the address asks of the matrix, and whether its days could be read."""
    day, readable = asked_day(request)
    compare, comparable = asked_day(request, "compare")
    chosen = {name: request.GET.get(name, "") for name in ("level", "only")}
    return {"day": day, "compare": compare, "scope": scope_of(request.user), **chosen}, readable and comparable


def _opened(request: HttpRequest, table: Table, scope: Scope) -> tuple[CellPage, CellView] | None:
    """The cell that `?cell=bac-son.10` asks for; one that does not exist opens nothing."""
    found = _CELL.match(request.GET.get("cell", ""))
    if found is None or table.chosen is None:
        return None
    try:
        cell = criterion_page(
            found["uid"],
            int(found["number"]),
            table.day,
            scope=scope,
            today=timezone.localdate(),
            level=table.chosen.level.code,
            compare=table.compare,
        )
    except (Unit.DoesNotExist, Criterion.DoesNotExist):
        return None
    return cell, cell_view(cell)


def _without(request: HttpRequest, key: str) -> None:
    """Forget a parameter, so that the page's links do not carry it along."""
    query = request.GET.copy()
    query.pop(key, None)
    request.GET = query  # type: ignore[assignment]


@require(Permission.ATTAINMENT_VIEW)
def attainment_list(request: HttpRequest) -> HttpResponse:
    """Communes by the criteria of one level on a day, beside another date; `?cell=` opens one."""
    asked, readable = _asked(request)
    sheet = matrix_sheet(**asked)
    opened = _opened(request, sheet.table, asked["scope"])
    _without(request, "cell")
    return render(
        request,
        "indicators/attainment.html",
        {
            "sheet": sheet,
            "table": sheet.table,
            "view": sheet.view,
            "cell": opened[0] if opened else None,
            "cell_view": opened[1] if opened else None,
            "unreadable": not readable,
        },
    )


@require(Permission.ATTAINMENT_VIEW)
def attainment_export(request: HttpRequest, format: str) -> HttpResponse:  # noqa: A002
    """The matrix as a file, with the same figures, dates and scope as on the page."""
    table, view = matrix_asked(**_asked(request)[0])
    try:
        return download(format, *export_tables(table, view, kind=format), name=export_name(table, view))
    except UnknownFormat as error:
        raise Http404 from error


@require(Permission.ATTAINMENT_VIEW)
def attainment_unit(request: HttpRequest, uid: str) -> HttpResponse:
    """One unit: the rules run again before the reader, beside what is stored."""
    scope, day = scope_of(request.user), asked_day(request)[0]
    try:
        page = unit_page(uid, day, scope=scope, today=timezone.localdate(), level=request.GET.get("level", ""))
    except Unit.DoesNotExist as error:
        if day is not None and Unit.objects.visible_to(scope).filter(uid=uid).exists():
            # It exists, but not on this day: its own page says since or until when, and where to go instead.
            return redirect(link("unit", uid, as_of=day))
        raise Http404 from error
    level = page.chosen.level.code if page.chosen else ""
    asked = urlencode({"as_of": page.day.isoformat(), "level": level})
    return render(request, "indicators/attainment_unit.html", {"page": page, "view": view_of(page), "asked": asked})


def _cell(request: HttpRequest, load: Callable[..., CellPage], uid: str, key: Any) -> CellPage:
    day: date | None = asked_day(request)[0]
    try:
        return load(
            uid,
            key,
            day,
            scope=scope_of(request.user),
            today=timezone.localdate(),
            level=request.GET.get("level", ""),
            compare=asked_day(request, "compare")[0],
        )
    except (Unit.DoesNotExist, Criterion.DoesNotExist) as error:
        raise Http404 from error


@require(Permission.ATTAINMENT_VIEW)
def attainment_criterion(request: HttpRequest, uid: str, number: int) -> HttpResponse:
    """One criterion of a unit: each indicator with value, norm, decree and people; a page, or the side panel."""
    cell = _cell(request, criterion_page, uid, number)
    context = {"cell": cell, "cell_view": cell_view(cell)}
    return page_or_panel(request, "indicators/attainment_criterion.html", "indicators/_criterion_panel.html", context)


@require(Permission.ATTAINMENT_VIEW)
def attainment_indicator(request: HttpRequest, uid: str, indicator: str) -> HttpResponse:
    """One indicator of a unit: the value behind the ratio, the norm that judges it, and both over the periods."""
    cell = _cell(request, indicator_page, uid, indicator)
    context = {"cell": cell, "cell_view": cell_view(cell)}
    return render(request, "indicators/attainment_indicator.html", context)
