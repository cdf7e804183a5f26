"""`/programmes/` and `/programmes/<code>/`: what programmes are, and their money against time."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from communes.models import Unit
from communes.scope import scope_of
from mongcai_portal.accounts.decorators import require
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.exports import XLSX, download
from mongcai_portal.common.views.asked import asked_day
from programmes.models import Programme
from programmes.presenters.money_tables import list_tables, programme_tables
from programmes.presenters.programme_list import list_view
from programmes.presenters.programme_work import plans_part, tasks_part
from programmes.presenters.programmes import page_view
from programmes.presenters.unit_money import unit_money_view
from programmes.selectors.programmes import MoneyDay, list_page, programme_page, unit_money

VIEW = Permission.PROGRAMMES_VIEW
FIRST_YEAR, LAST_YEAR = 2011, 2100


@require(VIEW)
@require_GET
def programme_list(request: HttpRequest) -> HttpResponse:
    """All programmes with their money of a year, each amount once in the total; as Excel with `?format=xlsx`."""
    day, readable = asked_day(request)
    page = list_page(scope_of(request.user), year=asked_year(request), day=day, today=timezone.localdate())
    view = list_view(page)
    if request.GET.get("format") == XLSX:
        return download(XLSX, *list_tables(view, page.when), name=f"{_('von-chuong-trinh')}-{page.when.year}")
    context = {"page": page, "view": view, "when": page.when, "unreadable": not readable, **day_choices(page.when)}
    return render(request, "programmes/programmes.html", context)


@require(VIEW)
@require_GET
def programme(request: HttpRequest, code: str) -> HttpResponse:
    """One programme: targets, tasks, texts, components, phases, and money by component, source, unit and year."""
    day, readable = asked_day(request)
    try:
        page = programme_page(
            scope_of(request.user), code, year=asked_year(request), day=day, today=timezone.localdate()
        )
    except Programme.DoesNotExist as error:
        raise Http404 from error
    view = page_view(page)
    if request.GET.get("format") == XLSX:
        return download(XLSX, *programme_tables(view, page.when), name=f"{_('von')}-{code}-{page.when.year}")
    context = {"page": page, "view": view, "when": page.when, "unreadable": not readable, **day_choices(page.when)}
    if page.plans is not None:
        context["plans"] = plans_part(page.plans, code)
    if page.tasks is not None:
        context["tasks"] = tasks_part(page.tasks, code, assigns=page.assigns, now=timezone.now())
    return render(request, "programmes/programme.html", context)


def unit_section(request: HttpRequest, *, unit: Unit, day: date) -> Any:
    """Money on the page of a unit; None for who may not see it, or where there never was any."""
    found = unit_money(scope_of(request.user), unit, day, timezone.localdate())
    if found is None or not found.lines:
        return None
    return unit_money_view(found, unit.uid)


def asked_year(request: HttpRequest) -> int | None:
    """Return `?year=`; None when there is none that could be."""
    text = request.GET.get("year", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else 0
    return year if FIRST_YEAR <= year <= LAST_YEAR else None


def day_choices(when: MoneyDay) -> dict[str, Any]:
    """The years with money around the one shown, and the ends of its quarters that are over."""
    ends = [date(when.year, month, day) for month, day in ((12, 31), (9, 30), (6, 30), (3, 31))]
    return {
        "years": sorted({*when.years, when.year}, reverse=True)[:8],
        "days": [when.today, *(end for end in ends if end < when.today)],
    }
