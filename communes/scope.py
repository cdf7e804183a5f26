"""What a person may do, and for which units and offices; read once per request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from communes.models.access import RoleAssignment
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.accounts.roles import ROLES


@dataclass(frozen=True, slots=True)
class Scope:
    """The sum of a person's role assignments.

    `all_units`: sees every unit. `unit_ids`, `office_ids`: the ones named in assignments. `all_offices`: may send back
    for every office (coordinator). `town`: holds a role for the whole town. `roles`: role codes, `permissions`: the
    union of the roles' permissions. A role counts while its days last.
    """

    permissions: frozenset[str]
    roles: frozenset[str]
    unit_ids: frozenset[int]
    office_ids: frozenset[int]
    all_units: bool
    all_offices: bool
    town: bool = False
    # Each role held: its permissions, and the unit it is held for (None: every unit).
    held: tuple[tuple[frozenset[str], int | None], ...] = ()

    def units_with(self, permission: str) -> frozenset[int] | None:
        """Return the units for which one of the roles has the permission itself; None for every unit.

        For sensitive data: someone who looks after the households of one commune and also judges a sector in all of
        them sees the households of the one.
        """
        units = [unit for permissions, unit in self.held if permission in permissions]
        return None if None in units else frozenset(unit for unit in units if unit is not None)

    def sees_unit(self, unit_id: int) -> bool:
        return self.all_units or unit_id in self.unit_ids

    def acts_for_office(self, office_id: int) -> bool:
        return self.all_offices or office_id in self.office_ids

    def verifies_for_office(self, office_id: int) -> bool:
        """Verifying belongs to the office itself; who also holds a role for the town does not verify for the others."""
        return office_id in self.office_ids


NOBODY = Scope(frozenset(), frozenset(), frozenset(), frozenset(), all_units=False, all_offices=False)


def scope_of(user: Any) -> Scope:
    """Return the user's scope; an anonymous or inactive user has none. One query, kept on the user object."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return NOBODY
    cached = getattr(user, "_portal_scope", None)
    if cached is not None:
        return cached  # type: ignore[no-any-return]
    held = RoleAssignment.objects.in_force(timezone.localdate()).filter(user=user)
    rows = [row for row in held if row.role in ROLES]
    roles = frozenset(row.role for row in rows)
    town = any(row.unit_id is None and row.office_id is None for row in rows)
    scope = Scope(
        permissions=frozenset().union(*(ROLES[role].permissions for role in roles)),
        roles=roles,
        unit_ids=frozenset(row.unit_id for row in rows if row.unit_id),
        office_ids=frozenset(row.office_id for row in rows if row.office_id),
        # A sector office judges its criteria in every commune.
        all_units=town or any(row.office_id for row in rows),
        all_offices=any(
            Permission.REPORTS_SEND_BACK in ROLES[row.role].permissions
            for row in rows
            if row.unit_id is None and row.office_id is None
        ),
        town=town,
        held=tuple((ROLES[row.role].permissions, row.unit_id) for row in rows),
    )
    user._portal_scope = scope
    return scope
