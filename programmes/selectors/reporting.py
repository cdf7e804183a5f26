"""What was reported and what of it counts: every period and report, in one query."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import BooleanField, Count, ExpressionWrapper, Subquery

from indicators.models import EvaluationRequest, Period
from indicators.selectors.periods import archived
from programmes.measures.facts import ReportFact


@dataclass(frozen=True, slots=True)
class PeriodFact:
    """A period that was opened."""

    id: int
    code: str
    starts_on: date
    ends_on: date
    due_on: date
    archived: bool = False  # brought from the archive alone: nobody was asked to report


class ReportState(NamedTuple):
    """A report in any status; `fact` is set when an approved revision counts."""

    unit_id: int
    report_id: int
    status: str
    period: PeriodFact
    fact: ReportFact | None


@dataclass(frozen=True, slots=True)
class Reporting:
    """All periods and reports: what was reported, what counts, and until when there is data."""

    periods: tuple[PeriodFact, ...]
    reports: tuple[ReportState, ...]
    waiting_evaluations: int = 0
    failed_evaluations: int = 0

    @property
    def days_with_data(self) -> tuple[date, ...]:
        """Ends of the periods with an approved report, newest first."""
        return tuple(sorted({r.period.ends_on for r in self.reports if r.fact}, reverse=True))

    @property
    def counted(self) -> tuple[object, ...]:
        """All of it that a figure may rest on: a report that is typed into, handed in or sent back changes nothing."""
        # A set: of one period the database gives its reports in any order, and in another one after each change.
        counts = frozenset(report.fact for report in self.reports if report.fact)
        return (self.periods, counts, self.waiting_evaluations, self.failed_evaluations)

    def approved(self) -> dict[int, tuple[ReportFact, ...]]:
        result: dict[int, list[ReportFact]] = defaultdict(list)
        for report in self.reports:
            if report.fact is not None:
                result[report.unit_id].append(report.fact)
        return {pk: tuple(rows) for pk, rows in result.items()}


def _open_requests(**more: object) -> Subquery:
    """Count the evaluations still to be done, once for the whole query: it does not look at the row outside."""
    rows = EvaluationRequest.objects.filter(done_at__isnull=True).exclude(**more).order_by()
    return Subquery(rows.values("done_at").annotate(n=Count("pk")).values("n"))


def reporting() -> Reporting:
    """Return every period and report, and how many evaluations wait or failed: one query."""
    periods: dict[int, PeriodFact] = {}
    reports = []
    waiting = failed = 0
    past = ExpressionWrapper(archived(), output_field=BooleanField())
    asked = Period.objects.annotate(waiting=_open_requests(), failed=_open_requests(error=""), past=past)
    rows = asked.order_by("ends_on", "starts_on").values_list(
        "pk",
        "code",
        "starts_on",
        "ends_on",
        "due_on",
        "reports__pk",
        "reports__unit_id",
        "reports__status",
        "reports__approved_revision",
        "reports__illustrative",
        "past",
        "waiting",
        "failed",
    )
    for pk, code, starts_on, ends_on, due_on, report_id, unit_id, status, approved, illustrative, past, *counts in rows:
        waiting, failed = (count or 0 for count in counts)
        if pk not in periods:
            periods[pk] = PeriodFact(pk, code, starts_on, ends_on, due_on, past)
        if report_id is None:
            continue
        fact = (
            ReportFact(report_id, unit_id, pk, code, starts_on, ends_on, illustrative) if approved is not None else None
        )
        reports.append(ReportState(unit_id, report_id, status, periods[pk], fact))
    return Reporting(tuple(periods.values()), tuple(reports), waiting, failed)
