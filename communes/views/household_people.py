"""Who comes to a household, who leaves it, and what is put right of its people."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from communes.forms.household_changes import TRANSFER, JoinForm, LeaveForm
from communes.forms.members import CorrectPersonForm, person_initial, put_faults
from communes.models import Household, HouseholdMember, Person
from communes.models.households import Joined, Relation
from communes.scope import scope_of
from communes.selectors.household_page import HouseholdCard, household_card
from communes.services.households import add_member, correct_person, remove_member, transfer_member
from communes.views.household import page_of_card
from communes.views.household_changes import members_of
from communes.views.household_doors import STALE, Change, answer
from communes.views.household_lineage import other_household, target_context, was_shown
from mongcai_portal.accounts.decorators import require
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.errors import Forbidden, Invalid, Stale
from mongcai_portal.common.views.doors import refusing

refusals = refusing(Household.DoesNotExist, Person.DoesNotExist)


@require(Permission.HOUSEHOLDS_EDIT)
@never_cache
@require_http_methods(["GET", "POST"])
@refusals
def household_join(request: HttpRequest, household_id: int) -> HttpResponse:
    """Let someone belong to the household: born, moved in, forgotten before, or come back."""

    def make(card: HouseholdCard, sent: Any, initial: dict[str, Any]) -> JoinForm:
        return JoinForm(sent, initial=initial, known=_free_people(card))

    def write(request: HttpRequest, card: HouseholdCard, form: JoinForm) -> int:
        data = form.cleaned_data
        known = data["person"]
        add_member(
            by=request.user,
            household_id=household_id,
            on=data["on"],
            relation=data["relation"],
            person=None if known else form.entry(),
            person_id=known,
            because=data["because"],
            lock=data["lock"],
        )
        return household_id

    change = Change(
        "communes/household_join.html",
        make,
        write,
        lambda: _("Đã thêm nhân khẩu."),
        places=lambda card: {"/person/relation": "relation"},
        initial=lambda request, card: {"because": _because(request)},
    )
    return answer(request, household_id, change)


def _because(request: HttpRequest) -> str:
    asked = request.GET.get("because", "")
    return asked if asked in (Joined.MOVED_IN, Joined.ENTERED) else Joined.BORN.value


def _free_people(card: HouseholdCard) -> list[tuple[int, str]]:
    """People who once belonged to the household, are alive, and belong to none now."""
    known = {row.person_id: row.person for row in card.memberships if _may_return(row.person)}
    taken = HouseholdMember.objects.filter(person__in=known, valid_to__isnull=True).values_list("person", flat=True)
    for number in taken:
        known.pop(number, None)
    return [(number, person.name) for number, person in known.items()]


def _may_return(person: Person) -> bool:
    return person.died_on is None and person.erased_on is None


@require(Permission.HOUSEHOLDS_EDIT)
@never_cache
@require_http_methods(["GET", "POST"])
@refusals
def household_leave(request: HttpRequest, household_id: int, person_id: int) -> HttpResponse:
    """Let a member leave: out of the town, by death, or to another household of the register."""

    def write(request: HttpRequest, card: HouseholdCard, form: LeaveForm) -> int | None:
        data = form.cleaned_data
        who = {"by": request.user, "household_id": household_id, "person_id": person_id, "on": data["on"]}
        if data["because"] != TRANSFER:
            remove_member(**who, because=data["because"], lock=data["lock"])
            return household_id
        to = other_household(request, form, "to", data["to"])
        if not data["relation"]:
            form.add_error("relation", _("Ghi quan hệ với chủ hộ nơi đến."))
        if to is None or form.errors or not was_shown(form, to):
            return None
        transfer_member(**who, to_id=to.pk, relation=data["relation"], lock=data["lock"], to_lock=to.lock)
        return household_id

    def context(request: HttpRequest, card: HouseholdCard, form: LeaveForm) -> dict[str, Any]:
        row = _member(card, person_id)
        moving = form["because"].value() == TRANSFER
        target = target_context(request, form, form["to"].value() if moving else "")
        return {"member": row, "is_head": row.relation == Relation.HEAD, **target}

    change = Change(
        "communes/household_leave.html",
        lambda card, sent, initial: LeaveForm(sent, initial=initial),
        write,
        lambda: _("Đã ghi người này rời hộ."),
        places=lambda card: {"/birth_date": "relation"},
        context=context,
    )
    return answer(request, household_id, change)


def _member(card: HouseholdCard, person_id: int) -> HouseholdMember:
    """The membership of today of someone.

    Raises:
        Http404: no member of the household.
    """
    for row in members_of(card):
        if row.person_id == person_id:
            return row
    raise Http404


@require(Permission.HOUSEHOLDS_EDIT)
@never_cache
@require_http_methods(["GET", "POST"])
@refusals
def household_person(request: HttpRequest, household_id: int, person_id: int) -> HttpResponse:
    """Put right what is recorded of someone who is or was a member; their number is replaced, never shown."""
    card = household_card(scope_of(request.user), household_id, timezone.localdate())
    if not card.edits:
        raise Forbidden(_("Tài khoản này không ghi được hộ này."))
    person = next((row.person for row in card.memberships if row.person_id == person_id), None)
    if person is None:
        raise Http404
    form, status = CorrectPersonForm(initial=person_initial(person)), 200
    if request.method == "POST":
        form = CorrectPersonForm(request.POST)
        status = _corrected(request, form, household_id, person_id)
        if status == 302:
            messages.success(request, _("Đã sửa thông tin nhân khẩu."))
            return redirect("household", household_id=household_id)
    # After a change in another window the form rests on what stands now.
    lock = person.lock if status in (200, STALE) else form["lock"].value()
    context = {
        **page_of_card(request, card),
        "form": form,
        "person": person,
        "lock": lock,
        "masked": person.identity_masked,
    }
    return render(request, "communes/household_person.html", context, status=status)


def _corrected(request: HttpRequest, form: CorrectPersonForm, household_id: int, person_id: int) -> int:
    if not form.is_valid():
        return 422
    lock = form.cleaned_data["lock"]
    try:
        correct_person(
            by=request.user, household_id=household_id, person_id=person_id, lock=lock, changes=form.changes()
        )
    except Invalid as error:
        put_faults(form, error.faults)
        return 422
    except Stale:
        told = _("Thông tin người này vừa được sửa ở cửa sổ khác. Nội dung anh/chị gõ vẫn còn: bấm lần nữa để ghi đè.")
        form.add_error(None, told)
        return STALE
    return 302
