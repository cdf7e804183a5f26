"""The worklist."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET

from communes.scope import scope_of
from indicators.forms.reports import FilterForm
from indicators.presenters.reminders import own_lines
from indicators.presenters.worklist import worklist_context
from indicators.selectors.reminders import own_reminders
from indicators.selectors.worklist import worklist
from mongcai_portal.accounts.decorators import require


@require("reports.view")
@gzip_page
@require_GET
def report_list(request: HttpRequest) -> HttpResponse:
    """Show the reports that the reader sees, what waits for them first."""
    scope = scope_of(request.user)
    wanted = FilterForm(request.GET).wanted()
    work = worklist(scope=scope, wanted=wanted)
    context = worklist_context(work, scope, wanted)
    if "reports.edit" in scope.permissions:
        context["reminders"] = own_lines(own_reminders(request.user))
    return render(request, "indicators/worklist.html", context)
