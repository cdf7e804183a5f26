from datetime import date
from decimal import Decimal

import pytest

from programmes.rules.progress import Aim, Start, choose_aim, expected, overdue, status_of, way_done

D = Decimal
DAY = date(2023, 12, 31)


def judge(value, aim=None, start=None, direction="up", day=DAY):
    return status_of(value, aim=aim, start=start, direction=direction, day=day)


def test_nothing_known_is_no_data_even_with_a_target():
    assert judge(None, Aim(2024, D(0))) == "no_data"


def test_a_zero_is_a_value():
    assert judge(D(0), Aim(2024, D(0)), direction="down") == "reached"


def test_without_a_target_there_is_nothing_to_be_behind_of():
    assert judge(D(5)) == "no_target"


def test_a_measure_without_a_good_direction_has_no_target():
    assert judge(D(5), Aim(2024, D(3)), direction="neutral") == "no_target"


@pytest.mark.parametrize(("value", "direction", "status"), [("60", "up", "reached"), ("59.9999", "up", "behind")])
def test_the_target_is_compared_unrounded_after_its_year(value, direction, status):
    assert judge(D(value), Aim(2022, D(60)), direction=direction) == status


def test_before_the_year_ends_and_without_a_start_it_is_on_track():
    assert judge(D(57), Aim(2024, D(0)), direction="down") == "on_track"


def test_the_same_figure_is_behind_when_the_year_has_ended():
    assert judge(D(57), Aim(2024, D(0)), direction="down", day=date(2025, 1, 1)) == "behind"


def test_with_a_start_the_straight_line_decides():
    start, aim = Start(date(2020, 12, 31), D(20)), Aim(2025, D(40))
    assert judge(D(32), aim, start) == "on_track"
    assert judge(D("31.9"), aim, start) == "behind"


def test_the_straight_line_also_falls():
    start, aim = Start(date(2020, 12, 31), D(100)), Aim(2025, D(0))
    assert judge(D(40), aim, start, direction="down") == "on_track"
    assert judge(D(41), aim, start, direction="down") == "behind"


def test_expected_is_the_aim_when_it_was_due_before_the_start():
    assert expected(Start(date(2026, 1, 1), D(1)), Aim(2025, D(9)), DAY) == 9


def test_the_next_aim_judges_and_after_the_last_one_the_last():
    aims = [Aim(2025, D(2)), Aim(2022, D(1))]
    assert choose_aim(aims, DAY).year == 2025
    assert choose_aim(aims, date(2022, 6, 1)).year == 2022
    assert choose_aim(aims, date(2030, 1, 1)).year == 2025
    assert choose_aim([], DAY) is None


def test_a_missed_plan_stays_due_when_a_later_one_begins():
    aims = [Aim(2022, D(60)), Aim(2023, D(70)), Aim(2025, D(90))]
    day = date(2024, 6, 30)
    assert overdue(aims, D(65), direction="up", day=day) == (Aim(2023, D(70)),)
    assert overdue(aims, D(50), direction="up", day=day) == (Aim(2022, D(60)), Aim(2023, D(70)))
    assert overdue(aims, D(70), direction="up", day=day) == ()


def test_a_plan_is_not_missed_on_the_last_day_of_its_year():
    aims = [Aim(2023, D(0))]
    assert overdue(aims, D(57), direction="down", day=DAY) == ()
    assert overdue(aims, D(57), direction="down", day=date(2024, 1, 1)) == (Aim(2023, D(0)),)


def test_nothing_known_is_not_called_missed():
    assert overdue([Aim(2020, D(1))], None, direction="up", day=DAY) == ()
    assert overdue([Aim(2020, D(1))], D(0), direction="neutral", day=DAY) == ()


@pytest.mark.parametrize(
    ("value", "way"), [("57", "0"), ("28.5", "0.5"), ("0", "1"), ("80", "0"), ("-1", "1"), (None, None)]
)
def test_the_way_done_lies_between_start_and_aim(value, way):
    start, aim = Start(DAY, D(57)), Aim(2024, D(0))
    found = way_done(None if value is None else D(value), aim=aim, start=start)
    assert found == (None if way is None else D(way))


def test_where_the_plan_is_to_stay_there_is_no_way():
    assert way_done(D(5), aim=Aim(2024, D(5)), start=Start(DAY, D(5))) is None
