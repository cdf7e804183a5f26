"""The revisions of a report, one of them whole, and two of them side by side."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET

from communes.scope import scope_of
from indicators.forms.revisions import read_pair
from indicators.presenters.changes import changes_view
from indicators.presenters.revisions import head_context, revision_context, revision_lines
from indicators.selectors.changes import changes_between, entered_by_revision, revisions_of
from indicators.selectors.entry import find_report, report_state, unit_name
from indicators.selectors.register_rows import knows_register
from indicators.views.doors import refusals
from mongcai_portal.accounts.decorators import require


@require("reports.view")
@require_GET
@refusals
def report_revisions(request: HttpRequest, report_id: int) -> HttpResponse:
    """List the revisions of a report: who opened each and why, who submitted and approved it, which one counts."""
    scope = scope_of(request.user)
    report = find_report(scope=scope, report_id=report_id)
    context = head_context(report, *unit_name(report)) | {
        "lines": revision_lines(report, revisions_of(report), entered_by_revision(report)),
        "may_reopen": "reports.reopen" in scope.permissions,
    }
    return render(request, "indicators/revisions.html", context)


@require("reports.view")
@gzip_page
@require_GET
@refusals
def report_revision(request: HttpRequest, report_id: int, number: int) -> HttpResponse:
    """Show one revision as it stands or stood: values, verdicts, judgements, notes, and who did each."""
    scope = scope_of(request.user)
    report = find_report(scope=scope, report_id=report_id)
    if not 1 <= number <= report.revision:
        raise Http404
    state = report_state(report, number, exact=knows_register(scope, report))
    context = revision_context(state, revisions_of(report))
    return render(request, "indicators/revision.html", context)


@require("reports.view")
@gzip_page
@require_GET
@refusals
def report_changes(request: HttpRequest, report_id: int) -> HttpResponse:
    """Lay two revisions side by side: `?from=1&to=2`, with `&all=1` also what did not change."""
    scope = scope_of(request.user)
    report = find_report(scope=scope, report_id=report_id)
    pair = read_pair(request.GET, report)
    everything = request.GET.get("all") == "1"
    found = None
    if pair and pair.old:
        found = changes_between(report, pair.old, pair.new, exact=knows_register(scope, report))
    context = head_context(report, *unit_name(report)) | {
        "revisions": revisions_of(report),
        "pair": pair,
        "faults": list(pair.faults.values()) if pair else [],
        "everything": everything,
        "changes": changes_view(found, everything=everything) if found else None,
    }
    return render(request, "indicators/changes.html", context, status=422 if pair and pair.faults else 200)
