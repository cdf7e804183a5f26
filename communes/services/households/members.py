"""Who comes to a household, who leaves it, and who goes to another one."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from communes.models import HouseholdMember, Person
from communes.models.households import Joined, Left, Relation
from communes.rules.families import Kin, born, family_faults
from communes.services.households.entries import HouseholdEntry, MemberEntry, PersonEntry
from communes.services.households.guard import (
    Standing,
    day_faults,
    eve,
    fault_of_family,
    gone_faults,
    once,
    show,
    standing_for,
    take,
    tell,
)
from communes.services.households.persons import fields_of, identity_faults, plain_name
from communes.services.households.register import ground_for, members_faults
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.common.errors import Fault, Invalid

COMES = (Joined.MOVED_IN, Joined.BORN, Joined.ENTERED)
LEAVES = (Left.MOVED_OUT, Left.DIED)


def add_member(
    *,
    by: Any,
    household_id: int,
    on: date,
    relation: str,
    person: PersonEntry | None = None,
    person_id: int | None = None,
    because: str = Joined.MOVED_IN,
    lock: int | None = None,
) -> HouseholdMember:
    """Let someone belong to a household from a day on; the same again changes nothing.

    Args:
        person, person_id: someone new, or someone whom the register knows and who is in no household on that day.
        because: `moved_in`, `born` or `entered` (was there, and had been forgotten).

    Raises:
        Household.DoesNotExist, Forbidden, Stale; Invalid: every fault, as for a new household; a second head; a day
        before the present head's, since `relation` is to that one; a household that has left the register.
    """
    standing = standing_for(by=by, household_id=household_id, permission=Permission.HOUSEHOLDS_EDIT)
    household = standing.household
    entry = MemberEntry(relation=relation, person=person, person_id=person_id)
    if (there := _there_already(standing, entry, on)) is not None:
        return there
    ended = gone_faults(household)
    if ended:
        raise Invalid(ended)
    whole = HouseholdEntry(code=household.code, village="", on=on, members=(entry,))
    ground = ground_for(by=by, entries=[whole])
    faults = day_faults(on, household)
    if on < standing.head.valid_from <= ground.today:
        message = _("Quan hệ là với chủ hộ hiện nay, nên ngày không được trước ngày người đó làm chủ hộ.")
        faults.append(Fault("/on", "before_head", message))
    if because not in COMES:
        faults.append(Fault("/because", "unknown", _("Không có lựa chọn này.")))
    # Of the household that the entry makes up, what is said of members is true of the real one too.
    faults += [
        Fault(one.pointer.replace("/members/0", ""), one.code, one.message)
        for one in members_faults("", whole, ground, set())
        if one.code not in ("no_head", "two_heads")
    ]
    faults += [
        Fault(one.pointer, one.code, one.message)
        for one in (identity_faults([("", person)]) if person is not None else [])
    ]
    faults += _joining_faults(standing, entry, ground.people.get(person_id or 0))
    if faults:
        raise Invalid(_once_each(faults))
    with once(), transaction.atomic():
        take(household, lock)
        who = Person.objects.create(**fields_of(person)) if person is not None else ground.people[person_id or 0]
        row = HouseholdMember.objects.create(
            household=household, person=who, relation=relation, valid_from=on, began_as=because
        )
        show([household.pk])
        tell(household, kind=Kind.MEMBER_ADDED, by=by, person=who.pk, relation=relation, on=on, because=because)
    return row


def remove_member(
    *, by: Any, household_id: int, person_id: int, on: date, because: str, lock: int | None = None
) -> None:
    """Let someone no longer belong to a household from a day on; the same again changes nothing.

    Args:
        because: `moved_out` or `died`; then `on` is the day of death, and the person comes to no household any more.

    Raises:
        Household.DoesNotExist, Forbidden, Stale; Invalid: no member, the head (who is succeeded first, or the whole
        household ends), a day on which they were no member yet, one that is to come. Every fault is named.
    """
    standing = standing_for(by=by, household_id=household_id, permission=Permission.HOUSEHOLDS_EDIT)
    row = standing.of(person_id)
    if row is None and standing.ended(person_id, on=on, because=because):
        return
    faults = day_faults(on, standing.household)
    if because not in LEAVES:
        faults.append(Fault("/because", "unknown", _("Không có lựa chọn này.")))
    faults += leaving_faults(row, on)
    if faults or row is None:
        raise Invalid(faults)
    with once(), transaction.atomic():
        take(standing.household, lock)
        end([row], on, because)
        show([standing.household.pk])
        tell(standing.household, kind=Kind.MEMBER_REMOVED, by=by, person=person_id, on=on, because=because)


def transfer_member(
    *,
    by: Any,
    household_id: int,
    person_id: int,
    to_id: int,
    on: date,
    relation: str,
    lock: int | None = None,
    to_lock: int | None = None,
) -> HouseholdMember:
    """Let a member of one household belong to another from a day on; the same again changes nothing.

    Raises:
        Household.DoesNotExist, Forbidden, Stale; Invalid: as for leaving the one and coming to the other.
    """
    old = standing_for(by=by, household_id=household_id, permission=Permission.HOUSEHOLDS_EDIT)
    new = standing_for(by=by, household_id=to_id, permission=Permission.HOUSEHOLDS_EDIT)
    there = new.of(person_id)
    if there is not None and old.ended(person_id, on=on, because=Left.TRANSFER):
        if (there.valid_from, there.relation) == (on, relation):
            return there
    row = old.of(person_id)
    faults = day_faults(on, old.household) + leaving_faults(row, on) + gone_faults(new.household)
    if household_id == to_id:
        faults.append(Fault("/to", "same", _("Người này đã thuộc hộ đó.")))
    elif not faults and row is not None:
        faults = day_faults(on, new.household)
        if on < new.head.valid_from:
            message = _("Quan hệ là với chủ hộ hiện nay, nên ngày không được trước ngày người đó làm chủ hộ.")
            faults.append(Fault("/on", "before_head", message))
        faults += _joining_faults(new, MemberEntry(relation=relation, person_id=person_id), row.person)
    if faults or row is None:
        raise Invalid(faults)
    with once(), transaction.atomic():
        for standing, seen in sorted(((old, lock), (new, to_lock)), key=lambda one: one[0].household.pk):
            take(standing.household, seen)
        end([row], on, Left.TRANSFER)
        joined = HouseholdMember.objects.create(
            household=new.household, person=row.person, relation=relation, valid_from=on, began_as=Joined.TRANSFER
        )
        show([household_id, to_id])
        told = {"person": person_id, "on": on, "to": new.household.code, "relation": relation}
        tell(old.household, kind=Kind.MEMBER_TRANSFERRED, by=by, **told)
        tell(new.household, kind=Kind.MEMBER_TRANSFERRED, by=by, **(told | {"from": old.household.code}))
    return joined


# --- Parts that other changes of a household use, too ----------------------------------------------------------------


def leaving_faults(row: HouseholdMember | None, on: date) -> list[Fault]:
    """What stands against one member's leaving on a day."""
    if row is None:
        return [Fault("/person", "unknown", _("Người này không thuộc hộ."))]
    faults = []
    if row.relation == Relation.HEAD:
        message = _("Người này là chủ hộ: hãy đổi chủ hộ trước, hoặc đưa cả hộ ra khỏi sổ.")
        faults.append(Fault("/person", "is_head", message))
    if row.valid_from >= on:
        faults.append(Fault("/on", "before_joining", _("Ngày phải sau ngày người này vào hộ.")))
    return faults


def birth_of(person: Person) -> Any:
    return born(person.birth_date, person.birth_precision)


def end(rows: list[HouseholdMember], on: date, because: str) -> None:
    """End memberships on the day before; of those who died the day is kept."""
    HouseholdMember.objects.filter(pk__in=[row.pk for row in rows]).update(valid_to=eve(on), ended_as=because)
    if because == Left.DIED:
        Person.objects.filter(pk__in=[row.person_id for row in rows]).update(died_on=on, lock=F("lock") + 1)


def _there_already(standing: Standing, entry: MemberEntry, on: date) -> HouseholdMember | None:
    """The membership, when it was sent twice."""
    for row in standing.open:
        if (row.relation, row.valid_from) != (entry.relation, on):
            continue
        said = entry.person
        if said is None and row.person_id == entry.person_id:
            return row
        if said is not None and (plain_name(said.name), said.birth_date, said.sex) == (
            row.person.name,
            row.person.birth_date,
            row.person.sex,
        ):
            return row
    return None


def _joining_faults(standing: Standing, entry: MemberEntry, known: Person | None) -> list[Fault]:
    """What cannot be of the household with one member more."""
    rows = standing.open
    if entry.person is not None:
        birth = born(entry.person.birth_date, entry.person.birth_precision)
    else:
        birth = birth_of(known) if known is not None else None
    kin = [*(Kin(row.relation, birth_of(row.person)) for row in rows), Kin(entry.relation, birth)]
    return [fault_of_family(found, lambda at: "") for found in family_faults(kin) if found.position == len(rows)]


def _once_each(faults: list[Fault]) -> list[Fault]:
    return list({(fault.pointer, fault.code): fault for fault in faults}.values())
