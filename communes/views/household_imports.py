"""`/households/imports/`: households from other software's Excel files: declared, checked, confirmed, undone."""

from __future__ import annotations

from collections.abc import Callable
from tempfile import TemporaryFile
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from communes.forms.household_imports import HeadForm, LayoutForm, SendForm, initial_of
from communes.models import HouseholdImport, ImportContent
from communes.presenters.household_imports import (
    fault_lines,
    field_names,
    heading_choices,
    import_context,
    status_look,
)
from communes.presenters.household_marked import write_marked
from communes.rules.register_files.fields import FIELDS, proposed
from communes.rules.register_files.layout import Layout
from communes.scope import scope_of
from communes.selectors.household_imports import (
    brings_for_town,
    faults_by_row,
    faults_of,
    import_page,
    imports_seen,
    sources_for,
    unit_name,
    units_for,
    unknown_words,
)
from communes.services import household_imports as services
from communes.services.household_imports.contents import Glance, first_layout, glance
from mongcai_portal.accounts.decorators import require
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.ciphers import Undecipherable
from mongcai_portal.common.errors import Invalid, Stale
from mongcai_portal.common.exports import MEDIA_TYPES, XLSX
from mongcai_portal.common.grids import Unreadable
from mongcai_portal.common.views.doors import at_fields, refusing

IMPORT = Permission.HOUSEHOLDS_IMPORT
PAGE, FILES = 100, 30
refusals = refusing(HouseholdImport.DoesNotExist, ImportContent.DoesNotExist)


def _page(view: Callable[..., HttpResponseBase]) -> Any:
    return require(IMPORT)(never_cache(refusals(view)))


@_page
@require_http_methods(["GET", "POST"])
def household_imports(request: HttpRequest) -> HttpResponse:
    """List the files that were sent, and take another one."""
    scope = scope_of(request.user)
    given = {"units": units_for(scope), "town": brings_for_town(scope), "sources": sources_for(scope)}
    sent = request.method == "POST"
    form = SendForm(request.POST, request.FILES, **given) if sent else SendForm(**given)
    if sent and form.is_valid():
        try:
            row = services.send_import(
                by=request.user,
                file=request.FILES.get("file"),
                on=form.cleaned_data["on"],
                unit_id=form.cleaned_data["unit"],
                source_id=form.cleaned_data["source"],
            )
        except Invalid as error:
            at_fields(form, error)
        else:
            return redirect("household_import_layout", book_id=row.pk)
    page = Paginator(imports_seen(scope), FILES).get_page(request.GET.get("page"))
    rows = [(row, unit_name(row), *status_look(row)) for row in page]
    context = {
        "form": form,
        "page_obj": page,
        "imports": rows,
        "one_unit": len(given["units"]) == 1 and not given["town"],
    }
    return render(request, "communes/household_imports.html", context, status=422 if form.errors else 200)


@_page
@require_http_methods(["GET", "POST"])
def household_import_layout(request: HttpRequest, book_id: int) -> HttpResponse:
    """Declare how a file is read: its heading, its columns, its formats."""
    row = import_page(scope_of(request.user), book_id).row
    try:
        before = Layout.of_json(row.layout) if row.layout else first_layout(row)
        layout, looked = _looked_at(request, row, before)
        seen = glance(row, layout)
    except (Unreadable, Undecipherable):
        messages.error(request, _("Không mở được tệp đã lưu: hãy gửi lại tệp."))
        return redirect("household_import", book_id=book_id)
    given = {
        "headings": heading_choices(dict(seen.headings)),
        "names": field_names(),
        "sheets": [one.name for one in seen.sheets],
    }
    sent = request.method == "POST"
    name = row.source.name if row.source else ""
    form = LayoutForm(request.POST, **given) if sent else LayoutForm(initial=initial_of(layout, name), **given)
    if sent:
        form.is_valid()
        try:
            services.declare_import(
                by=request.user,
                import_id=book_id,
                layout=form.layout(before),
                save_as=form.cleaned_data.get("save_as", ""),
            )
        except Invalid as error:
            _at_columns(form, error)
        except Stale as error:
            messages.error(request, str(error))
            return redirect("household_import", book_id=book_id)
        else:
            return redirect("household_import", book_id=book_id)
    heads = HeadForm(initial=layout.as_json(), sheets=given["sheets"], auto_id="head_%s")
    context = {
        "row": row, "form": form, "heads": heads, "looked": looked, "sheet_rows": _rows_shown(seen, layout),
        "columns": sorted(seen.headings), "fields": _field_rows(form, seen),
    }  # fmt: skip
    return render(request, "communes/household_import_layout.html", context, status=422 if form.errors else 200)


def _looked_at(request: HttpRequest, row: HouseholdImport, before: Layout) -> tuple[Layout, bool]:
    """Return the layout with the sheet and heading that the reader asks to see, columns proposed anew by these."""
    asked = request.POST if request.method == "POST" else request.GET
    numbers: dict[str, int] = {}
    for name in ("head_first", "head_last", "data_first"):
        text = str(asked.get(name, ""))
        if text.isascii() and text.isdigit() and 0 < int(text) < 10_000:
            numbers[name] = int(text)
    sheet = str(asked.get("sheet", before.sheet))
    if len(numbers) < 3:
        return before, False
    if sheet != before.sheet and request.method == "GET" and numbers == _numbers(before):
        return first_layout(row, sheet), True
    layout = Layout.of_json({**before.as_json(), **numbers, "sheet": sheet})
    if request.method == "GET" and (numbers != _numbers(before) or sheet != before.sheet):
        layout = Layout.of_json({**layout.as_json(), "columns": proposed(dict(glance(row, layout).headings))})
    return layout, True


def _numbers(layout: Layout) -> dict[str, int]:
    return {name: getattr(layout, name) for name in ("head_first", "head_last", "data_first")}


def _rows_shown(seen: Glance, layout: Layout) -> list[tuple[int, str, list[str]]]:
    """The first rows of the sheet, each with what it is: above the heading, of it, or data."""
    last = max((column for _number, cells in seen.rows for column in cells), default=0)
    shown = []
    for number, cells in seen.rows[: layout.data_first + 6]:
        heading = layout.head_first <= number <= layout.head_last
        kind = "head" if heading else "data" if number >= layout.data_first else "above"
        shown.append((number, kind, [cells.get(column, "") for column in range(1, min(last, 30) + 1)]))
    return shown


def _field_rows(form: LayoutForm, seen: Glance) -> list[tuple[Any, tuple[str, ...], bool]]:
    """Each field with its choice of column, some values of that column, and whether it is needed."""
    rows = []
    for spec in FIELDS:
        bound = form[f"column_{spec.key}"]
        value = str(bound.value() or "")
        column = int(value) if value.isascii() and value.isdigit() else 0
        rows.append((bound, seen.samples.get(column, ()), spec.key in ("code", "village", "name", "relation")))
    return rows


def _at_columns(form: LayoutForm, error: Invalid) -> None:
    for fault in error.faults:
        name = fault.pointer.lstrip("/").replace("columns/", "column_")
        form.add_error(name if name in form.fields else None, fault.message)


@_page
@require_GET
def household_import(request: HttpRequest, book_id: int) -> HttpResponse:
    """Show a file: how far the work is, what was found by cell, what it brought."""
    page = import_page(scope_of(request.user), book_id)
    chosen = request.GET.get("kind", "")
    faults = Paginator(faults_of(page.row, code=chosen), PAGE).get_page(request.GET.get("page"))
    context = import_context(page) | {"page_obj": faults, "faults": fault_lines(faults), "chosen": chosen}
    return render(request, "communes/household_import.html", context)


@_page
@require_GET
def household_import_faults(request: HttpRequest, book_id: int) -> HttpResponseBase:
    """Hand out the faults as a workbook, with the file's sheet marked where they are."""
    row = import_page(scope_of(request.user), book_id).row
    out = TemporaryFile()  # noqa: SIM115 - the answer closes it
    try:
        write_marked(row, faults_by_row(row), out)
    except (Unreadable, Undecipherable) as error:
        out.close()
        raise Http404 from error
    out.seek(0)
    response = FileResponse(
        out, as_attachment=True, filename=_("loi-trong-tep") + ".xlsx", content_type=MEDIA_TYPES[XLSX]
    )
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _act(act: Callable[[HttpRequest, int], None]) -> Any:
    """Do something to a file, say what stands against it, and show the file again."""

    def view(request: HttpRequest, book_id: int) -> HttpResponse:
        try:
            act(request, book_id)
        except Stale as error:
            messages.error(request, str(error))
        except Invalid as error:
            for fault in error.faults:
                messages.error(request, fault.message)
        return redirect("household_import", book_id=book_id)

    return require(IMPORT)(never_cache(require_POST(refusals(view))))


def _confirm(request: HttpRequest, book_id: int) -> None:
    services.accept_import(by=request.user, import_id=book_id, doubts_right=request.POST.get("doubts_right") == "on")


def _check(request: HttpRequest, book_id: int) -> None:
    services.check_again(by=request.user, import_id=book_id)


def _words(request: HttpRequest, book_id: int) -> None:
    row = import_page(scope_of(request.user), book_id).row
    said = {
        (one.field, one.word): request.POST.get(f"word_{at}", "")
        for at, one in enumerate(unknown_words(row))
        if request.POST.get(f"word_{at}")
    }
    services.declare_words(by=request.user, import_id=book_id, said=said)


def _discard(request: HttpRequest, book_id: int) -> None:
    services.discard_import(by=request.user, import_id=book_id)
    messages.success(request, _("Đã bỏ tệp; sổ hộ không thay đổi."))


def _undo(request: HttpRequest, book_id: int) -> None:
    services.undo_import(by=request.user, import_id=book_id)


household_import_confirm = _act(_confirm)
household_import_check = _act(_check)
household_import_words = _act(_words)
household_import_discard = _act(_discard)
household_import_undo = _act(_undo)
