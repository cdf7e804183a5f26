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
from communes.selectors.poverty_cohort import PublishedCohort
from indicators.rules.freshness import Late
from indicators.rules.marks import NO_MARKS, Marks
from mongcai_portal.common.numbers import plain
from programmes.measures.facts import AttainmentFact, GroupFact, LevelFact, Place, RecognitionFact, ReportFact, World
from programmes.measures.figures import ObservedFact
from programmes.measures.parts import Gather, Gathered
from programmes.rules.ocop import Certificate, last_day

if TYPE_CHECKING:
    from programmes.measures.series import Trend

PERCENT, HOUSEHOLD, PRODUCT, COMMUNE = "percent", "household", "product", "commune"
INCOME, KILOMETRE, COOPERATIVE, CHAIN, ENTERPRISE = (
    "million_vnd_per_person_year",
    "kilometre",
    "cooperative",
    "value_chain",
    "enterprise",
)
PERSON = "person"
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
}


# What counted a figure that no source printed: the register of households, that of OCOP products; or the communes'
# figures, put together.
REGISTER, OCOP_REGISTER, COMMUNES = "household_register", "ocop_register", "communes"


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
    count of the register of OCOP products; `observed` is then what a source printed last by the day.
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
        return self.register.day if self.register else self.as_of if self.ocop else None

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
class MissingCriterion:
    """A criterion that keeps a unit from attaining a level."""

    number: int
    name_vi: str
    name_en: str
    outcome: str
    marks: Marks = NO_MARKS


@dataclass(frozen=True, slots=True)
class Contribution:
    """One member of the denominator: whether it counts (None: unknown), and the rows that say so.

    `recognised`, `attained`: at the measure's level; None when the measure has none, or nothing is known.
    """

    place: Place
    counts: bool | None
    recognitions: tuple[RecognitionFact, ...] = ()
    report: ReportFact | None = None
    attainment: AttainmentFact | None = None
    missing: tuple[MissingCriterion, ...] = ()
    recognised: bool | None = None
    attained: bool | None = None
    late: Late | None = None


class CountedPart(NamedTuple):
    """A part of a count of households; `number` None where the reader may not see how many, `of` all of the part."""

    code: str
    name_vi: str
    name_en: str
    number: int | None
    of: int | None


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A count of the register by its parts, and what became of those who were poor.

    `by_standard` has the other standards that count on the day. By ethnic group of the head and by area type only who
    looks after all the households of the area sees them: no such table is published. `absent`: communes and wards of
    which the register has no household yet.
    """

    day: AreaDay | None
    by_standard: tuple[CountedPart, ...] = ()
    by_unit: tuple[CountedPart, ...] = ()
    by_ethnic_group: tuple[CountedPart, ...] = ()
    by_area_type: tuple[CountedPart, ...] = ()
    cohort: PublishedCohort | None = None
    absent: tuple[Place, ...] = ()

    @property
    def absent_uids(self) -> list[str]:
        return [place.uid for place in self.absent]


@dataclass(frozen=True, slots=True)
class CountedProduct:
    """A product behind a count: the recognition that speaks on the day, what it was, and whether it counts.

    `counted_before`: whether it counted on the day that the change is told since; None where that is not known.
    """

    id: int
    name: str
    producer: str
    places: tuple[Place, ...]
    certificate: Certificate
    event: str
    state: str
    decision_number: str
    provenance: str
    counts: bool
    counted_before: bool | None

    @property
    def last_day(self) -> date:
        """The last day on which it holds, or held before it was withdrawn."""
        return last_day(self.certificate.ended_on())


@dataclass(frozen=True, slots=True)
class Explanation:
    """A measure with the population of its denominator, member by member, and what each contributes.

    `hidden` counts members that the reader may not see. `observations` are all printed figures by the day, newest
    first. `beside` is the other ratio of the level: what is attained beside what is recognised, and the other way.
    `below` is the level that has to be attained first. `households` are the parts of a count of the register,
    `products` those behind a count of OCOP, counted or not.
    """

    value: MeasureValue
    rule: str | Promise
    group: GroupFact | None
    members: tuple[Contribution, ...] = ()
    hidden: int = 0
    observations: tuple[ObservedFact, ...] = ()
    breakthrough: str = ""
    programme: str = ""
    beside: MeasureValue | None = None
    below: LevelFact | None = None
    households: Breakdown | None = None
    products: tuple[CountedProduct, ...] = ()
    trend: Trend | None = None


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


def plain_value(unit: str, value: Decimal | None) -> str | None:
    """Write a value for other systems: "0" for a zero, percentages with at least one decimal ("40.0"), no exponent."""
    if value is None:
        return None
    text = plain(value)
    return text + ".0" if unit == PERCENT and value != 0 and "." not in text else text
