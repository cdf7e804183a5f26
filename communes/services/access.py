"""Giving, dating and taking roles; nobody their own, nobody beyond their scope, and never the last administrator's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from communes.models import Office, RoleAssignment, Unit
from communes.scope import scope_of
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.accounts.roles import ROLES, Scope
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.services import record
from mongcai_portal.common.errors import Fault, Forbidden, Invalid, Stale

MANAGING = tuple(code for code, role in ROLES.items() if Permission.USERS_MANAGE in role.permissions)


def assign_role(
    *,
    by: Any,
    user: Any,
    role: str,
    unit: Unit | None = None,
    office: Office | None = None,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> RoleAssignment:
    """Give the user a role for a unit, for an office, or (neither) for the whole town; again changes nothing.

    The days are both inclusive, either open; giving a role that is held with other days changes them. `by` None is the
    system itself (a command on the server).

    Raises:
        Forbidden: `by` may not manage users, or they are `user`.
        Invalid: no such role, a scope that the role is not held for, one beyond `by`'s own, days in the wrong order;
        or it would end the last administrator's. Every fault is named.
    """
    may_manage(by)
    not_oneself(by, user)
    faults = role_faults(by=by, role=role, unit=unit, office=office, valid_from=valid_from, valid_to=valid_to)
    if faults:
        raise Invalid(faults)
    days = {"valid_from": valid_from, "valid_to": valid_to}
    with keeping_an_administrator():
        assignment, created = RoleAssignment.objects.get_or_create(
            user=user, role=role, unit=unit, office=office, defaults=days
        )
        if created:
            _record(Kind.ROLE_ASSIGNED, by, assignment, **_told(days))
        elif (assignment.valid_from, assignment.valid_to) != (valid_from, valid_to):
            _date(by, assignment, valid_from, valid_to)
    _forget(user)
    return assignment


def date_role(
    *,
    by: Any,
    assignment_id: int,
    valid_from: date | None,
    valid_to: date | None,
    seen: tuple[date | None, date | None] | None = None,
) -> None:
    """Change the days of a role; `seen` are those that the window showed.

    Raises:
        Forbidden; RoleAssignment.DoesNotExist; Stale: another window was first; Invalid: as for `assign_role`.
    """
    may_manage(by)
    assignment = RoleAssignment.objects.select_related("user", "unit", "office").get(pk=assignment_id)
    not_oneself(by, assignment.user)
    faults = role_faults(
        by=by,
        role=assignment.role,
        unit=assignment.unit,
        office=assignment.office,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    if faults:
        raise Invalid(faults)
    now = (assignment.valid_from, assignment.valid_to)
    if now == (valid_from, valid_to):
        return
    if seen is not None and seen != now:
        raise Stale(_("Vai trò này đã được sửa ở cửa sổ khác."))
    with keeping_an_administrator():
        _date(by, assignment, valid_from, valid_to)


def revoke_role(*, by: Any, assignment_id: int) -> None:
    """Take a role away, at once.

    Raises:
        Forbidden: `by` may not manage users, or the role is their own.
        Invalid: a role beyond `by`'s own, or the last administrator's.
        RoleAssignment.DoesNotExist: there is no such assignment.
    """
    may_manage(by)
    assignment = RoleAssignment.objects.select_related("user", "unit", "office").get(pk=assignment_id)
    not_oneself(by, assignment.user)
    faults = _grant_faults(by, assignment.role, assignment.unit, assignment.office)
    if faults:
        raise Invalid(faults)
    with keeping_an_administrator():
        deleted, _rows = RoleAssignment.objects.filter(pk=assignment_id).delete()
        if deleted:
            _record(Kind.ROLE_REVOKED, by, assignment)


def _date(by: Any, assignment: RoleAssignment, valid_from: date | None, valid_to: date | None) -> None:
    before = {"valid_from": assignment.valid_from, "valid_to": assignment.valid_to}
    changed = RoleAssignment.objects.filter(pk=assignment.pk, **before).update(valid_from=valid_from, valid_to=valid_to)
    if not changed:
        raise Stale(_("Vai trò này đã được sửa ở cửa sổ khác."))
    assignment.valid_from, assignment.valid_to = valid_from, valid_to
    after = {"valid_from": valid_from, "valid_to": valid_to}
    _record(Kind.ROLE_DATED, by, assignment, before=before, after=after)


# --- Who may -----------------------------------------------------------------------------------------------------


def may_manage(by: Any) -> None:
    """Raise Forbidden unless the person (None: the system) manages users."""
    if by is not None and not by.has_perm(Permission.USERS_MANAGE):
        raise Forbidden(_("Bạn không có quyền quản lý người dùng."))


def not_oneself(by: Any, user: Any) -> None:
    """Raise Forbidden when someone would change their own roles or close their own account."""
    if by is not None and by.pk == user.pk:
        raise Forbidden(_("Không ai tự sửa vai trò hay trạng thái tài khoản của chính mình; hãy nhờ quản trị khác."))


def role_faults(
    *,
    by: Any,
    role: str,
    unit: Unit | None,
    office: Office | None,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> list[Fault]:
    """Return everything that is wrong with giving a role so: the role, its place, `by`'s own reach, its days."""
    if role not in ROLES:
        return [Fault("/role", "unknown_role", _("Không có vai trò “%(role)s”.") % {"role": role})]
    faults = _place_faults(role, unit, office) or _grant_faults(by, role, unit, office)
    if valid_from and valid_to and valid_to < valid_from:
        faults.append(Fault("/valid_to", "before_start", _("Ngày cuối không được trước ngày đầu.")))
    return faults


def _place_faults(role: str, unit: Unit | None, office: Office | None) -> list[Fault]:
    scope = ROLES[role].scope
    faults = []
    if scope == Scope.UNIT and unit is None:
        faults.append(Fault("/unit", "missing", _("Vai trò này phải gắn với một xã.")))
    if scope == Scope.OFFICE and office is None:
        faults.append(Fault("/office", "missing", _("Vai trò này phải gắn với một phòng ban.")))
    if scope != Scope.UNIT and unit is not None:
        faults.append(Fault("/unit", "not_allowed", _("Vai trò này không gắn với xã.")))
    if scope != Scope.OFFICE and office is not None:
        faults.append(Fault("/office", "not_allowed", _("Vai trò này không gắn với phòng ban.")))
    return faults


def _grant_faults(by: Any, role: str, unit: Unit | None, office: Office | None) -> list[Fault]:
    """A role that `by`'s own roles do not let them give, or a place outside their own."""
    if by is None:
        return []
    own = scope_of(by)
    faults = []
    if role not in frozenset().union(*(ROLES[code].grants for code in own.roles)):
        message = _("Tài khoản của anh/chị không được giao vai trò “%(role)s”.") % {"role": ROLES[role].label}
        faults.append(Fault("/role", "beyond_own", message))
    if unit is not None and not own.sees_unit(unit.pk):
        faults.append(Fault("/unit", "unknown", _("Không có đơn vị này trong phạm vi của tài khoản.")))
    if office is not None and not own.town and office.pk not in own.office_ids:
        faults.append(Fault("/office", "unknown", _("Không có phòng ban này trong phạm vi của tài khoản.")))
    if unit is None and office is None and not own.town:
        faults.append(Fault("/role", "beyond_own", _("Vai trò toàn thành phố vượt phạm vi của tài khoản.")))
    return faults


# --- The last administrator ----------------------------------------------------------------------------------------


def lasting_administrators() -> QuerySet[RoleAssignment]:
    """Roles that manage users today and have no last day, of people whose account is open."""
    return RoleAssignment.objects.in_force(timezone.localdate()).filter(
        role__in=MANAGING,
        unit__isnull=True,
        office__isnull=True,
        valid_to__isnull=True,
        user__is_active=True,
        user__is_service=False,
    )


@contextmanager
def keeping_an_administrator() -> Iterator[None]:
    """A transaction after which someone still manages users, if someone did before.

    The rows are held first: two administrators who close each other's account at the same moment queue here.

    Raises:
        Invalid: the block would leave nobody who can let anyone in.
    """
    with transaction.atomic():
        held = lasting_administrators().update(role=F("role"))
        yield
        if held and not lasting_administrators().exists():
            message = _("Đây là người quản trị cuối cùng còn dùng được; hãy giao vai trò cho người khác trước.")
            raise Invalid([Fault("/role", "last_administrator", message)])


def _told(days: dict[str, date | None]) -> dict[str, date]:
    return {name: day for name, day in days.items() if day is not None}


def _record(kind: Kind, by: Any, assignment: RoleAssignment, **details: Any) -> None:
    record(
        kind=kind,
        by=by,
        obj_type="user",
        obj_id=assignment.user_id,
        label=str(assignment.user),
        unit_uid=assignment.unit.uid if assignment.unit else "",
        role=assignment.role,
        office=assignment.office.code if assignment.office else "",
        **details,
    )


def _forget(user: Any) -> None:
    """Let the user object ask again for its scope."""
    if hasattr(user, "_portal_scope"):
        del user._portal_scope
