"""What lies behind a measure: members and what each contributes, parts of a count, products, money."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.utils.functional import Promise

from communes.selectors.poverty_area import AreaDay
from communes.selectors.poverty_cohort import PublishedCohort
from indicators.rules.freshness import Late
from indicators.rules.marks import NO_MARKS, Marks
from programmes.measures.facts import AttainmentFact, GroupFact, LevelFact, Place, RecognitionFact, ReportFact
from programmes.measures.figures import ObservedFact
from programmes.measures.series import Trend
from programmes.measures.values import MeasureValue
from programmes.rules.budget import Total
from programmes.rules.ocop import Certificate, last_day


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


class MoneyPart(NamedTuple):
    """A part of money behind a figure: a source by its code, or a unit by its uid and of which kind it is."""

    code: str
    name_vi: str
    name_en: str
    kind: str
    total: Total


class LegalFact(NamedTuple):
    """A text that a programme's money rests on."""

    text: str
    issued_on: date | None
    provenance: str


@dataclass(frozen=True, slots=True)
class MoneyParts:
    """The lines behind a figure of money as its reader sees them, by source and by unit, each line once in any sum.

    `total` adds up what is seen; `legal` are the texts of the programme, then those of all.
    """

    year: int
    total: Total
    by_source: tuple[MoneyPart, ...]
    by_unit: tuple[MoneyPart, ...]
    legal: tuple[LegalFact, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A measure with the population of its denominator, member by member, and what each contributes.

    `hidden` counts members that the reader may not see. `observations` are all printed figures by the day, newest
    first. `beside` is the other ratio of the level: what is attained beside what is recognised, and the other way.
    `below` is the level that has to be attained first. `households` are the parts of a count of the register,
    `products` those behind a count of OCOP, counted or not; `money` the lines behind a figure of money.
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
    money: MoneyParts | None = None
    trend: Trend | None = None
