"""OCOP: points within the parts, exact averages, half-open bands, who may decide, terms over leap years, counts."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programmes.rules.ocop import (
    AWARDED,
    BELOW,
    DOWNGRADE,
    EXPIRED,
    EXPIRING,
    FIRST,
    FORWARDED,
    LIVE,
    NEVER,
    POTENTIAL,
    RENEWAL,
    UPGRADE,
    WITHDRAWN,
    Band,
    Certificate,
    Points,
    Scale,
    add_months,
    average,
    cut,
    event_of,
    ever,
    expiry,
    last_day,
    live,
    newest,
    points_faults,
    result_of,
    standing,
    stars_of,
    state_on,
    turn_on,
)

BANDS = tuple(Band(stars, Decimal(least)) for stars, least in ((1, 0), (2, 30), (3, 50), (4, 70), (5, 90)))


def scale(a: int, b: int, c: int) -> Scale:
    return Scale({"a": Decimal(a), "b": Decimal(b), "c": Decimal(c)}, BANDS, months=36, counted_from=3)


OLD, NEW = scale(35, 25, 40), scale(40, 25, 35)


def points(a: str, b: str, c: str) -> Points:
    return Points(Decimal(a), Decimal(b), Decimal(c))


# --- Points and averages ---


def test_the_same_points_fit_one_scale_and_not_the_other() -> None:
    given = points("40", "25", "35")
    assert points_faults(given, NEW) == ()
    assert [(one.part, one.code, one.limit) for one in points_faults(given, OLD)] == [("a", "above_limit", 35)]


def test_every_part_that_is_wrong_is_named() -> None:
    found = points_faults(points("40.01", "-1", "35.5"), NEW)
    assert [(one.part, one.code) for one in found] == [("a", "above_limit"), ("b", "negative"), ("c", "above_limit")]


def test_a_council_without_a_sheet_has_no_average() -> None:
    assert average([]) is None


def test_averages_are_exact() -> None:
    mean = average([points("30", "20", "20"), points("30", "20", "20"), points("31", "20", "20")])
    assert mean is not None
    assert (mean.a, mean.total) == (Fraction(91, 3), Fraction(211, 3))


@given(st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 2500), st.integers(0, 3500)), min_size=1, max_size=15))
def test_the_total_is_the_average_of_the_members_totals(given: list[tuple[int, int, int]]) -> None:
    sheets = [Points(*(Decimal(value) / 100 for value in row)) for row in given]
    mean = average(sheets)
    assert mean is not None
    assert mean.total == Fraction(sum(map(sum, given)), 100 * len(given))
    assert 0 <= cut(mean.total) <= mean.total <= 100


# --- Stars ---


@pytest.mark.parametrize(
    ("total", "stars"),
    [
        ("0", 1), ("29.99", 1), ("30", 2), ("49.99", 2), ("50", 3), ("69.99", 3), ("70", 4), ("89.99", 4), ("90", 5),
        ("100", 5),
    ],
)  # fmt: skip
def test_bands_are_half_open(total: str, stars: int) -> None:
    assert stars_of(Decimal(total), BANDS) == stars


def test_an_average_just_under_a_band_is_never_rounded_into_it() -> None:
    mean = average([points("36", "22", "32"), points("36", "22", "32"), points("36", "22", "31.99")])
    assert mean is not None
    assert 89 < mean.total < 90
    assert (stars_of(mean.total, BANDS), cut(mean.total)) == (4, Decimal("89.9966"))


def test_a_total_under_every_band_is_refused() -> None:
    with pytest.raises(ValueError, match="no band"):
        stars_of(Decimal(-1), BANDS)


# --- Who decides ---

DISTRICT_TIME = {3: ("district",), 4: ("province",), 5: ("central",)}
TWO_LEVELS = {3: ("province",), 4: ("province",), 5: ("central",)}


@pytest.mark.parametrize(
    ("stars", "council", "authorities", "result"),
    [
        (2, "province", DISTRICT_TIME, BELOW),
        (3, "district", DISTRICT_TIME, AWARDED),
        (3, "province", DISTRICT_TIME, AWARDED),
        (4, "district", DISTRICT_TIME, FORWARDED),
        (4, "province", DISTRICT_TIME, AWARDED),
        (5, "district", DISTRICT_TIME, FORWARDED),
        (5, "province", DISTRICT_TIME, POTENTIAL),
        (5, "central", DISTRICT_TIME, AWARDED),
        (4, "central", DISTRICT_TIME, AWARDED),
        (3, "district", TWO_LEVELS, FORWARDED),
        (3, "province", TWO_LEVELS, AWARDED),
        (3, "district", {3: ("province", "district")}, AWARDED),
        (3, "province", {}, FORWARDED),
    ],
)
def test_what_stars_come_to_depends_on_whose_council_gave_them(
    stars: int, council: str, authorities: dict[int, tuple[str, ...]], result: str
) -> None:
    assert result_of(stars, council, authorities, NEW) == result


# --- Terms ---


@pytest.mark.parametrize(
    ("decided", "last"),
    [
        (date(2021, 3, 15), date(2024, 3, 15)),
        (date(2020, 2, 29), date(2023, 2, 28)),  # no 29/02 three years later
        (date(2021, 2, 28), date(2024, 2, 28)),  # not the 29th, which is no corresponding day
        (date(2021, 3, 1), date(2024, 3, 1)),
        (date(2020, 12, 31), date(2023, 12, 31)),
        (date(2021, 1, 31), date(2024, 1, 31)),
    ],
)
def test_a_certificate_holds_until_the_end_of_the_corresponding_day(decided: date, last: date) -> None:
    end = expiry(decided, 36)
    assert last_day(end) == last
    one = Certificate(1, 3, decided, end)
    assert (one.holds_on(last), one.holds_on(last + timedelta(days=1))) == (True, False)


def test_months_of_other_lengths_end_with_their_last_day() -> None:
    assert add_months(date(2023, 8, 31), 6) == date(2024, 2, 29)
    assert add_months(date(2023, 8, 31), 18) == date(2025, 2, 28)


@given(st.dates(date(2019, 1, 1), date(2060, 12, 31)))
def test_a_term_of_three_years_is_never_a_day_longer_than_three_years(decided: date) -> None:
    days = (last_day(expiry(decided, 36)) - decided).days
    assert 1094 <= days <= 1096


# --- What counts ---


def certificate(
    decided: date, stars: int = 3, *, product: int = 1, withdrawn: date | None = None, pk: int = 1
) -> Certificate:
    return Certificate(product, stars, decided, expiry(decided, 36), withdrawn, pk)


FIRST_ONE = certificate(date(2020, 5, 10))
RENEWED = certificate(date(2023, 4, 1), pk=2)
RAISED = certificate(date(2022, 1, 1), 4, pk=3)


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2020, 5, 9), NEVER),
        (date(2020, 5, 10), LIVE),
        (date(2022, 11, 8), LIVE),
        (date(2022, 11, 9), EXPIRING),
        (date(2023, 5, 10), EXPIRING),
        (date(2023, 5, 11), EXPIRED),
    ],
)
def test_a_product_lives_from_the_decision_to_the_last_day(day: date, state: str) -> None:
    assert state_on([FIRST_ONE], day) == state


def test_a_renewal_takes_over_on_its_day_and_the_product_counts_once() -> None:
    day = date(2023, 4, 2)
    assert live([FIRST_ONE, RENEWED], day) == {1: RENEWED}
    assert live([FIRST_ONE, RENEWED], date(2023, 3, 31)) == {1: FIRST_ONE}


def test_a_withdrawn_upgrade_does_not_fall_back_on_the_certificate_before() -> None:
    raised = certificate(date(2022, 1, 1), 4, withdrawn=date(2022, 6, 1), pk=3)
    assert standing([FIRST_ONE, raised], date(2022, 5, 31)) == raised
    assert standing([FIRST_ONE, raised], date(2022, 6, 1)) is None
    assert state_on([FIRST_ONE, raised], date(2022, 6, 1)) == WITHDRAWN


def test_of_two_decisions_of_a_day_the_later_record_speaks() -> None:
    one, other = certificate(date(2022, 1, 1), 3, pk=5), certificate(date(2022, 1, 1), 4, pk=6)
    assert newest([other, one], date(2022, 1, 1)) == other


def test_live_and_cumulative_are_two_counts() -> None:
    gone = certificate(date(2019, 9, 1), product=2, pk=7)
    day = date(2023, 1, 1)
    assert set(live([FIRST_ONE, gone], day)) == {1}
    assert ever([FIRST_ONE, gone], day) == {1, 2}
    assert ever([FIRST_ONE, gone], date(2019, 8, 31)) == frozenset()


@pytest.mark.parametrize(
    ("one", "before", "event"),
    [
        (FIRST_ONE, [], FIRST),
        (FIRST_ONE, [FIRST_ONE, RENEWED], FIRST),
        (RENEWED, [FIRST_ONE], RENEWAL),
        (RAISED, [FIRST_ONE], UPGRADE),
        (RENEWED, [FIRST_ONE, RAISED], DOWNGRADE),
    ],
)
def test_what_a_recognition_was_follows_from_the_one_before(
    one: Certificate, before: list[Certificate], event: str
) -> None:
    assert event_of(one, before) == event


@pytest.mark.parametrize(
    ("left", "turn"), [(181, None), (180, 180), (91, 180), (90, 90), (30, 30), (1, 30), (0, 0), (-20, 0), (-183, None)]
)
def test_the_nearest_turn_that_has_come_is_due(left: int, turn: int | None) -> None:
    day = date(2024, 6, 1)
    assert turn_on(day + timedelta(days=left), day) == turn
