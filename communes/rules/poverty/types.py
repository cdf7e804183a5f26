"""What the poverty rules read: a standard as law gives it, and a household as its survey found it.

Money is whole đồng per person per month. Where a decree's datum is not known it is absent and marked `missing`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from communes.rules.places import RURAL, URBAN

# `rules.places` says which one a unit is; what is neither (a special zone) has no line.
AREA_TYPES = (RURAL, URBAN)

# NĐ 07/2021: one line; at or under it, the deprivations part the poor from the near poor.
LINE_AND_DEPRIVATIONS = "line_and_deprivations"
# QĐ 59/2015: two lines; poor at or under the first, and between both the deprivations decide.
TWO_LINES = "two_lines"
SHAPES = (LINE_AND_DEPRIVATIONS, TWO_LINES)

# `average`: the upper end of the average living standard (NĐ 07/2021), which begins above the poor line.
POOR_LINE, UPPER_LINE, AVERAGE_LINE = "poor", "upper", "average"
LINES = (POOR_LINE, UPPER_LINE, AVERAGE_LINE)

SOURCED, MISSING = "sourced", "missing"


@dataclass(frozen=True, slots=True)
class DeprivationSpec:
    """One deprivation (chỉ số thiếu hụt) of a form; `points` are what it adds to the B score."""

    number: int
    code: str
    points: int
    name_provenance: str
    threshold_provenance: str


@dataclass(frozen=True, slots=True)
class FormSpec:
    """A survey form (phiếu rà soát): the deprivations it asks for, in their order."""

    code: str
    deprivations: tuple[DeprivationSpec, ...]

    @property
    def b_highest(self) -> int:
        """The B score of a household with every deprivation (TT 07/2021: 120)."""
        return sum(one.points for one in self.deprivations)

    @property
    def points_each(self) -> int | None:
        """What every deprivation adds; None when they add different points, or when there are none."""
        different = {one.points for one in self.deprivations}
        return different.pop() if len(different) == 1 else None


@dataclass(frozen=True, slots=True)
class LineSpec:
    """An income line of an area type, in đồng, and the A score that stands for it on the form; both inclusive."""

    area_type: str
    kind: str
    amount: int
    provenance: str
    a_most: int | None = None
    a_provenance: str = MISSING


@dataclass(frozen=True, slots=True)
class YearSpec:
    """A year that a standard counts for, and the year in which the round was held that classifies for it.

    `round_held` None: not known (a standard that began in the middle of a year).
    """

    effective_year: int
    round_held: int | None
    provenance: str = SOURCED
    round_provenance: str = MISSING


@dataclass(frozen=True, slots=True)
class StandardSpec:
    """A poverty standard (chuẩn nghèo).

    `least`: the number of deprivations from which the rule counts a household as deprived, of `declared` that the
    decree lists; `b_least`: the same as a B score. `form` None: the list is not entered yet; `list_provenance` says how
    sure it is that the form's list is this standard's. `area`: the unit whose households it is for, "" for the whole
    country.
    """

    code: str
    shape: str
    least: int
    declared: int
    lines: Mapping[tuple[str, str], LineSpec]
    form: FormSpec | None = None
    b_least: int | None = None
    years: tuple[YearSpec, ...] = ()
    area: str = ""
    rule_provenance: str = SOURCED
    b_provenance: str = MISSING
    list_provenance: str = MISSING

    def line(self, area_type: str, kind: str) -> LineSpec | None:
        return self.lines.get((area_type, kind))

    @property
    def list_entered(self) -> bool:
        """Whether every deprivation that the decree lists is known."""
        return self.form is not None and len(self.form.deprivations) == self.declared


@dataclass(frozen=True, slots=True)
class HouseholdFacts:
    """What is known of a household on the day it is classified; None and absent: not recorded.

    `income` is in đồng per person per month. `form` is the code of the form by which `answers` (deprived or not, by
    deprivation), `a_score` and `b_score` were taken: those of another form say nothing under this one's limits.
    `screened_out`: quick screening (phiếu A) ended the survey. `farming`: it lives from farming, forestry, fishery or
    salt-making.
    """

    area_type: str
    income: int | None = None
    form: str = ""
    answers: Mapping[str, bool] = field(default_factory=dict)
    a_score: int | None = None
    b_score: int | None = None
    screened_out: bool = False
    farming: bool | None = None
