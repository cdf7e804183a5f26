"""Standards and units as the pages of counts offer them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from communes.models import PovertyStandard
from communes.presenters.reviews import unit_title
from communes.selectors.poverty_tables.tables import Reach
from mongcai_portal.common.templatetags.portal import date_vi, localname


def standard_choices(standards: Iterable[PovertyStandard]) -> list[tuple[str, str]]:
    """Each with the years that it counts for."""
    found = []
    for one in standards:
        years = sorted(row.effective_year for row in one.years.all())
        span = f" ({years[0]}–{years[-1]})" if years else ""
        found.append((one.code, f"{localname(one)}{span}"))
    return found


def unit_choices(reach: Reach, today: date) -> list[tuple[str, str]]:
    """All units together first, where they may be asked for; units that are gone say until when they were."""
    found = [("", _("Mọi xã, phường"))] if reach.whole else []
    for one in reach.units:
        name = unit_title(one)
        if not one.holds_on(today) and one.valid_to is not None:
            name = _("%(name)s (đến %(day)s)") % {"name": name, "day": date_vi(one.valid_to)}
        found.append((one.unit.uid, name))
    return found
