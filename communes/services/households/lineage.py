"""Households that come of others: some members go on in a new one (split), or all in another one (merge)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from communes.models import Household, HouseholdMember, HouseholdStay, HouseholdSuccession
from communes.models.households import Began, Ended, Joined, Left, Relation
from communes.rules.families import Kin, family_faults
from communes.services.counts import count_households
from communes.services.households.entries import HouseholdEntry
from communes.services.households.guard import (
    Standing,
    day_faults,
    eve,
    fault_of_family,
    gone_faults,
    household_search_key,
    once,
    show,
    standing_for,
    take,
    tell,
    unquiet_faults,
)
from communes.services.households.heads import relate, relations_to
from communes.services.households.members import birth_of, end
from communes.services.households.persons import plain_name
from communes.services.households.register import entries_faults, ground_for, plain_code
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.common.errors import Fault, Invalid


@dataclass(frozen=True, slots=True, kw_only=True)
class NewHousehold:
    """The household that is split off: where it lives, and what its members, by person, are to its head."""

    code: str
    village: str
    relations: Mapping[int, str]
    address: str = ""


def split_household(
    *,
    by: Any,
    household_id: int,
    on: date,
    new: NewHousehold,
    head_id: int | None = None,
    relations: Mapping[int, str] | None = None,
    lock: int | None = None,
) -> Household:
    """Let some members go on in a new household from a day on (tách hộ), and return it; the same again changes nothing.

    Args:
        new: the new household; one of its members is its head.
        head_id: who is the head of those who stay, when the present one goes.
        relations: what those who stay are to that new head, where it does not follow.

    Raises:
        Household.DoesNotExist, Forbidden, Stale; Invalid: `/new/code`, `/new/village`, `/new/address` as for a new
        household; `/new/members` no_head, nobody or all; `/new/members/<person>` unknown, and what cannot be; `/head`
        required, unknown; `/relations/…`; a day before somebody came or went. Every fault is named.
    """
    standing = standing_for(by=by, household_id=household_id, permission=Permission.HOUSEHOLDS_EDIT)
    if (made := _split_already(standing, new, on)) is not None:
        return made
    going = [row for row in standing.open if row.person_id in new.relations]
    staying = [row for row in standing.open if row.person_id not in new.relations]
    faults = gone_faults(standing.household) or day_faults(on, standing.household)
    faults += unquiet_faults(standing, on, leaving=going)
    faults += _new_faults(by, standing, new, on, going, staying)
    wanted, wrong = _staying_relations(standing, staying, head_id, relations or {})
    if faults + wrong:
        raise Invalid(faults + wrong)
    household = standing.household
    with once(), transaction.atomic():
        take(household, lock)
        end(going, on, Left.SPLIT)
        relate(staying, wanted, on)
        made = _store(by, new, on, going)
        HouseholdSuccession.objects.create(
            predecessor=household, successor=made, effective_on=on, kind=HouseholdSuccession.Kind.SPLIT
        )
        show([household.pk])
        count_households([household.pk, made.pk])
        told = {"on": on, "people": sorted(new.relations)}
        tell(household, kind=Kind.HOUSEHOLD_SPLIT, by=by, **told, to=made.code)
        tell(made, kind=Kind.HOUSEHOLD_SPLIT, by=by, **told, **{"from": household.code})
    return made


def merge_households(
    *,
    by: Any,
    household_id: int,
    into_id: int,
    on: date,
    relations: Mapping[int, str],
    lock: int | None = None,
    into_lock: int | None = None,
) -> Household:
    """Let all members of a household go on in another from a day on (nhập hộ); the same again changes nothing.

    Args:
        household_id: the household that ends on the day before.
        relations: what each of its members, by person, is to the head of the other.

    Raises:
        Household.DoesNotExist, Forbidden, Stale; Invalid: `/into` same; `/relations/<person>` required, two_heads, and
        what cannot be; a day before somebody came or went, or before the other's head. Every fault is named.
    """
    old = standing_for(by=by, household_id=household_id, permission=Permission.HOUSEHOLDS_EDIT)
    new = standing_for(by=by, household_id=into_id, permission=Permission.HOUSEHOLDS_EDIT)
    same = {"successor": new.household, "effective_on": on, "kind": HouseholdSuccession.Kind.MERGE}
    if old.household.successions.filter(**same).exists():
        return new.household
    faults = gone_faults(old.household) or day_faults(on, old.household)
    faults += unquiet_faults(old, on, leaving=old.open) + _away_faults(old, on)
    if household_id == into_id:
        faults.append(Fault("/into", "same", _("Hãy chọn một hộ khác để nhập vào.")))
    elif gone := gone_faults(new.household):
        faults += [Fault("/into", fault.code, fault.message) for fault in gone]
    else:
        faults += _joining_faults(old, new, on, relations)
    if faults:
        raise Invalid(faults)
    with once(), transaction.atomic():
        for standing, seen in sorted(((old, lock), (new, into_lock)), key=lambda one: one[0].household.pk):
            ends = {"valid_to": eve(on), "ended_as": Ended.MERGED} if standing is old else {}
            take(standing.household, seen, **ends)
        close(old.household, on)
        end(list(old.open), on, Left.MERGED)
        HouseholdMember.objects.bulk_create(
            HouseholdMember(
                household=new.household,
                person_id=row.person_id,
                relation=relations[row.person_id],
                valid_from=on,
                began_as=Joined.MERGED,
            )
            for row in old.open
        )
        HouseholdSuccession.objects.create(predecessor=old.household, **same)
        show([old.household.pk, new.household.pk])
        count_households([old.household.pk])
        told = {"on": on, "people": sorted(row.person_id for row in old.open)}
        tell(old.household, kind=Kind.HOUSEHOLD_MERGED, by=by, **told, to=new.household.code)
        tell(new.household, kind=Kind.HOUSEHOLD_MERGED, by=by, **told, **{"from": old.household.code})
    new.household.refresh_from_db()
    return new.household


def close(household: Household, on: date) -> None:
    """End the stay of a household that leaves the register on the day before."""
    HouseholdStay.objects.filter(household=household, valid_to__isnull=True).update(valid_to=eve(on))


def _away_faults(standing: Standing, on: date) -> list[Fault]:
    """A household ends after it came to where it lives."""
    last = standing.household.stays.order_by("-valid_from").values_list("valid_from", flat=True).first()
    if last is None or last < on:
        return []
    return [Fault("/on", "before_move", _("Ngày phải sau ngày hộ đến nơi ở hiện nay."))]


ending_faults = _away_faults


def _split_already(standing: Standing, new: NewHousehold, on: date) -> Household | None:
    """The household, when it was sent twice: split off on that day, of these people."""
    found = standing.household.successions.filter(
        successor__code=plain_code(new.code), effective_on=on, kind=HouseholdSuccession.Kind.SPLIT
    ).select_related("successor")
    for succession in found:
        rows = succession.successor.members.filter(valid_from=on, began_as=Joined.SPLIT)
        if dict(rows.values_list("person_id", "relation")) == dict(new.relations):
            return succession.successor
    return None


def _new_faults(
    by: Any,
    standing: Standing,
    new: NewHousehold,
    on: date,
    going: list[HouseholdMember],
    staying: list[HouseholdMember],
) -> list[Fault]:
    entry = HouseholdEntry(code=new.code, village=new.village, on=on, members=(), address=new.address)
    faults = [
        Fault(f"/new{one.pointer}", one.code, one.message)
        for one in entries_faults([("", entry)], ground_for(by=by, entries=[entry]))
        if one.pointer not in ("/members", "/on")
    ]
    known = {row.person_id for row in standing.open}
    for number in sorted(set(new.relations) - known):
        faults.append(Fault(f"/new/members/{number}", "unknown", _("Người này không thuộc hộ.")))
    if not going:
        faults.append(Fault("/new/members", "nobody", _("Chọn người sang hộ mới.")))
    elif not staying:
        message = _("Không thể tách cả hộ: nếu cả hộ chuyển chỗ ở, hãy ghi chuyển chỗ ở.")
        faults.append(Fault("/new/members", "all", message))
    if going:
        kin = [Kin(new.relations[row.person_id], birth_of(row.person)) for row in going]
        for found in family_faults(kin):
            told = fault_of_family(found, lambda at: f"/new/members/{going[at].person_id}")
            pointer = "/new/members" if found.position is None else f"/new/members/{going[found.position].person_id}"
            faults.append(Fault(pointer, told.code, told.message))
    return faults


def _staying_relations(
    standing: Standing, staying: list[HouseholdMember], head_id: int | None, said: Mapping[int, str]
) -> tuple[dict[int, str], list[Fault]]:
    unchanged = {row.person_id: row.relation for row in staying}
    if not staying or any(row.relation == Relation.HEAD for row in staying):
        return unchanged, []
    head = next((row for row in staying if row.person_id == head_id), None)
    if head is None:
        code, message = ("required", _("Chủ hộ sang hộ mới: chọn chủ hộ của những người ở lại."))
        if head_id is not None:
            code, message = ("unknown", _("Người này không ở lại hộ."))
        return unchanged, [Fault("/head", code, message)]
    return relations_to(head, staying, said)


def _joining_faults(old: Standing, new: Standing, on: date, relations: Mapping[int, str]) -> list[Fault]:
    faults = []
    if on < new.head.valid_from or on < new.household.valid_from:
        message = _("Quan hệ là với chủ hộ hiện nay, nên ngày không được trước ngày người đó làm chủ hộ.")
        faults.append(Fault("/on", "before_head", message))
    known = {row.person_id for row in old.open}
    for number in sorted(known - set(relations)):
        faults.append(Fault(f"/relations/{number}", "required", _("Ghi quan hệ với chủ hộ mới.")))
    for number in sorted(set(relations) - known):
        faults.append(Fault(f"/relations/{number}", "unknown_person", _("Người này không thuộc hộ.")))
    coming = [row for row in old.open if row.person_id in relations]
    there = [Kin(row.relation, birth_of(row.person)) for row in new.open]
    kin = [*there, *(Kin(relations[row.person_id], birth_of(row.person)) for row in coming)]
    for found in family_faults(kin):
        if found.position is not None and found.position >= len(there):
            told = fault_of_family(found, lambda at: "")
            number = coming[found.position - len(there)].person_id
            faults.append(Fault(f"/relations/{number}", told.code, told.message))
    return faults


def _store(by: Any, new: NewHousehold, on: date, going: list[HouseholdMember]) -> Household:
    head = next(row.person for row in going if new.relations[row.person_id] == Relation.HEAD)
    entry = HouseholdEntry(code=new.code, village=new.village, on=on, members=(), address=new.address)
    village = ground_for(by=by, entries=[entry]).villages[new.village][0].village
    code, address = plain_code(new.code), plain_name(new.address)
    made = Household.objects.create(
        code=code,
        village=village,
        address=address,
        head_name=head.name,
        size=len(going),
        search_key=household_search_key(head.name, code, address),
        sort_key=head.sort_key,
        valid_from=on,
        began_as=Began.SPLIT,
        illustrative=going[0].household.illustrative,
    )
    HouseholdStay.objects.create(household=made, village=village, address=address, valid_from=on)
    HouseholdMember.objects.bulk_create(
        HouseholdMember(
            household=made,
            person_id=row.person_id,
            relation=new.relations[row.person_id],
            valid_from=on,
            began_as=Joined.SPLIT,
        )
        for row in going
    )
    return made
