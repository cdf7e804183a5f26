"""`/households/reviews/days-off/`: the days off of a year, by which terms in working days are counted."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from communes.forms.days_off import DayOffForm
from communes.presenters.days_off import day_rows, month_rows, moved_words
from communes.selectors.days_off import year_of_days
from communes.services.special_days import (
    FIRST_YEAR,
    LAST_YEAR,
    DayOff,
    MovedTerm,
    add_days_off,
    begin_year,
    remove_day_off,
)
from mongcai_portal.accounts.decorators import require
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.errors import Invalid, Stale
from mongcai_portal.common.views.doors import at_fields, refusing

TOLD = 8  # terms that are named one by one


@require(Permission.HOUSEHOLDS_VIEW)
@require_http_methods(["GET", "POST"])
@refusing()
def days_off(request: HttpRequest) -> HttpResponse:
    """Show a year; add a day, take one away, or begin the year by the law alone."""
    today = timezone.localdate()
    year = _year(request.GET.get("year", ""), today.year)
    adds = request.method == "POST" and request.POST.get("act") not in ("begin", "remove")
    form = DayOffForm(request.POST if adds else None, initial={"works": "off"})
    if request.method == "POST":
        try:
            moved = _act(request, form, year)
        except Invalid as error:
            at_fields(form, Invalid([one for one in error.faults if one.pointer.lstrip("/") not in form.errors]))
        except Stale as error:
            messages.error(request, str(error))
            return redirect(f"{reverse('days_off')}?year={year}")
        else:
            _tell(request, moved)
            return redirect(f"{reverse('days_off')}?year={year}")
    found = year_of_days(year)
    context = {
        "form": form,
        "year": found,
        "rows": day_rows(found),
        "months": month_rows(found),
        "before": year - 1 if year > FIRST_YEAR else None,
        "after": year + 1 if year < LAST_YEAR else None,
        "edits": request.user.has_perm(Permission.WORKDAYS_EDIT),
    }
    return render(request, "communes/days_off.html", context, status=422 if form.errors else 200)


def _year(text: str, present: int) -> int:
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else present
    return min(max(year, FIRST_YEAR), LAST_YEAR)


def _act(request: HttpRequest, form: DayOffForm, year: int) -> tuple[MovedTerm, ...]:
    act = request.POST.get("act", "")
    if act == "begin":
        return begin_year(by=request.user, year=year)
    if act == "remove":
        return remove_day_off(by=request.user, day=parse_date(request.POST.get("day", "")))
    form.is_valid()
    data = form.cleaned_data
    asked = DayOff(
        day=data.get("day"),
        until=data.get("until"),
        name_vi=data.get("name_vi", ""),
        name_en=data.get("name_en", ""),
        basis=data.get("basis", ""),
        works=data.get("works") == "work",
    )
    return add_days_off(by=request.user, asked=asked)


def _tell(request: HttpRequest, moved: Iterable[MovedTerm]) -> None:
    """Say what was done, and which terms moved or would have."""
    terms = list(moved)
    longer = [one for one in terms if not one.kept]
    messages.success(request, _("Đã ghi lịch nghỉ."))
    if longer:
        n = len(longer)
        text = ngettext("%(n)s hạn đang chạy được dời:", "%(n)s hạn đang chạy được dời:", n) % {"n": n}
        messages.warning(request, f"{text} {'; '.join(map(moved_words, longer[:TOLD]))}{'…' if n > TOLD else '.'}")
    else:
        messages.info(request, _("Không hạn nào đang chạy phải dời."))
    if len(terms) > len(longer):
        n = len(terms) - len(longer)
        text = ngettext(
            "%(n)s hạn theo lịch mới sẽ ngắn hơn, nhưng giữ nguyên vì đã thông báo.",
            "%(n)s hạn theo lịch mới sẽ ngắn hơn, nhưng giữ nguyên vì đã thông báo.",
            n,
        )
        messages.info(request, text % {"n": n})
