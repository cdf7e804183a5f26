"""Storing data elements and their parts: the questions that sets share."""

from __future__ import annotations

from collections.abc import Iterator

from indicators.models import DataElement, DataElementPart
from indicators.services.criteria_types import (
    ComponentRow,
    CriteriaData,
    CriterionRow,
    ElementRow,
    IndicatorRow,
    SetRow,
    VersionRow,
)
from mongcai_portal.common.reference import Changes, sync_rows


def walk(data: CriteriaData) -> Iterator[tuple[SetRow, CriterionRow, IndicatorRow, VersionRow]]:
    """Yield every version with the indicator, criterion and set it belongs to."""
    for one in data.sets:
        for criterion in one.criteria:
            for indicator in criterion.indicators:
                for version in indicator.versions:
                    yield one, criterion, indicator, version


def store_elements(data: CriteriaData, offices: dict[str, int]) -> tuple[dict[str, int], Changes]:
    """Store the elements, none removed; returns their ids by code."""
    stored, changes = sync_rows(
        DataElement.objects.all(),
        [
            DataElement(
                code=row.code,
                name_vi=row.name_vi,
                name_en=row.name_en,
                value_type=row.value_type,
                unit=row.unit,
                scale=list(row.scale),
                office_id=offices[row.office],
                derived_from=row.derived_from,
                derived_standard=row.derived_standard,
                derived_provenance=row.derived_provenance,
            )
            for row in data.elements.values()
        ],
        key=lambda element: element.code,
        fields=(
            "name_vi", "name_en", "value_type", "unit", "scale", "office_id", "derived_from", "derived_standard",
            "derived_provenance",
        ),
        keep=True,
    )  # fmt: skip
    return {element.code: element.pk for element in stored.values()}, changes


def store_parts(data: CriteriaData, elements: dict[str, int]) -> tuple[dict[tuple[int, str], int], Changes]:
    """Store the cells of each element: men and women of the files' elements, components of the loaded sets."""
    wanted: dict[tuple[int, str], DataElementPart] = {}
    for row in data.elements.values():
        for at, sex in enumerate(data.sexes if row.by_sex else ()):
            part = _part(elements[row.code], row, sex["code"], sex["name_vi"], sex["name_en"], at)
            part.kind = DataElementPart.Kind.SEX
            wanted[(part.element_id, part.code)] = part
    for _one, _criterion, _indicator, version in walk(data):
        for at, component in enumerate(version.components):
            part = _part(elements[version.element], component, component.code, component.name_vi, component.name_en, at)
            part.kind = DataElementPart.Kind.COMPONENT
            wanted.setdefault((part.element_id, part.code), part)
    stored, changes = sync_rows(
        DataElementPart.objects.all(),
        wanted.values(),
        key=lambda part: (part.element_id, part.code),
        fields=("kind", "name_vi", "name_en", "value_type", "unit", "scale", "position"),
        keep=True,  # another set, not loaded now, may have components of its own
    )
    return {(part.element_id, part.code): part.pk for part in stored.values()}, changes


def _part(
    element_id: int, asked: ElementRow | ComponentRow, code: str, name_vi: str, name_en: str, position: int
) -> DataElementPart:
    return DataElementPart(
        element_id=element_id,
        code=code,
        name_vi=name_vi,
        name_en=name_en,
        value_type=asked.value_type,
        unit=asked.unit,
        scale=list(asked.scale),
        position=position,
    )
