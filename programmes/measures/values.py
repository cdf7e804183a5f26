"""The one shape of a measure, and of what lies behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communes.selectors.poverty_area import AreaDay
from indicators.rules.freshness import Late
from indicators.rules.marks import NO_MARKS, Marks
from mongcai_portal.common.numbers import plain
from programmes.measures.facts import LevelFact, Place, World
from programmes.measures.figures import ObservedFact
from programmes.measures.parts import Gather, Gathered
from programmes.rules.budget import Total

if TYPE_CHECKING:
    from programmes.measures.explained import Contribution

PERCENT, HOUSEHOLD, PRODUCT, COMMUNE = "percent", "household", "product", "commune"
INCOME, KILOMETRE, COOPERATIVE, CHAIN, ENTERPRISE = (
    "million_vnd_per_person_year",
    "kilometre",
    "cooperative",
    "value_chain",
    "enterprise",
)
PERSON, DONG = "person", "vnd"
UNIT_LABELS: dict[str, str | Promise] = {
    PERCENT: "%",
    HOUSEHOLD: _("hộ"),
    PRODUCT: _("sản phẩm"),
    COMMUNE: pgettext_lazy("measure unit", "xã"),
    INCOME: _("triệu đồng/người/năm"),
    KILOMETRE: _("km"),
    COOPERATIVE: _("hợp tác xã"),
    CHAIN: _("chuỗi"),
    ENTERPRISE: _("doanh nghiệp"),
    PERSON: _("người"),
    DONG: _("đồng"),
}


# What counted a figure that no source printed: the register of households, that of OCOP products, the lines of money;
# or the communes' figures, put together.
REGISTER, OCOP_REGISTER, BUDGET, COMMUNES = "household_register", "ocop_register", "budget_lines", "communes"


class Reason(StrEnum):
    """Why a measure has no value."""

    NONE = ""
    NO_GROUP = "group_not_in_force"
    NO_MEMBER = "no_member_in_area"
    NOT_PUBLISHED = "criteria_set_not_published"
    NO_REPORT = "no_approved_report"
    NOT_ENTERED = "not_entered"
    FEW = "few_households"
    NO_OTHERS = "register_holds_reviewed_households_only"
    NOBODY_POOR = "nobody_was_poor"
    CONFLICT = "sources_differ"
    PART = "communes_missing"
    NO_MONEY = "no_money_of_year"
    NOTHING_TO_SPEND = "nothing_to_spend"


@dataclass(frozen=True, slots=True)
class Point:
    """A value on a day."""

    as_of: date
    value: Decimal
    numerator: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """The difference to an earlier day: of the counted units for a ratio, of the value otherwise."""

    since: date
    amount: Decimal
    counts_units: bool = False


@dataclass(frozen=True, slots=True)
class TargetValue:
    """The planned figure that the status is judged by."""

    year: int
    value: Decimal
    provenance: str
    id: int = 0


class OcopCount(NamedTuple):
    """What a count of OCOP products says beside the number: by stars, and how many were ever recognised by the day.

    `before` is the day that the change is told since, `was` the count of it (None where the register is younger).
    """

    by_stars: tuple[tuple[int, int], ...]
    ever: int
    before: date | None = None
    was: int | None = None


class MoneyCount(NamedTuple):
    """What lines of money add up to behind a figure: of which year, each line once; in whole đồng."""

    year: int
    total: Total


@dataclass(frozen=True, slots=True)
class MeasureValue:
    """A measure of an area on a day.

    `numerator`, `denominator`: integers of a ratio, else None. `value`: for a ratio the percentage, half up to one
    decimal, None when the denominator is 0; None when nothing is known, which `reason` explains; a zero is a zero.
    `population` are the units of the denominator in the order of their names, `counted` those in the numerator,
    `unknown` those of which nothing is known. `observed` is the printed figure behind an observed statistic, and
    for a computed one what was published of it, if anything. `marks`: what the results behind a computed one
    rest on; `late`: since when one of them is older than it should be. `register`: the day and standard of a count
    of the register of households; `observed` is then what a source printed of that day, which may differ. `ocop`: of a
    count of the register of OCOP products; `observed` is then what a source printed last by the day. `money`: of a
    figure of lines of money; `numerator` and `denominator` of a rate are then whole đồng.
    """

    code: str
    label: str | Promise
    unit: str
    direction: str
    as_of: date
    area: str
    group: str | None
    numerator: int | None
    denominator: int | None
    value: Decimal | None
    status: str
    provenance: str
    reason: Reason = Reason.NONE
    baseline: Point | None = None
    target: TargetValue | None = None
    change: Change | None = None
    computed_at: datetime | None = None
    data_up_to: datetime | None = None
    observed: ObservedFact | None = None
    history: tuple[Point, ...] = ()
    population: tuple[Place, ...] = ()
    counted: frozenset[int] = frozenset()
    unknown: frozenset[int] = frozenset()
    level: LevelFact | None = None
    marks: Marks = NO_MARKS
    late: Late | None = None
    register: AreaDay | None = None
    ocop: OcopCount | None = None
    money: MoneyCount | None = None
    # Targets whose year is over and that the value does not reach.
    overdue: tuple[TargetValue, ...] = ()
    # Every figure of the value's day where the sources of it differ.
    conflict: tuple[ObservedFact, ...] = ()
    # What the communes' own figures give, beside what was printed for the area.
    gathered: Gathered | None = None
    # Whether that is the value itself.
    is_gathered: bool = False

    @property
    def unit_label(self) -> str | Promise:
        return UNIT_LABELS.get(self.unit, self.unit)

    @property
    def is_ratio(self) -> bool:
        return self.denominator is not None

    @property
    def poverty_standard(self) -> str:
        if self.register is not None:
            return self.register.standard.code
        return self.observed.poverty_standard if self.observed else ""

    @property
    def counted_on(self) -> date | None:
        """The day for which a register counted the figure; None where none did."""
        return self.register.day if self.register else self.as_of if self.ocop or self.money else None

    @property
    def own_day(self) -> date | None:
        """The day that the figure speaks of, where it is a register's or a source's."""
        if self.is_gathered and self.gathered is not None:
            return self.gathered.day
        return self.counted_on or (self.observed.as_of if self.observed else None)

    @property
    def source(self) -> str:
        """The code of the source that printed the figure, or of what it was counted or gathered from."""
        if self.ocop is not None:
            return OCOP_REGISTER
        if self.money is not None:
            return BUDGET
        if self.is_gathered:
            return COMMUNES
        return REGISTER if self.register else self.observed.source if self.observed else ""

    @property
    def differs(self) -> bool:
        """Whether a source printed another figure than a register counts for the same day."""
        fact = self.observed
        if fact is None or fact.as_of != self.counted_on:
            return False
        if fact.numerator is not None:
            return (fact.numerator, fact.denominator) != (self.numerator, self.denominator)
        return fact.value != self.value


@dataclass(frozen=True, slots=True)
class Measure:
    """An entry of the registry: a code that never changes meaning, and how it is computed and explained."""

    code: str
    label: str | Promise
    unit: str
    direction: str
    calculate: Callable[[World, Measure], MeasureValue]
    rule: str | Promise
    group: str | None = None
    level: LevelFact | None = None
    contribution: Callable[[World, Measure, Place], Contribution] | None = None
    # Which of the review's three breakthroughs it belongs to, "" for none.
    breakthrough: str = ""
    # The programme by whose plan it is tracked: a code of the national target programmes, or of Resolution 06.
    programme: str = ""
    # How a figure of an area comes from those of its communes; None: it does not.
    gather: Gather | None = None
    # For what a figure may be typed: its communes and wards, the area, both or neither.
    typed_for: frozenset[str] = frozenset()
    # Whether it has a card of its own on the overview.
    card: bool = True
    # The figure of another year, for one that begins anew with every year; None: it goes on from year to year.
    of_year: Callable[[World, Measure, int], MeasureValue] | None = None


def plain_value(unit: str, value: Decimal | None) -> str | None:
    """Write a value for other systems: "0" for a zero, percentages with at least one decimal ("40.0"), no exponent."""
    if value is None:
        return None
    text = plain(value)
    return text + ".0" if unit == PERCENT and value != 0 and "." not in text else text
