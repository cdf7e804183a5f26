"""`/households/`: the register, narrowed and searched. What is searched for never stands in an address or a log."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from communes.forms.registry import STANDING, STATES, RegistryForm, SearchForm
from communes.presenters.household_rows import class_choices, household_rows
from communes.rules.list_reads import FOUND, WHOLE, pages_word
from communes.scope import Scope, scope_of
from communes.selectors.household_classes import classes_on
from communes.selectors.households import RegistryFilter, places_on, registry, registry_list
from communes.selectors.village_choices import units_with, villages_on
from communes.services.households import ListRead, note_list, note_views, units_read
from communes.views.kept_searches import keep_search, kept_search, may_be_identity
from mongcai_portal.accounts.decorators import require
from mongcai_portal.accounts.permissions import Permission

SIZE = 50
FILTERS = ("unit", "village", "state", "of_class")
# Beyond so many a list is not counted: the reader narrows it anyway.
COUNTED = 10_000


@require(Permission.HOUSEHOLDS_VIEW)
@never_cache
@require_http_methods(["GET", "POST"])
def household_list(request: HttpRequest) -> HttpResponse:
    """Show a page of the register; a search is posted, and the reader goes on under a token that stands for it."""
    scope = scope_of(request.user)
    form = RegistryForm(request.POST if request.method == "POST" else request.GET)
    form.is_valid()
    if request.method == "POST":
        search = SearchForm(request.POST)
        q = search.cleaned_data["q"] if search.is_valid() else ""
        if may_be_identity(q):
            return _by_number(request, scope, form, q)
        asked = {name: form.value(name) for name in FILTERS if form.value(name)}
        if q:
            asked["s"] = keep_search(request, q)
        return redirect(f"{reverse('household_list')}?{urlencode(asked)}" if asked else reverse("household_list"))
    token = request.GET.get("s", "")
    q = kept_search(request, token)
    return _page(request, scope, form, q, lost=bool(token and not q))


def _by_number(request: HttpRequest, scope: Scope, form: RegistryForm, q: str) -> HttpResponse:
    """Go to the household of whoever has this number; a part of a number finds codes and addresses only."""
    found = list(registry(scope, RegistryFilter(q=q, gone=True))[: SIZE + 1])
    if len(found) == 1:
        return redirect("household", household_id=found[0].pk)
    return _page(request, scope, form, "", found=found[:SIZE])


def _page(
    request: HttpRequest,
    scope: Scope,
    form: RegistryForm,
    q: str,
    *,
    found: list[Any] | None = None,
    lost: bool = False,
) -> HttpResponse:
    today = timezone.localdate()
    units = units_with(scope, Permission.HOUSEHOLDS_VIEW, today)
    unit = next((one for one in units if one.unit.uid == form.value("unit")), units[0] if len(units) == 1 else None)
    villages = villages_on(today, {unit.unit_id}) if unit else []
    village = next((one for one in villages if one.code == form.value("village")), None)
    classes = class_choices()
    if form.value("of_class") not in {value for _label, choices in classes for value, _word in choices}:
        form.cleaned_data["of_class"] = ""
    wanted = form.wanted(
        q, unit=unit.unit_id if unit and len(units) > 1 else None, village=village.pk if village else None
    )
    start = form.value("start") or 0
    count = None
    if found is None:
        page = registry_list(scope, wanted, most=COUNTED, size=SIZE + 1, start=start)
        rows, count = page.rows, page.count
    else:
        rows = found
    shown = rows[:SIZE]
    if found is None:
        asked = {
            "village": village.code if village else "",
            **{name: form.value(name) for name in ("state", "of_class")},
            "searched": bool(q),
            "pages": pages_word(start // SIZE + 1),
        }
        units_shown = units_read(request.user, unit=unit.unit.uid if unit and wanted.unit else "")
        read = ListRead(units_shown, asked, len(shown), str(village.pk) if village else WHOLE)
    else:
        # Whoever has the number is told of the look itself; nobody else was shown.
        note_views(by=request.user, household_ids=[row.pk for row in shown])
        read = ListRead(units_read(request.user), {"searched": True}, len(shown), FOUND)
    note_list(by=request.user, read=read)
    context = {
        "units": units if len(units) > 1 else [],
        "unit": unit,
        "villages": villages,
        "village": village,
        "states": STATES,
        "state": form.value("state") or STANDING,
        "q": q,
        "by_number": found is not None,
        "lost": lost,
        "rows": household_rows(
            shown,
            places_on(today, {row.village_id for row in shown}),
            units,
            classes_on(today, [row.pk for row in shown]),
        ),
        "classes": classes,
        "of_class": form.value("of_class"),
        "count": count,
        "counted": COUNTED,
        "first": start + 1,
        "last": start + len(shown),
        "older": start + SIZE if len(rows) > SIZE else None,
        "newer": max(0, start - SIZE) if start else None,
        "narrowed": bool(
            q
            or village
            or (unit and len(units) > 1)
            or form.value("state")
            or form.value("of_class")
            or found is not None
        ),
        "edits": Permission.HOUSEHOLDS_EDIT in scope.permissions,
        "reviews": Permission.AUDIT_VIEW in scope.permissions,
    }
    return render(request, "communes/households.html", context)
