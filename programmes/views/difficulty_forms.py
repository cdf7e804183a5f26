"""`/difficulties/new/` and `/difficulties/<id>/edit/`: writing an entry with its proposals, and changing it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from communes.models import Office
from communes.scope import Scope, scope_of
from mongcai_portal.accounts.decorators import require
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.errors import Fault, Invalid, Stale
from mongcai_portal.common.templatetags.portal import localname
from mongcai_portal.common.views.doors import at_fields, refusing, renewed
from programmes.forms.difficulties import DifficultyForm
from programmes.models import Difficulty, Programme
from programmes.presenters import difficulties as look
from programmes.presenters.programme_words import local
from programmes.rules.difficulties import CHANGE, MOST_PROPOSALS, OPEN
from programmes.selectors.unit_names import places_seen
from programmes.services.difficulties import change_difficulty, write_difficulty
from programmes.services.difficulties.guard import (
    difficulty_for,
    difficulty_written,
    forbidden,
    units_written,
    writes_all,
)
from programmes.services.difficulties.writing import differing, difficulty_faults, may_begin, standing
from programmes.views.difficulties import asked_lock

SPARE_ROWS = 2  # rows for proposals beyond those that stand
refusals = refusing(Difficulty.DoesNotExist)


@require(Permission.DIFFICULTIES_VIEW)
@require_http_methods(["GET", "POST"])
@refusals
def difficulty_new(request: HttpRequest) -> HttpResponse:
    """Write an entry; `?programme=`, `?unit=` and `?period=` fill in what it is of."""
    scope = scope_of(request.user)
    if not may_begin(scope):
        raise forbidden()
    if request.method == "GET":
        return _form_page(request, _form(request, scope, initial={**_begun(request, scope), "token": uuid4().hex}))
    form = _form(request, scope)
    made = _stored(request, form, None)
    if made is None:
        return _form_page(request, form, status=422)
    messages.success(request, _("Đã ghi tồn tại, khó khăn."))
    return redirect("difficulty", difficulty_id=made.pk)


@require(Permission.DIFFICULTIES_VIEW)
@require_http_methods(["GET", "POST"])
@refusals
def difficulty_edit(request: HttpRequest, difficulty_id: int) -> HttpResponse:
    """Change what an open entry says."""
    scope = scope_of(request.user)
    if request.method == "GET":
        try:
            found = difficulty_for(by=request.user, difficulty_id=difficulty_id, move=CHANGE)
        except Stale as error:
            messages.error(request, str(error))
            return redirect("difficulty", difficulty_id=difficulty_id)
        return _form_page(request, _form(request, scope, found, initial=_initial(found)), found)
    found = difficulty_written(by=request.user, difficulty_id=difficulty_id)
    form = _form(request, scope, found)
    try:
        made = _stored(request, form, found)
    except Stale as error:
        # Nothing typed is lost, and what the other window wrote is seen before it is written over.
        messages.error(request, str(error))
        found = difficulty_written(by=request.user, difficulty_id=difficulty_id)
        other = look.differences(form, differing(found, form.typed()))
        return _form_page(request, form, found, other=other, status=409)
    if made is None:
        return _form_page(request, form, found, status=422)
    messages.success(request, _("Đã lưu nội dung."))
    return redirect("difficulty", difficulty_id=made.pk)


def _form_page(
    request: HttpRequest,
    form: DifficultyForm,
    difficulty: Difficulty | None = None,
    *,
    other: Sequence[look.Difference] = (),
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "difficulty": difficulty,
        "most": MOST_PROPOSALS,
        "other": other,
        "closed": difficulty is not None and difficulty.status != OPEN,
    }
    return render(request, "programmes/difficulty_form.html", context, status=status)


def _form(
    request: HttpRequest,
    scope: Scope,
    difficulty: Difficulty | None = None,
    *,
    initial: dict[str, Any] | None = None,
) -> DifficultyForm:
    every = writes_all(scope) or bool(scope.office_ids)
    posted = request.POST if request.method == "POST" else None
    stands = difficulty.proposals.count() if difficulty else 0
    # As many rows as were sent come back, so that nothing typed is lost.
    sent = sum(1 for name in posted if name.startswith("proposals_") and name.endswith("_text")) if posted else 0
    return DifficultyForm(
        posted,
        programmes=[(one.code, local(one, "short")) for one in Programme.objects.order_by("position")],
        periods=look.with_period(look.period_choices(timezone.localdate()), difficulty.period if difficulty else ""),
        units=look.place_choices(places_seen(None if every else units_written(scope))),
        offices=[(one.code, localname(one)) for one in Office.objects.order_by("sort_key")],
        whole_town=every,
        rows=max(sent, stands + SPARE_ROWS if posted is None else 0),
        initial=initial,
    )


def _begun(request: HttpRequest, scope: Scope) -> dict[str, str]:
    """What the page that led here knows, else what can only be one thing: the own commune, the own office."""
    initial = {name: request.GET.get(name, "") for name in ("programme", "unit", "period", "kind")}
    if not initial["unit"] and not writes_all(scope) and not scope.office_ids and len(scope.unit_ids) == 1:
        initial["unit"] = next((one.unit.uid for one in places_seen(scope.unit_ids)), "")
    if len(scope.office_ids) == 1:
        initial["office"] = Office.objects.get(pk=next(iter(scope.office_ids))).code
    return initial


def _initial(found: Difficulty) -> dict[str, Any]:
    """What an entry says, for its form."""
    initial = standing(found)
    for at, (addressee, text) in enumerate(initial.pop("proposals")):
        initial |= {f"proposals_{at}_addressee": addressee, f"proposals_{at}_text": text}
    return initial


def _stored(request: HttpRequest, form: DifficultyForm, difficulty: Difficulty | None) -> Difficulty | None:
    """Write as typed; None when something is wrong with it, which stands at its field by then.

    Raises:
        Stale: another window wrote first, or the entry is not open any more.
    """
    typed = form.typed()
    unreadable = set(form.errors)
    try:
        if not unreadable:
            if difficulty is None:
                return write_difficulty(
                    by=request.user, token=form.cleaned_data.get("token") or uuid4().hex, typed=typed
                )
            return change_difficulty(
                by=request.user, difficulty_id=difficulty.pk, typed=typed, lock=asked_lock(request)
            )
        faults = difficulty_faults(request.user, typed)
    except Invalid as error:
        faults = list(error.faults)
    if renewed(form, request, faults):
        return None
    # A row of proposals is `/proposals/0/text` to the service, and a field of that name to the form. What could not be
    # read gets no second fault for what it was taken as.
    named = [Fault(one.pointer.strip("/").replace("/", "_"), one.code, one.message) for one in faults]
    at_fields(form, Invalid(one for one in named if one.pointer not in unreadable))
    return None
