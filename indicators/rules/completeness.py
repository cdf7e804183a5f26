"""Who has reported, and in time: pure rules of the grid unit × period.

Completeness counts what lies with the offices or is approved; timeliness looks at the first submission alone. Both
count the units that have to report in the period, and nobody else: so neither can pass 100 %.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from mongcai_portal.common.workflow import APPROVED, RETURNED, SUBMITTED, VERIFIED


class Stage(StrEnum):
    """How far a unit's report is."""

    NOT_REQUIRED = "not_required"
    NOT_OPENED = "not_opened"
    NOT_BEGUN = "not_begun"
    ENTERING = "entering"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    VERIFIED = "verified"
    APPROVED = "approved"
    REOPENED = "reopened"


class Timing(StrEnum):
    """How the first submission stands to the deadline; `unknown`: the day of submission means nothing."""

    ON_TIME = "on_time"
    LATE = "late"
    MISSING = "missing"
    PENDING = "pending"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """What is known of a report; `entered` and `total` count cells of its current revision."""

    status: str
    approved: bool
    entered: int
    total: int
    submitted_at: datetime | None
    illustrative: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A unit in a period. `percent` is what is entered, while it is; `late_days` is counted in whole days begun."""

    required: bool
    stage: Stage
    timing: Timing
    complete: bool
    illustrative: bool = False
    percent: int | None = None
    late_days: int = 0


@dataclass(frozen=True, slots=True)
class Ratio:
    """A numerator over its denominator; ratios are added up, never averaged."""

    numerator: int = 0
    denominator: int = 0

    def __add__(self, other: Ratio) -> Ratio:
        return Ratio(self.numerator + other.numerator, self.denominator + other.denominator)


def deadline(due_on: date, zone: tzinfo) -> datetime:
    """Return the moment at which the deadline ends: 24:00 of its day."""
    return datetime.combine(due_on + timedelta(days=1), time.min, zone)


def stage_of(report: ReportFacts | None) -> Stage:
    """How far the report of a unit that has to report is."""
    if report is None:
        return Stage.NOT_OPENED
    found = {SUBMITTED: Stage.SUBMITTED, RETURNED: Stage.RETURNED, VERIFIED: Stage.VERIFIED, APPROVED: Stage.APPROVED}
    if report.status in found:
        return found[report.status]
    if report.approved:
        return Stage.REOPENED
    return Stage.ENTERING if report.entered else Stage.NOT_BEGUN


def timing_of(report: ReportFacts | None, due_on: date, *, now: datetime, zone: tzinfo) -> Timing:
    """How the first submission stands to 24:00 of the deadline's day."""
    ends = deadline(due_on, zone)
    if report is not None:
        if report.illustrative:
            return Timing.UNKNOWN
        if report.submitted_at is not None:
            return Timing.ON_TIME if report.submitted_at <= ends else Timing.LATE
        if is_complete(report):
            return Timing.UNKNOWN
    return Timing.MISSING if now > ends else Timing.PENDING


def is_complete(report: ReportFacts | None) -> bool:
    """Whether the report lies with the offices or counts already; what was returned is the commune's again."""
    return report is not None and (report.approved or report.status in (SUBMITTED, VERIFIED, APPROVED))


def cell_of(
    *, required: bool, report: ReportFacts | None, due_on: date, now: datetime, zone: tzinfo, timed: bool = True
) -> Cell:
    """Judge one unit in one period; in a period that is not `timed` nobody was asked by a day, so nobody is late."""
    if not required and report is None:
        return Cell(False, Stage.NOT_REQUIRED, Timing.UNKNOWN, complete=False)
    stage = stage_of(report)
    timing = timing_of(report, due_on, now=now, zone=zone) if timed else Timing.UNKNOWN
    percent = None
    if report is not None and stage is Stage.ENTERING:
        # At least 1: something is there. At most 100: a cell that the law no longer asks for is not counted.
        percent = max(1, 100 * min(report.entered, report.total) // max(report.total, 1))
    late = 0
    if timing is Timing.LATE and report is not None and report.submitted_at is not None:
        late = (report.submitted_at.astimezone(zone).date() - due_on).days
    elif timing is Timing.MISSING:
        late = (now.astimezone(zone).date() - due_on).days
    return Cell(
        required,
        stage,
        timing,
        complete=is_complete(report),
        illustrative=report is not None and report.illustrative,
        percent=percent,
        late_days=late,
    )


def completeness(cells: Iterable[Cell]) -> Ratio:
    """Complete reports over the reports that have to be made."""
    required = [cell for cell in cells if cell.required]
    return Ratio(sum(cell.complete for cell in required), len(required))


def timeliness(cells: Iterable[Cell]) -> Ratio:
    """First submissions in time over those decided: in time, late, or missing after the deadline."""
    decided = [c.timing for c in cells if c.required and c.timing in (Timing.ON_TIME, Timing.LATE, Timing.MISSING)]
    return Ratio(decided.count(Timing.ON_TIME), len(decided))
