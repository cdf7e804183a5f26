"""Reporting periods: a year, half-year, quarter or month, written `2023`, `2023-H1`, `2023-Q4`, `2023-11`."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

_PATTERN = re.compile(r"^(?P<year>\d{4})(?:-(?:H(?P<half>[12])|Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?$")

KINDS = {"": "year", "H": "half", "Q": "quarter", "M": "month"}


@dataclass(frozen=True, slots=True)
class PeriodSpan:
    """A parsed period: its code and first and last day (both inclusive)."""

    code: str
    starts_on: date
    ends_on: date

    @property
    def year(self) -> int:
        return self.ends_on.year

    @property
    def kind(self) -> str:
        """year, half, quarter or month."""
        return KINDS[self.code[5:6] if self.code[5:6] in ("H", "Q") else self.code[5:] and "M"]


def parse_period(code: str) -> PeriodSpan:
    """Return the span of a period code.

    Raises:
        ValueError: when the code is not `YYYY`, `YYYY-H1`, `YYYY-Q1` or `YYYY-MM`, or the year is before 1900.
    """
    match = _PATTERN.match(code.strip())
    if match is None or int(match["year"]) < 1900:
        raise ValueError(code)
    year = int(match["year"])
    if match["half"]:
        first, months = 6 * (int(match["half"]) - 1) + 1, 6
    elif match["quarter"]:
        first, months = 3 * (int(match["quarter"]) - 1) + 1, 3
    elif match["month"]:
        first, months = int(match["month"]), 1
    else:
        first, months = 1, 12
    last = first + months - 1
    return PeriodSpan(match[0], date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1]))
