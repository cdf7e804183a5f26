"""What sources printed, and what is planned, as calculators read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class ObservedFact:
    """A figure that a source printed; `id` 0 where it is no statistic of its own, but what a report said."""

    measure: str
    group: str | None
    as_of: date
    numerator: int | None
    denominator: int | None
    value: Decimal | None
    printed_vi: str
    poverty_standard: str
    provenance: str
    source: str
    source_title: str | Promise
    source_url: str
    recorded_at: datetime
    id: int = 0
    recorded_by: str = ""
    note: str = ""

    @property
    def figures(self) -> tuple[Decimal | None, int | None, int | None]:
        """What was printed: two sources agree when this is the same."""
        return self.value, self.numerator, self.denominator


@dataclass(frozen=True, slots=True)
class TargetFact:
    """A planned figure for the end of a year, and where the plan starts from; `group` None: the measure's own."""

    id: int
    measure: str
    unit_id: int
    group: str | None
    year: int
    value: Decimal
    baseline_on: date
    baseline_value: Decimal
    baseline_source: str
    provenance: str
    source: str
