"""How days off read: with their weekday, what they are and by which paper; and the terms that moved with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from communes.selectors.days_off import YearOfDays
from communes.services.special_days import MovedTerm
from mongcai_portal.common.templatetags.portal import date_vi, localname


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day of the year's table."""

    day: date
    value: str
    weekday: str
    name: str
    works: bool
    basis: str
    provenance: str
    source: str


def day_rows(year: YearOfDays) -> list[DayRow]:
    return [
        DayRow(
            row.day, row.day.isoformat(), str(WEEKDAYS[row.day.weekday()]), localname(row), row.works, row.basis,
            row.provenance, row.source,
        )
        for row in year.days
    ]  # fmt: skip


def month_rows(year: YearOfDays) -> list[tuple[str, int]]:
    """Working days of each month."""
    return [(f"{month:02d}/{year.year}", days) for month, days in enumerate(year.working, start=1)]


def moved_words(term: MovedTerm) -> str:
    """A term that moved, in words."""
    told = {
        "round": term.round, "where": term.where, "before": date_vi(term.before), "after": date_vi(term.after),
    }  # fmt: skip
    if term.what == "posting":
        return _("niêm yết ở %(where)s (%(round)s) từ hết %(before)s sang hết %(after)s") % told
    return _("phúc tra hộ %(where)s (%(round)s) từ hết %(before)s sang hết %(after)s") % told
