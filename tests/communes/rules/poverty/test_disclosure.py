"""What is left out stays out: no subtraction, and no search through all tables that look the same, gives it back."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communes.rules.poverty.disclosure import (
    LARGEST,
    SMALLEST,
    TOTAL,
    Published,
    few,
    publish_changes,
    publish_overlapping,
    tells_of_few,
    with_totals,
    withheld,
)

UNITS, CLASSES = ("a", "b", "c", "d", "e"), ("poor", "near_poor", "not_poor")
NUMBERS = st.one_of(st.integers(0, 6), st.sampled_from([0, 0, 1, 3, 4, 5, 12, 40, 700]))


def publish(counts: dict[Any, int]) -> Published:
    """A table with all its totals, of which nothing is known from elsewhere."""
    table = with_totals(counts)
    left_out = withheld(table)
    return Published({key: None if key in left_out else value for key, value in table.items()})


@st.composite
def tables(draw: st.DrawFn, units: int = 5, classes: int = 3, numbers: Any = NUMBERS) -> dict[Any, int]:
    rows, columns = draw(st.integers(1, units)), draw(st.integers(1, classes))
    return {(u, c): draw(numbers) for u in UNITS[:rows] for c in CLASSES[:columns]}


def equations(table: Published) -> list[tuple[Any, list[Any]]]:
    """Each total with its parts: what everybody knows."""
    units = list(dict.fromkeys(u for u, _c in table.cells if u is not TOTAL))
    classes = list(dict.fromkeys(c for _u, c in table.cells if c is not TOTAL))
    return [
        *(((u, TOTAL), [(u, c) for c in classes]) for u in (*units, TOTAL)),
        *(((TOTAL, c), [(u, c) for u in units]) for c in (*classes, TOTAL)),
    ]


def solved(table: Published) -> dict[Any, Fraction]:
    """The missing numbers that the equations of a table give."""
    return solve(equations(table), {key: value for key, value in table.cells.items() if value is not None})


def solve(lines: list[tuple[Any, list[Any]]], known: dict[Any, int]) -> dict[Any, Fraction]:
    """The numbers that are not known and that the equations give, by elimination."""
    named = {key for total, parts in lines for key in (total, *parts)}
    unknown = sorted(named - set(known), key=repr)
    rows = []
    for total, parts in lines:
        row = [Fraction(0)] * (len(unknown) + 1)
        for key, sign in ((total, -1), *((part, 1) for part in parts)):
            if key in known:
                row[-1] -= sign * known[key]
            else:
                row[unknown.index(key)] += sign
        rows.append(row)
    at = 0
    for column in range(len(unknown)):
        pivot = next((n for n in range(at, len(rows)) if rows[n][column]), None)
        if pivot is None:
            continue
        rows[at], rows[pivot] = rows[pivot], rows[at]
        rows[at] = [value / rows[at][column] for value in rows[at]]
        for n in range(len(rows)):
            if n != at and rows[n][column]:
                rows[n] = [a - rows[n][column] * b for a, b in zip(rows[n], rows[at], strict=True)]
        at += 1
    found = {}
    for row in rows:
        left = [n for n, value in enumerate(row[:-1]) if value]
        if len(left) == 1:
            found[unknown[left[0]]] = row[-1]
    return found


def lookalikes(table: Published, most: int) -> Iterator[dict[Any, int]]:
    """Every table of numbers up to `most` that would look the same, with what is missing at least 1."""
    inner = [key for key in table.cells if TOTAL not in key]
    missing = [key for key in inner if table[key] is None]
    for values in product(range(1, most + 1), repeat=len(missing)):
        guess = {key: value for key, value in table.cells.items() if key in inner and value is not None}
        guess.update(zip(missing, values, strict=True))
        whole = with_totals(guess)
        if all(value == whole[key] if value is not None else whole[key] >= 1 for key, value in table.cells.items()):
            yield whole


@given(counts=tables())
def test_small_numbers_are_left_out_and_nought_never_is(counts: dict[Any, int]) -> None:
    table, whole = publish(counts), with_totals(counts)
    for key, value in table.cells.items():
        if 1 <= whole[key] <= 4:
            assert value is None
        if whole[key] == 0:
            assert value == 0
        assert value in (None, whole[key])


@given(counts=tables())
def test_no_system_of_equations_gives_a_number_back(counts: dict[Any, int]) -> None:
    assert solved(publish(counts)) == {}


@settings(max_examples=15)
@given(counts=tables(units=3, classes=2, numbers=st.integers(0, 6)))
def test_every_missing_number_could_be_another(counts: dict[Any, int]) -> None:
    """The attacker also knows that what is missing is at least 1, and tries every table."""
    table = publish(counts)
    values: dict[Any, set[int]] = {key: set() for key in table.withheld}
    for guess in lookalikes(table, 8):
        for key in values:
            values[key].add(guess[key])
    assert all(len(found) > 1 for found in values.values()), values


@given(counts=tables(numbers=st.sampled_from([0, 5, 9, 40])))
def test_a_table_without_small_numbers_is_shown_whole(counts: dict[Any, int]) -> None:
    assert publish(counts).cells == with_totals(counts)


def test_a_single_small_number_takes_three_others_along() -> None:
    table = publish({("a", "poor"): 2, ("a", "near_poor"): 30, ("b", "poor"): 9, ("b", "near_poor"): 40,
                     ("c", "poor"): 50, ("c", "near_poor"): 60})  # fmt: skip
    assert table.withheld == {("a", "poor"), ("a", "near_poor"), ("b", "poor"), ("b", "near_poor")}
    assert table["a", TOTAL] == 32 and table[TOTAL, "poor"] == 61 and table[TOTAL, TOTAL] == 191


def test_two_ones_are_not_given_away_by_their_sum() -> None:
    """1 and 1 left out of a line whose total of 2 would say both."""
    table = publish({("a", "poor"): 1, ("a", "near_poor"): 1, ("b", "poor"): 1, ("b", "near_poor"): 1})
    assert set(table.cells) == set(table.withheld)


def test_a_lone_number_hides_its_totals() -> None:
    assert publish({("a", "poor"): 3}).withheld == {
        ("a", "poor"), ("a", TOTAL), (TOTAL, "poor"), (TOTAL, TOTAL),
    }  # fmt: skip


def test_below_nought_is_refused() -> None:
    with pytest.raises(ValueError, match="below 0"):
        publish({("a", "poor"): -1})


def test_the_check_of_these_tests_sees_what_it_is_for() -> None:
    bare = with_totals({("a", "poor"): 2, ("a", "near_poor"): 30, ("b", "poor"): 9, ("b", "near_poor"): 40})
    naive = Published({key: None if 1 <= value <= 4 else value for key, value in bare.items()})
    assert solved(naive) == {("a", "poor"): 2}
    ones = with_totals({("a", "poor"): 1, ("a", "near_poor"): 1, ("b", "poor"): 1, ("b", "near_poor"): 1})
    margins = Published({key: None if TOTAL not in key else value for key, value in ones.items()})
    assert solved(margins) == {} and len(list(lookalikes(margins, 8))) == 1


# --- Changes between classes, whose balances are known --------------------------------------------------------------

SIDES = ("poor", "near", "rest", "absent")
COUNTED = ("poor", "near")
PAIRS = [(a, b) for a in SIDES for b in SIDES if a in COUNTED or b in COUNTED]


def balances(changes: dict[tuple[str, str], int], staying: int, side: int) -> dict[str, int]:
    """What the reader knows: all of each class on a day, and of the rest, of whom so many stay what they are."""
    found = {one: sum(n for pair, n in changes.items() if pair[side] == one) for one in (*COUNTED, "rest")}
    found["rest"] += staying
    return found


def could_be_otherwise(changes: dict[tuple[str, str], int], shown: Any, staying: int, pair: tuple[str, str]) -> bool:
    """Whether another table gives the same balances, hidden numbers of at least 1, and another number at the pair."""
    hidden = [one for one in PAIRS if shown[one] is None]
    for steps in product((-1, 0, 1), repeat=len(hidden)):
        moved = dict(zip(hidden, steps, strict=True))
        if not moved[pair] or any(changes[one] + step < 1 for one, step in moved.items()):
            continue
        ok = True
        for side in (0, 1):
            for one in (*COUNTED, "rest"):
                net = sum(step for other, step in moved.items() if other[side] == one)
                # Of the rest, those that stay are not shown: they make up the difference.
                ok &= net == 0 if one in COUNTED else staying - net >= 0
        if ok:
            return True
    return False


@pytest.mark.parametrize("seed", range(40))
def test_no_small_change_can_be_told_by_who_knows_the_balances(seed: int) -> None:
    draw = Random(seed)
    changes = {pair: draw.choice((0, 0, 1, 3, 6, 9, 20)) for pair in PAIRS}
    staying = draw.choice((0, 1, 50))
    shown = publish_changes(changes, balances(changes, staying, 0), balances(changes, staying, 1), COUNTED)
    if shown is None:
        return
    for pair, number in changes.items():
        assert shown[pair] in (None, number)
        if SMALLEST <= number <= LARGEST:
            assert shown[pair] is None and could_be_otherwise(changes, shown, staying, pair), pair


def test_large_changes_are_all_shown_and_lone_small_ones_show_nothing() -> None:
    large = dict.fromkeys(PAIRS, 7)
    assert publish_changes(large, balances(large, 9, 0), balances(large, 9, 1), COUNTED) == large
    lone = {**dict.fromkeys(PAIRS, 0), ("poor", "near"): 2, ("poor", "poor"): 9}
    assert publish_changes(lone, balances(lone, 9, 0), balances(lone, 9, 1), COUNTED) is None


def test_one_of_two_parts_of_a_known_whole_tells_of_the_other() -> None:
    assert tells_of_few((20, 3)) and tells_of_few((1, 40))
    assert not tells_of_few((20, 0)) and not tells_of_few((5, 5, 0))


# --- Parts that overlap ----------------------------------------------------------------------------------------------


def test_small_parts_and_those_that_leave_few_over_are_left_out() -> None:
    assert publish_overlapping(20, {"a": 17, "b": 12, "c": 3, "d": 0, "e": 20}) == {
        "a": None, "b": 12, "c": None, "d": 0, "e": 20,
    }  # fmt: skip


def test_nothing_is_told_where_the_parts_left_out_must_cover_the_rest() -> None:
    assert publish_overlapping(15, {"a": 11, "b": 4}) is None
    assert publish_overlapping(15, {"a": 11, "b": 5}) == {"a": None, "b": 5}
    assert publish_overlapping(15, {"a": 10, "b": 6, "c": 4}) == {"a": 10, "b": 6, "c": None}
    assert publish_overlapping(0, {"a": 0}) == {"a": 0}


def test_few_in_more_than_one_part_are_not_told_by_the_sum_of_the_parts() -> None:
    assert publish_overlapping(20, {"a": 10, "b": 14}) is None
    assert publish_overlapping(20, {"a": 12, "b": 9, "c": 0}) is None
    assert publish_overlapping(20, {"a": 10, "b": 10}) == {"a": 10, "b": 10}
    assert publish_overlapping(20, {"a": 10, "b": 15}) == {"a": 10, "b": 15}


@given(st.data())
def test_the_parts_shown_never_say_that_few_are_in_more_than_one(data: st.DataObject) -> None:
    """Each of the whole has its own parts; how many parts it has, the reader is not told of so few."""
    groups = st.lists(st.frozensets(st.sampled_from("abcd"), min_size=1), min_size=5, max_size=40)
    held = data.draw(groups)
    parts = {one: sum(one in group for group in held) for one in "abcd"}
    shown = publish_overlapping(len(held), parts)
    if shown is None or None in shown.values():
        return
    assert not few(sum(number or 0 for number in shown.values()) - len(held))
    further = sum(len(group) - 1 for group in held)
    assert not few(further)


@given(st.data())
def test_a_part_that_is_left_out_could_be_any_other_of_its_kind(data: st.DataObject) -> None:
    """As far as the reader can tell: the others stay as they are, and each of the whole is in one part at least."""
    whole = data.draw(st.integers(5, 30))
    parts = data.draw(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, whole), min_size=1))
    if sum(parts.values()) < whole:
        parts["z"] = whole
    shown = publish_overlapping(whole, parts)
    if shown is None:
        return
    for one, number in parts.items():
        assert shown[one] in (None, number)
        if shown[one] is not None:
            assert not tells_of_few((number, whole - number))
            continue
        rest = sum(parts.values()) - number
        kind = range(SMALLEST, LARGEST + 1) if few(number) else range(whole - LARGEST, whole)
        assert number in kind and all(rest + other >= whole and other <= whole for other in kind)
