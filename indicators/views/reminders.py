"""Reminding: the coordinator's page, and putting a reminder aside."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from communes.scope import scope_of
from indicators.forms.periods import ticked
from indicators.models import Period, Reminder
from indicators.presenters.entry import due_text
from indicators.presenters.reminders import log_lines, waiting_lines
from indicators.presenters.words import local, period_label
from indicators.selectors.periods import opened_units
from indicators.selectors.reminders import names_of, reminders_of, to_remind
from indicators.selectors.worklist import communes_of
from indicators.services.reminders import Reminded, dismiss, remind
from indicators.views.doors import refusals
from mongcai_portal.accounts.decorators import require
from mongcai_portal.common.errors import Invalid

LONGEST = 100  # reminders of the log


@require("reports.remind")
@require_http_methods(["GET", "POST"])
@refusals
def remind_page(request: HttpRequest) -> HttpResponse:
    """Show whose report of a period is not submitted, and remind those ticked."""
    scope = scope_of(request.user)
    periods = list(Period.objects.order_by("-ends_on", "starts_on"))
    code = (request.POST if request.method == "POST" else request.GET).get("period", "")
    period = next((p for p in periods if p.code == code), periods[0] if periods else None)
    faults: list[str] = []
    if request.method == "POST" and period is not None:
        try:
            done = remind(by=request.user, period=period, units=ticked(request.POST))
        except Invalid as error:
            faults = [fault.message for fault in error.faults]
        else:
            _say(request, done)
            return redirect(f"{reverse('remind')}?period={period.code}")
    context: dict[str, Any] = {
        "faults": faults,
        "periods": [(p.code, period_label(p.code)) for p in periods],
        "period": period,
        "chosen": set(ticked(request.POST)) if request.method == "POST" else None,
    }
    if period is not None:
        waiting = to_remind([period], scope=scope)
        made = reminders_of(period, scope, newest=LONGEST)
        communes = communes_of(period, scope)
        opened = opened_units(period, scope)
        left, pressing = due_text(period.due_on)
        context |= {
            "label": period_label(period.code),
            "left": left,
            "pressing": pressing,
            "waiting": waiting_lines(waiting, made),
            "log": log_lines(made, names_of(period.ends_on, [row.unit_id for row in made])),
            "unopened": [local(name) for unit, name in communes if unit.pk not in opened],
        }
    return render(request, "indicators/remind.html", context, status=422 if faults else 200)


def _say(request: HttpRequest, done: Reminded) -> None:
    if done.reminded:
        names = ", ".join(local(name) for name in done.reminded)
        text = ngettext("Đã nhắc %(n)s xã: %(names)s.", "Đã nhắc %(n)s xã: %(names)s.", len(done.reminded))
        messages.success(request, text % {"n": len(done.reminded), "names": names})
    if done.already:
        names = ", ".join(local(name) for name in done.already)
        messages.info(request, _("Hôm nay đã nhắc rồi, không nhắc lại: %(names)s.") % {"names": names})
    if done.without_officer:
        names = ", ".join(local(name) for name in done.without_officer)
        messages.warning(request, _("Chưa có cán bộ nào được giao cho xã: %(names)s.") % {"names": names})


@require("reports.edit")
@require_POST
def reminder_dismiss(request: HttpRequest, reminder_id: int) -> HttpResponse:
    """Put an own reminder aside."""
    try:
        dismiss(by=request.user, reminder_id=reminder_id)
    except Reminder.DoesNotExist as error:
        raise Http404 from error
    return redirect("report_list")
