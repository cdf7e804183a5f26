"""`/households/new/`: a household with its people, written as one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from communes.forms.household_changes import HouseholdFields, MemberFormSet
from communes.forms.members import MemberFields, put_faults
from communes.models.households import Relation
from communes.services.households import HouseholdEntry, MemberEntry, register_household
from communes.services.households.register import entries_faults, ground_for
from communes.views.household_doors import STALE, own_villages
from mongcai_portal.accounts.decorators import require
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.errors import Fault, Invalid, Stale

FIRST_LINES, MORE_LINES, MOST_LINES = 4, 2, 40


@require(Permission.HOUSEHOLDS_EDIT)
@never_cache
@require_http_methods(["GET", "POST"])
def household_new(request: HttpRequest) -> HttpResponse:
    """Write a household into the register; sent twice it is written once."""
    villages = own_villages(request)
    if request.method == "GET":
        head: list[dict[str, Any]] = [{"relation": Relation.HEAD.value}]
        form = HouseholdFields(villages=villages, initial={"on": timezone.localdate()})
        return _page(request, form, MemberFormSet(prefix="members", initial=head + [{}] * (FIRST_LINES - 1)))
    if request.POST.get("action") == "more":
        return _page(request, HouseholdFields(request.POST, villages=villages), _longer(request), asking=True)
    form, people = HouseholdFields(request.POST, villages=villages), MemberFormSet(request.POST, prefix="members")
    lines = [line for line in people.forms if not line.is_blank]
    unreadable = [line for line in lines if not line.is_valid()]
    good = form.is_valid() and not unreadable
    entry = _entry(form, lines)
    try:
        if not good:
            # What the form itself cannot read is named together with everything else.
            raise Invalid(entries_faults([("", entry)], ground_for(by=request.user, entries=[entry])))
        made = register_household(by=request.user, entry=entry)
    except Invalid as error:
        _put(form, lines, error)
        return _page(request, form, people, status=422)
    except Stale as error:
        form.add_error(None, str(error))
        return _page(request, form, people, status=STALE)
    messages.success(request, _("Đã ghi hộ %(code)s vào sổ.") % {"code": made.code})
    return redirect("household", household_id=made.pk)


def _longer(request: HttpRequest) -> Any:
    """The lines as typed, and some more."""
    data = request.POST.copy()
    try:
        count = int(data.get("members-TOTAL_FORMS", ""))
    except ValueError:
        count = FIRST_LINES
    data["members-TOTAL_FORMS"] = str(min(max(count, 0) + MORE_LINES, MOST_LINES))
    return MemberFormSet(data, prefix="members")


def _entry(form: HouseholdFields, lines: list[MemberFields]) -> HouseholdEntry:
    data = form.cleaned_data
    entry = HouseholdEntry(
        code=data.get("code", ""),
        village=data.get("village", ""),
        on=data.get("on") or timezone.localdate(),
        began_as=data.get("began_as") or "entered",
        address=data.get("address", ""),
        no_labour=data.get("no_labour"),
        farming=data.get("farming"),
        note=data.get("note", ""),
        members=(),
    )
    members = [
        MemberEntry(relation=getattr(line, "cleaned_data", {}).get("relation", ""), person=line.entry())
        for line in lines
        if hasattr(line, "cleaned_data")
    ]
    return replace(entry, members=tuple(members))


def _put(form: HouseholdFields, lines: list[MemberFields], error: Invalid) -> None:
    """Put the faults of each member into their line, and all others at the fields of the household."""
    others: list[Fault] = []
    for fault in error.faults:
        parts = fault.pointer.split("/")
        if parts[1:2] == ["members"] and len(parts) == 4:
            put_faults(lines[int(parts[2])], [Fault(f"/{parts[3]}", fault.code, fault.message)])
        else:
            others.append(fault)
    put_faults(form, others)


def _page(
    request: HttpRequest, form: HouseholdFields, people: Any, *, asking: bool = False, status: int = 200
) -> HttpResponse:
    """Show the form. `asking` for more lines names no faults yet."""
    if asking:
        form._errors = {}
        for line in people.forms:
            line._errors = {}
    count = len(people.forms)
    context = {"form": form, "people": people, "can_grow": count < MOST_LINES, "wrong": status == 422}
    return render(request, "communes/household_new.html", context, status=status)
