"""What a criteria file says, checked and typed, before it is stored."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

NormValue = Decimal | bool | str


@dataclass(frozen=True, slots=True)
class NormRow:
    """One norm; a derived one has `derived_*` instead of a value."""

    part: str
    region: str
    year: int | None
    group: str
    value: NormValue | None
    provenance: str
    derived_set: str = ""
    derived_indicator: str = ""
    derived_factor: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ComponentRow:
    """A component of an element, and how a version judges it."""

    code: str
    name_vi: str
    name_en: str
    value_type: str
    unit: str
    comparison: str
    scale: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VersionRow:
    """What an indicator asks while a decision holds."""

    valid_from: date
    valid_to: date | None
    decision: str
    name_vi: str
    name_en: str
    name_provenance: str
    element: str
    value_type: str
    unit: str
    comparison: str
    scale: tuple[str, ...]
    components: tuple[ComponentRow, ...]
    norms: tuple[NormRow, ...]


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """An indicator and its versions; `pointer` is its place in the file."""

    code: str
    office: str
    level_set_by: str
    applies_if_vi: str
    derived_from_attainment: str
    sources: tuple[str, ...]
    versions: tuple[VersionRow, ...]
    pointer: str


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """A criterion and its indicators."""

    number: int
    name_vi: str
    name_en: str
    group_vi: str
    indicators: tuple[IndicatorRow, ...]


@dataclass(frozen=True, slots=True)
class ZoneRuleRow:
    """Units in this zone are measured by another region's column."""

    zone: str
    region: str
    provenance: str
    source: str


@dataclass(frozen=True, slots=True)
class SetRow:
    """A criteria set; `loadable` False: its indicators are still to be entered, so nobody may report on it."""

    code: str
    name_vi: str
    name_en: str
    level: str
    prerequisite: str
    decision: str
    issued_on: date
    valid_from: date
    valid_to: date | None
    first_year: int
    last_year: int
    default_region: str
    criteria_declared: int
    indicators_declared: int
    loadable: bool
    zone_rules: tuple[ZoneRuleRow, ...]
    criteria: tuple[CriterionRow, ...]
    sources: tuple[dict[str, str], ...]
    commune_groups: tuple[dict[str, str], ...]
    pointer: str


@dataclass(frozen=True, slots=True)
class ElementRow:
    """One fact that sets read."""

    code: str
    name_vi: str
    name_en: str
    value_type: str
    unit: str
    scale: tuple[str, ...]
    office: str
    by_sex: bool
    derived_from: str = ""
    derived_standard: str = ""
    derived_provenance: str = ""


@dataclass(slots=True)
class CriteriaData:
    """All that the files say."""

    levels: list[dict[str, str | int]] = field(default_factory=list)
    sexes: list[dict[str, str]] = field(default_factory=list)
    elements: dict[str, ElementRow] = field(default_factory=dict)
    sets: list[SetRow] = field(default_factory=list)
