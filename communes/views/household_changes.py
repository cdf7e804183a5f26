"""What happens to a household, one form each: put right, moved, ended, a new head."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from communes.forms.household_changes import EditForm, EndForm, HeadForm, MoveForm
from communes.models import Household, HouseholdMember
from communes.selectors.household_page import HouseholdCard
from communes.services.households import change_head, correct_household, end_household, move_household
from communes.views.household_doors import Change, all_villages, answer
from mongcai_portal.accounts.decorators import require
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.views.doors import refusing

refusals = refusing(Household.DoesNotExist)
YES_NO = {True: "yes", False: "no", None: ""}


def members_of(card: HouseholdCard) -> list[HouseholdMember]:
    """The memberships of today, the head first."""
    rows = [row for row in card.memberships if row.valid_to is None]
    return sorted(rows, key=lambda row: (row.relation != "head", row.pk))


@require(Permission.HOUSEHOLDS_EDIT)
@never_cache
@require_http_methods(["GET", "POST"])
@refusals
def household_edit(request: HttpRequest, household_id: int) -> HttpResponse:
    """Put right what was recorded wrongly of the household as a whole."""

    def initial(request: HttpRequest, card: HouseholdCard) -> dict[str, Any]:
        one = card.household
        return {
            "address": one.address,
            "no_labour": YES_NO[one.no_labour],
            "farming": YES_NO[one.farming],
            "note": one.note,
        }

    def write(request: HttpRequest, card: HouseholdCard, form: EditForm) -> Household:
        data = form.cleaned_data
        changes = {name: data[name] for name in ("address", "no_labour", "farming", "note")}
        return correct_household(by=request.user, household_id=household_id, changes=changes, lock=data["lock"])

    change = Change(
        "communes/household_edit.html",
        lambda card, sent, initial: EditForm(sent, initial=initial),
        write,
        lambda: _("Đã sửa thông tin hộ."),
        initial=initial,
    )
    return answer(request, household_id, change)


@require(Permission.HOUSEHOLDS_EDIT)
@never_cache
@require_http_methods(["GET", "POST"])
@refusals
def household_move(request: HttpRequest, household_id: int) -> HttpResponse:
    """Let the household live elsewhere in the town."""
    villages = all_villages()

    def write(request: HttpRequest, card: HouseholdCard, form: MoveForm) -> Household:
        data = form.cleaned_data
        where = {name: data[name] for name in ("on", "village", "address", "lock")}
        return move_household(by=request.user, household_id=household_id, **where)

    change = Change(
        "communes/household_move.html",
        lambda card, sent, initial: MoveForm(sent, initial=initial, villages=villages),
        write,
        lambda: _("Đã ghi chỗ ở mới của hộ."),
    )
    return answer(request, household_id, change)


@require(Permission.HOUSEHOLDS_EDIT)
@never_cache
@require_http_methods(["GET", "POST"])
@refusals
def household_end(request: HttpRequest, household_id: int) -> HttpResponse:
    """Let the household leave the register."""

    def write(request: HttpRequest, card: HouseholdCard, form: EndForm) -> Household:
        data = form.cleaned_data
        how = {name: data[name] for name in ("on", "because", "note", "lock")}
        return end_household(by=request.user, household_id=household_id, **how)

    change = Change(
        "communes/household_end.html",
        lambda card, sent, initial: EndForm(sent, initial=initial),
        write,
        lambda: _("Đã đưa hộ ra khỏi sổ; hộ vẫn xem được cùng diễn biến của nó."),
    )
    return answer(request, household_id, change)


@require(Permission.HOUSEHOLDS_EDIT)
@never_cache
@require_http_methods(["GET", "POST"])
@refusals
def household_head(request: HttpRequest, household_id: int) -> HttpResponse:
    """Make another member the head."""

    def write(request: HttpRequest, card: HouseholdCard, form: HeadForm) -> int:
        data = form.cleaned_data
        change_head(
            by=request.user,
            household_id=household_id,
            person_id=data["person"] or 0,
            on=data["on"],
            relations={k: v for k, v in form.said("relation").items() if k not in _left_out(card, data)},
            old_head_leaves=data["old_head_leaves"],
            lock=data["lock"],
        )
        return household_id

    change = Change(
        "communes/household_head.html",
        lambda card, sent, initial: HeadForm(sent, initial=initial, members=members_of(card)),
        write,
        lambda: _("Đã đổi chủ hộ."),
        places=lambda card: relation_places(card, "relation"),
    )
    return answer(request, household_id, change)


def _left_out(card: HouseholdCard, data: dict[str, Any]) -> set[int]:
    """Whose relation to the new head is none: the new head, and an old one who leaves."""
    old = next(row.person_id for row in members_of(card) if row.relation == "head")
    return {data["person"] or 0} | ({old} if data["old_head_leaves"] else set())


def relation_places(card: HouseholdCard, word: str) -> dict[str, str]:
    """Where the services' pointers at members stand on a form with a choice per person."""
    numbers = [row.person_id for row in members_of(card)]
    found = {f"/relations/{number}": f"{word}-{number}" for number in numbers}
    return found | {f"/relations/{number}/{what}": f"{word}-{number}" for number in numbers for what in _WHAT}


_WHAT = ("relation", "birth_date")
