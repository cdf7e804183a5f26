"""`/recognitions/`: the register of recognitions on a day, one record, and its papers."""

from __future__ import annotations

from datetime import date

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from communes.scope import Scope, scope_of
from indicators.forms.recognition import RegisterFilterForm
from indicators.models import Recognition, RecognitionScan
from indicators.presenters.register import line_of, record_context, state_label, unit_text
from indicators.selectors.register import (
    ANNULLED,
    PAGE,
    STATES,
    RegisterFilter,
    levels,
    record_page,
    records,
    rows_of,
    scan_seen,
    units_ever,
    years_of,
)
from mongcai_portal.accounts.decorators import require
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.files import serve_file
from mongcai_portal.common.templatetags.portal import localname
from mongcai_portal.common.views.asked import asked_day


def day_of(request: HttpRequest) -> date:
    """The day of `?as_of=`; today when it is not given or cannot be read."""
    return asked_day(request)[0] or timezone.localdate()


@require(Permission.RECOGNITIONS_VIEW)
@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """Show the decisions of a day, newest first."""
    scope, day = scope_of(request.user), day_of(request)
    wanted = RegisterFilterForm(request.GET).wanted()
    pages = Paginator(records(scope, day, wanted), PAGE)
    page = pages.get_page(request.GET.get("page"))
    lines = [line_of(row) for row in rows_of(list(page.object_list), day)]
    units = units_ever(scope)
    context = {
        "day": day,
        "days": (day,),
        "lines": lines,
        "page_obj": page,
        "total": pages.count,
        "wanted": wanted,
        "filtered": wanted != RegisterFilter(),
        "levels": [(level.code, localname(level)) for level in levels()],
        "units": [(v.unit.uid, unit_text(v)) for v in units],
        "years": years_of(scope),
        "states": [(code, state_label(code)) for code in STATES if code != ANNULLED or may_record(scope)],
        "may_record": may_record(scope),
    }
    return render(request, "indicators/recognitions.html", context)


@require(Permission.RECOGNITIONS_VIEW)
@require_GET
def recognition(request: HttpRequest, recognition_id: int) -> HttpResponse:
    """Show one record: the decision, its conditions, what the figures say, and what became of it."""
    scope = scope_of(request.user)
    try:
        page = record_page(scope, recognition_id, day_of(request))
    except Recognition.DoesNotExist as error:
        raise Http404 from error
    context = record_context(page) | {"may_record": may_record(scope), "day": page.day, "days": (page.day,)}
    return render(request, "indicators/recognition.html", context)


@require(Permission.RECOGNITIONS_VIEW)
@require_GET
def recognition_scan(request: HttpRequest, recognition_id: int, scan_id: int) -> HttpResponseBase:
    """Hand out the scan of a decision to those who may see the record."""
    try:
        scan = scan_seen(scope_of(request.user), recognition_id, scan_id)
    except (Recognition.DoesNotExist, RecognitionScan.DoesNotExist) as error:
        raise Http404 from error
    return serve_file(scan, inline="download" not in request.GET)


def may_record(scope: Scope) -> bool:
    """Whether this person records decisions."""
    return Permission.RECOGNITIONS_ISSUE in scope.permissions
