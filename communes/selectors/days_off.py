"""The days off of a year as its page shows them: as entered, or as the law alone has them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from mongcai_portal.common.models import SpecialDay, SpecialYear
from mongcai_portal.common.special_days import holiday_names, work_calendar
from mongcai_portal.common.working_days import holidays


@dataclass(frozen=True, slots=True)
class YearOfDays:
    """A year's calendar. `entered` False: nothing is announced of it, `days` are those of the Labour Code alone.

    `kept`: people keep it, the portal's own file says nothing of it any more. `working`: working days of each month.
    """

    year: int
    entered: bool
    kept: SpecialYear | None
    days: tuple[SpecialDay, ...]
    working: tuple[int, ...]


def year_of_days(year: int) -> YearOfDays:
    """Return it: four queries. Days of the law alone are rows that are not stored."""
    calendar = work_calendar()
    entered = year in calendar.years
    names = holiday_names()
    days = (
        tuple(SpecialDay.objects.filter(day__year=year).order_by("day"))
        if entered
        else tuple(
            SpecialDay(day=day, name_vi=names[code], name_en=names[code])
            for day, code in holidays(year).items()
            if day.weekday() < 5
        )
    )
    working = [0] * 12
    day = date(year, 1, 1)
    while day.year == year:
        working[day.month - 1] += calendar.works(day)
        day += timedelta(days=1)
    return YearOfDays(year, entered, SpecialYear.objects.filter(year=year).first(), days, tuple(working))
