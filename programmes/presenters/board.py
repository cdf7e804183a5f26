"""The overview drawn, and kept while its data stands (decision 0027).

It is the same for everyone who may see it and looks after the same households: of others few are not told (0039).
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import NamedTuple

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language, override

from communes.models import Unit
from indicators.models import Report, ReportRevision
from mongcai_portal.common.stamped import Stamp, kept, stamp_now
from mongcai_portal.common.stencils import Stencil, slot
from programmes.models import Task
from programmes.presenters.overview import Page, arranged, attended
from programmes.selectors.areas import largest_areas
from programmes.selectors.overview import Overview, default_day, figures, reported
from programmes.selectors.reporting import reporting


class Drawn(NamedTuple):
    """The overview and how it looks."""

    page: Page
    board: SafeString


class Figures(NamedTuple):
    """What stands while reports are only typed into, handed in or sent back, drawn but for what needs attention."""

    found: Overview
    page: Page
    board: Stencil


def drawn_overview(
    day: date | None,
    *,
    area: str,
    readable: bool = True,
    seen: frozenset[int] | None = frozenset(),
    assigns: bool = False,
) -> Drawn:
    """Return the overview of a day (None: the newest with data), kept or made.

    `readable`: the day asked for could be read; where it could not, the page says which it shows instead. `seen`: the
    units whose households the reader looks after (None: all). `assigns`: the reader gives tasks, and is shown where.
    All that the page depends on besides the data is in the key.

    Raises:
        Unit.DoesNotExist: no such area on the day.
    """
    today, stamp = timezone.localdate(), stamp_now()
    at = day or kept(("newest day", today), lambda: default_day(reporting(), today), stamp=stamp)
    return kept(
        ("overview", area, at, readable, today, get_language(), seen, assigns),
        lambda: _drawn(at, today=today, area=area, readable=readable, seen=seen, assigns=assigns, stamp=stamp),
        stamp=stamp,
        stands=lambda made: not made.page.pending,  # a figure that is waited for becomes late by the clock
        size=lambda made: len(made.board),
    )


def draw_beforehand() -> None:
    """Draw the overviews that leaders open, of the newest day with data, before anybody asks for them."""
    for area in largest_areas(default_day(reporting(), timezone.localdate())):
        for language, _name in settings.LANGUAGES:
            with override(language), suppress(Unit.DoesNotExist):
                drawn_overview(None, area=area)


def _drawn(
    at: date,
    *,
    today: date,
    area: str,
    readable: bool,
    seen: frozenset[int] | None,
    assigns: bool,
    stamp: Stamp,
) -> Drawn:
    known = reporting()

    def draw() -> Figures:
        found = figures(at, area, known=known, seen=seen)
        shown = arranged(found)
        context = {"board": shown, "unreadable": not readable, "attention": slot("attention")}
        return Figures(found, shown, Stencil("programmes/_board.html", context))

    standing = kept(
        ("figures of the overview", area, at, readable, today, get_language(), known.counted, seen),
        draw,
        stamp=stamp.besides(Report, ReportRevision, Task),
        stands=lambda made: not made.page.pending,
    )
    shown = attended(standing.page, reported(standing.found, known, today=today), today=today)
    attention = render_to_string("programmes/_attention.html", {"page": shown, "assigns": assigns})
    return Drawn(shown, standing.board.fill({"attention": attention}))
