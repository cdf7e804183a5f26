"""Names of units whose versions are loaded."""

from __future__ import annotations

from datetime import date

from communes.models import Unit
from mongcai_portal.common.api.fields import LocalName


def name_on(unit: Unit, day: date) -> str:
    """Return the unit's name on the day in the language asked; its last one when it was gone by then."""
    versions = sorted(unit.versions.all(), key=lambda v: v.valid_from or date.min)
    version = next((v for v in versions if v.holds_on(day)), versions[-1] if versions else None)
    return LocalName().to_representation(version) if version else unit.uid
