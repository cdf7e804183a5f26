"""`/reports/import/`: figures and recognitions of past years from Excel: template, dry run, confirmation."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from communes.scope import scope_of
from indicators.forms.archive import ImportForm, TemplateForm
from indicators.models import HistoryImport
from indicators.presenters.archive import conflict_line, fault_table, import_context, status_look
from indicators.presenters.archive_template import Codes, YearSheet, workbook
from indicators.selectors.archive import catalogue, imports
from indicators.selectors.archive_pages import ImportPage, import_page, past_years, years_asked
from indicators.selectors.register import levels, units_ever
from indicators.services.archive import apply_import, discard_import, stage_import
from mongcai_portal.accounts.decorators import require
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.errors import Invalid, Stale
from mongcai_portal.common.exports import MEDIA_TYPES, XLSX, download
from mongcai_portal.common.files import serve_file

IMPORT = Permission.REPORTS_IMPORT
PAGE = 200


@require(IMPORT)
@require_http_methods(["GET", "POST"])
def history_import(request: HttpRequest) -> HttpResponse:
    """Say how it goes, list what was sent, and take a workbook to be checked."""
    sent = request.method == "POST"
    form = ImportForm(request.POST, request.FILES) if sent else ImportForm(initial={"number_format": "vi"})
    if sent:
        form.is_valid()
        try:
            row = stage_import(
                by=request.user,
                file=request.FILES.get("file"),
                number_format=form.cleaned_data.get("number_format", ""),
            )
        except Invalid as error:
            for fault in error.faults:
                form.add_error(fault.pointer.lstrip("/"), fault.message)
        else:
            return redirect("history_import_one", import_id=row.pk)
    context = {
        "form": form,
        "years": past_years(timezone.localdate()),
        "imports": [(row, *status_look(row)) for row in imports()],
    }
    return render(request, "indicators/archive.html", context, status=422 if form.errors else 200)


@require(IMPORT)
@require_GET
def history_template(request: HttpRequest) -> HttpResponse:
    """Hand out the workbook to be filled in, with the rows of the chosen years."""
    scope = scope_of(request.user)
    years = TemplateForm(request.GET, today=timezone.localdate()).years()
    sheets = [YearSheet(y.span.code, y.units, y.elements, y.judged) for y in years_asked(years, scope)]
    codes = Codes(tuple(units_ever(scope)), catalogue().elements, tuple(levels()))
    response = HttpResponse(workbook(sheets, codes), content_type=MEDIA_TYPES[XLSX])
    name = "-".join([_("mau-so-lieu-cac-nam-truoc"), *map(str, sorted(years))])
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=f"{name}.xlsx")
    response["Cache-Control"] = "private, no-store"
    return response


@require(IMPORT)
@require_GET
def history_import_one(request: HttpRequest, import_id: int) -> HttpResponseBase:
    """Show the dry run of a workbook: what would change, every fault by cell, every conflict with both sides."""
    page = _page(import_id)
    if request.GET.get("format") in MEDIA_TYPES:
        return download(request.GET["format"], fault_table(page), name=_("loi-trong-tep"))
    faults = Paginator(page.row.faults, PAGE).get_page(request.GET.get("page"))
    context = import_context(page) | {
        "page_obj": faults,
        "conflicts": [conflict_line(one, page) for one in page.row.conflicts[:PAGE]],
        "more_conflicts": max(0, len(page.row.conflicts) - PAGE),
    }
    return render(request, "indicators/archive_import.html", context)


@require(IMPORT)
@require_GET
def history_import_file(request: HttpRequest, import_id: int) -> HttpResponseBase:
    """Hand out the workbook as it was sent."""
    return serve_file(_page(import_id).row, inline=False)


@require(IMPORT)
@require_POST
def history_import_confirm(request: HttpRequest, import_id: int) -> HttpResponse:
    """Store what the workbook brings."""
    try:
        row = apply_import(by=request.user, import_id=import_id)
    except HistoryImport.DoesNotExist as error:
        raise Http404 from error
    except Stale as error:
        messages.error(request, str(error))
    else:
        words = {"reports": row.counts["reports"], "values": row.counts["values"], "acts": row.counts["acts"]}
        text = _("Đã nhập %(reports)s báo cáo với %(values)s số liệu và %(acts)s quyết định công nhận.")
        messages.success(request, text % words)
    return redirect("history_import_one", import_id=import_id)


@require(IMPORT)
@require_POST
def history_import_discard(request: HttpRequest, import_id: int) -> HttpResponse:
    """Put a workbook aside."""
    try:
        discard_import(by=request.user, import_id=import_id)
    except HistoryImport.DoesNotExist as error:
        raise Http404 from error
    except Stale as error:
        messages.error(request, str(error))
        return redirect("history_import_one", import_id=import_id)
    messages.success(request, _("Đã bỏ tệp; số liệu trên cổng không thay đổi."))
    return redirect("history_import")


def _page(import_id: int) -> ImportPage:
    try:
        return import_page(import_id)
    except HistoryImport.DoesNotExist as error:
        raise Http404 from error
