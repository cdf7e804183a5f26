from datetime import date
from decimal import Decimal

import pytest

from programmes.rules.projection import FEW_POINTS, NOT_LATER, SHORT_SPAN, TOO_FAR, Known, project

D = Decimal
END = date(2025, 12, 31)


def points(*pairs):
    return [Known(date(year, 12, 31), D(value)) for year, value in pairs]


def test_points_on_a_line_are_carried_on_along_it():
    line = project(points((2021, 10), (2022, 20), (2023, 30)), END)
    assert line.reason == ""
    # 2024 is a leap year: the line goes by days.
    assert line.ends == Known(END, D("50.0274"))
    assert line.begins == Known(date(2023, 12, 31), D("30.0000"))
    assert (line.points, line.per_year) == (3, D("10.0000"))


def test_points_beside_a_line_are_met_with_the_least_squares():
    # Of y = 1, 2, 2 on equal steps the best slope is 1/2, the line at the last point 2 1/6.
    line = project(points((2021, 1), (2022, 2), (2023, 2)), date(2024, 12, 30))
    assert line.begins.value == D("2.1667")
    assert line.ends.value == D("2.6667")


def test_the_order_of_the_points_does_not_matter():
    given = points((2021, 1), (2022, 5), (2023, 6))
    assert project(given, END) == project(given[::-1], END)


def test_fewer_than_three_points_are_refused():
    assert project(points((2021, 1), (2023, 2)), END).reason == FEW_POINTS
    assert project([], END).reason == FEW_POINTS


def test_points_of_less_than_a_year_are_refused():
    days = [date(2023, 1, 1), date(2023, 6, 1), date(2023, 12, 31)]
    near = [Known(day, D(1)) for day in days]
    assert project(near, date(2024, 6, 1)).reason == SHORT_SPAN
    # One day more is a year.
    assert project([*near[:2], Known(date(2024, 1, 1), D(1))], date(2024, 6, 1)).reason == ""


def test_what_is_guessed_is_not_longer_than_what_is_known():
    given = points((2021, 1), (2022, 2), (2023, 3))
    assert project(given, date(2025, 12, 30)).reason == ""
    assert project(given, date(2026, 1, 1)).reason == TOO_FAR


def test_a_day_that_is_known_already_is_not_projected():
    assert project(points((2021, 1), (2022, 2), (2025, 3)), END).reason == NOT_LATER


@pytest.mark.parametrize(
    ("values", "limits", "expected"),
    [((80, 90, 99), {"highest": D(100)}, 100), ((57, 30, 4), {"lowest": D(0)}, 0), ((57, 30, 4), {}, -49)],
)
def test_the_line_does_not_leave_what_the_unit_allows(values, limits, expected):
    line = project(points(*zip((2021, 2022, 2023), values, strict=True)), END, **limits)
    assert round(line.ends.value) == expected
