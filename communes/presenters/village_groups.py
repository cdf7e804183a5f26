"""Villages as a form offers them: grouped by the unit that they lie in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from communes.models import UnitVersion
from communes.selectors.village_choices import VillageChoice
from mongcai_portal.common.templatetags.portal import localname


def village_groups(villages: Iterable[VillageChoice], units: Iterable[UnitVersion]) -> list[tuple[str, Any]]:
    """Return the choices of a select; with one unit there is nothing to group."""
    names = {version.unit_id: localname(version) for version in units}
    groups: dict[int, list[tuple[str, str]]] = {unit: [] for unit in names}
    for one in villages:
        if one.unit_id in groups:
            groups[one.unit_id].append((one.code, one.name))
    if len(groups) == 1:
        return next(iter(groups.values()))
    return [(names[unit], choices) for unit, choices in groups.items() if choices]
