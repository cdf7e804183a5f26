"""Dated norms, and what changes when one takes the place of another."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from indicators.rules.norms import choose_norm, in_force
from indicators.rules.successions import Succession, succession, touches, turns
from indicators.rules.types import (
    Cell,
    CriterionSpec,
    IndicatorSpec,
    NormSpec,
    PartSpec,
    SetSpec,
    UnitContext,
    UnitData,
)

DELTA, MIDLANDS = "dong_bang_song_hong", "trung_du_mien_nui_phia_bac"
END = date(2023, 12, 31)


def norm(number: int, value: int, **over: object) -> NormSpec:
    base: dict[str, object] = {"part": "", "region": "", "year": None, "group": "", "provenance": "sourced"}
    return NormSpec(id=number, value=Decimal(value), **{**base, **over})  # type: ignore[arg-type]


def one_set(code: str, rank: int, *norms: NormSpec, prerequisite: str = "") -> SetSpec:
    part = PartSpec("", "whole", "percent", ">=")
    indicator = IndicatorSpec(rank, "1.1", 1, "a", (part,), norms)
    criterion = CriterionSpec(rank, 1, (indicator,))
    return SetSpec(rank, code, code, rank, prerequisite, DELTA, (("hard", MIDLANDS),), (criterion,))


@pytest.mark.parametrize(
    ("day", "value"), [(date(2022, 12, 31), 60), (date(2023, 6, 30), 70), (date(2023, 7, 1), 80), (END, 80)]
)
def test_of_rows_of_one_place_the_latest_begun_holds(day: date, value: int) -> None:
    rows = [norm(3, 80, valid_from=date(2023, 7, 1)), norm(1, 60), norm(2, 70, valid_from=date(2023, 1, 1))]
    (held,) = in_force(rows, day)
    assert held.value == value


def test_a_later_row_of_another_place_does_not_push_a_row_away() -> None:
    rows = [norm(1, 60), norm(2, 70, valid_from=date(2023, 1, 1), region=DELTA), norm(3, 50, part="x")]
    assert {row.id for row in in_force(rows, END)} == {1, 2, 3}
    assert choose_norm(in_force(rows, END), part="", region=MIDLANDS, year=2023, group="").id == 1  # type: ignore[union-attr]


def test_a_row_takes_the_place_of_the_one_like_it_and_stands_beside_others() -> None:
    rows = [norm(1, 60), norm(2, 70, year=2023)]
    assert [row.id for row in succession(1, rows, norm(0, 65)).after] == [2, 0]
    assert [row.id for row in succession(1, rows, norm(0, 65, year=2024)).after] == [1, 2, 0]
    assert [row.id for row in succession(1, rows, norm(0, 65, valid_from=END)).after] == [1, 2, 0]


def change(new: NormSpec, *rows: NormSpec) -> Succession:
    return succession(1, rows, new)


@pytest.mark.parametrize(
    ("new", "zones", "touched"),
    [
        ({}, (), True),
        ({"year": 2023}, (), True),
        ({"year": 2022}, (), False),
        ({"region": DELTA}, (), True),
        ({"region": MIDLANDS}, (), False),
        ({"region": MIDLANDS}, ("hard",), True),
        ({"region": DELTA}, ("hard",), False),
        ({"group": "nhom_1"}, (), False),
        ({"valid_from": date(2023, 12, 31)}, (), True),
        ({"valid_from": date(2024, 1, 1)}, (), False),
    ],
)
def test_a_norm_touches_those_whom_it_judges(new: dict[str, object], zones: tuple[str, ...], touched: bool) -> None:
    spec = one_set("low", 1)
    context = UnitContext(DELTA, frozenset(zones))
    assert touches(change(norm(0, 65, **new), norm(1, 60)), spec, context=context, day=END) is touched


def test_a_broader_norm_does_not_touch_those_who_have_a_narrower_one() -> None:
    rows = (norm(1, 60, region=DELTA), norm(2, 50))
    assert not touches(change(norm(0, 65), *rows), one_set("low", 1), context=UnitContext(DELTA), day=END)
    assert touches(change(norm(0, 65), *rows), one_set("low", 1), context=UnitContext("tay_nguyen"), day=END)


def turned(new: NormSpec, value: str, *sets: SetSpec) -> list[tuple[str, str, str]]:
    rows = sets[0].criteria[0].indicators[0].norms
    data = UnitData(2023, {("a", ""): Cell("value", Decimal(value))})
    found = turns(change(new, *rows), sets, context=UnitContext(DELTA), data=data, day=END)
    return [(t.after.spec.code, t.before.outcome, t.after.outcome) for t in found if t.turns]


def test_levels_that_build_on_it_turn_with_it() -> None:
    low, high = one_set("low", 1, norm(1, 60)), one_set("high", 2, norm(2, 50), prerequisite="low")
    assert turned(norm(0, 80), "70", low, high) == [("low", "met", "not_met"), ("high", "met", "not_met")]
    found = turns(
        change(norm(0, 80), norm(1, 60)), (low, high), context=UnitContext(DELTA),
        data=UnitData(2023, {("a", ""): Cell("value", Decimal(70))}), day=END,
    )  # fmt: skip
    assert [(t.level_turns, t.criteria, t.indicators) for t in found] == [(True, (0,), ((0, 0),)), (True, (), ())]


def test_a_derived_norm_turns_with_its_base() -> None:
    low = one_set("low", 1, norm(1, 60))
    derived = NormSpec(5, "", "", None, "", None, "sourced", "", "", "low", "1.1", Decimal("1.1"))
    high = one_set("high", 2, derived)
    assert turned(norm(0, 65), "70", low, high) == [("high", "met", "not_met")]


def test_a_first_norm_settles_what_was_open_and_a_firm_one_changes_the_marks_only() -> None:
    low = one_set("low", 1)
    assert turned(norm(0, 60), "70", low) == [("low", "undetermined", "met")]
    weak = one_set("low", 1, norm(1, 60, provenance="unverified"))
    data = UnitData(2023, {("a", ""): Cell("value", Decimal(70))})
    (found,) = turns(
        change(norm(0, 60), *weak.criteria[0].indicators[0].norms), (weak,), context=UnitContext(DELTA), data=data,
        day=END,
    )  # fmt: skip
    assert not found.turns and found.marks_turn
