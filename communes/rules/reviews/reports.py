"""By when the results of a round are reported upwards. Pure; the days are the procedure's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from communes.rules.reviews.procedure import (
    MONTHLY,
    REPORT_BEFORE,
    REPORT_DAY,
    REPORT_FINAL,
    REPORT_FIRST,
    REPORT_LAST,
    YEARLY,
    ProcedureSpec,
    day_of,
)

OF_MONTH, PRELIMINARY, FINAL = "of_month", "preliminary", "final"


@dataclass(frozen=True, slots=True)
class ReportDue:
    """A report: which one, its last day (it ends at 24:00), and how far that may be trusted."""

    code: str
    due: date
    provenance: str
    source: str


def reports_due(procedure: ProcedureSpec, kind: str, year: int, month: int | None = None) -> tuple[ReportDue, ...]:
    """Return the reports of a round in their order.

    Of the yearly round two: a preliminary one before a day, which is due on the day before, and the final one. Of a
    monthly round the one of the next month, where that is among the months of reports; otherwise none is stated. A
    shorter month reports on its last day.

    Raises:
        ValueError: an unknown kind, or a monthly round without its month.
    """
    if kind == YEARLY:
        before = procedure.day_in(REPORT_BEFORE, year) - timedelta(days=1)
        return (
            _due(procedure, PRELIMINARY, before, REPORT_BEFORE),
            _due(procedure, FINAL, procedure.day_in(REPORT_FINAL, year), REPORT_FINAL),
        )
    if kind != MONTHLY or month is None:
        raise ValueError(kind)
    if not procedure.number(REPORT_FIRST) <= month + 1 <= procedure.number(REPORT_LAST):
        return ()
    day = day_of(procedure, REPORT_DAY, year, month + 1)
    return (_due(procedure, OF_MONTH, day, REPORT_DAY, REPORT_FIRST, REPORT_LAST),)


def _due(procedure: ProcedureSpec, code: str, day: date, *terms: str) -> ReportDue:
    return ReportDue(code, day, procedure.provenance(*terms), procedure.terms[terms[0]].source)
