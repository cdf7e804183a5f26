"""Whoever knows each unit's households, its rate and another standard's table finds out nothing that is left out."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communes.rules.poverty.disclosure import TOTAL, Published, few, with_totals
from communes.rules.poverty.disclosure_rates import publish_rated, rated_units
from tests.communes.rules.poverty.test_disclosure import publish, solve

UNITS, CLASSES, REST = ("a", "b", "c", "d", "e"), ("poor", "near_poor", "others"), "others"
NUMBERS = st.one_of(st.integers(0, 6), st.sampled_from([0, 0, 1, 2, 4, 5, 7, 40]))


@st.composite
def tables(draw: st.DrawFn, units: int = 5, numbers: Any = NUMBERS) -> dict[Any, int]:
    return {(u, c): draw(numbers) for u in UNITS[: draw(st.integers(1, units))] for c in CLASSES}


@st.composite
def two_standards(draw: st.DrawFn) -> tuple[dict[Any, int], dict[Any, int]]:
    """Two tables of the same households: each unit has as many in both."""
    one = draw(tables())
    other = {}
    for unit in {u for u, _c in one}:
        size = sum(one[unit, c] for c in CLASSES)
        poor = draw(st.integers(0, min(size, 9)))
        near_poor = draw(st.integers(0, min(size - poor, 9)))
        other |= {(unit, "poor"): poor, (unit, "near_poor"): near_poor, (unit, REST): size - poor - near_poor}
    return one, other


def known(counts: dict[Any, int], table: Published) -> dict[Any, int]:
    """What the reader knows of a table: what it shows, and what the rates give."""
    shown = {key: value for key, value in table.cells.items() if value is not None}
    rated = rated_units(counts, REST)
    return {**shown, **{(unit, REST): counts[unit, REST] for unit in rated}}


def equations(counts: dict[Any, int], mark: str = "") -> list[tuple[Any, list[Any]]]:
    """Each total with its parts. The households of each unit have one name in the tables of all standards."""
    units = list(dict.fromkeys(u for u, _c in counts))
    name = {(u, c): (u, c) if c is TOTAL else (mark, u, c) for u in (*units, TOTAL) for c in (*CLASSES, TOTAL)}
    return [
        *((name[u, TOTAL], [name[u, c] for c in CLASSES]) for u in (*units, TOTAL)),
        *((name[TOTAL, c], [name[u, c] for u in units]) for c in (*CLASSES, TOTAL)),
    ]


def named(found: dict[Any, int], mark: str = "") -> dict[Any, int]:
    return {(u, c) if c is TOTAL else (mark, u, c): value for (u, c), value in found.items()}


@given(counts=tables())
def test_small_numbers_are_left_out_and_nought_never_is(counts: dict[Any, int]) -> None:
    table, whole = publish_rated(counts, REST), with_totals(counts)
    assert not any(few(value) for value in table.cells.values() if value is not None)
    small = [u for u, c in whole if c is TOTAL and u is not TOTAL and few(whole[u, TOTAL])]
    assert small or all(table[key] == 0 for key, value in whole.items() if value == 0)
    assert all(value in (None, whole[key]) for key, value in table.cells.items())


@given(counts=tables())
def test_a_rate_is_told_of_no_unit_with_few_on_either_side_of_it(counts: dict[Any, int]) -> None:
    for unit in rated_units(counts, REST):
        poor_or_near = counts[unit, "poor"] + counts[unit, "near_poor"]
        assert not few(poor_or_near) and not few(counts[unit, REST])
        assert publish_rated(counts, REST)[unit, REST] == counts[unit, REST]


@settings(max_examples=40)
@given(counts=tables())
def test_neither_rates_nor_subtraction_give_a_number_back(counts: dict[Any, int]) -> None:
    table = publish_rated(counts, REST)
    assert solve(equations(counts), named(known(counts, table))) == {}


@settings(max_examples=30)
@given(pair=two_standards())
def test_the_tables_of_two_standards_together_give_no_number_back(pair: tuple[dict[Any, int], dict[Any, int]]) -> None:
    told: dict[Any, int] = {}
    lines = []
    for mark, counts in zip(("first", "second"), pair, strict=True):
        told |= named(known(counts, publish_rated(counts, REST)), mark)
        lines += equations(counts, mark)
    assert solve(lines, told) == {}


@settings(max_examples=40)
@given(counts=tables(), seen=st.sets(st.sampled_from(UNITS)))
def test_who_knows_some_units_finds_out_nothing_of_the_others(counts: dict[Any, int], seen: set[str]) -> None:
    table, whole = publish_rated(counts, REST, seen), with_totals(counts)
    assert all(table[key] == whole[key] for key in whole if key[0] in seen)
    assert solve(equations(counts), named(known(counts, table))) == {}


@settings(max_examples=20)
@given(counts=tables(units=3, numbers=st.integers(0, 6)), seen=st.sets(st.sampled_from(UNITS[:2]), max_size=1))
def test_every_missing_number_could_be_another(counts: dict[Any, int], seen: set[str]) -> None:
    """The reader also knows that what is missing is at least 1, and of few that they are at most four."""
    table, rated = publish_rated(counts, REST, seen), rated_units(counts, REST)
    whole, units = with_totals(counts), {u for u, _c in counts}
    missing = [key for key in counts if table[key] is None]
    silent = {u for u in units if all(table[u, c] is None for c in (*CLASSES, TOTAL))}  # a 0 may be among these
    able: set[Any] = set()
    for steps in product((-1, 0, 1), repeat=len(missing)):
        moved = {key: counts[key] + step for key, step in zip(missing, steps, strict=True)}
        if any(value < 0 or (value < 1 and key[0] not in silent) for key, value in moved.items()):
            continue
        guess = with_totals({**counts, **moved})
        if any(value not in (None, guess[key]) for key, value in table.cells.items()):
            continue
        if any(guess[key] < 1 for key in table.withheld if key[0] not in silent):
            continue
        if any(guess[unit, REST] != whole[unit, REST] for unit in rated):
            continue
        of_few = [u for u in units if few(whole[u, TOTAL] - whole[u, REST]) and whole[u, TOTAL] > 4]
        if any(not few(guess[u, TOTAL] - guess[u, REST]) for u in of_few):
            continue
        able |= {key for key in table.withheld if guess[key] != whole[key]}
    assert able >= {key for key in table.withheld if whole[key]}


@given(counts=tables())
def test_the_households_of_a_unit_are_told_unless_they_are_few(counts: dict[Any, int]) -> None:
    table, whole = publish_rated(counts, REST), with_totals(counts)
    small = {u for u, c in whole if c is TOTAL and u is not TOTAL and few(whole[u, TOTAL])}
    if not small:
        assert all(table[u, TOTAL] == whole[u, TOTAL] for u, _c in counts)


def test_a_rate_no_longer_gives_back_what_was_left_out_for_another_unit() -> None:
    """Unit b would hide its near-poor and the rest, and its rate would say both."""
    counts = {("a", "poor"): 0, ("a", "near_poor"): 3, ("a", REST): 900,
              ("b", "poor"): 6, ("b", "near_poor"): 9, ("b", REST): 100,
              ("c", "poor"): 0, ("c", "near_poor"): 2, ("c", REST): 800}  # fmt: skip
    table = publish_rated(counts, REST)
    assert table.withheld == {("a", "near_poor"), ("a", REST), ("c", "near_poor"), ("c", REST)}
    assert rated_units(counts, REST) == {"b"}


def test_the_sums_of_all_units_are_dearer_than_the_rate_of_one() -> None:
    counts = {("a", "poor"): 0, ("a", "near_poor"): 3, ("a", REST): 900,
              ("b", "poor"): 0, ("b", "near_poor"): 54, ("b", REST): 5000}  # fmt: skip
    table = publish_rated(counts, REST)
    assert (table[TOTAL, "near_poor"], table[TOTAL, TOTAL]) == (57, 5957)
    assert rated_units(counts, REST) == frozenset()


def test_a_unit_of_few_households_is_told_of_together_with_the_smallest_other() -> None:
    counts = {("a", "poor"): 0, ("a", "near_poor"): 0, ("a", REST): 3,
              ("b", "poor"): 6, ("b", "near_poor"): 9, ("b", REST): 100,
              ("c", "poor"): 0, ("c", "near_poor"): 20, ("c", REST): 40}  # fmt: skip
    table = publish_rated(counts, REST)
    assert {key[0] for key in table.withheld} == {"a", "c"}
    assert all(table[unit, c] is None for unit in ("a", "c") for c in (*CLASSES, TOTAL))
    assert rated_units(counts, REST) == {"b"}


def test_of_few_households_in_all_nothing_is_told() -> None:
    table = publish_rated({("a", "poor"): 0, ("a", "near_poor"): 1, ("a", REST): 2}, REST)
    assert all(value is None for value in table.cells.values())


def test_below_nought_is_refused() -> None:
    with pytest.raises(ValueError, match="below 0"):
        publish_rated({("a", "poor"): -1, ("a", REST): 7}, REST)


def test_the_check_of_these_tests_sees_what_it_is_for() -> None:
    """Without regard to rates, and to the other standard's totals, numbers come back."""
    counts = {("a", "poor"): 0, ("a", "near_poor"): 3, ("a", REST): 900,
              ("b", "poor"): 0, ("b", "near_poor"): 54, ("b", REST): 5000}  # fmt: skip
    shown = {key: value for key, value in publish(counts).cells.items() if value is not None}
    by_rates = {**shown, ("b", REST): 5000}
    assert solve(equations(counts), named(by_rates))[("", "a", "near_poor")] == 3
