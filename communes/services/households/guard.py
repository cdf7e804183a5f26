"""One door per household: who may do what to it, who was first, and what is told of it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from communes.models import Household, HouseholdMember, VillageVersion
from communes.models.households import Relation
from communes.rules.families import FamilyFault
from communes.scope import scope_of
from mongcai_portal.audit.services import About, record_many
from mongcai_portal.common.errors import Fault, Forbidden, Stale
from mongcai_portal.common.templatetags.portal import date_vi
from mongcai_portal.common.text import search_key

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Standing:
    """A household and all its memberships, as one look found them; `open` are those of today."""

    household: Household
    rows: tuple[HouseholdMember, ...]

    @property
    def open(self) -> tuple[HouseholdMember, ...]:
        return tuple(row for row in self.rows if row.valid_to is None)

    @property
    def head(self) -> HouseholdMember:
        return next(row for row in self.open if row.relation == Relation.HEAD)

    def of(self, person_id: int) -> HouseholdMember | None:
        return next((row for row in self.open if row.person_id == person_id), None)

    def ended(self, person_id: int, *, on: date, because: str) -> bool:
        """Whether the person left just so already."""
        return any(
            row.person_id == person_id and row.ended_as == because and row.valid_to == eve(on) for row in self.rows
        )

    def quiet_since(self, on: date) -> bool:
        """Whether nobody came or went after the day: from it on the household can be changed as a whole."""
        return all(row.valid_from <= on and (row.valid_to is None or row.valid_to < on) for row in self.rows)


def may(by: Any, permission: str) -> None:
    """Raise Forbidden unless the person holds the permission anywhere (None: the system)."""
    if by is not None and permission not in scope_of(by).permissions:
        raise Forbidden(_("Tài khoản này không có quyền thực hiện thao tác đó."))


def household_for(*, by: Any, household_id: int, permission: str) -> Household:
    """Return a household that the person sees and may act on.

    Raises:
        Household.DoesNotExist: outside the person's scope (a foreign row does not exist for them).
        Forbidden: visible, but not this action.
    """
    if by is None:
        return Household.objects.get(pk=household_id)
    scope = scope_of(by)
    household: Household = Household.objects.visible_to(scope).get(pk=household_id)
    if not Household.objects.with_permission(scope, permission).filter(pk=household_id).exists():
        raise Forbidden(_("Tài khoản này không có quyền thực hiện thao tác đó."))
    return household


def standing_for(*, by: Any, household_id: int, permission: str) -> Standing:
    """Return such a household with its memberships, in the order in which people came.

    Raises:
        As `household_for`.
    """
    household = household_for(by=by, household_id=household_id, permission=permission)
    rows = household.members.select_related("person").order_by("valid_from", "pk")
    return Standing(household, tuple(rows))


def take(household: Household, lock: int | None, **changes: Any) -> None:
    """Compare-and-swap: let the change through if nobody changed the household since it was read, nor since the window.

    Raises:
        Stale: somebody did.
    """
    rows = Household.objects.filter(pk=household.pk, lock=household.lock)
    if (lock is not None and lock != household.lock) or rows.update(lock=F("lock") + 1, **changes) != 1:
        raise stale()


def stale() -> Stale:
    return Stale(_("Thông tin này đã được sửa ở cửa sổ khác; hãy tải lại trang rồi làm lại."))


@contextmanager
def once() -> Iterator[None]:
    """Another window stored the same at the same moment: the database let one through.

    What the database says names rows with everything that is in them, so it goes no further.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        # Which promise it was, for whoever looks for a fault; PostgreSQL's own message has the row, SQLite's has not.
        told = getattr(error.__cause__, "diag", None)
        logger.warning("the database refused a row of the register: %s", told.constraint_name if told else error)
        raise stale() from None


def show(household_ids: Iterable[int]) -> None:
    """Bring what the lists show of households (head, number of members) up to their memberships."""
    for household in Household.objects.filter(pk__in=list(household_ids)):
        rows = household.members.select_related("person")
        last = rows.filter(valid_to=household.valid_to)
        head = next(row.person for row in last if row.relation == Relation.HEAD)
        Household.objects.filter(pk=household.pk).update(
            head_name=head.name,
            size=len(last),
            sort_key=head.sort_key,
            search_key=household_search_key(head.name, household.code, household.address),
        )


def household_search_key(head: str, code: str, address: str) -> str:
    return search_key(f"{head} {code} {address}")[:500]


def eve(day: date) -> date:
    return date.fromordinal(day.toordinal() - 1)


# --- Faults ----------------------------------------------------------------------------------------------------------


def day_faults(on: date, household: Household | None = None, pointer: str = "") -> list[Fault]:
    """What is wrong with the day of a change: it is to come, or the household was not there."""
    if on > timezone.localdate():
        return [Fault(f"{pointer}/on", "in_future", _("Ngày này chưa tới."))]
    if household is not None and on < household.valid_from:
        message = _("Hộ có trong sổ từ ngày %(day)s.") % {"day": date_vi(household.valid_from)}
        return [Fault(f"{pointer}/on", "before_start", message)]
    return []


def gone_faults(household: Household) -> list[Fault]:
    """A household that has left the register does not change any more."""
    if household.valid_to is None:
        return []
    message = _("Hộ đã ra khỏi sổ sau ngày %(day)s.") % {"day": date_vi(household.valid_to)}
    return [Fault("/household", "ended", message)]


def unquiet_faults(standing: Standing, on: date, *, leaving: Iterable[HouseholdMember] = ()) -> list[Fault]:
    """A change of the whole household on a day after which somebody came or went already.

    Who is `leaving` on the day was there on the day before.
    """
    late = any(row.valid_from >= on for row in leaving)
    if standing.quiet_since(on) and not late:
        return []
    message = _("Hộ đã có thay đổi nhân khẩu từ ngày này trở đi; hãy chọn ngày sau thay đổi gần nhất.")
    return [Fault("/on", "before_last_change", message)]


def fault_of_family(fault: FamilyFault, pointer: Callable[[int], str]) -> Fault:
    """Say what the rules found; `pointer` leads to a member by position."""
    messages = {
        "no_head": _("Hộ phải có một chủ hộ."),
        "two_heads": _("Hộ chỉ có một chủ hộ."),
        "unknown": _("Không có quan hệ này."),
        "child_too_old": _("Người là con phải kém chủ hộ ít nhất 12 tuổi; xem lại ngày sinh hoặc quan hệ."),
        "grandchild_too_old": _("Người là cháu phải kém chủ hộ ít nhất 24 tuổi; xem lại ngày sinh hoặc quan hệ."),
        "parent_too_young": _("Bố, mẹ phải hơn chủ hộ ít nhất 12 tuổi; xem lại ngày sinh hoặc quan hệ."),
        "grandparent_too_young": _("Ông, bà phải hơn chủ hộ ít nhất 24 tuổi; xem lại ngày sinh hoặc quan hệ."),
    }
    if fault.position is None:
        return Fault(f"/{fault.field}", fault.code, messages[fault.code])
    return Fault(f"{pointer(fault.position)}/{fault.field}", fault.code, messages[fault.code])


# --- What is told ----------------------------------------------------------------------------------------------------


def tell(household: Household, *, kind: str, by: Any, **details: Any) -> None:
    """Write the audit event of a household, in the caller's transaction; people stand in it by number."""
    tell_many(kind=kind, by=by, about=[(household, details)])


def tell_many(*, kind: str, by: Any, about: Iterable[tuple[Household, dict[str, Any]]]) -> None:
    """Write one audit event for each household: two queries for any number of them."""
    told = list(about)
    units = unit_uids({household.village_id for household, _details in told})
    record_many(
        kind=kind,
        by=by,
        about=[
            About("household", household.pk, household.code, units.get(household.village_id, ""), details)
            for household, details in told
        ],
    )


def unit_uids(village_ids: Iterable[int]) -> dict[int, str]:
    """Return the unit in which each village lies now, or lay last."""
    rows = VillageVersion.objects.filter(village__in=list(village_ids)).order_by(F("valid_from").asc(nulls_first=True))
    return dict(rows.values_list("village_id", "unit__uid"))
