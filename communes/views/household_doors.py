"""The door of every change of a household: who may, what the form rests on, and what is answered when it cannot be."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from communes.forms.members import put_faults
from communes.models import Household
from communes.presenters.village_groups import village_groups
from communes.scope import scope_of
from communes.selectors.household_page import HouseholdCard, household_card
from communes.selectors.village_choices import units_on, units_with, villages_on
from communes.services.households.register import plain_code
from communes.views.household import page_of_card
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.errors import Fault, Forbidden, Invalid, Stale

STALE = 409


@dataclass(frozen=True)
class Change:
    """One kind of change: its template, what makes its form, what writes it, and what is said when it was done.

    `make` is given what was sent (None: nothing yet) and the initial values; `write` the form and returns the
    household that the reader goes on to, or None to stay on the form (it then put a fault there, or asks to go on).
    """

    template: str
    make: Callable[[HouseholdCard, Any, dict[str, Any]], Any]
    write: Callable[[HttpRequest, HouseholdCard, Any], Household | int | None]
    done: Callable[[], str]
    places: Callable[[HouseholdCard], dict[str, str]] = lambda card: {}
    initial: Callable[[HttpRequest, HouseholdCard], dict[str, Any]] = lambda request, card: {}
    context: Callable[[HttpRequest, HouseholdCard, Any], dict[str, Any]] = lambda request, card, form: {}


def answer(request: HttpRequest, household_id: int, change: Change) -> HttpResponse:
    """Show the form of a change, or make the change.

    Raises:
        Household.DoesNotExist; Forbidden: the reader sees the household but does not write it.
    """
    card = household_card(scope_of(request.user), household_id, timezone.localdate())
    if not card.edits:
        raise Forbidden(_("Tài khoản này không ghi được hộ này."))
    if card.household.valid_to is not None:
        messages.warning(request, _("Hộ đã ra khỏi sổ nên không ghi thay đổi được nữa."))
        return redirect("household", household_id=household_id)
    if request.method == "GET":
        initial = {"on": timezone.localdate(), "lock": card.household.lock, **change.initial(request, card)}
        return _show(request, card, change, change.make(card, None, initial))
    form = change.make(card, request.POST, {})
    if not form.is_valid():
        return _show(request, card, change, form, status=422)
    try:
        led_to = change.write(request, card, form)
    except Invalid as error:
        put_faults(form, at_the_household(error.faults), change.places(card))
        return _show(request, card, change, form, status=422)
    except Stale:
        form.add_error(None, _stale_text())
        return _show(request, card, change, form, status=STALE)
    if led_to is None:
        return _show(request, card, change, form, status=422 if form.errors else 200)
    messages.success(request, change.done())
    return redirect("household", household_id=led_to if isinstance(led_to, int) else led_to.pk)


def _stale_text() -> str:
    return _(
        "Hộ này vừa được sửa ở cửa sổ khác. Nội dung anh/chị gõ vẫn còn: hãy xem lại hộ, rồi bấm lần nữa nếu vẫn đúng."
    )


def at_the_household(faults: Iterable[Fault]) -> list[Fault]:
    """What is wrong with the household as a whole stands above the form, on whatever field of it."""
    return [Fault("", fault.code, fault.message) if fault.pointer == "/household" else fault for fault in faults]


def _show(request: HttpRequest, card: HouseholdCard, change: Change, form: Any, *, status: int = 200) -> HttpResponse:
    context = {
        **page_of_card(request, card),
        "form": form,
        # After a change in another window the form rests on what stands now: who presses again has been told.
        "lock": lock_shown(form, card.household.lock) if status != STALE else card.household.lock,
        **change.context(request, card, form),
    }
    return render(request, change.template, context, status=status)


def lock_shown(form: forms.Form, now: int) -> Any:
    """The version that a form rests on: the one that its window saw first."""
    return form["lock"].value() if form.is_bound else now


def all_villages() -> list[tuple[str, Any]]:
    """Every village of today, by unit: a household may move to any."""
    today = timezone.localdate()
    return village_groups(villages_on(today), units_on(today))


def own_villages(request: HttpRequest) -> list[tuple[str, Any]]:
    """The villages of today in which the reader writes households."""
    today = timezone.localdate()
    units = units_with(scope_of(request.user), Permission.HOUSEHOLDS_EDIT, today)
    return village_groups(villages_on(today, {one.unit_id for one in units}), units)


def household_coded(request: HttpRequest, code: str) -> Household | None:
    """The household of a code that the reader writes, or None: a foreign one does not exist."""
    rows = Household.objects.with_permission(scope_of(request.user), Permission.HOUSEHOLDS_EDIT)
    found: Household | None = rows.filter(code=plain_code(code)).first()
    return found
