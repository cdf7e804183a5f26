"""Answers `user.has_perm("reports.approve")` from role assignments; Django's groups are not used."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend

from communes.scope import scope_of
from mongcai_portal.accounts.roles import ROLES


class RoleBackend(BaseBackend):
    """Permissions of the portal's vocabulary; it authenticates nobody."""

    def authenticate(self, request: Any, **credentials: Any) -> None:
        return None

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return perm in scope_of(user_obj).permissions

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set(scope_of(user_obj).permissions)

    def role_labels(self, user_obj: Any) -> list[str]:
        """Labels of the roles held, for the user menu."""
        return [str(ROLES[code].label) for code in ROLES if code in scope_of(user_obj).roles]
