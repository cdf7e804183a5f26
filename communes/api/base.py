"""The base of views whose rows belong to units: the caller's scope, read once."""

from __future__ import annotations

from functools import cached_property

from communes.scope import Scope, scope_of
from mongcai_portal.common.api.views import PortalViewSet


class ScopedViewSet(PortalViewSet):
    """Knows which units the caller sees; a foreign row is none at all (404)."""

    @cached_property
    def scope(self) -> Scope:
        return scope_of(self.request.user)
