"""OCOP law of a day: the scale in force, the groups, and who recognises how many stars."""

from __future__ import annotations

from datetime import date

from programmes.models import OcopAuthority, OcopGroup, OcopScale


def scale_on(day: date) -> OcopScale | None:
    """Return the scale of a day with its bands, None before the first one: two queries."""
    found: OcopScale | None = OcopScale.objects.in_force(day).prefetch_related("bands").first()
    return found


def authorities_on(day: date) -> dict[int, tuple[str, ...]]:
    """Return, by stars, the levels that may recognise them on a day: one query."""
    found: dict[int, tuple[str, ...]] = {}
    for stars, level in OcopAuthority.objects.in_force(day).order_by("stars", "pk").values_list("stars", "level"):
        found[stars] = (*found.get(stars, ()), level)
    return found


def groups_on(day: date) -> list[OcopGroup]:
    """Return the groups of a day in their order: one query."""
    return list(OcopGroup.objects.in_force(day).order_by("position"))


def scales() -> list[OcopScale]:
    """Return every scale with its parts, the newest first: two queries."""
    return list(OcopScale.objects.prefetch_related("parts").order_by("-valid_from"))
