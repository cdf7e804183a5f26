"""`/households/opening/`: who was poor and near poor when the register began, by the last list that was approved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from communes.forms.opening_lists import ColumnsForm, ListForm, initial_of
from communes.models import OpeningListFile, OpeningListScan
from communes.presenters.household_imports import heading_choices
from communes.presenters.opening_lists import (
    column_names,
    lines_of,
    list_context,
    recorded_lines,
    status_look,
    year_choices,
)
from communes.presenters.reviews import unit_title
from communes.rules.register_files.list_layout import ListLayout
from communes.scope import Scope, scope_of
from communes.selectors.opening_lists import lists_seen, recorded_lists, standard_years, unit_names
from communes.selectors.poverty import areas_on
from communes.selectors.village_choices import units_with
from communes.services import opening_lists as services
from mongcai_portal.accounts.decorators import require
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.errors import Invalid, Stale
from mongcai_portal.common.files import serve_file
from mongcai_portal.common.views.doors import at_fields, refusing

VIEW, DECIDE = Permission.HOUSEHOLDS_VIEW, Permission.HOUSEHOLDS_DECIDE
PAGE, FILES = 100, 30
refusals = refusing(OpeningListFile.DoesNotExist, OpeningListScan.DoesNotExist)


def _page(permission: str, view: Callable[..., HttpResponseBase]) -> Any:
    return require(permission)(never_cache(refusals(view)))


def _opening_lists(request: HttpRequest) -> HttpResponse:
    """Show by which lists the register began, and take another one of whoever records decisions."""
    scope = scope_of(request.user)
    records, sent = DECIDE in scope.permissions, request.method == "POST"
    if sent and not records:
        raise PermissionDenied
    form = _form(request, scope) if records else None
    if sent and form is not None:
        form.is_valid()
        try:
            row = _send(request, form)
        except Invalid as error:
            unreadable = set(form.errors)
            at_fields(form, Invalid(one for one in error.faults if one.pointer.lstrip("/") not in unreadable))
        else:
            return redirect("opening_list", list_id=row.pk)
    page = Paginator(lists_seen(scope).defer("faults") if records else OpeningListFile.objects.none(), FILES).get_page(
        request.GET.get("page")
    )
    recorded = recorded_lists(scope)
    today, files = timezone.localdate(), list(page)
    names = unit_names(today, {one.unit for one in recorded} | {row.unit_id for row in files})
    context = {
        "form": form,
        "only_unit": _only(form) if form else None,
        "recorded": recorded_lines(recorded, names, scope.units_with(DECIDE) if records else (), today),
        "page_obj": page,
        "files": [(row, unit_title(names.get(row.unit_id)), *status_look(row)) for row in files],
        "several": len(scope.units_with(VIEW) or ()) != 1,
    }
    return render(request, "communes/opening_lists.html", context, status=422 if form and form.errors else 200)


def _form(request: HttpRequest, scope: Scope) -> ListForm:
    today = timezone.localdate()
    units, areas = units_with(scope, DECIDE, today), areas_on(today)
    around = frozenset[str]().union(*(areas.get(one.unit_id, frozenset()) for one in units))
    given: dict[str, Any] = {
        "units": [(one.unit_id, unit_title(one)) for one in units],
        "standards": year_choices(standard_years(around, today.year + 1)),
    }
    return ListForm(request.POST, request.FILES, **given) if request.method == "POST" else ListForm(**given)


def _only(form: ListForm) -> int | None:
    """The unit that there is no choice of; None where there is one. A unit that is gone is none to choose."""
    units = [number for number, _name in form.fields["unit"].choices if number]
    return units[0] if len(units) == 1 else None


def _send(request: HttpRequest, form: ListForm) -> OpeningListFile:
    data = form.cleaned_data
    standard, year = form.standard_and_year()
    return services.send_list(
        by=request.user,
        given=services.Given(
            unit=data.get("unit"),
            standard=standard,
            year=year,
            on=data.get("on"),
            number=data.get("number", ""),
            decided_on=data.get("decided_on"),
            decided_by=data.get("decided_by", ""),
            whole=data.get("whole", ""),
        ),
        file=request.FILES.get("file"),
        scan=request.FILES.get("scan"),
    )


def _opening_list(request: HttpRequest, list_id: int) -> HttpResponse:
    """Show a list: what it would record or recorded, its faults by cell; take where its columns stand."""
    row = lists_seen(scope_of(request.user)).select_related("scan").get(pk=list_id)
    form, sent = None, request.method == "POST"
    if sent or row.status in services.OPEN:
        seen = services.glance(by=request.user, list_id=list_id)
        given = {"sheets": seen.sheets, "headings": heading_choices(dict(seen.headings)).items()}
        given["names"] = column_names()
        before = initial_of(ListLayout.of_json(row.layout))
        form = ColumnsForm(request.POST, **given) if sent else ColumnsForm(initial=before, **given)
    if sent and form is not None:
        form.is_valid()
        try:
            services.declare_columns(by=request.user, list_id=list_id, layout=form.layout())
        except Invalid as error:
            unreadable = set(form.errors)
            at_fields(form, Invalid(one for one in error.faults if one.pointer.lstrip("/") not in unreadable))
        except Stale as error:
            messages.error(request, str(error))
            return redirect("opening_list", list_id=list_id)
        else:
            return redirect("opening_list", list_id=list_id)
    page = Paginator(lines_of(row), PAGE).get_page(request.GET.get("page"))
    names = unit_names(timezone.localdate(), [row.unit_id])
    context = list_context(row, names.get(row.unit_id)) | {"form": form, "page_obj": page}
    return render(request, "communes/opening_list.html", context, status=422 if form and form.errors else 200)


def _opening_list_scan(request: HttpRequest, list_id: int) -> HttpResponseBase:
    """Show the scanned decision of a list."""
    return serve_file(services.read_scan(by=request.user, list_id=list_id), inline=True)


def _act(act: Callable[[HttpRequest, int], None]) -> Any:
    """Do something to a list, say what stands against it, and show the list again."""

    def view(request: HttpRequest, list_id: int) -> HttpResponse:
        try:
            act(request, list_id)
        except Stale as error:
            messages.error(request, str(error))
        return redirect("opening_list", list_id=list_id)

    return require(DECIDE)(never_cache(require_POST(refusals(view))))


def _record(request: HttpRequest, list_id: int) -> None:
    n = services.record_list(by=request.user, list_id=list_id).counts["new"]
    told = ngettext(
        "Danh sách đã ghi: %(n)s hộ mới được phân loại.", "Danh sách đã ghi: %(n)s hộ mới được phân loại.", n
    )
    messages.success(request, told % {"n": n})


def _check(request: HttpRequest, list_id: int) -> None:
    services.check_again(by=request.user, list_id=list_id)


def _discard(request: HttpRequest, list_id: int) -> None:
    services.discard_list(by=request.user, list_id=list_id)
    messages.success(request, _("Đã bỏ danh sách; sổ hộ không thay đổi."))


opening_lists = _page(VIEW, require_http_methods(["GET", "POST"])(_opening_lists))
opening_list = _page(DECIDE, require_http_methods(["GET", "POST"])(_opening_list))
opening_list_scan = _page(VIEW, require_GET(_opening_list_scan))
opening_list_record = _act(_record)
opening_list_check = _act(_check)
opening_list_discard = _act(_discard)
