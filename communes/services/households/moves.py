"""A household that goes to live elsewhere, leaves the register, or whose own data are put right."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from communes.models import Household, HouseholdStay, Village, VillageVersion
from communes.models.households import Ended, Left
from communes.services.counts import count_households
from communes.services.households.guard import (
    day_faults,
    eve,
    gone_faults,
    household_search_key,
    once,
    show,
    standing_for,
    take,
    tell,
    unquiet_faults,
)
from communes.services.households.hidden import text_faults
from communes.services.households.lineage import close, ending_faults
from communes.services.households.members import end
from communes.services.households.persons import plain_name
from communes.services.households.register import ADDRESS_LENGTH
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.common.errors import Fault, Invalid

ENDS = {Ended.MOVED_OUT: Left.MOVED_OUT, Ended.DISSOLVED: Left.DISSOLVED, Ended.DIED: Left.DIED}
CORRECTED = ("address", "no_labour", "farming", "note")


def move_household(
    *, by: Any, household_id: int, on: date, village: str, address: str = "", lock: int | None = None
) -> Household:
    """Let a household live elsewhere in the register's area from a day on; the same again changes nothing.

    The village may lie in any commune: a household that goes to another one is looked after by that one's officers.

    Args:
        village: its code.

    Raises:
        Household.DoesNotExist, Forbidden, Stale; Invalid: `/village` unknown, not_there (on the day); `/address`
        too_long, identity; `/on` in_future, before_start, before_move; a household that has left the register.
    """
    standing = standing_for(by=by, household_id=household_id, permission=Permission.HOUSEHOLDS_EDIT)
    household = standing.household
    plain = plain_name(address)
    stay = household.stays.select_related("village").order_by("-valid_from")[0]
    if (stay.village.code, stay.address, stay.valid_from, stay.valid_to) == (village, plain, on, None):
        return household
    faults = gone_faults(household) or day_faults(on, household)
    versions = list(VillageVersion.objects.filter(village__code=village))
    if not versions:
        message = _("Không có thôn, bản, khu “%(code)s”.") % {"code": village}
        faults.append(Fault("/village", "unknown", message))
    elif not any(version.holds_on(on) for version in versions):
        faults.append(Fault("/village", "not_there", _("Thôn, bản, khu này không tồn tại vào ngày đó.")))
    faults += _address_faults(plain)
    if not faults:
        faults = ending_faults(standing, on)
    if faults:
        raise Invalid(faults)
    place = Village.objects.get(code=village)
    with once(), transaction.atomic():
        take(household, lock, village=place, address=plain, search_key=_key(household, plain))
        close(household, on)
        HouseholdStay.objects.create(household=household, village=place, address=plain, valid_from=on)
        count_households([household.pk])
        before, after = {"village": stay.village.code}, {"village": village}
        tell(household, kind=Kind.HOUSEHOLD_MOVED, by=by, on=on, before=before, after=after)
        household.refresh_from_db()
        if stay.village_id != place.pk:
            # The commune that looks after it from now on finds it in its part of the log, too.
            tell(household, kind=Kind.HOUSEHOLD_MOVED, by=by, on=on, before=before, after=after)
    return household


def end_household(
    *, by: Any, household_id: int, on: date, because: str, note: str = "", lock: int | None = None
) -> Household:
    """Take a household out of the register from a day on; the same again changes nothing.

    Args:
        because: `moved_out` (out of the register's area), `dissolved`, or `died`: nobody of it is alive.
        note: where to, or what happened.

    Raises:
        Household.DoesNotExist, Forbidden, Stale; Invalid: a day that is to come, or by which not all had come; a cause
        that is none; `/note` identity (it holds someone's number); a household that has left the register already.
        Every fault is named.
    """
    standing = standing_for(by=by, household_id=household_id, permission=Permission.HOUSEHOLDS_EDIT)
    household = standing.household
    if (household.valid_to, household.ended_as) == (eve(on), because):
        return household
    faults = gone_faults(household) or day_faults(on, household)
    faults += text_faults("", note=note)
    if because not in ENDS:
        faults.append(Fault("/because", "unknown", _("Không có lựa chọn này.")))
    if not faults:
        faults = unquiet_faults(standing, on, leaving=standing.open) + ending_faults(standing, on)
    if faults:
        raise Invalid(faults)
    with once(), transaction.atomic():
        take(household, lock, valid_to=eve(on), ended_as=because, note=note.strip() or household.note)
        close(household, on)
        end(list(standing.open), on, ENDS[Ended(because)])
        show([household.pk])  # who left on the very day was there on the last one
        count_households([household.pk])
        tell(household, kind=Kind.HOUSEHOLD_ENDED, by=by, on=on, because=because, members=len(standing.open))
    household.refresh_from_db()
    return household


def correct_household(*, by: Any, household_id: int, changes: Mapping[str, Any], lock: int | None = None) -> Household:
    """Put right what is recorded of the household itself: address, no_labour, farming, note.

    An address that was typed wrongly; one that the household left is `move_household`'s.

    Raises:
        Household.DoesNotExist, Forbidden, Stale; Invalid: `/address` too_long, identity (it holds someone's number);
        `/note` identity. Every fault is named.
    """
    standing = standing_for(by=by, household_id=household_id, permission=Permission.HOUSEHOLDS_EDIT)
    household = standing.household
    unknown = sorted(set(changes) - set(CORRECTED))
    if unknown:
        raise TypeError(f"no such fields of a household: {unknown}")
    wanted = dict(changes)
    if "address" in wanted:
        wanted["address"] = plain_name(wanted["address"])
    faults = _address_faults(wanted.get("address", "")) + text_faults("", note=wanted.get("note", ""))
    if faults:
        raise Invalid(faults)
    wanted = {field: value for field, value in wanted.items() if getattr(household, field) != value}
    if not wanted:
        return household
    before = {field: getattr(household, field) for field in wanted}
    stored = dict(wanted)
    if "address" in wanted:
        stored["search_key"] = _key(household, wanted["address"])
    with once(), transaction.atomic():
        take(household, lock, **stored)
        if "address" in wanted:
            last = household.stays.order_by("-valid_from").values_list("pk", flat=True)[0]
            HouseholdStay.objects.filter(pk=last).update(address=wanted["address"])
        # A note may hold anything: that there is another one is all that is told.
        told = {"note": "•••"}
        tell(
            household,
            kind=Kind.HOUSEHOLD_CHANGED,
            by=by,
            before={field: told.get(field, value) for field, value in before.items()},
            after={field: told.get(field, value) for field, value in wanted.items()},
        )
    household.refresh_from_db()
    return household


def _key(household: Household, address: str) -> str:
    return household_search_key(household.head_name, household.code, address)


def _address_faults(address: str) -> list[Fault]:
    if len(address) <= ADDRESS_LENGTH:
        return text_faults("", address=address)
    return [Fault("/address", "too_long", _("Địa chỉ dài quá 300 ký tự."))]
