"""`/`: where we stand, with the communes behind every ratio; `/attention/`: all that needs attention."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import NamedTuple

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language, override

from communes.models import Unit
from indicators.models import Report, ReportRevision
from mongcai_portal.accounts.decorators import require, signed_in
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.links import link
from mongcai_portal.common.stamped import Stamp, kept, stamp_now
from mongcai_portal.common.stencils import Stencil, slot
from mongcai_portal.common.views.asked import asked_day
from programmes.measures.facts import HOME_AREA
from programmes.presenters.attention import AttentionList
from programmes.presenters.overview import Page, arranged, attended
from programmes.presenters.text import name_of
from programmes.selectors.overview import Overview, default_day, figures, overview, reported
from programmes.selectors.reporting import reporting

PER_PAGE = 50


@signed_in
def overview_page(request: HttpRequest) -> HttpResponse:
    """The overview of a day; who may not see it (a commune officer) starts at the reports."""
    if not request.user.has_perm(Permission.OVERVIEW_VIEW):
        return redirect("report_list")
    day, readable = asked_day(request)
    try:
        shown = _shown(day, area=request.GET.get("unit") or HOME_AREA, readable=readable)
    except Unit.DoesNotExist as error:
        raise Http404 from error
    return render(request, "programmes/overview.html", {"page": shown.page, "board": shown.board})


def draw_overview() -> None:
    """Draw the overview of the town before anybody asks for it."""
    for language, _name in settings.LANGUAGES:
        with override(language), suppress(Unit.DoesNotExist):
            _shown(None, area=HOME_AREA, readable=True)


class Drawn(NamedTuple):
    """The overview and how it looks."""

    page: Page
    board: SafeString


class Figures(NamedTuple):
    """What stands while reports are only typed into, handed in or sent back, drawn but for what needs attention."""

    found: Overview
    page: Page
    board: Stencil


def _shown(day: date | None, *, area: str, readable: bool) -> Drawn:
    """Return the overview, kept or made: the same for everyone who may see it, with all it depends on in the key.

    Raises:
        Unit.DoesNotExist: no such area on the day.
    """
    today, stamp = timezone.localdate(), stamp_now()
    return kept(
        ("overview", area, day, readable, today, get_language()),
        lambda: _drawn(day, today=today, area=area, readable=readable, stamp=stamp),
        stamp=stamp,
        stands=lambda made: not made.page.pending,  # a figure that is waited for becomes late by the clock
    )


def _drawn(day: date | None, *, today: date, area: str, readable: bool, stamp: Stamp) -> Drawn:
    known = reporting()
    at = day or default_day(known, today)

    def draw() -> Figures:
        found = figures(at, area, known=known)
        shown = arranged(found)
        context = {"board": shown, "unreadable": not readable, "attention": slot("attention")}
        return Figures(found, shown, Stencil("programmes/_board.html", context))

    standing = kept(
        ("figures of the overview", area, at, readable, today, get_language(), known.counted),
        draw,
        stamp=stamp.besides(Report, ReportRevision),
        stands=lambda made: not made.page.pending,
    )
    shown = attended(standing.page, reported(standing.found, known), today=today)
    attention = render_to_string("programmes/_attention.html", {"page": shown})
    return Drawn(shown, standing.board.fill({"attention": attention}))


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
    }
    return render(request, "programmes/attention.html", context)
