"""Opening the reports of many communes at once."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from communes.scope import scope_of
from indicators.forms.periods import ALL, GROUP, TICKED, OpenReportsForm, ticked
from indicators.models import Period
from indicators.presenters.reporting_units import who_view
from indicators.presenters.words import local, period_label
from indicators.selectors.periods import groups_for, opened_units
from indicators.selectors.reporting_units import who_reports
from indicators.selectors.worklist import communes_of
from indicators.services.opening import Opened, open_reports
from indicators.views.doors import refusals
from mongcai_portal.accounts.decorators import require
from mongcai_portal.common.errors import Invalid
from mongcai_portal.common.templatetags.portal import localname

NAMED = 6  # units that a message names before it only counts


@require("reports.open")
@require_http_methods(["GET", "POST"])
@refusals
def report_open(request: HttpRequest) -> HttpResponse:
    """Open reports of a period: of all communes, of a group's, or of those ticked."""
    asked = request.POST if request.method == "POST" else request.GET
    period = _period(asked.get("period", ""))
    scope = scope_of(request.user)
    communes = communes_of(period, scope) if period else []
    groups = groups_for(period) if period else []
    form = OpenReportsForm(
        request.POST if request.method == "POST" else None,
        groups=[choice.group.code for choice in groups],
        initial={"period": period.code if period else "", "which": TICKED if request.GET.get("unit") else ALL},
    )
    faults: list[str] = []
    if request.method == "POST" and form.is_valid():
        uids = form.units(
            everything=[unit.uid for unit, _name in communes],
            groups={choice.group.code: choice.uids for choice in groups},
        )
        try:
            opened = open_reports(by=request.user, period=form.cleaned_data["period"], units=uids)
        except Invalid as error:
            faults = [fault.message for fault in error.faults]
        else:
            _say(request, opened)
            return redirect(f"{reverse('completeness')}?until={form.cleaned_data['period'].code}")
    elif form.errors:
        faults = [message for messages_ in form.errors.values() for message in messages_]
    chosen = set(ticked(asked)) | {request.GET.get("unit", "")}
    there = opened_units(period, scope) if period else set()
    context: dict[str, Any] = {
        "form": form,
        "faults": faults,
        "periods": [(p.code, period_label(p.code)) for p in Period.objects.order_by("-ends_on", "starts_on")],
        "period": period,
        "label": period_label(period.code) if period else "",
        "which": form["which"].value() or ALL,
        "groups": [(GROUP + c.group.code, localname(c.group), len(c.uids), c.group.provenance) for c in groups],
        "communes": [
            {"uid": unit.uid, "name": local(name), "opened": unit.pk in there, "ticked": unit.uid in chosen}
            for unit, name in communes
        ],
        "left": sum(unit.pk not in there for unit, _name in communes),
        "who": who_view(who_reports(period, scope)) if period else None,
    }
    return render(request, "indicators/open.html", context, status=422 if faults else 200)


def _period(code: str) -> Period | None:
    return Period.objects.filter(code=code).first() or Period.objects.order_by("-ends_on", "starts_on").first()


def _named(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:NAMED])
    return _("%(names)s và %(n)s xã khác") % {"names": shown, "n": len(names) - NAMED} if names[NAMED:] else shown


def _say(request: HttpRequest, opened: Opened) -> None:
    if opened.opened:
        text = ngettext(
            "Đã mở %(n)s báo cáo: %(names)s. Cán bộ xã thấy báo cáo trong danh sách của mình.",
            "Đã mở %(n)s báo cáo: %(names)s. Cán bộ xã thấy báo cáo trong danh sách của mình.",
            len(opened.opened),
        )
        messages.success(request, text % {"n": len(opened.opened), "names": _named(opened.opened)})
    if opened.already:
        text = ngettext(
            "%(n)s xã đã có báo cáo từ trước, giữ nguyên: %(names)s.",
            "%(n)s xã đã có báo cáo từ trước, giữ nguyên: %(names)s.",
            len(opened.already),
        )
        messages.info(request, text % {"n": len(opened.already), "names": _named(opened.already)})
