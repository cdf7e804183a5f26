"""Areas that have an overview of their own: places that hold others."""

from __future__ import annotations

from datetime import date

from django.db.models import Count

from communes.models import UnitVersion
from mongcai_portal.common.models import in_force_q
from programmes.measures.facts import HOME_AREA

AREAS = 4  # with two languages, a page or two more of each and their figures, within what a process keeps


def largest_areas(day: date, limit: int = AREAS) -> tuple[str, ...]:
    """Return the uids of the town and of the areas with the most units right under them: one query."""
    rows = (
        UnitVersion.objects.filter(in_force_q(day), parent__isnull=False)
        .values_list("parent__uid")
        .annotate(units=Count("pk"))
        .order_by("-units", "parent__uid")[:limit]
    )
    return tuple(dict.fromkeys([HOME_AREA, *(uid for uid, _units in rows)]))[:limit]
