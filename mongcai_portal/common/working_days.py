"""Working days of Vietnamese offices: which days are, and how terms are counted in them. Pure.

Days off are those of the Labour Code 2019 (Điều 112); one that falls on a weekly day of rest is made up for on the
next working day (Điều 111). How Tết and National Day lie each year, and which days are worked instead, is announced
year by year; a year without an announcement is reckoned by the law alone, and says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

from mongcai_portal.common.lunar import lunar_day

_DAY = timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Term:
    """The last day of a term, which ends at 24:00; `sure` is False when a year in it has no announcement yet."""

    ends_on: date
    sure: bool


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Which days are worked.

    `announced`: days of the entered years that are not as their weekday says, True where a day of rest is worked.
    `years`: the years whose announcement is entered.
    """

    announced: Mapping[date, bool] = field(default_factory=dict)
    years: frozenset[int] = frozenset()

    def works(self, day: date) -> bool:
        """Whether the day is worked."""
        told = self.announced.get(day)
        if told is not None:
            return told
        if day.weekday() >= _SATURDAY:
            return False
        return day.year in self.years or day not in days_off(day.year)

    def after(self, day: date, number: int) -> Term:
        """Return the end of a term of so many working days; the day itself is not counted.

        A term given in days begins on the day after what sets it going (Civil Code 2015, Điều 147).

        Raises:
            ValueError: fewer than one day.
        """
        if number < 1:
            raise ValueError(number)
        at, left = day, number
        while left:
            at += _DAY
            left -= self.works(at)
        return Term(at, all(year in self.years for year in range(day.year, at.year + 1)))


NEW_YEAR, TET, HUNG_KINGS, MAY_DAYS, NATIONAL_DAY = "new_year", "tet", "hung_kings", "may_days", "national_day"


def days_off(year: int) -> frozenset[date]:
    """Return the days off of a year by the law alone, with the days that make up for those on a weekly day of rest."""
    return frozenset(holidays(year))


@lru_cache(maxsize=64)
def holidays(year: int) -> Mapping[date, str]:
    """Return these days with the holiday that each is of, in the order of the year.

    Tết is five days, of which the day before the first and the four from it on are taken; National Day is two, of
    which the day before is taken: both are choices that the year's announcement makes.
    """
    first = lunar_day(year, 1, 1)
    groups = {
        NEW_YEAR: [date(year, 1, 1)],
        TET: [first + n * _DAY for n in range(-1, 4)],
        HUNG_KINGS: [lunar_day(year, 3, 10)],
        MAY_DAYS: [date(year, 4, 30), date(year, 5, 1)],
        NATIONAL_DAY: [date(year, 9, 1), date(year, 9, 2)],
    }
    found = {day: name for name, group in groups.items() for day in group}
    for name, group in groups.items():
        at = group[-1]
        for _lost in [day for day in group if day.weekday() >= _SATURDAY]:
            at += _DAY
            while at.weekday() >= _SATURDAY or at in found:
                at += _DAY
            found[at] = name
    return MappingProxyType(dict(sorted(found.items())))
