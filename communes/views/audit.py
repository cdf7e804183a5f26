"""`/audit/`: what happened, by whom, searched and read in portions."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET

from communes.forms.audit import AuditForm
from communes.presenters.audit import audit_table, event_views, object_label
from communes.scope import scope_of
from communes.selectors.audit import Reach, events_seen, unit_names
from communes.services.audit import record_export
from mongcai_portal.accounts.decorators import require
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.audit.selectors import page_of, sealed_of
from mongcai_portal.common.exports import MEDIA_TYPES, download
from mongcai_portal.common.templatetags.portal import date_vi

SIZE = 50
LONGEST = 20_000  # events of one file


@require(Permission.AUDIT_VIEW)
@never_cache
@gzip_page
@require_GET
def audit_list(request: HttpRequest) -> HttpResponse:
    """Show the log, newest first."""
    scope = scope_of(request.user)
    form = AuditForm(request.GET)
    wanted = form.wanted()
    data = form.cleaned_data
    reach = Reach.of(scope)
    page = page_of(events_seen(wanted, scope, reach), before=data.get("before"), after=data.get("after"), size=SIZE)
    narrowed = [
        (name, label)
        for name, value, label in (
            ("actor", wanted.actor, _("việc của một người")),
            ("type", wanted.obj_type, f"{object_label(wanted.obj_type)} {wanted.obj_id}".strip()),
            ("unit", wanted.unit, wanted.unit),
        )
        if value
    ]
    context = {
        "form": form,
        "page": page,
        "events": event_views(page.events, unit_names(page.events), reach),
        "sealed": sealed_of([event.pk for event in page.events]),
        "narrowed": narrowed,
        "parts": reach.uids is not None,
        "filtered": any(request.GET.get(name) for name in form.fields if name not in ("before", "after")),
    }
    return render(request, "communes/audit.html", context)


@require(Permission.AUDIT_VIEW)
@require_GET
def audit_export(request: HttpRequest) -> HttpResponse:
    """The events of a search as CSV or Excel (`?format=`); that they left is recorded."""
    kind = request.GET.get("format", "csv")
    if kind not in MEDIA_TYPES:
        raise Http404
    form = AuditForm(request.GET)
    scope = scope_of(request.user)
    reach = Reach.of(scope)
    rows = list(events_seen(form.wanted(), scope, reach).order_by("-pk")[: LONGEST + 1])
    events = rows[:LONGEST]
    asked = {
        name: str(value)
        for name, value in form.cleaned_data.items()
        if value not in ("", None) and name not in ("before", "after")
    }
    lines = [_("Lập ngày %(day)s, %(n)s sự kiện") % {"day": date_vi(timezone.localdate()), "n": len(events)}]
    if asked:
        told = "; ".join(f"{form.fields[name].label or name}: {value}" for name, value in asked.items())
        lines.append(_("Điều kiện: %(asked)s") % {"asked": told})
    views = event_views(events, unit_names(events), reach)
    table = audit_table(views, lines, cut=len(rows) > LONGEST, longest=LONGEST)
    answer = download(kind, table, name=f"nhat-ky-{timezone.localdate():%Y-%m-%d}")
    record_export(by=request.user, asked=asked, rows=len(events), kind=kind)
    return answer
