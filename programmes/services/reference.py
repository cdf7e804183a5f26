"""All reference data in one transaction, from the ground up."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from communes.services.poverty import load_poverty
from communes.services.review_procedures import load_procedures
from communes.services.units import load_units
from indicators.services.criteria import load_criteria
from mongcai_portal.common.reference import Changes
from mongcai_portal.common.special_days import load_special_days
from programmes.services.measures import load_measures
from programmes.services.ocop import load_ocop
from programmes.services.programmes_file import load_programmes


def load_reference(*, by: Any) -> dict[str, Changes]:
    """Load all reference data; a fault in any file stores nothing of the others either.

    Raises:
        Invalid: see the loaders.
    """
    with transaction.atomic():
        return {
            "units": load_units(by=by),
            "poverty": load_poverty(by=by),
            "review_procedures": load_procedures(by=by),
            "special_days": load_special_days(),
            "criteria": load_criteria(by=by),
            "measures": load_measures(by=by),
            "ocop": load_ocop(by=by),
            "programmes": load_programmes(by=by),
        }
