"""Money adds up once however it is tagged, and may not do what no decision allows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programmes.rules.budget import (
    ALLOCATED,
    BEHIND,
    CARRIED_OVER,
    DISBURSED,
    DONE,
    KINDS,
    NOTHING_PLANNED,
    ON_PACE,
    PLANNED,
    LineSum,
    Movement,
    Total,
    breach_of,
    by_programme,
    converted,
    doubled,
    elapsed,
    pace_of,
    share,
    total,
    year_elapsed,
)

JAN, FEB, MAR = date(2023, 1, 1), date(2023, 2, 1), date(2023, 3, 1)
CODES = ("NTM", "GNBV", "DTTS", "NQ06")


def line(number: int = 1, serves: tuple[str, ...] = ("NTM",), **over: Any) -> LineSum:
    fields = {"component": 1, "unit": 1, "year": 2023, "source": 1, "mobilised": False, "planned": 100}
    return LineSum(number, serves, **{**fields, **over})


amounts = st.integers(0, 10**12)
tags = st.lists(st.sampled_from(CODES), min_size=1, max_size=4, unique=True).map(tuple)
lines = st.lists(
    st.builds(
        LineSum, id=st.integers(1, 40), serves=tags, component=st.none(), unit=st.integers(1, 3),
        year=st.integers(2021, 2025), source=st.integers(1, 4), mobilised=st.booleans(), planned=amounts,
        carried_over=amounts, allocated=amounts, disbursed=amounts,
    ),
    unique_by=lambda one: one.id,
    max_size=25,
)  # fmt: skip


@given(lines)
def test_a_total_never_counts_an_amount_twice_whatever_it_is_tagged_with(found: list[LineSum]) -> None:
    everything = total(found)
    for kind in KINDS:
        decided = sum(getattr(one, kind) for one in found if not one.mobilised)
        assert getattr(everything, kind) == decided
    assert everything.mobilised == sum(one.disbursed for one in found if one.mobilised)
    assert everything.lines == len(found)


@given(lines)
def test_the_sum_of_the_programmes_exceeds_the_total_by_just_what_is_said_to_be_doubled(found: list[LineSum]) -> None:
    everything = total(found)
    sums = by_programme(found)
    capital = sum(one.available + one.mobilised_planned for one in sums.values())
    raised_over = sum(one.carried_over * len(one.serves) for one in found if one.mobilised)
    once_over = sum(one.carried_over for one in found if one.mobilised)
    assert capital + raised_over - (everything.capital + once_over) == doubled(found)
    for one in sums.values():
        assert one.planned <= everything.planned and one.disbursed <= everything.disbursed


@given(lines, st.randoms())
def test_a_line_that_comes_through_several_programmes_counts_once(found: list[LineSum], random: Any) -> None:
    through = [one for code in CODES for one in found if code in one.serves]
    random.shuffle(through)
    assert total(through) == total(found)


@given(lines, tags)
def test_other_tags_change_no_total_but_what_is_shared(found: list[LineSum], serves: tuple[str, ...]) -> None:
    from dataclasses import replace

    again = [replace(one, serves=serves) for one in found]
    assert replace(total(again), shared=0) == replace(total(found), shared=0)


@given(lines)
def test_what_serves_one_programme_only_doubles_nothing(found: list[LineSum]) -> None:
    from dataclasses import replace

    assert doubled([replace(one, serves=one.serves[:1]) for one in found]) == 0


def test_the_shared_part_and_the_weakest_mark_are_told() -> None:
    found = total([line(1, ("NTM", "NQ06"), carried_over=5), line(2, provenance="illustrative")])
    assert (found.planned, found.carried_over, found.shared, found.available) == (200, 5, 105, 205)
    assert found.marks == {"sourced", "illustrative"}


def test_mobilised_money_stands_in_no_rate() -> None:
    found = total([line(1, allocated=80, disbursed=40), line(2, mobilised=True, disbursed=900)])
    assert (found.rate, found.mobilised, found.mobilised_planned) == (Decimal(40), 900, 100)
    assert (found.capital, found.spent) == (200, 940)
    assert Total().rate is None


# --- What a line may be ----------------------------------------------------------------------------------------------


def moves(*given: tuple[str, int, date]) -> list[Movement]:
    return [Movement(*one) for one in given]


def test_a_line_in_order_has_no_breach() -> None:
    found = moves((DISBURSED, 60, MAR), (PLANNED, 100, JAN), (ALLOCATED, 80, FEB), (CARRIED_OVER, 10, FEB))
    assert breach_of(found, mobilised=False) is None
    assert breach_of(found, mobilised=False, carried_on=50) is None


def test_what_comes_on_one_day_counts_together() -> None:
    assert breach_of(moves((DISBURSED, 5, JAN), (ALLOCATED, 5, JAN), (PLANNED, 5, JAN)), mobilised=False) is None


@pytest.mark.parametrize(
    ("given", "code", "day", "excess"),
    [
        (((PLANNED, 100, JAN), (DISBURSED, 7, FEB)), "before_allocation", FEB, 7),
        (((PLANNED, 100, JAN), (ALLOCATED, 5, FEB), (DISBURSED, 7, MAR)), "overspent", MAR, 2),
        (((PLANNED, 100, JAN), (ALLOCATED, 50, MAR), (DISBURSED, 7, FEB)), "before_allocation", FEB, 7),
        (((PLANNED, 100, JAN), (ALLOCATED, 101, FEB)), "beyond_plan", FEB, 1),
        (((ALLOCATED, 1, JAN), (PLANNED, 100, FEB)), "beyond_plan", JAN, 1),
        (((PLANNED, -1, JAN),), "negative_planned", JAN, 1),
        (((CARRIED_OVER, -3, JAN),), "negative_carried_over", JAN, 3),
        (((PLANNED, 9, JAN), (ALLOCATED, -1, FEB)), "negative_allocated", FEB, 1),
        (((PLANNED, 9, JAN), (DISBURSED, -1, FEB)), "negative_disbursed", FEB, 1),
    ],
)
def test_a_breach_is_named_with_its_first_day_and_its_amount(given: Any, code: str, day: date, excess: int) -> None:
    breach = breach_of(moves(*given), mobilised=False)
    assert breach is not None and (breach.code, breach.on, breach.excess) == (code, day, excess)


def test_what_the_next_year_took_cannot_be_spent() -> None:
    found = moves((PLANNED, 100, JAN), (ALLOCATED, 100, JAN), (DISBURSED, 61, MAR))
    breach = breach_of(found, mobilised=False, carried_on=40)
    assert breach is not None and (breach.code, breach.excess) == ("carried_on", 1)


def test_mobilised_money_is_neither_allocated_nor_carried_over() -> None:
    assert breach_of(moves((DISBURSED, 500, JAN), (PLANNED, 100, FEB)), mobilised=True) is None
    for kind in (ALLOCATED, CARRIED_OVER):
        breach = breach_of(moves((kind, 5, JAN)), mobilised=True)
        assert breach is not None and (breach.code, breach.excess) == ("not_allocated", 5)


steps = st.lists(
    st.builds(Movement, st.sampled_from(KINDS), st.integers(-50, 200), st.sampled_from((JAN, FEB, MAR))), max_size=12
)


@given(steps)
def test_what_has_no_breach_keeps_the_promises_of_the_table_on_every_day(found: list[Movement]) -> None:
    if breach_of(found, mobilised=False) is None:
        for day in (JAN, FEB, MAR):
            held = {kind: sum(one.amount for one in found if one.kind == kind and one.on <= day) for kind in KINDS}
            assert min(held.values()) >= 0
            assert held[DISBURSED] <= held[ALLOCATED] <= held[PLANNED] + held[CARRIED_OVER]


@given(steps, st.randoms())
def test_the_order_in_which_entries_were_typed_says_nothing(found: list[Movement], random: Any) -> None:
    before = breach_of(found, mobilised=False)
    random.shuffle(found)
    assert breach_of(found, mobilised=False) == before


# --- Rates, time, conversion -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rate", "time", "code"),
    [
        (None, "50", NOTHING_PLANNED), ("100", "20", DONE), ("120", "100", DONE), ("50", "50", ON_PACE),
        ("49.99", "50", BEHIND), ("0", "0", ON_PACE), ("99.99", "100", BEHIND),
    ],
)  # fmt: skip
def test_spending_is_held_against_the_time_that_is_over(rate: str | None, time: str, code: str) -> None:
    assert pace_of(None if rate is None else Decimal(rate), Decimal(time)) == code


@pytest.mark.parametrize(
    ("day", "percent"),
    [(date(2022, 12, 31), 0), (date(2023, 12, 31), 100), (date(2024, 5, 1), 100), (date(2023, 3, 14), 20)],
)
def test_time_runs_from_nothing_to_all_of_the_year(day: date, percent: int) -> None:
    assert year_elapsed(2023, day) == percent


def test_a_leap_year_has_one_more_day() -> None:
    assert year_elapsed(2024, date(2024, 6, 30)) == Decimal(182) * 100 / 366
    assert elapsed(date(2021, 1, 1), date(2025, 12, 31), date(2023, 7, 2)) == Decimal(913) * 100 / 1826


def test_a_share_of_nothing_is_none() -> None:
    assert (share(1, 0), share(1, -5), share(1, 3)) == (None, None, Decimal(100) / 3)


def test_days_and_metres_are_converted_half_up() -> None:
    assert converted(Decimal("40.5"), 300_001) == 12_150_041  # 12 150 040.5
    assert converted(Decimal("-0.5"), 3) == -2
