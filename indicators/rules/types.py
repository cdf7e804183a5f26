"""What the rules read and return: plain frozen values, no database, no clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

MET, NOT_MET, NO_DATA, NOT_APPLICABLE, UNDETERMINED = "met", "not_met", "no_data", "not_applicable", "undetermined"
OUTCOMES = (MET, NOT_MET, NO_DATA, NOT_APPLICABLE, UNDETERMINED)

Value = Decimal | bool | str

WHOLE = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A reported cell: `state` is value, no_data or not_applicable; a cell never entered is simply absent."""

    state: str
    value: Value | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class NormSpec:
    """One norm row. Empty `region`, `group` and None `year` hold for all; `part` "" is the whole element.

    A derived norm carries the set and indicator it is derived from and the factor, instead of a value. `valid_from`
    None: as long as its version.
    """

    id: int
    part: str
    region: str
    year: int | None
    group: str
    value: Value | None
    provenance: str
    decision: str = ""
    source: str = ""
    derived_set: str = ""
    derived_indicator: str = ""
    derived_factor: Decimal | None = None
    valid_from: date | None = None


@dataclass(frozen=True, slots=True)
class PartSpec:
    """A cell of an indicator that is judged: the whole ("" code), a sex, or a component."""

    code: str
    kind: str  # whole | sex | component
    value_type: str
    comparison: str
    scale: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IndicatorSpec:
    """An indicator version in force, the element it reads, the parts it judges, and its norms."""

    version_id: int
    code: str
    element_id: int
    element: str
    parts: tuple[PartSpec, ...]
    norms: tuple[NormSpec, ...]
    derived_from_attainment: str = ""


@dataclass(frozen=True, slots=True)
class CriterionSpec:
    """A criterion and its indicators."""

    id: int
    number: int
    indicators: tuple[IndicatorSpec, ...]


@dataclass(frozen=True, slots=True)
class SetSpec:
    """A criteria set as it stands on the last day of a period; `zone_regions` maps a zone to a region's column."""

    id: int
    code: str
    level: str
    rank: int
    prerequisite: str
    default_region: str
    zone_regions: tuple[tuple[str, str], ...]
    criteria: tuple[CriterionSpec, ...]


@dataclass(frozen=True, slots=True)
class UnitContext:
    """What norms depend on besides the year: the unit's region, zones and commune group on that day."""

    region: str
    zones: frozenset[str] = frozenset()
    group: str = ""


@dataclass(frozen=True, slots=True)
class UnitData:
    """The approved cells of one unit and period, by element code and part; judgements by (set code, element)."""

    year: int
    cells: dict[tuple[str, str], Cell] = field(default_factory=dict)
    judgements: dict[tuple[str, str], str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PartOutcome:
    """One judged cell: its outcome, the norm used, and the signed distance to it (negative: short of it)."""

    part: PartSpec
    outcome: str
    cell: Cell | None
    norm: NormSpec | None
    norm_value: Value | None
    gap: Decimal | None


@dataclass(frozen=True, slots=True)
class IndicatorOutcome:
    """An indicator's outcome and what it rests on."""

    spec: IndicatorSpec
    outcome: str
    parts: tuple[PartOutcome, ...]
    judged: bool
    unverified: bool

    @property
    def deciding(self) -> PartOutcome | None:
        """The part that decides: the first with the indicator's own outcome, else the first."""
        return next((p for p in self.parts if p.outcome == self.outcome), self.parts[0] if self.parts else None)


@dataclass(frozen=True, slots=True)
class CriterionOutcome:
    """A criterion's outcome and those of its indicators."""

    spec: CriterionSpec
    outcome: str
    indicators: tuple[IndicatorOutcome, ...]
    judged: bool
    unverified: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """How a unit stands against one set; `judged` and `unverified` hold for the levels below it too."""

    spec: SetSpec
    outcome: str
    criteria: tuple[CriterionOutcome, ...]
    criteria_met: int
    criteria_total: int
    indicators_met: int
    indicators_total: int
    judged: bool
    unverified: bool
    prerequisite_outcome: str | None = None
