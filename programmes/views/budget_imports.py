"""`/programmes/files/`: the finance office's workbooks: sent, declared, checked, confirmed, undone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from communes.scope import scope_of
from mongcai_portal.accounts.decorators import require
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.errors import Invalid, Stale
from mongcai_portal.common.exports import MEDIA_TYPES, download
from mongcai_portal.common.files import serve_file
from mongcai_portal.common.grids import Unreadable, letters
from mongcai_portal.common.views.doors import at_fields, refusing
from programmes.forms.budget_imports import HeadForm, LayoutForm, SendForm, initial_of
from programmes.models import BudgetImport
from programmes.presenters.budget_imports import (
    amounts,
    fault_lines,
    fault_table,
    kinds_of,
    said_of,
    sheet_of,
    status_look,
    word_lines,
)
from programmes.presenters.budget_lines import form_choices
from programmes.rules.budget_files.layout import FIELDS, Layout, proposed
from programmes.selectors.budget_files import imports
from programmes.selectors.budget_lines import choices
from programmes.services import budget_imports as services
from programmes.services.budget_imports.staging import OPEN, Glance

EDIT = Permission.BUDGET_EDIT
PAGE, FILES = 100, 30
refusals = refusing(BudgetImport.DoesNotExist)


@require(EDIT)
@require_http_methods(["GET", "POST"])
@refusals
def budget_imports(request: HttpRequest) -> HttpResponse:
    """List the files that were sent, and take another one."""
    sent = request.method == "POST"
    form = SendForm(request.POST, request.FILES) if sent else SendForm(initial={"on": timezone.localdate()})
    if sent:
        form.is_valid()
        try:
            row = services.send_budget(by=request.user, file=request.FILES.get("file"), on=form.cleaned_data.get("on"))
        except Invalid as error:
            at_fields(form, Invalid([one for one in error.faults if one.pointer.lstrip("/") not in form.errors]))
        else:
            return redirect("budget_import_layout", finance_id=row.pk)
    page = Paginator(imports(), FILES).get_page(request.GET.get("page"))
    context = {"form": form, "page_obj": page, "imports": [(row, *status_look(row)) for row in page]}
    return render(request, "programmes/budget_imports.html", context, status=422 if form.errors else 200)


@require(EDIT)
@require_http_methods(["GET", "POST"])
@refusals
def budget_import_layout(request: HttpRequest, finance_id: int) -> HttpResponse:
    """Declare how a file is read: its heading, its columns, its formats; then it is checked."""
    row = get_object_or_404(BudgetImport, pk=finance_id)
    if row.status not in OPEN:
        return redirect("budget_import", finance_id=row.pk)
    try:
        before = Layout.of_json(row.layout) if row.layout else services.first_layout(row)
        layout = _looked_at(request, row, before)
        seen = services.glance(row, layout)
    except (Unreadable, FileNotFoundError):
        messages.error(request, _("Không mở được tệp đã lưu: hãy gửi lại tệp."))
        return redirect("budget_imports")
    known = form_choices(choices(scope_of(request.user), year=row.on.year))
    sheets = [one.name for one in seen.sheets]
    headings = [(column, f"{letters(column)}: {text[:60]}") for column, text in sorted(seen.headings.items())]
    given = {"headings": headings, "programmes": known["programmes"], "units": known["units"], "sheets": sheets}
    sent = request.method == "POST"
    form = LayoutForm(request.POST, **given) if sent else LayoutForm(initial=initial_of(layout), **given)
    if sent:
        form.is_valid()
        try:
            services.declare_budget(by=request.user, import_id=row.pk, layout=form.layout(before))
        except Invalid as error:
            _at_columns(form, error)
        except Stale as error:
            messages.error(request, str(error))
            return redirect("budget_import", finance_id=row.pk)
        else:
            return redirect("budget_import", finance_id=row.pk)
    context = {
        "row": row, "form": form, "heads": HeadForm(initial=layout.as_json(), sheets=sheets, auto_id="head_%s"),
        "sheet_rows": _rows_shown(seen, layout), "fields": [
            (form[f"column_{name}"], seen.samples.get(_column(form, name), ()), name == "source") for name in FIELDS
        ],
    }  # fmt: skip
    return render(request, "programmes/budget_import_layout.html", context, status=422 if form.errors else 200)


def _column(form: LayoutForm, name: str) -> int:
    text = str(form[f"column_{name}"].value() or "")
    return int(text) if text.isascii() and text.isdigit() else 0


def _looked_at(request: HttpRequest, row: BudgetImport, before: Layout) -> Layout:
    """Return the layout with the sheet and heading that the reader asks to see, columns proposed anew by these."""
    asked = request.POST if request.method == "POST" else request.GET
    numbers: dict[str, int] = {}
    for name in ("head_first", "head_last", "data_first"):
        text = str(asked.get(name, ""))
        if text.isascii() and text.isdigit() and 0 < int(text) < 10_000:
            numbers[name] = int(text)
    sheet = str(asked.get("sheet", before.sheet))
    if len(numbers) < 3:
        return before
    same = numbers == {name: getattr(before, name) for name in numbers}
    if request.method == "POST" or (same and sheet == before.sheet):
        return replace(before, sheet=sheet, **numbers)
    if sheet != before.sheet and same:
        return services.first_layout(row, sheet)
    layout = replace(before, sheet=sheet, **numbers)
    return replace(layout, columns=proposed(dict(services.glance(row, layout).headings)))


def _rows_shown(seen: Glance, layout: Layout) -> list[tuple[int, str, list[str]]]:
    """The first rows of the sheet, each with what it is: above the heading, of it, or data."""
    last = max((column for _number, cells in seen.rows for column in cells), default=0)
    shown = []
    for number, cells in seen.rows[: layout.data_first + 6]:
        heading = layout.head_first <= number <= layout.head_last
        kind = "head" if heading else "data" if number >= layout.data_first else "above"
        shown.append((number, kind, [cells.get(column, "") for column in range(1, min(last, 30) + 1)]))
    return shown


def _at_columns(form: LayoutForm, error: Invalid) -> None:
    for fault in error.faults:
        name = fault.pointer.lstrip("/").replace("columns/", "column_")
        if name not in form.errors:
            form.add_error(name if name in form.fields else None, fault.message)


@require(EDIT)
@require_GET
def budget_import(request: HttpRequest, finance_id: int) -> HttpResponseBase:
    """Show a file: what its dry run found by cell, what it would change or changed."""
    row = get_object_or_404(BudgetImport, pk=finance_id)
    if request.GET.get("format") in MEDIA_TYPES:
        return download(request.GET["format"], fault_table(row), name=_("loi-trong-tep"))
    chosen = request.GET.get("kind", "")
    sheet, wanted = sheet_of(row), "" if chosen == "row" else chosen
    found = [
        one
        for doubt, faults in ((False, row.faults), (True, row.doubts))
        for one in fault_lines([f for f in faults if not chosen or f["name"] == wanted], sheet, doubt=doubt)
    ]
    known = form_choices(choices(scope_of(request.user), year=row.on.year))
    icon, css, word = status_look(row)
    context = {
        "row": row, "icon": icon, "css": css, "word": word, "counts": row.counts, "amounts": amounts(row),
        "kinds": kinds_of(row), "chosen": chosen, "page_obj": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "words": word_lines(row, {
            "programme": known["programmes"], "component": known["components"], "unit": known["units"],
            "source": known["sources"],
        }) if row.status == BudgetImport.Status.FAULTY else [],
        "open": row.status in OPEN,
    }  # fmt: skip
    return render(request, "programmes/budget_import.html", context)


@require(EDIT)
@require_GET
def budget_import_file(request: HttpRequest, finance_id: int) -> HttpResponseBase:
    """Hand out the workbook as it was sent."""
    return serve_file(get_object_or_404(BudgetImport, pk=finance_id), inline=False)


def _act(act: Callable[[HttpRequest, int], None]) -> Any:
    """Do something to a file, say what stands against it, and show the file again."""

    def view(request: HttpRequest, finance_id: int) -> HttpResponse:
        try:
            act(request, finance_id)
        except Stale as error:
            messages.error(request, str(error))
        except Invalid as error:
            for fault in error.faults:
                messages.error(request, fault.message)
        return redirect("budget_import", finance_id=finance_id)

    return require(EDIT)(require_POST(refusals(view)))


def _confirm(request: HttpRequest, finance_id: int) -> None:
    services.accept_budget(by=request.user, import_id=finance_id, doubts_right=request.POST.get("doubts_right") == "on")


def _words(request: HttpRequest, finance_id: int) -> None:
    row = BudgetImport.objects.get(pk=finance_id)
    services.declare_words(by=request.user, import_id=finance_id, said=said_of(row, request.POST))


def _discard(request: HttpRequest, finance_id: int) -> None:
    services.discard_budget(by=request.user, import_id=finance_id)
    messages.success(request, _("Đã bỏ tệp; số vốn trên cổng không thay đổi."))


def _undo(request: HttpRequest, finance_id: int) -> None:
    services.undo_budget(by=request.user, import_id=finance_id)
    messages.success(request, _("Đã hoàn tác: số vốn trên cổng như khi chưa nhập tệp này."))


budget_import_confirm = _act(_confirm)
budget_import_words = _act(_words)
budget_import_discard = _act(_discard)
budget_import_undo = _act(_undo)
