"""Accounts of classes always add up, over days and over places; each change has its cause."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communes.rules.poverty.flows import ABSENT, CLASSES, COMES, LEAVES, Account, Life, accounts, matrix, moves

START = date(2022, 1, 1)
PLACES = ("a", "b", "c")
JUDGED = ("poor", "near_poor", "not_poor", "undetermined")


def day(number: int) -> date:
    return START + timedelta(days=number)


def life(*statuses: tuple[int, str] | tuple[int, str, bool], began: int = -1000, **over: Any) -> Life:
    rows = tuple((day(row[0]), row[1], len(row) > 2) for row in statuses)
    fields = {"began_as": "entered", "places": ((day(began), "a", "transfer"),), "statuses": rows}
    return Life(1, day(began), **{**fields, **over})


@st.composite
def lives(draw: st.DrawFn) -> Life:
    began = draw(st.integers(-400, 30))
    last = draw(st.none() | st.integers(began, began + 800))
    days = sorted(draw(st.sets(st.integers(began, began + 800), max_size=4)))
    places = [(began, draw(st.sampled_from(PLACES)), "transfer")]
    places += [(at, draw(st.sampled_from(PLACES)), draw(st.sampled_from(["transfer", "boundary"]))) for at in days]
    judged = sorted(draw(st.sets(st.integers(began - 5, began + 900), max_size=6)))
    return Life(
        draw(st.integers(1, 10)),
        day(began),
        draw(st.sampled_from(["entered", "moved_in", "split"])),
        tuple((day(at), place, cause) for at, place, cause in places),
        tuple((day(at), draw(st.sampled_from(JUDGED)), draw(st.booleans())) for at in judged),
        None if last is None else day(last),
        "" if last is None else draw(st.sampled_from(["moved_out", "died", "dissolved", "merged"])),
    )


DAYS = st.integers(-410, 1200)


@given(every=st.lists(lives(), max_size=8), days=st.tuples(DAYS, DAYS))
def test_every_account_adds_up(every: list[Life], days: tuple[int, int]) -> None:
    opening, closing = map(day, sorted(days))
    for key, account in accounts(every, opening, closing).items():
        assert account.adds_up, (key, account)
        assert set(account.came) <= set(COMES) and set(account.left) <= set(LEAVES)


@given(every=st.lists(lives(), max_size=8), days=st.tuples(DAYS, DAYS, DAYS))
def test_accounts_that_follow_one_another_come_to_the_account_of_the_whole(every: list[Life], days: Any) -> None:
    first, middle, last = map(day, sorted(days))
    whole = accounts(every, first, last)
    early, late = accounts(every, first, middle), accounts(every, middle, last)
    for key in whole.keys() | early.keys() | late.keys():
        one, two, both = (part.get(key, Account()) for part in (early, late, whole))
        assert one.closing == two.opening
        assert one.came + two.came == both.came and one.left + two.left == both.left
        assert (both.opening, both.closing) == (one.opening, two.closing)


@given(every=st.lists(lives(), max_size=8), days=st.tuples(DAYS, DAYS))
def test_places_together_come_to_one_place(every: list[Life], days: tuple[int, int]) -> None:
    opening, closing = map(day, sorted(days))
    apart = accounts(every, opening, closing)
    as_one = [
        Life(
            one.household, one.began_on, one.began_as, tuple((since, "all", why) for since, _place, why in one.places),
            one.statuses, one.last_day, one.ended_as,
        )
        for one in every
    ]  # fmt: skip
    together = accounts(as_one, opening, closing)
    for status in CLASSES:
        parts = [account for (_place, found), account in apart.items() if found == status]
        whole = together.get(("all", status), Account())
        inner = ("transfer", "boundary")
        came = sum((part.came for part in parts), Counter())
        left = sum((part.left for part in parts), Counter())
        assert sum(came[cause] for cause in inner) == sum(left[cause] for cause in inner)
        for cause in inner:
            del came[cause], left[cause]
            assert not whole.came[cause] and not whole.left[cause]
        assert (+came, +left) == (whole.came, whole.left)
        assert sum(part.opening for part in parts) == whole.opening


@given(every=st.lists(lives(), max_size=8), days=st.tuples(DAYS, DAYS), places=st.sets(st.sampled_from(PLACES)))
def test_the_margins_of_the_matrix_are_the_balances(every: list[Life], days: Any, places: set[str]) -> None:
    opening, closing = map(day, sorted(days))
    found = matrix(every, opening, closing, places)
    balances = accounts(every, opening, closing)
    for status in CLASSES:
        own = [account for (place, one), account in balances.items() if one == status and place in places]
        assert sum(n for (before, _after), n in found.items() if before == status) == sum(a.opening for a in own)
        assert sum(n for (_before, after), n in found.items() if after == status) == sum(a.closing for a in own)
    assert (ABSENT, ABSENT) not in found


@given(one=lives())
def test_a_household_is_in_one_class_at_one_place_after_every_step(one: Life) -> None:
    there: Counter[Any] = Counter()
    for move in moves(one):
        there[move.place, move.status] += move.sign
        assert set(there.values()) <= {0, 1} and there.total() in (0, 1)


@pytest.mark.parametrize(
    ("statuses", "over", "came", "left"),
    [
        ([(5, "poor")], {}, {"poor": "newly"}, {}),
        ([(5, "poor", True)], {}, {"poor": "listed"}, {}),
        ([(-9, "poor"), (5, "near_poor")], {}, {"near_poor": "better"}, {"poor": "escaped"}),
        ([(-9, "poor"), (5, "not_poor")], {}, {}, {"poor": "escaped"}),
        ([(-9, "near_poor"), (5, "poor")], {}, {"poor": "worse"}, {"near_poor": "worse"}),
        ([(-9, "near_poor"), (5, "not_poor")], {}, {}, {"near_poor": "escaped"}),
        ([(-9, "not_poor"), (5, "poor")], {}, {"poor": "newly"}, {}),
        ([(-99, "poor"), (-9, "not_poor"), (5, "poor")], {}, {"poor": "fell_back"}, {}),
        ([(-99, "poor"), (-9, "near_poor"), (5, "poor")], {}, {"poor": "fell_back"}, {"near_poor": "worse"}),
        ([(-99, "near_poor"), (-9, "not_poor"), (5, "near_poor")], {}, {"near_poor": "fell_back"}, {}),
        ([(-99, "poor"), (-9, "not_poor"), (5, "near_poor")], {}, {"near_poor": "fell_back"}, {}),
        ([(-9, "poor"), (5, "undetermined")], {}, {}, {"poor": "not_determined"}),
        ([(-9, "undetermined"), (5, "poor")], {}, {"poor": "determined"}, {}),
        ([(5, "poor")], {"began": 2, "began_as": "moved_in"}, {"poor": "moved_in"}, {}),
        ([(5, "near_poor")], {"began": -100, "began_as": "split"}, {"near_poor": "split"}, {}),
        ([(5, "poor")], {"began": -400, "began_as": "moved_in"}, {"poor": "newly"}, {}),
        ([(-9, "poor")], {"last_day": day(4), "ended_as": "merged"}, {}, {"poor": "merged"}),
        (
            [(-9, "poor")],
            {"places": ((day(-1000), "b", "transfer"), (day(5), "a", "boundary"))},
            {"poor": "boundary"},
            {"poor": "boundary"},
        ),
    ],
)
def test_each_change_has_its_cause(statuses: Any, over: Any, came: dict[str, str], left: dict[str, str]) -> None:
    found: dict[str, dict[str, str]] = {"came": {}, "left": {}}
    for (_place, status), account in accounts([life(*statuses, **over)], day(0), day(10)).items():
        if status in ("poor", "near_poor"):
            found["came"] |= dict.fromkeys([status] if account.came else [], "".join(account.came))
            found["left"] |= dict.fromkeys([status] if account.left else [], "".join(account.left))
    assert found == {"came": came, "left": left}


def test_what_lasted_a_while_between_the_days_is_in_both_columns() -> None:
    poor = accounts([life((-9, "not_poor"), (2, "poor"), (5, "not_poor"))], day(0), day(10))["a", "poor"]
    assert (poor.opening, poor.closing, dict(poor.came), dict(poor.left)) == (0, 0, {"newly": 1}, {"escaped": 1})


def test_days_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(ValueError, match="2021"):
        accounts([], START, date(2021, 1, 1))


def test_escapes_are_parted_by_the_class_they_lead_to() -> None:
    found = [life((0, "poor"), (365, after)) for after in ("near_poor", "not_poor", "not_poor")]
    account = accounts(found, day(1), day(400))["a", "poor"]
    assert dict(account.escaped_to) == {"near_poor": 1, "not_poor": 2}
    assert account.escaped_to.total() == account.left["escaped"] == 3
