"""Working days of Vietnamese offices: weekends, Tết, days made up for, and terms that begin on the next day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mongcai_portal.common.errors import Invalid
from mongcai_portal.common.lunar import lunar_day
from mongcai_portal.common.models import SpecialDay
from mongcai_portal.common.special_days import FILE, load_special_days, work_calendar
from mongcai_portal.common.working_days import WorkCalendar, days_off

BY_LAW = WorkCalendar()


@pytest.mark.parametrize(
    ("tet", "kings"),
    [
        ("2016-02-08", "2016-04-16"), ("2017-01-28", "2017-04-06"), ("2018-02-16", "2018-04-25"),
        ("2019-02-05", "2019-04-14"), ("2020-01-25", "2020-04-02"), ("2021-02-12", "2021-04-21"),
        ("2022-02-01", "2022-04-10"), ("2023-01-22", "2023-04-29"), ("2024-02-10", "2024-04-18"),
        ("2025-01-29", "2025-04-07"), ("2026-02-17", "2026-04-26"), ("2027-02-06", "2027-04-16"),
    ],
)  # fmt: skip
def test_the_lunar_year_begins_on_the_day_that_the_almanac_gives(tet: str, kings: str) -> None:
    year = date.fromisoformat(tet).year
    assert lunar_day(year, 1, 1) == date.fromisoformat(tet)
    assert lunar_day(year, 3, 10) == date.fromisoformat(kings)


@pytest.mark.parametrize(("year", "tet"), [(1985, "1985-01-21"), (2007, "2007-02-17"), (2030, "2030-02-02")])
def test_tet_is_reckoned_at_hanoi_where_the_new_moon_falls_on_another_day_than_in_beijing(year: int, tet: str) -> None:
    assert lunar_day(year, 1, 1) == date.fromisoformat(tet)


def test_the_last_months_of_a_lunar_year_are_asked_of_nobody() -> None:
    with pytest.raises(ValueError, match="11"):
        lunar_day(2025, 11, 1)


@given(st.integers(1970, 2100))
def test_a_lunar_year_begins_between_late_january_and_late_february(year: int) -> None:
    assert date(year, 1, 20) <= lunar_day(year, 1, 1) <= date(year, 2, 21)
    months = [lunar_day(year, month, 1) for month in range(1, 11)]
    assert all(29 <= (b - a).days <= 30 or 58 <= (b - a).days <= 60 for a, b in zip(months, months[1:], strict=False))


@given(st.integers(1990, 2100))
def test_by_law_eleven_weekdays_a_year_are_off_whatever_day_they_fall_on(year: int) -> None:
    weekdays = [day for day in days_off(year) if day.weekday() < 5]
    assert len(weekdays) == 11


def test_a_holiday_on_sunday_is_made_up_for_on_monday() -> None:
    assert date(2023, 1, 1).weekday() == 6
    assert not BY_LAW.works(date(2023, 1, 2)) and BY_LAW.works(date(2023, 1, 3))


@pytest.mark.parametrize(
    ("day", "number", "ends"),
    [
        ("2023-11-06", 3, "2023-11-09"),  # Monday: Tuesday, Wednesday, Thursday
        ("2023-11-09", 3, "2023-11-14"),  # Thursday: Friday, Monday, Tuesday
        ("2023-11-11", 3, "2023-11-15"),  # Saturday: Monday, Tuesday, Wednesday
        ("2023-11-06", 7, "2023-11-15"),
    ],
)
def test_a_term_begins_on_the_next_day_and_passes_over_weekends(day: str, number: int, ends: str) -> None:
    assert BY_LAW.after(date.fromisoformat(day), number).ends_on == date.fromisoformat(ends)


def test_a_term_has_at_least_one_day() -> None:
    with pytest.raises(ValueError, match="0"):
        BY_LAW.after(date(2023, 11, 6), 0)


@given(st.dates(date(2010, 1, 1), date(2060, 1, 1)), st.integers(1, 15))
def test_a_term_ends_on_a_working_day_and_holds_as_many_as_it_says(day: date, number: int) -> None:
    end = BY_LAW.after(day, number).ends_on
    between = [day + timedelta(days=n) for n in range(1, (end - day).days + 1)]
    assert BY_LAW.works(end) and sum(BY_LAW.works(one) for one in between) == number


def test_an_announced_year_says_it_all_and_others_are_reckoned_and_say_so() -> None:
    worked = {date(2024, 4, 29): False, date(2024, 5, 4): True}
    calendar = WorkCalendar(worked, frozenset({2024}))
    assert not calendar.works(date(2024, 4, 29)) and calendar.works(date(2024, 5, 4))
    assert calendar.works(date(2024, 9, 2))  # nothing was announced of it in these data
    assert calendar.after(date(2024, 4, 26), 1).sure
    assert not calendar.after(date(2024, 12, 31), 1).sure


@pytest.mark.django_db
def test_the_file_gives_tet_of_2026_and_a_term_passes_over_it() -> None:
    assert load_special_days()
    assert not load_special_days()
    calendar = work_calendar()
    assert calendar.years >= {2021, 2022, 2023, 2024, 2025, 2026}
    assert SpecialDay.objects.get(day=date(2026, 2, 17)).provenance == "sourced"
    found = calendar.after(date(2026, 2, 12), 3)
    assert (found.ends_on, found.sure) == (date(2026, 2, 24), True)  # Friday 13, then Monday 23 and Tuesday 24


@pytest.mark.django_db
def test_every_year_of_the_file_has_as_many_working_days_as_the_law_leaves() -> None:
    load_special_days()
    calendar = work_calendar()
    for year in calendar.years:
        days = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
        mine = sum(calendar.works(day) for day in days if day.year == year)
        law = sum(BY_LAW.works(day) for day in days if day.year == year)
        assert mine == law, year


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ("{from: '2027-02-05', to: '2027-02-01', name_vi: a, name_en: a, provenance: sourced}", "bad_span"),
        ("{from: '2028-02-05', name_vi: a, name_en: a, provenance: sourced}", "bad_span"),
        ("{from: '2027-02-05', name_en: a, provenance: sourced}", "missing"),
        ("{from: '2027-02-05', name_vi: a, name_en: a, provenance: hearsay}", "unknown_provenance"),
        ("{from: tomorrow, name_vi: a, name_en: a, provenance: sourced}", "not_a_date"),
    ],
)
def test_a_faulty_file_of_days_off_is_refused_at_its_place(tmp_path: Any, rows: str, fault: str) -> None:
    file = tmp_path / "days.yaml"
    file.write_text(f"years:\n- year: 2027\n  days:\n  - {rows}\n", encoding="utf-8")
    with pytest.raises(Invalid) as caught:
        load_special_days(file)
    assert fault in {one.code for one in caught.value.faults}
    assert not SpecialDay.objects.exists()
    assert FILE.exists()
