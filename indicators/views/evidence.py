"""Files beside a reported value: the page of one value (a part of it for scripts), and the files themselves."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from communes.scope import scope_of
from indicators.models import Report
from indicators.presenters.evidence import evidence_context
from indicators.selectors.entry import find_report, may_edit, unit_name
from indicators.selectors.evidence import evidence_of, find_evidence
from indicators.selectors.layout import Row, layout_for
from indicators.services.evidence import Attached, attach, remove
from indicators.views.doors import refusals
from mongcai_portal.accounts.decorators import require
from mongcai_portal.common.errors import Invalid, Stale
from mongcai_portal.common.files import serve_file, serve_thumbnail
from mongcai_portal.common.views.errors import is_fragment


@require("reports.view")
@require_http_methods(["GET", "POST"])
@refusals
def report_evidence(request: HttpRequest, report_id: int, element: str) -> HttpResponse:
    """Show the files of a value, attach some (`files`), or take one away (`remove`)."""
    report = find_report(scope=scope_of(request.user), report_id=report_id)
    row = layout_for(report.period).row(element)
    if row is None:
        raise Http404
    if request.method == "GET":
        return _answer(request, report, row)
    try:
        done = _remove(request, report) if "remove" in request.POST else _attach(request, report, element)
    except Invalid as error:
        return _answer(request, report, row, faults=[fault.message for fault in error.faults], status=422)
    except Stale as error:
        report.refresh_from_db()
        return _answer(request, report, row, faults=[str(error)], status=409)
    if is_fragment(request):
        return _answer(request, report, row, done=done)
    messages.success(request, done)
    return redirect("report_evidence", report_id=report.pk, element=element)


def _attach(request: HttpRequest, report: Report, element: str) -> str:
    files = request.FILES.getlist("files")
    return _attached_text(attach(by=request.user, report_id=report.pk, element=element, files=files))


def _attached_text(found: Attached) -> str:
    texts = []
    if n := len(found.added):
        texts.append(ngettext("Đã thêm %(n)s tệp.", "Đã thêm %(n)s tệp.", n) % {"n": n})
    if n := len(found.known):
        texts.append(ngettext("%(n)s tệp đã có từ trước.", "%(n)s tệp đã có từ trước.", n) % {"n": n})
    return " ".join(texts)


def _remove(request: HttpRequest, report: Report) -> str:
    given = request.POST["remove"]
    row = remove(by=request.user, report_id=report.pk, evidence_id=int(given) if _is_id(given) else 0)
    return _("Đã bỏ “%(name)s”.") % {"name": row.name} if row else _("Tệp này đã được bỏ trước đó.")


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def _answer(
    request: HttpRequest,
    report: Report,
    row: Row,
    *,
    faults: list[str] | None = None,
    done: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page, or for a script the part of it that changes."""
    revision = _revision(request, report)
    files = evidence_of(report, revision).get(row.element.id, ())
    scope = scope_of(request.user)
    context = evidence_context(report, row, files, revision=revision, unit=unit_name(report))
    context |= {
        "editable": may_edit(scope, report) and revision == report.revision,
        "faults": faults or [],
        "done": done,
        "inside": is_fragment(request),
    }
    template = "indicators/_evidence.html" if is_fragment(request) else "indicators/evidence.html"
    return render(request, template, context, status=status)


def _revision(request: HttpRequest, report: Report) -> int:
    """The revision of `?revision=`, an earlier one for reading; else the present one."""
    given = request.GET.get("revision", "")
    return int(given) if _is_id(given) and 0 < int(given) <= report.revision else report.revision


@require("reports.view")
@require_GET
@refusals
def evidence_file(request: HttpRequest, report_id: int, evidence_id: int) -> FileResponse:
    """A file, shown within a page where a browser can show it, or with `?download` to be kept."""
    row = find_evidence(scope=scope_of(request.user), report_id=report_id, evidence_id=evidence_id)
    return serve_file(row, inline="download" not in request.GET)


@require("reports.view")
@require_GET
@refusals
def evidence_thumbnail(request: HttpRequest, report_id: int, evidence_id: int) -> FileResponse:
    """The small picture of a picture."""
    row = find_evidence(scope=scope_of(request.user), report_id=report_id, evidence_id=evidence_id)
    return serve_thumbnail(row, row.thumbnail)
