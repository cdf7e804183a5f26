"""What a review's procedure says as law in versions: windows and terms, each with how far it may be trusted.

No number stands here: `data/review_procedures.yaml` has them (QĐ 24/2021/QĐ-TTg), and a round keeps the procedure that
it was opened under.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from mongcai_portal.common.working_days import Term, WorkCalendar

YEARLY, MONTHLY = "yearly", "monthly"
KINDS = (YEARLY, MONTHLY)

YEARLY_FROM, YEARLY_TO = "yearly_from", "yearly_to"
MONTHLY_FROM, MONTHLY_DECISION = "monthly_from", "monthly_decision"
# Requests of farming households to be recognised as of average living standard; no term of a decision is stated.
AVERAGE_FROM = "average_from"
AGREEMENT = "agreement"
POSTING, RECHECK, SECOND_POSTING = "posting", "recheck", "second_posting"
DISTRICT = "district_opinion"  # of yearly rounds, while there were districts
# When results are reported: those of monthly rounds on a day of some months, those of the yearly one before and until.
REPORT_DAY, REPORT_FIRST, REPORT_LAST = "report_day", "report_first", "report_last"
REPORT_BEFORE, REPORT_FINAL = "report_before", "report_final"
ANNOUNCED = "announced"  # by the ministry, for the whole country

MONTH_DAY, DAY_OF_MONTH, DAYS, WORKING_DAYS, PERCENT = "month_day", "day_of_month", "days", "working_days", "percent"
MONTH, NEXT_YEAR = "month", "month_of_next_year"
# Every term that a procedure must have, and what it is measured in.
TERMS = {
    YEARLY_FROM: MONTH_DAY,
    YEARLY_TO: MONTH_DAY,
    MONTHLY_FROM: DAY_OF_MONTH,
    MONTHLY_DECISION: DAYS,
    AVERAGE_FROM: DAY_OF_MONTH,
    AGREEMENT: PERCENT,
    POSTING: WORKING_DAYS,
    RECHECK: WORKING_DAYS,
    SECOND_POSTING: WORKING_DAYS,
    DISTRICT: WORKING_DAYS,
    REPORT_DAY: DAY_OF_MONTH,
    REPORT_FIRST: MONTH,
    REPORT_LAST: MONTH,
    REPORT_BEFORE: MONTH_DAY,
    REPORT_FINAL: MONTH_DAY,
    ANNOUNCED: NEXT_YEAR,
}
SOURCED = "sourced"


@dataclass(frozen=True, slots=True)
class TermSpec:
    """One datum of a procedure: a number in the unit of its code, or a day of the year (`month`, `day`).

    `until`: the last day on which a round that has it is opened; None: no end is known.
    """

    code: str
    number: int | None
    month: int | None
    day: int | None
    provenance: str
    source: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class ProcedureSpec:
    """A procedure with all of `TERMS`."""

    code: str
    terms: Mapping[str, TermSpec]

    def number(self, code: str) -> int:
        """Return the number of a term.

        Raises:
            ValueError: the term is a day of the year.
        """
        found = self.terms[code].number
        if found is None:
            raise ValueError(code)
        return found

    def day_in(self, code: str, year: int) -> date:
        """Return the day of a year that a term names.

        Raises:
            ValueError: the term is a number.
        """
        term = self.terms[code]
        if term.month is None or term.day is None:
            raise ValueError(code)
        return date(year, term.month, term.day)

    def provenance(self, *codes: str) -> str:
        """How far what rests on these terms may be trusted: `sourced` only when all of them are."""
        marks = {self.terms[code].provenance for code in codes}
        return SOURCED if marks == {SOURCED} else next(iter(sorted(marks - {SOURCED})))


@dataclass(frozen=True, slots=True)
class Window:
    """The days within which a round is opened and decided, both inclusive; the last one ends at 24:00."""

    first: date
    last: date
    provenance: str

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last


def window(procedure: ProcedureSpec, kind: str, year: int, month: int | None = None) -> Window:
    """Return the window of a round.

    The yearly one lies between two days of its year. A monthly one begins on its day of the month (a shorter month: on
    its last), and the decision comes within so many days of that.

    Raises:
        ValueError: an unknown kind, or a monthly round without its month.
    """
    if kind == YEARLY:
        first, last = procedure.day_in(YEARLY_FROM, year), procedure.day_in(YEARLY_TO, year)
        return Window(first, last, procedure.provenance(YEARLY_FROM, YEARLY_TO))
    if kind != MONTHLY or month is None:
        raise ValueError(kind)
    first = day_of(procedure, MONTHLY_FROM, year, month)
    last = first + timedelta(days=procedure.number(MONTHLY_DECISION))
    return Window(first, last, procedure.provenance(MONTHLY_FROM, MONTHLY_DECISION))


def average_from(procedure: ProcedureSpec, year: int, month: int) -> date:
    """Return from when requests of average living standard are reviewed in a month (a shorter month: on its last day).

    Until when they are decided on is not stated; the round that takes them has its own window.
    """
    return day_of(procedure, AVERAGE_FROM, year, month)


def day_of(procedure: ProcedureSpec, code: str, year: int, month: int) -> date:
    """Return the day of a month that a term names; a shorter month: its last one."""
    return date(year, month, min(procedure.number(code), monthrange(year, month)[1]))


def agreed(procedure: ProcedureSpec, *, present: int, agreeing: int) -> bool:
    """Whether a village meeting accepts the result: the share of those present is not under the procedure's.

    Exactly the share is enough; nobody present agrees to nothing.
    """
    return present > 0 and Fraction(agreeing * 100, present) >= procedure.number(AGREEMENT)


def posting_term(procedure: ProcedureSpec, calendar: WorkCalendar, posted_on: date, *, second: bool) -> Term:
    """Return until when a result hangs out: a decision comes on a later day."""
    return calendar.after(posted_on, procedure.number(SECOND_POSTING if second else POSTING))


def asks_district(procedure: ProcedureSpec, kind: str, opened_on: date) -> bool:
    """Whether a round asks the chairman of the district before its decision: a yearly one (Điều 4), while there are."""
    until = procedure.terms[DISTRICT].until
    return kind == YEARLY and (until is None or opened_on <= until)


def district_term(procedure: ProcedureSpec, calendar: WorkCalendar, sent_on: date) -> Term:
    """Return by when the district is to give its opinion; what follows when it does not is not stated."""
    return calendar.after(sent_on, procedure.number(DISTRICT))


def recheck_term(procedure: ProcedureSpec, calendar: WorkCalendar, received_on: date) -> Term:
    """Return by when a complaint is to be re-checked and answered."""
    return calendar.after(received_on, procedure.number(RECHECK))
