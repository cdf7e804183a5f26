"""The part of a commune's page that tells its targets."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from django.template.loader import render_to_string

from communes.models import Unit
from communes.scope import scope_of
from communes.selectors.poverty_published import seen_by
from mongcai_portal.common.links import link
from programmes.models import Target
from programmes.presenters.targets import plan_line
from programmes.selectors.targets import plan_rows
from programmes.selectors.world import load_world


def unit_plans(request: HttpRequest, *, uid: str, day: date) -> str:
    """Draw the targets of a unit on a day; nothing where there is none: one query then."""
    if not Target.objects.filter(area__uid=uid).exists():
        return ""
    scope = scope_of(request.user)
    try:
        world = load_world(day, uid, seen=seen_by(scope))
    except Unit.DoesNotExist:
        return ""
    lines = [plan_line(row, world) for row in plan_rows(world, scope) if row.place.uid == uid]
    url = link("targets", as_of=day, unit=uid)
    return render_to_string("programmes/_unit_plans.html", {"lines": lines, "url": url}) if lines else ""
