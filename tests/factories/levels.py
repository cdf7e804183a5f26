"""The small town's law at three levels: an advanced and a model set beside the standard one of `make_world`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from indicators.models import (
    CriteriaSet,
    Criterion,
    DataElement,
    Indicator,
    IndicatorVersion,
    Level,
    Norm,
    VersionPart,
)
from tests.factories.world import World

FROM, AMENDED = date(2021, 1, 1), date(2024, 3, 1)
# What makes the two upper sets met, beside GOOD of the standard one.
BETTER: dict[tuple[str, str], object] = {("roads", ""): "95", ("signs", ""): "90"}


def _set(code: str, level: str, prerequisite: CriteriaSet, criteria: int, indicators: int) -> CriteriaSet:
    return CriteriaSet.objects.create(
        code=code,
        name_vi=f"Bộ {level}",
        name_en=f"{level} set",
        level=Level.objects.get(code=level),
        prerequisite=prerequisite,
        decision="318/QĐ-TTg",
        issued_on=date(2022, 3, 8),
        valid_from=date(2022, 3, 8),
        first_year=2021,
        last_year=2025,
        default_region=prerequisite.default_region,
        criteria_declared=criteria,
        indicators_declared=indicators,
        status="published",
    )


def _criterion(criteria_set: CriteriaSet, number: int) -> Criterion:
    return Criterion.objects.create(
        criteria_set=criteria_set, number=number, name_vi=f"Tiêu chí {number}", name_en=f"Criterion {number}"
    )


def _version(indicator: Indicator, element: DataElement, comparison: str, **dates: date) -> IndicatorVersion:
    return IndicatorVersion.objects.create(
        indicator=indicator,
        decision="318/QĐ-TTg",
        name_vi=element.name_vi,
        name_en=element.name_en,
        name_provenance="sourced",
        element=element,
        value_type=element.value_type,
        unit=element.unit,
        comparison=comparison,
        scale=element.scale,
        **{"valid_from": FROM, **dates},
    )


def _indicator(criterion: Criterion, code: str, element: DataElement, comparison: str, **norm: Any) -> IndicatorVersion:
    indicator = Indicator.objects.create(
        criterion=criterion, code=code, position=1, office=element.office, level_set_by="prime_minister"
    )
    version = _version(indicator, element, comparison)
    if norm:
        Norm.objects.create(version=version, decision="318/QĐ-TTg", **{"provenance": "sourced", **norm})
    return version


def add_levels(world: World) -> tuple[CriteriaSet, CriteriaSet]:
    """Publish an advanced set (roads 90, men and women insured 95, signs 80) and a model set.

    The model set takes "meets the advanced set" from attainment, and asks for roads at 1.05 times the advanced norm.
    """
    advanced = _set("SMALL_ADVANCED", "advanced", world.criteria_set, 2, 3)
    one, two = _criterion(advanced, 1), _criterion(advanced, 2)
    roads, insured = DataElement.objects.get(code="roads"), DataElement.objects.get(code="insured")
    signs = DataElement.objects.create(
        code="signs", name_vi="Biển báo", name_en="Signs", value_type="percent", unit="%", office=world.offices["a"]
    )
    _indicator(one, "1.1", roads, ">=", number=Decimal(90))
    version = _indicator(one, "1.2", insured, ">=", number=Decimal(95))
    VersionPart.objects.bulk_create(
        VersionPart(version=version, part=part, comparison=">=") for part in insured.parts.all()
    )
    _indicator(two, "2.1", signs, ">=", number=Decimal(80))

    model = _set("SMALL_MODEL", "model", advanced, 2, 2)
    taken, derived = _criterion(model, 1), _criterion(model, 2)
    meets = DataElement.objects.create(
        code="meets_advanced", name_vi="Đạt mức nâng cao", name_en="Meets the advanced set", value_type="boolean",
        unit="đạt/chưa đạt", office=world.offices["a"],
    )  # fmt: skip
    condition = _indicator(taken, "1", meets, "is_true", boolean=True)
    Indicator.objects.filter(pk=condition.indicator_id).update(derived_from_attainment=advanced)
    _indicator(
        derived, "2", roads, ">=", derived_set=advanced.code, derived_indicator="1.1", derived_factor=Decimal("1.05")
    )
    return advanced, model


def amend(world: World) -> DataElement:
    """From 01/03/2024 the advanced set asks whether there are signs, no longer for the share: as decree 211 did."""
    indicator = Indicator.objects.get(criterion__criteria_set__code="SMALL_ADVANCED", code="2.1")
    indicator.versions.update(valid_to=date(2024, 2, 29))
    asked = DataElement.objects.create(
        code="has_signs", name_vi="Có biển báo", name_en="Has signs", value_type="boolean", unit="đạt/chưa đạt",
        office=world.offices["a"],
    )  # fmt: skip
    version = _version(indicator, asked, "is_true", valid_from=AMENDED)
    Norm.objects.create(version=version, decision="211/QĐ-TTg", boolean=True, provenance="sourced")
    CriteriaSet.objects.filter(code="SMALL_ADVANCED").update(changed_at=timezone.now())
    return asked
