"""All reference data in one transaction, from the ground up."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from communes.services.poverty import load_poverty
from communes.services.units import load_units
from indicators.services.criteria import load_criteria
from mongcai_portal.common.reference import Changes
from programmes.services.measures import load_measures


def load_reference(*, by: Any) -> dict[str, Changes]:
    """Load units, poverty standards, criteria and measures; a fault in any file stores nothing of the others either.

    Raises:
        Invalid: see the four loaders.
    """
    with transaction.atomic():
        return {
            "units": load_units(by=by),
            "poverty": load_poverty(by=by),
            "criteria": load_criteria(by=by),
            "measures": load_measures(by=by),
        }
