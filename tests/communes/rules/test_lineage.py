"""Who came from whom, and what may not be said of units that follow one another."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communes.rules.lineage import (
    Span,
    Step,
    ancestors,
    clashes,
    covers,
    descendants,
    life_faults,
    past_of,
    step_faults,
)

END, DAY = date(2025, 6, 30), date(2025, 7, 1)
OLD, NEW, ALWAYS = [Span(None, END)], [Span(DAY, None)], [Span(None, None)]


def codes(kind: str, before: list[Span], after: list[Span]) -> set[tuple[str, str]]:
    step = Step("old", "new", DAY, kind)
    return {(fault.end, fault.code) for fault in step_faults(step, {"old": before, "new": after})}


@pytest.mark.parametrize(
    ("kind", "before", "after", "faults"),
    [
        ("merge", OLD, NEW, set()),
        ("merge", OLD, ALWAYS, set()),  # a ward that takes another in existed before
        ("split", ALWAYS, NEW, set()),
        ("split", OLD, NEW, set()),  # wholly divided
        ("rename", OLD, NEW, set()),
        ("merge", ALWAYS, NEW, {("predecessor", "goes_on")}),
        ("rename", ALWAYS, NEW, {("predecessor", "goes_on")}),
        ("merge", [Span(None, date(2024, 10, 31))], NEW, {("predecessor", "not_there_before")}),
        ("merge", NEW, NEW, {("predecessor", "not_there_before")}),
        ("merge", OLD, [Span(date(2025, 8, 1), None)], {("successor", "not_there")}),
        ("merge", OLD, OLD, {("successor", "not_there")}),
        ("split", ALWAYS, ALWAYS, {("successor", "there_before")}),
        ("rename", OLD, ALWAYS, {("successor", "there_before")}),
        ("swap", OLD, NEW, {("kind", "unknown_kind")}),
        ("rename", NEW, ALWAYS, {("predecessor", "not_there_before"), ("successor", "there_before")}),
    ],
)
def test_a_successor_begins_when_its_predecessor_ends(kind, before, after, faults):
    assert codes(kind, before, after) == faults


@pytest.mark.parametrize(
    ("spans", "faults"),
    [
        ([Span(None, END), Span(DAY, None)], []),
        ([Span(DAY, None), Span(None, END)], []),
        ([Span(None, DAY), Span(DAY, None)], [(1, "overlap")]),
        ([Span(None, None), Span(DAY, None)], [(1, "overlap")]),
        ([Span(None, END), Span(date(2025, 7, 2), None)], [(1, "gap")]),
    ],
)
def test_a_unit_lives_once_without_overlap_or_gap(spans, faults):
    assert life_faults(spans) == faults


def test_a_code_belongs_to_one_unit_a_day():
    assert clashes([("06733", "hai-tien", Span(None, END)), ("06733", "hai-ninh", Span(DAY, None))]) == []
    assert clashes([("06733", "hai-tien", Span(None, DAY)), ("06733", "hai-ninh", Span(DAY, None))]) == [1]
    assert clashes([("", "a", Span()), ("", "b", Span())]) == []
    assert clashes([("194", "a", Span(None, END)), ("194", "a", Span(DAY, None))]) == []


@pytest.mark.parametrize(
    ("wanted", "covered"),
    [
        (Span(date(2021, 1, 1), END), True),
        (Span(None, END), True),
        (Span(date(2021, 1, 1), DAY), False),
        (Span(date(2021, 1, 1), None), False),
    ],
)
def test_membership_needs_the_unit_on_every_day(wanted, covered):
    assert covers([Span(None, date(2024, 10, 31)), Span(date(2024, 11, 1), END)], wanted) is covered


STEPS = [
    Step("hai-son", "bac-son", date(2003, 10, 1), "split"),
    Step("hoa-lac", "tran-phu", date(2024, 11, 1), "merge"),
    Step("tran-phu", "mong-cai-1", DAY, "merge"),
    Step("bac-son", "hai-son-2025", DAY, "merge"),
    Step("hai-son", "hai-son-2025", DAY, "merge"),
]


def tree(branches):
    return {b.unit: tree(b.branches) for b in branches}


def test_the_past_goes_back_over_several_steps_and_the_future_forward():
    assert tree(ancestors(STEPS, "mong-cai-1")) == {"tran-phu": {"hoa-lac": {}}}
    assert tree(ancestors(STEPS, "hai-son-2025")) == {"bac-son": {"hai-son": {}}, "hai-son": {}}
    assert tree(descendants(STEPS, "hai-son")) == {"bac-son": {"hai-son-2025": {}}, "hai-son-2025": {}}


def test_what_a_predecessor_took_in_later_is_not_the_past_of_what_was_split_from_it():
    later = [*STEPS, Step("po-hen", "hai-son", date(2010, 1, 1), "merge")]
    assert tree(ancestors(later, "bac-son")) == {"hai-son": {}}
    assert "po-hen" in tree(ancestors(later, "hai-son-2025"))["hai-son"]


def test_the_past_ends_with_the_last_step_out_of_an_ancestor():
    assert past_of(ancestors(STEPS, "hai-son-2025")) == {"bac-son": DAY, "hai-son": DAY}
    assert past_of(ancestors(STEPS, "bac-son")) == {"hai-son": date(2003, 10, 1)}


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5), st.integers(1, 9)), max_size=8))
def test_no_lineage_however_tangled_goes_round_in_a_circle(rows):
    steps = [Step(before, after, date(2000, 1, day), "merge") for before, after, day in rows]

    def depth(branches):
        return 1 + max((depth(b.branches) for b in branches), default=0)

    for unit in range(1, 6):
        assert depth(ancestors(steps, unit)) <= len(steps) + 1
        assert depth(descendants(steps, unit)) <= len(steps) + 1
