"""The section of a commune's page that tells its targets."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest

from communes.models import Unit
from communes.scope import scope_of
from communes.selectors.poverty_published import seen_by
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.links import link
from programmes.models import Target
from programmes.presenters.targets import plan_line
from programmes.selectors.targets import plan_rows
from programmes.selectors.world import load_world


def unit_plans(request: HttpRequest, *, unit: Unit, day: date) -> dict[str, Any] | None:
    """Return the targets of a unit on a day; nothing where there is none (one query then), or for who may not see."""
    if not request.user.has_perm(Permission.MEASURES_VIEW) or not Target.objects.filter(area=unit).exists():
        return None
    scope = scope_of(request.user)
    try:
        world = load_world(day, unit.uid, seen=seen_by(scope))
    except Unit.DoesNotExist:
        return None
    lines = [plan_line(row, world) for row in plan_rows(world, scope) if row.place.uid == unit.uid]
    url = link("targets", as_of=day, unit=unit.uid)
    return {"lines": lines, "url": url} if lines else None
