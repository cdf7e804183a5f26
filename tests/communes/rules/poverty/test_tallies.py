"""Counts of a day are what one finds by asking every household on that day."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communes.rules.poverty.tallies import Cell, History, Span, spans, steps

START = date(2022, 1, 1)


def day(number: int) -> date:
    return START + timedelta(days=number)


@st.composite
def chained(draw: st.DrawFn, values: list[object], first: int, last: int | None) -> list[Any]:
    """Values that follow one another from the first day to the last (None: still) without a gap."""
    edges = sorted(
        draw(st.sets(st.integers(first + 1, max(first + 1, first + 60 if last is None else last)), max_size=3))
    )
    starts = [first, *edges]
    ends: list[int | None] = [*(edge - 1 for edge in edges), last]
    found = [
        (draw(st.sampled_from(values)), day(a), None if b is None else day(b))
        for a, b in zip(starts, ends, strict=True)
    ]
    return [row for row in found if row[2] is None or row[2] >= row[1]]


@st.composite
def histories(draw: st.DrawFn) -> History:
    first = draw(st.integers(0, 40))
    last = draw(st.none() | st.integers(first, first + 60))
    statuses = {
        standard: [
            (day(at), draw(st.sampled_from(["poor", "near_poor", "not_poor"])))
            for at in sorted(draw(st.sets(st.integers(0, 120), max_size=4)))
        ]
        for standard in draw(st.sets(st.sampled_from([1, 2])))
    }
    return History(draw(chained([10, 11], first, last)), draw(chained(["01", "09"], first, last)), statuses)


def on(row: tuple[object, date, date | None], when: date) -> bool:
    return row[1] <= when and (row[2] is None or when <= row[2])


def asked(every: list[History], when: date) -> Counter[Cell]:
    found: Counter[Cell] = Counter()
    for history in every:
        for village in (row[0] for row in history.stays if on(row, when)):
            for ethnicity in (row[0] for row in history.heads if on(row, when)):
                found[Cell(village, None, "", ethnicity)] += 1
                for standard, rows in history.statuses.items():
                    begun = [status for since, status in rows if since <= when]
                    if begun:
                        found[Cell(village, standard, begun[-1], ethnicity)] += 1
    return found


@given(every=st.lists(histories(), max_size=6), when=st.integers(-1, 200))
def test_the_count_of_a_day_is_that_of_asking_every_household(every: list[History], when: int) -> None:
    found = spans(move for history in every for move in steps(history))
    told = Counter({s.cell: s.households for s in found if s.start <= day(when) and (not s.end or day(when) <= s.end)})
    assert told == asked(every, day(when))


@given(every=st.lists(histories(), max_size=6))
def test_spans_of_a_cell_follow_one_another_and_differ(every: list[History]) -> None:
    last: dict[Cell, Span] = {}
    for span in sorted(spans(m for h in every for m in steps(h)), key=lambda s: (repr(s.cell), s.start)):
        assert span.households > 0 and (span.end is None or span.start <= span.end)
        before = last.get(span.cell)
        if before is not None:
            assert before.end is not None and before.end < span.start
            if before.end + timedelta(days=1) == span.start:
                assert before.households != span.households
        last[span.cell] = span


@given(every=st.lists(histories(), max_size=4))
def test_some_villages_come_to_what_all_of_them_come_to(every: list[History]) -> None:
    every_span = spans(m for h in every for m in steps(h))
    assert sorted(spans(m for h in every for m in steps(h, [10])), key=repr) == sorted(
        (span for span in every_span if span.cell.village == 10), key=repr
    )


def test_nobody_leaves_a_cell_that_is_empty() -> None:
    cell = Cell(1, None, "", "01")
    with pytest.raises(ValueError, match="Cell"):
        spans([(cell, START, -1)])
