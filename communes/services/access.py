"""Giving and taking roles."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from communes.models import Office, RoleAssignment, Unit
from mongcai_portal.accounts.roles import ROLES, Scope
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.services import record
from mongcai_portal.common.errors import Fault, Forbidden, Invalid


def assign_role(
    *, by: Any, user: Any, role: str, unit: Unit | None = None, office: Office | None = None
) -> RoleAssignment:
    """Give the user a role for a unit, for an office, or (neither) for the whole town; again changes nothing.

    `by` None is the system itself (a command on the server).

    Raises:
        Forbidden: `by` may not manage users.
        Invalid: no such role, or a scope that the role is not held for.
    """
    _may_manage(by)
    _check_scope(role, unit, office)
    with transaction.atomic():
        assignment, created = RoleAssignment.objects.get_or_create(user=user, role=role, unit=unit, office=office)
        if created:
            _record(Kind.ROLE_ASSIGNED, by, assignment)
    _forget(user)
    return assignment


def revoke_role(*, by: Any, assignment_id: int) -> None:
    """Take a role away.

    Raises:
        Forbidden: `by` may not manage users.
        RoleAssignment.DoesNotExist: there is no such assignment.
    """
    _may_manage(by)
    with transaction.atomic():
        assignment = RoleAssignment.objects.select_related("user", "unit", "office").get(pk=assignment_id)
        _record(Kind.ROLE_REVOKED, by, assignment)
        assignment.delete()


def _may_manage(by: Any) -> None:
    if by is not None and not by.has_perm("users.manage"):
        raise Forbidden(_("Bạn không có quyền giao vai trò."))


def _check_scope(role: str, unit: Unit | None, office: Office | None) -> None:
    if role not in ROLES:
        raise Invalid([Fault("/role", "unknown_role", _("Không có vai trò “%(role)s”.") % {"role": role})])
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
    if faults:
        raise Invalid(faults)


def _record(kind: Kind, by: Any, assignment: RoleAssignment) -> None:
    record(
        kind=kind,
        by=by,
        obj_type="user",
        obj_id=assignment.user_id,
        label=str(assignment.user),
        unit_uid=assignment.unit.uid if assignment.unit else "",
        role=assignment.role,
        office=assignment.office.code if assignment.office else "",
    )


def _forget(user: Any) -> None:
    """Let the user object ask again for its scope."""
    if hasattr(user, "_portal_scope"):
        del user._portal_scope
