"""Households that come of others: split, merged."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from communes.forms.household_changes import MergeForm, SplitForm
from communes.models import Household
from communes.selectors.household_page import HouseholdCard
from communes.services.households import NewHousehold, merge_households, note_view, split_household
from communes.views.household_changes import members_of, relation_places
from communes.views.household_doors import Change, answer, household_coded, own_villages
from mongcai_portal.accounts.decorators import require
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.views.doors import refusing

refusals = refusing(Household.DoesNotExist)


@require(Permission.HOUSEHOLDS_EDIT)
@never_cache
@require_http_methods(["GET", "POST"])
@refusals
def household_split(request: HttpRequest, household_id: int) -> HttpResponse:
    """Let some members go on in a new household."""
    villages = own_villages(request)

    def write(request: HttpRequest, card: HouseholdCard, form: SplitForm) -> Household:
        data = form.cleaned_data
        going = form.said("goes")
        return split_household(
            by=request.user,
            household_id=household_id,
            on=data["on"],
            new=NewHousehold(code=data["code"], village=data["village"], relations=going, address=data["address"]),
            head_id=data["head"],
            relations={k: v for k, v in form.said("stays").items() if k not in going and data["head"] not in (None, k)},
            lock=data["lock"],
        )

    def places(card: HouseholdCard) -> dict[str, str]:
        found = {f"/new/{name}": name for name in ("code", "village", "address")}
        for row in members_of(card):
            start, field = f"/new/members/{row.person_id}", f"goes-{row.person_id}"
            found |= {start: field, f"{start}/relation": field, f"{start}/birth_date": field}
        return found | relation_places(card, "stays")

    def initial(request: HttpRequest, card: HouseholdCard) -> dict[str, Any]:
        return {"village": card.household.village.code, "address": card.household.address}

    def make(card: HouseholdCard, sent: Any, initial: dict[str, Any]) -> SplitForm:
        rows = members_of(card)
        here = {row.person_id for row in rows}
        # Sent a second time, who went is no member any more; the service knows what was done already.
        went = {row.person_id: row for row in card.memberships if sent and f"goes-{row.person_id}" in sent}
        rows += [row for number, row in went.items() if number not in here]
        return SplitForm(sent, initial=initial, members=rows, villages=villages)

    change = Change(
        "communes/household_split.html",
        make,
        write,
        lambda: _("Đã tách hộ. Đây là hộ mới; hộ cũ ở mục “Tách và nhập hộ”."),
        places=places,
        initial=initial,
    )
    return answer(request, household_id, change)


@require(Permission.HOUSEHOLDS_EDIT)
@never_cache
@require_http_methods(["GET", "POST"])
@refusals
def household_merge(request: HttpRequest, household_id: int) -> HttpResponse:
    """Let all members go on in another household, once its writer has seen which one it is."""

    def write(request: HttpRequest, card: HouseholdCard, form: MergeForm) -> Household | None:
        data = form.cleaned_data
        into = other_household(request, form, "into", data["into"])
        if into is None or not was_shown(form, into):
            return None
        return merge_households(
            by=request.user,
            household_id=household_id,
            into_id=into.pk,
            on=data["on"],
            relations=form.said("relation"),
            lock=data["lock"],
            into_lock=into.lock,
        )

    def context(request: HttpRequest, card: HouseholdCard, form: MergeForm) -> dict[str, Any]:
        return target_context(request, form, form["into"].value())

    change = Change(
        "communes/household_merge.html",
        lambda card, sent, initial: MergeForm(sent, initial=initial, members=members_of(card)),
        write,
        lambda: _("Đã nhập hộ. Đây là hộ nhận các thành viên."),
        places=lambda card: relation_places(card, "relation"),
        context=context,
    )
    return answer(request, household_id, change)


def other_household(request: HttpRequest, form: Any, field: str, code: str) -> Household | None:
    """Return the household that was named by its code, or put a fault at the field."""
    if not code.strip():
        form.add_error(field, _("Ghi mã của hộ đó."))
        return None
    found = household_coded(request, code)
    if found is None:
        form.add_error(field, _("Không có hộ mã này trong phạm vi của tài khoản."))
    return found


def stamp_of(household: Household) -> str:
    """What a window that showed a household says of it: which, and as of which change."""
    return f"{household.pk}.{household.lock}"


def was_shown(form: Any, household: Household) -> bool:
    """Whether the window showed this very household as it stands: a code mistyped is another household."""
    return bool(form.cleaned_data["seen"] == stamp_of(household))


def target_context(request: HttpRequest, form: Any, code: Any) -> dict[str, Any]:
    """The other household as the form shows it before anything is written; the look stands in its log, too."""
    found = household_coded(request, str(code)) if form.is_bound and code else None
    if found is not None:
        note_view(by=request.user, household_id=found.pk)
    return {"target": found, "target_stamp": stamp_of(found) if found else ""}
