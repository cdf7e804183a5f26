"""`/households/<id>/`: one household, who has seen it, and its people's identity numbers for a stated purpose."""

from __future__ import annotations

import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from communes.forms.unmask import BeforeForm, UnmaskForm, UnmaskingsForm
from communes.models import Household
from communes.presenters.household_classes import class_card
from communes.presenters.household_descriptions import description_cards
from communes.presenters.household_lists import list_lines
from communes.presenters.household_page import (
    happenings,
    member_lines,
    past_lines,
    place_lines,
    relatives,
)
from communes.presenters.households import area_word
from communes.scope import scope_of
from communes.selectors.audit import unit_names
from communes.selectors.descriptions import descriptions_of
from communes.selectors.household_classes import classes_of
from communes.selectors.household_lists import lists_seen_of
from communes.selectors.household_page import HouseholdCard, household_card
from communes.selectors.household_seen import seen_by
from communes.selectors.unmaskings import unmaskings
from communes.selectors.village_choices import units_on
from communes.services.households import note_view, unmask
from mongcai_portal.accounts.decorators import confirmed, require
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.errors import Fault, Invalid
from mongcai_portal.common.templatetags.portal import localname
from mongcai_portal.common.views.asked import asked_day
from mongcai_portal.common.views.doors import at_fields, refusing

refusals = refusing(Household.DoesNotExist)
# Who opens more looks at the log itself.
SEEN_SHOWN, LISTS_SHOWN = 200, 50
TOKENS, TOKENS_KEPT = "unmask_tokens", 20


@require(Permission.HOUSEHOLDS_VIEW)
@never_cache
@require_GET
@refusals
def household(request: HttpRequest, household_id: int) -> HttpResponse:
    """Show a household as it was on a day; that it was looked at is noted."""
    day, readable = asked_day(request)
    scope = scope_of(request.user)
    card = household_card(scope, household_id, day or timezone.localdate())
    reviews = Permission.AUDIT_VIEW in scope.permissions
    residence = card.residence
    unit_id = residence.unit.unit_id if residence and residence.unit else None
    classes = [class_card(one) for one in classes_of(card.household, unit_id, card.view.day)]
    context = {
        **page_of_card(request, card),
        "classes": classes,
        "descriptions": description_cards(scope, descriptions_of(household_id, card.view.day)),
        "readable": readable,
        "reviews": reviews,
    }
    return render(request, "communes/household.html", context)


def page_of_card(request: HttpRequest, card: HouseholdCard) -> dict[str, Any]:
    """What every page of one household shows of it; that it was looked at is in the log before anything is shown."""
    note_view(by=request.user, household_id=card.household.pk)
    residence = card.residence
    today = timezone.localdate()
    return {
        "household": card.household,
        "card": card,
        "day": card.view.day,
        "is_today": card.asked == today,
        "other_day": card.asked != card.view.day,
        "place": residence,
        "unit": localname(residence.unit) if residence and residence.unit else "",
        "area": area_word(residence.area_type if residence else None),
        "members": member_lines(card.view.members, card.view.day),
        "past": past_lines(card),
        "places": place_lines(card),
        "before": relatives(card, card.kinship.before, before=True),
        "after": relatives(card, card.kinship.after, before=False),
        "happenings": happenings(card),
        "changes": card.edits and card.household.valid_to is None,
    }


@require(Permission.AUDIT_VIEW)
@never_cache
@require_GET
@refusals
def household_seen(request: HttpRequest, household_id: int) -> HttpResponse:
    """Show who has seen a household, whose numbers were read what for, and which lists it may have been seen in."""
    scope = scope_of(request.user)
    seen = seen_by(scope, household_id, limit=SEEN_SHOWN + 1)
    card = household_card(scope, household_id, timezone.localdate())
    names = {row.person_id: row.person.name for row in card.memberships}
    lines = [(one, [names.get(pk, str(pk)) for pk in one.people]) for one in seen[:SEEN_SHOWN]]
    asked = BeforeForm(request.GET)
    asked.is_valid()
    before = asked.cleaned_data.get("before")
    lists = lists_seen_of(scope, household_id, before=before, size=LISTS_SHOWN)
    context = {
        **page_of_card(request, card),
        "seen": lines,
        "more": len(seen) > SEEN_SHOWN,
        "shown": SEEN_SHOWN,
        "lists": list_lines(lists.lists),
        "older": lists.older,
        "earlier": before is not None,
    }
    return render(request, "communes/household_seen.html", context)


@require(Permission.HOUSEHOLDS_UNMASK)
@confirmed
@never_cache
@require_http_methods(["GET", "POST"])
@refusals
def household_unmask(request: HttpRequest, household_id: int) -> HttpResponse:
    """Ask what for, and show the numbers in this one answer."""
    card = household_card(scope_of(request.user), household_id, timezone.localdate())
    people = {row.person_id: row.person.name for row in card.memberships if row.person.identity_index}
    if request.method == "GET":
        form = UnmaskForm(people=list(people.items()), initial=_asked_person(request) | {"token": _token(request)})
        return _unmask_page(request, card, form)
    form = UnmaskForm(request.POST, people=list(people.items()))
    if not form.is_valid():
        return _unmask_page(request, card, form, status=422)
    if not _spend(request, form.cleaned_data["token"]):
        message = _("Số định danh của lần trước đã hiện một lần. Muốn xem lại, hãy gửi lần nữa; lần đó cũng được ghi.")
        form.add_error(None, message)
        return _unmask_page(request, card, form, status=409)
    wanted = form.cleaned_data["person"]
    try:
        purpose = form.cleaned_data["purpose"]
        read = unmask(by=request.user, household_id=household_id, purpose=purpose, person_id=wanted)
    except Invalid as error:
        at_fields(form, Invalid(Fault(f.pointer, f.code, f.message) for f in error.faults))
        return _unmask_page(request, card, form, status=422)
    numbers = [(people.get(pk, ""), number) for pk, number in read.numbers.items()]
    context = {**page_of_card(request, card), "numbers": numbers, "purpose": form.cleaned_data["purpose"]}
    return render(request, "communes/household_numbers.html", context)


def _asked_person(request: HttpRequest) -> dict[str, str]:
    return {"person": request.GET.get("person", "")}


def _token(request: HttpRequest) -> str:
    """A token that one answer is given for: going back in the browser and sending again shows nothing by itself."""
    token = secrets.token_urlsafe(9)
    request.session[TOKENS] = [*request.session.get(TOKENS, []), token][-TOKENS_KEPT:]
    return token


def _spend(request: HttpRequest, token: str) -> bool:
    left = list(request.session.get(TOKENS, []))
    if token not in left:
        return False
    left.remove(token)
    request.session[TOKENS] = left
    return True


def _unmask_page(request: HttpRequest, card: HouseholdCard, form: UnmaskForm, *, status: int = 200) -> HttpResponse:
    token = form["token"].value() if status == 200 else _token(request)
    context = {**page_of_card(request, card), "form": form, "token": token}
    return render(request, "communes/household_unmask.html", context, status=status)


@require(Permission.AUDIT_VIEW)
@never_cache
@require_GET
def unmasking_list(request: HttpRequest) -> HttpResponse:
    """Show who read identity numbers, the latest first."""
    scope = scope_of(request.user)
    units = units_on(timezone.localdate())
    form = UnmaskingsForm(request.GET, units=[(one.unit.uid, localname(one)) for one in units])
    form.is_valid()
    found = unmaskings(scope, **form.asked())
    names = unit_names(found.page.events)
    events = [
        {
            "event": event,
            "household": event.object_id if event.object_id in found.open_households else "",
            "unit": localname(names[event.unit_uid]) if event.unit_uid in names else "",
            "purpose": event.details.get("purpose", ""),
            "people": len(event.details.get("people", ())),
        }
        for event in found.page.events
    ]
    context = {
        "form": form,
        "page": found.page,
        "events": events,
        "readers": found.readers,
        "filtered": any(request.GET.get(name) for name in ("who", "unit", "since", "until")),
    }
    return render(request, "communes/unmaskings.html", context)
