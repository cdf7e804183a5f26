"""Who is the head of a household, and what the others are to a new one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from communes.models import HouseholdMember
from communes.models.households import Joined, Left, Relation
from communes.rules.families import Kin, family_faults, relation_after
from communes.services.counts import count_households
from communes.services.households.guard import (
    day_faults,
    fault_of_family,
    gone_faults,
    once,
    show,
    standing_for,
    take,
    tell,
    unquiet_faults,
)
from communes.services.households.members import LEAVES, birth_of, end
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.common.errors import Fault, Invalid


def change_head(
    *,
    by: Any,
    household_id: int,
    person_id: int,
    on: date,
    relations: Mapping[int, str] | None = None,
    old_head_leaves: str = "",
    lock: int | None = None,
) -> None:
    """Make another member the head from a day on; what follows for the others is derived, the rest is to be said.

    Args:
        relations: what members are to the new head, by number of the person; it goes before what is derived.
        old_head_leaves: `died` or `moved_out` when the old head leaves on that day; else they stay a member.

    Raises:
        Household.DoesNotExist, Forbidden, Stale; Invalid: `/person` no member; `/relations/<person>` required where
        nothing follows for certain, or cannot be; a day before somebody came or went. Every fault is named.
    """
    standing = standing_for(by=by, household_id=household_id, permission=Permission.HOUSEHOLDS_EDIT)
    household = standing.household
    row = standing.of(person_id)
    if row is not None and row.relation == Relation.HEAD and row.valid_from == on:
        return
    faults = gone_faults(household) or day_faults(on, household)
    if row is None:
        faults.append(Fault("/person", "unknown", _("Người này không thuộc hộ.")))
    elif row.relation == Relation.HEAD:
        faults.append(Fault("/person", "is_head", _("Người này đang là chủ hộ.")))
    if old_head_leaves and old_head_leaves not in LEAVES:
        faults.append(Fault("/old_head_leaves", "unknown", _("Không có lựa chọn này.")))
    if faults or row is None:
        raise Invalid(faults)
    leaving = [standing.head] if old_head_leaves else []
    staying = [one for one in standing.open if one not in leaving]
    faults = unquiet_faults(standing, on, leaving=leaving)
    wanted, wrong = relations_to(row, staying, relations or {})
    if faults + wrong:
        raise Invalid(faults + wrong)
    with once(), transaction.atomic():
        take(household, lock)
        end(leaving, on, old_head_leaves)
        relate(staying, wanted, on)
        show([household.pk])
        count_households([household.pk])
        tell(
            household,
            kind=Kind.HOUSEHOLD_HEAD_CHANGED,
            by=by,
            on=on,
            before=standing.head.person_id,
            after=person_id,
            because=old_head_leaves,
        )


def relations_to(
    head: HouseholdMember, members: list[HouseholdMember], said: Mapping[int, str]
) -> tuple[dict[int, str], list[Fault]]:
    """Return what the members are to a new head, by person, and the faults at `/relations/<person>`."""
    wanted: dict[int, str] = {}
    faults = []
    for row in members:
        if row.person_id == head.person_id:
            wanted[row.person_id] = Relation.HEAD
            continue
        relation = said.get(row.person_id) or relation_after(head.relation, row.relation)
        if relation is None:
            message = _("Ghi quan hệ với chủ hộ mới.")
            faults.append(Fault(f"/relations/{row.person_id}", "required", message))
        wanted[row.person_id] = relation or Relation.OTHER_RELATIVE
    for number in sorted(set(said) - set(wanted)):
        faults.append(Fault(f"/relations/{number}", "unknown_person", _("Người này không thuộc hộ.")))
    kin = [Kin(wanted[row.person_id], birth_of(row.person)) for row in members]
    for found in family_faults(kin):
        at = found.position
        told = fault_of_family(found, lambda at: f"/relations/{members[at].person_id}")
        pointer = told.pointer if at is None else f"/relations/{members[at].person_id}"
        faults.append(Fault(pointer, told.code, told.message))
    return wanted, faults


def relate(rows: list[HouseholdMember], relations: Mapping[int, str], on: date) -> None:
    """Let the members be something else to the head from a day on: each membership ends and goes on.

    One that begins on that day is put right in its place. The old head's ends before the new head's begins, so that
    there is one at every moment.
    """
    changed = [row for row in rows if relations[row.person_id] != row.relation]
    for row in sorted(changed, key=lambda row: row.relation != Relation.HEAD):
        if row.valid_from == on:
            HouseholdMember.objects.filter(pk=row.pk).update(relation=relations[row.person_id])
        else:
            end([row], on, Left.RELATION)
    HouseholdMember.objects.bulk_create(
        HouseholdMember(
            household_id=row.household_id,
            person_id=row.person_id,
            relation=relations[row.person_id],
            valid_from=on,
            began_as=Joined.RELATION,
        )
        for row in changed
        if row.valid_from != on
    )
