"""Norms entered by hand and the reference files: the file never changes such a norm, nor takes its place away."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from indicators.models import Norm, ValueType
from indicators.services.criteria_types import CriteriaData, IndicatorRow, VersionRow
from mongcai_portal.common.errors import Fault


def entered_without_place(data: CriteriaData) -> list[Fault]:
    """Return a fault for each norm entered by hand whose version the files leave out or ask in another way."""
    pointers = {one.code: one.pointer for one in data.sets}
    versions: dict[tuple[str, int, str, date | None], tuple[IndicatorRow, VersionRow]] = {
        (one.code, criterion.number, indicator.code, version.valid_from): (indicator, version)
        for one in data.sets
        for criterion in one.criteria
        for indicator in criterion.indicators
        for version in indicator.versions
    }
    faults = []
    rows = Norm.objects.by_hand().filter(version__indicator__criterion__criteria_set__code__in=pointers)
    for norm in rows.select_related("version__indicator__criterion__criteria_set", "entry").order_by("pk"):
        version, indicator = norm.version, norm.version.indicator
        owner = indicator.criterion.criteria_set.code
        found = versions.get((owner, indicator.criterion.number, indicator.code, version.valid_from))
        if found is None or not _fits(norm, found[1]):
            faults.append(
                Fault(
                    f"/{found[0].pointer if found else pointers[owner]}",
                    "entered_by_hand",
                    _("Chỉ tiêu “%(code)s” có mức nhập tay theo %(decision)s; tệp không còn chỗ cho mức đó.")
                    % {"code": indicator.code, "decision": norm.decision},
                )
            )
    return faults


def _fits(norm: Norm, version: VersionRow) -> bool:
    asked = next((c for c in version.components if c.code == norm.part), None) if norm.part else version
    if asked is None:
        return False
    if norm.boolean is not None:
        return asked.value_type == ValueType.BOOLEAN
    if norm.choice:
        return norm.choice in asked.scale
    return asked.value_type in (ValueType.PERCENT, ValueType.NUMBER)
