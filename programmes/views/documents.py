"""`/documents/`: period reports, one report with its files, and the versions of the Word template."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from communes.models import Unit
from communes.scope import scope_of
from mongcai_portal.accounts.decorators import require
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.charts import MEDIA, drawn
from mongcai_portal.common.contents import KINDS
from mongcai_portal.common.errors import Invalid, Stale
from mongcai_portal.common.exports import CSV, XLSX, download
from mongcai_portal.common.files import serve_file
from mongcai_portal.common.views.doors import at_fields, refusing
from programmes.forms.documents import LetterheadForm, PeriodForm, TemplateForm, WithdrawalForm
from programmes.models import PeriodReport, ReportTemplate
from programmes.presenters.documents import (
    area_choices,
    change_views,
    chart_table,
    field_groups,
    last_period,
    period_text,
    section_views,
    status_look,
    template_choices,
    template_word,
    unit_name,
    workbook,
)
from programmes.presenters.text import language
from programmes.reports.fields import area_name
from programmes.reports.snapshot import charts_of, late_in
from programmes.reports.word import BUILT_IN
from programmes.selectors.documents import area_names, areas, changed_since, report_seen, reports_for, templates
from programmes.services import documents as acts
from programmes.services.document_files import document_of, file_name
from programmes.services.document_letterheads import clean, head_faults, letterhead_of
from programmes.services.documents import Asked
from programmes.services.report_templates import add_template

VIEW, EDIT = Permission.DOCUMENTS_VIEW, Permission.DOCUMENTS_EDIT
PER_PAGE = 30


@require(VIEW)
@never_cache
@require_GET
def document_list(request: HttpRequest) -> HttpResponse:
    """All reports that the reader may read, the newest period first."""
    page = Paginator(reports_for(scope_of(request.user)), PER_PAGE).get_page(request.GET.get("page"))
    names = area_names((report.area_id, report.until) for report in page)
    rows = [
        (report, period_text(report), status_look(report), unit_name(names.get((report.area_id, report.until))))
        for report in page
    ]
    context = {"rows": rows, "page_obj": page, "edits": request.user.has_perm(EDIT)}
    return render(request, "programmes/documents.html", context)


@require(EDIT)
@never_cache
@require_http_methods(["GET", "POST"])
@refusing()
def document_new(request: HttpRequest) -> HttpResponse:
    """Choose area and period; the figures are taken at once."""
    today = timezone.localdate()
    choices = area_choices(areas(scope_of(request.user)))
    since, until = last_period(today)
    initial = {"area": choices[0][0] if choices else "", "since": since, "until": until}
    form = PeriodForm(request.POST if request.method == "POST" else None, areas=choices, initial=initial)
    if request.method == "POST":
        form.is_valid()
        data = form.cleaned_data
        asked = Asked(data.get("area") or request.POST.get("area", ""), data.get("since"), data.get("until"))
        try:
            report = acts.draft(by=request.user, asked=asked)
        except Invalid as error:
            at_fields(form, Invalid([one for one in error.faults if one.pointer.lstrip("/") not in form.errors]))
        else:
            return redirect("document", paper_id=report.pk)
    return render(request, "programmes/document_new.html", {"form": form}, status=422 if form.errors else 200)


@require(VIEW)
@never_cache
@require_GET
@refusing(PeriodReport.DoesNotExist)
def document(request: HttpRequest, paper_id: int) -> HttpResponse:
    """One report: its tables and charts, its files, and what moved since it was published."""
    report = report_seen(scope_of(request.user), paper_id)
    return _page(request, report, WithdrawalForm())


def _page(request: HttpRequest, report: PeriodReport, form: WithdrawalForm, *, status: int = 200) -> HttpResponse:
    since, gone = None, False
    if report.status == PeriodReport.Status.PUBLISHED:
        try:
            since = changed_since(report, today=timezone.localdate())
        except Unit.DoesNotExist:
            gone = True
    sections = section_views(report)
    context = {
        "report": report,
        "look": status_look(report),
        "period": period_text(report),
        "area": _area(report),
        "sections": sections,
        "draws": any(section.charts for section in sections),
        "template": template_word(report.template),
        "since": since,
        "changes": change_views(since, names=request.user.has_perm(Permission.AUDIT_VIEW)) if since else [],
        "gone": gone,
        "late": late_in(report.figures),
        "edits": request.user.has_perm(EDIT),
        "form": form,
    }
    return render(request, "programmes/document.html", context, status=status)


def _area(report: PeriodReport) -> str:
    if language() == "en":
        return str(report.figures["area"]["en"])
    return area_name(report.figures)


@require(EDIT)
@never_cache
@require_http_methods(["GET", "POST"])
@refusing(PeriodReport.DoesNotExist)
def document_edit(request: HttpRequest, paper_id: int) -> HttpResponse:
    """The letterhead and the template of a draft."""
    report = report_seen(scope_of(request.user), paper_id)
    choices = template_choices(templates())
    stale, lock = "", _lock(request) if request.method == "POST" else report.lock
    if request.method == "POST":
        form = LetterheadForm(request.POST, templates=choices)
        form.is_valid()
        head = form.letterhead()
        try:
            if form.errors:
                raise Invalid(head_faults(clean(head)))
            template = form.cleaned_data["template"]
            acts.save_letterhead(by=request.user, report_id=paper_id, lock=lock, head=head, template=template)
            messages.success(request, _("Đã lưu."))
            return redirect("document", paper_id=paper_id)
        except Invalid as error:
            at_fields(form, Invalid([one for one in error.faults if one.pointer.lstrip("/") not in form.errors]))
        except Stale as error:
            stale = str(error)
    else:
        if report.status != PeriodReport.Status.DRAFT:
            return redirect("document", paper_id=paper_id)
        head = letterhead_of(report)
        initial = {name: getattr(head, name) for name in LetterheadForm.base_fields if name != "template"}
        initial["template"] = report.template.number if report.template else 0
        form = LetterheadForm(templates=choices, initial=initial)
    context = {"form": form, "report": report, "lock": lock, "stale": stale}
    status = 409 if stale else 422 if form.errors else 200
    return render(request, "programmes/document_edit.html", context, status=status)


def _lock(request: HttpRequest) -> int:
    text = request.POST.get("lock", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


@require(EDIT)
@require_POST
@refusing(PeriodReport.DoesNotExist)
def document_act(request: HttpRequest, paper_id: int, act: str) -> HttpResponse:
    """Refresh, publish, withdraw or discard a report."""
    given: dict[str, Any] = {"by": request.user, "report_id": paper_id, "lock": _lock(request)}
    try:
        if act == "refresh":
            acts.refresh(**given)
            done = _("Đã lấy số liệu mới nhất.")
        elif act == "publish":
            acts.publish(**given, late_accepted=request.POST.get("late_accepted") == "1")
            done = _("Đã phát hành: số liệu và văn bản được giữ nguyên từ đây.")
        elif act == "withdraw":
            acts.withdraw(**given, reason=request.POST.get("reason", ""))
            done = _("Đã thu hồi báo cáo.")
        elif act == "discard":
            acts.discard(**given)
            messages.success(request, _("Đã bỏ bản nháp."))
            return redirect("document_list")
        else:
            raise Http404
    except Stale as error:
        messages.error(request, str(error))
    except Invalid as error:
        if act == "withdraw":
            form = WithdrawalForm(request.POST)
            form.is_valid()
            at_fields(form, error)
            return _page(request, report_seen(scope_of(request.user), paper_id), form, status=422)
        for fault in error.faults:
            messages.error(request, fault.message)
    else:
        messages.success(request, done)
    return redirect("document", paper_id=paper_id)


# --- Files ----------------------------------------------------------------------------------------------------------


@require(VIEW)
@never_cache
@require_GET
@refusing(PeriodReport.DoesNotExist)
def document_word(request: HttpRequest, paper_id: int) -> HttpResponseBase:
    """The Word file: of a published report the one that was kept, of a draft as it would be now."""
    report = report_seen(scope_of(request.user), paper_id)
    if report.status != PeriodReport.Status.DRAFT:
        return serve_file(report.document, inline=False)
    try:
        content = document_of(report)
    except Invalid as error:
        for fault in error.faults:
            messages.error(request, fault.message)
        return redirect("document", paper_id=paper_id)
    return _file(content, KINDS["docx"].media_type, f"{file_name(report)}-{_('ban-nhap')}.docx")


@require(VIEW)
@never_cache
@require_GET
@refusing(PeriodReport.DoesNotExist)
def document_excel(request: HttpRequest, paper_id: int) -> HttpResponse:
    """All tables of a report as a workbook, from its own figures."""
    report = report_seen(scope_of(request.user), paper_id)
    return download(XLSX, *workbook(report), name=file_name(report))


@require(VIEW)
@never_cache
@require_GET
@refusing(PeriodReport.DoesNotExist)
def document_chart(request: HttpRequest, paper_id: int, chart: str, kind: str) -> HttpResponse:
    """One chart: its Vega-Lite specification, which the page draws, the same as SVG or PNG, and its numbers as CSV."""
    report = report_seen(scope_of(request.user), paper_id)
    found = charts_of(report.figures).get(chart)
    if found is None or kind not in (CSV, "json", *MEDIA):
        raise Http404
    name = f"{file_name(report)}-{chart}"
    if kind == CSV:
        return download(CSV, chart_table(found), name=name)
    if kind == "json":
        answer: HttpResponse = JsonResponse(found.specification, json_dumps_params={"ensure_ascii": False})
        answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=f"{name}.json")
        return answer
    return _file(drawn(found.specification, kind), MEDIA[kind], f"{name}.{kind}", shown=True)


def _file(content: bytes, media_type: str, name: str, *, shown: bool = False) -> HttpResponse:
    answer = HttpResponse(content, content_type=media_type)
    answer["Content-Disposition"] = content_disposition_header(as_attachment=not shown, filename=name)
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


# --- Templates ------------------------------------------------------------------------------------------------------


@require(EDIT)
@never_cache
@require_http_methods(["GET", "POST"])
@refusing()
def document_templates(request: HttpRequest) -> HttpResponse:
    """The versions of the template, what they may say, and taking a new one."""
    sent, faults = request.method == "POST", []
    form = TemplateForm(request.POST, request.FILES) if sent else TemplateForm()
    if request.method == "POST":
        form.is_valid()
        try:
            row = add_template(by=request.user, file=request.FILES.get("file"), note=request.POST.get("note", ""))
        except Invalid as error:
            faults = [fault.message for fault in error.faults if fault.pointer == "/file"]
            at_fields(form, Invalid([fault for fault in error.faults if fault.pointer != "/file"]))
            if faults:
                form.add_error("file", _("Chưa nhận mẫu này; từng lỗi được nêu ở trên.") if faults[1:] else faults[0])
        except Stale as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Đã nhận mẫu: %(name)s.") % {"name": template_word(row)})
            return redirect("document_templates")
    context = {
        "form": form,
        "faults": faults if faults[1:] else [],
        "versions": [(row, template_word(row)) for row in templates()],
        "groups": field_groups(),
    }
    return render(request, "programmes/document_templates.html", context, status=422 if form.errors else 200)


@require(EDIT)
@require_GET
@refusing(ReportTemplate.DoesNotExist)
def document_template(request: HttpRequest, number: int) -> HttpResponseBase:
    """A version of the template as a Word file; 0 is the built-in one."""
    if number == acts.BUILT_IN_TEMPLATE:
        return _file(BUILT_IN.read_bytes(), KINDS["docx"].media_type, f"{_('mau-bao-cao')}.docx")
    return serve_file(templates().get(number=number), inline=False)
