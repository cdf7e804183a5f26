"""The sections of a commune's page that tell its targets, its poor households and its OCOP products."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from communes.models import Unit
from communes.scope import scope_of
from communes.selectors.poverty_published import seen_by
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.links import link
from programmes.models import Target
from programmes.presenters.ocop import unit_view
from programmes.presenters.targets import plan_line
from programmes.presenters.unit_households import UnitHouseholdsView
from programmes.presenters.unit_households import unit_view as households_view
from programmes.selectors.ocop_units import unit_products
from programmes.selectors.targets import area_rows
from programmes.selectors.unit_households import unit_households as households_of
from programmes.selectors.world import load_world


def unit_plans(request: HttpRequest, *, unit: Unit, day: date) -> dict[str, Any] | None:
    """Return the targets of a unit on a day; nothing where there is none (one query then), or for who may not see."""
    if not request.user.has_perm(Permission.MEASURES_VIEW):
        return None
    codes = set(Target.objects.filter(area=unit).values_list("measure", flat=True))
    if not codes:
        return None
    scope = scope_of(request.user)
    try:
        world = load_world(day, unit.uid, seen=seen_by(scope), only=codes)
    except Unit.DoesNotExist:
        return None
    lines = [plan_line(row, world) for row in area_rows(world)]
    url = link("targets", as_of=day, unit=unit.uid)
    return {"lines": lines, "url": url} if lines else None


def unit_households(request: HttpRequest, *, unit: Unit, day: date) -> UnitHouseholdsView | None:
    """Return the poor households of a commune or ward; None for who may not see counts, or where it is neither."""
    if not request.user.has_perm(Permission.MEASURES_VIEW):
        return None
    scope, today = scope_of(request.user), timezone.localdate()
    found = households_of(scope, unit, day, today=today)
    return households_view(found, unit.uid, day, today=today, whole=scope.all_units) if found is not None else None


def unit_ocop(request: HttpRequest, *, unit: Unit, day: date) -> dict[str, Any] | None:
    """Return the products recognised in a commune or ward; None for who may not see them, or where it is neither."""
    if not request.user.has_perm(Permission.OCOP_VIEW):
        return None
    found = unit_products(scope_of(request.user), unit, day)
    return unit_view(found, unit.uid, day) if found is not None else None
