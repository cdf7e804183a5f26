"""Periods: the list with what came in, a new one, and another deadline."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from communes.scope import scope_of
from indicators.forms.periods import DeadlineForm, OpenPeriodForm
from indicators.models import Period
from indicators.presenters.completeness import period_lines
from indicators.presenters.entry import due_text
from indicators.presenters.periods import deadline_lines
from indicators.presenters.words import period_label
from indicators.selectors.completeness import choose_periods, completeness_grid
from indicators.selectors.periods import deadline_history
from indicators.services.deadlines import move_deadline
from indicators.services.reports import open_period
from indicators.views.doors import at_fields, refusals
from mongcai_portal.accounts.decorators import require
from mongcai_portal.common.errors import Invalid, Stale

LONGEST = 24  # periods of one page


@require("reports.open")
@require_http_methods(["GET", "POST"])
@refusals
def period_list(request: HttpRequest) -> HttpResponse:
    """Show the periods, newest first, and open another."""
    form = OpenPeriodForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            period = open_period(by=request.user, code=form.cleaned_data["period"], due_on=form.cleaned_data["due_on"])
        except Invalid as error:
            at_fields(form, error)
        else:
            messages.success(request, _("Đã mở kỳ báo cáo %(period)s.") % {"period": period_label(period.code).lower()})
            return redirect("period_list")
    choice = choose_periods(kind=request.GET.get("kind", ""), until=request.GET.get("until", ""), widest=LONGEST)
    grid = completeness_grid(scope=scope_of(request.user), periods=choice.shown)
    context = {"form": form, "choice": choice, "lines": period_lines(grid)}
    return render(request, "indicators/periods.html", context, status=422 if form.errors else 200)


@require("reports.open")
@require_http_methods(["GET", "POST"])
@refusals
def period_detail(request: HttpRequest, period: str) -> HttpResponse:
    """Show a period with the history of its deadline, and move it."""
    found = Period.objects.filter(code=period).first()
    if found is None:
        raise Http404
    status = 200
    form = DeadlineForm(initial={"due_on": found.due_on, "seen": found.due_on})
    if request.method == "POST":
        form, status = DeadlineForm(request.POST), 422
        if form.is_valid():
            data = form.cleaned_data
            try:
                moved = move_deadline(
                    by=request.user, code=found.code, due_on=data["due_on"], reason=data["reason"], seen=data["seen"]
                )
            except Invalid as error:
                at_fields(form, error)
            except Stale as error:
                form.add_error(None, str(error))
                found.refresh_from_db()
                # The next try starts from what the reader has now been told.
                form.data = form.data.copy()
                form.data["seen"] = found.due_on.isoformat()
                status = 409
            else:
                text = _("Đã chuyển hạn nộp.") if moved else _("Hạn nộp vẫn là ngày đó; không có gì thay đổi.")
                messages.success(request, text) if moved else messages.info(request, text)
                return redirect("period_detail", period=found.code)
    grid = completeness_grid(scope=scope_of(request.user), periods=[found])
    left, pressing = due_text(found.due_on)
    context = {
        "period": found,
        "label": period_label(found.code),
        "line": period_lines(grid)[0],
        "left": left,
        "pressing": pressing,
        "form": form,
        "history": deadline_lines(deadline_history(found)),
    }
    return render(request, "indicators/period.html", context, status=status)
