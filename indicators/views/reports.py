"""The worklist, and opening periods and reports."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET, require_http_methods

from communes.models import Unit
from communes.scope import scope_of
from indicators.forms.reports import FilterForm, OpenPeriodForm, OpenReportForm
from indicators.models import Period
from indicators.presenters.words import local, period_label
from indicators.presenters.worklist import worklist_context
from indicators.selectors.worklist import communes_of, worklist
from indicators.services.reports import open_period, open_report
from indicators.views.doors import refusals
from mongcai_portal.accounts.decorators import require
from mongcai_portal.common.errors import Invalid


@require("reports.view")
@gzip_page
@require_GET
def report_list(request: HttpRequest) -> HttpResponse:
    """Show the reports that the reader sees, what waits for them first."""
    scope = scope_of(request.user)
    wanted = FilterForm(request.GET).wanted()
    work = worklist(scope=scope, wanted=wanted)
    return render(request, "indicators/worklist.html", worklist_context(work, scope, wanted))


@require("reports.open")
@require_http_methods(["GET", "POST"])
@refusals
def report_open(request: HttpRequest) -> HttpResponse:
    """Open a report for a commune and a period."""
    form = _report_form(request, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        unit = Unit.objects.filter(uid=form.cleaned_data["unit"]).first()
        try:
            report = open_report(by=request.user, unit=unit, period=form.cleaned_data["period"])
        except Invalid as error:
            _tell(form, error)
        else:
            messages.success(request, _("Đã mở báo cáo; cán bộ xã thấy báo cáo này trong danh sách của mình."))
            return redirect("report_verify", report_id=report.pk)
    return _open_page(request, form, OpenPeriodForm())


@require("reports.open")
@require_http_methods(["POST"])
@refusals
def period_open(request: HttpRequest) -> HttpResponse:
    """Open a reporting period with its deadline."""
    form = OpenPeriodForm(request.POST)
    if form.is_valid():
        try:
            period = open_period(
                by=request.user, code=form.cleaned_data["period"].strip(), due_on=form.cleaned_data["due_on"]
            )
        except Invalid as error:
            _tell(form, error)
        else:
            messages.success(request, _("Đã mở kỳ báo cáo %(period)s.") % {"period": period_label(period.code).lower()})
            return redirect("report_open")
    return _open_page(request, _report_form(request, None), form)


def _report_form(request: HttpRequest, data: Any) -> OpenReportForm:
    wanted = (data or request.GET).get("period", "")
    period = Period.objects.filter(code=wanted).first() or Period.objects.order_by("-ends_on").first()
    units = communes_of(period, scope_of(request.user)) if period else []
    choices = [(unit.uid, local(name)) for unit, name in units]
    return OpenReportForm(data, units=choices, initial={"period": period.code if period else ""})


def _tell(form: Any, error: Invalid) -> None:
    """Put every fault of a service at its field."""
    for fault in error.faults:
        name = fault.pointer.lstrip("/")
        form.add_error(name if name in form.fields else None, fault.message)


def _open_page(request: HttpRequest, report_form: OpenReportForm, period_form: OpenPeriodForm) -> HttpResponse:
    wrong = report_form.is_bound or period_form.is_bound
    context = {"report_form": report_form, "period_form": period_form}
    return render(request, "indicators/open.html", context, status=422 if wrong else 200)
