"""What must hold for every report, whatever its figures."""

from __future__ import annotations

import random
from decimal import Decimal

from hypothesis import assume, given
from hypothesis import strategies as st

from indicators.rules.evaluate import combine
from indicators.rules.standing import stand
from indicators.rules.types import (
    MET,
    NO_DATA,
    NOT_APPLICABLE,
    NOT_MET,
    OUTCOMES,
    UNDETERMINED,
    Cell,
    CriterionSpec,
    IndicatorSpec,
    NormSpec,
    PartSpec,
    SetSpec,
    Standing,
    UnitContext,
    UnitData,
)

GOODNESS = {NOT_MET: 0, NO_DATA: 1, UNDETERMINED: 1, MET: 2}
levels = st.decimals(0, 100, places=2, allow_nan=False)
states = st.one_of(
    st.none(),
    st.just(Cell("no_data")),
    st.just(Cell("not_applicable", reason="x")),
    levels.map(lambda v: Cell("value", v)),
)


def make(norms: list[Decimal], comparison: str = ">=") -> SetSpec:
    indicators = tuple(
        IndicatorSpec(
            n,
            str(n),
            n,
            f"e{n}",
            (PartSpec("", "whole", "percent", comparison),),
            (NormSpec(n, "", "", None, "", level, "sourced"),),
        )
        for n, level in enumerate(norms)
    )
    return SetSpec(1, "S", "standard", 1, "", "", (), (CriterionSpec(1, 1, indicators),))


def standing(spec: SetSpec, cells: dict[int, Cell | None]) -> Standing:
    data = UnitData(2023, {(f"e{n}", ""): c for n, c in cells.items() if c is not None})
    return stand([spec], context=UnitContext(""), data=data)[0]


@given(st.lists(st.tuples(levels, states), min_size=1, max_size=6), st.data(), st.sampled_from([">=", "<="]))
def test_a_better_value_never_lowers_an_outcome(
    rows: list[tuple[Decimal, Cell | None]], data: st.DataObject, comparison: str
) -> None:
    spec = make([level for level, _ in rows], comparison)
    cells = {n: cell for n, (_, cell) in enumerate(rows)}
    numbers = [n for n, c in cells.items() if c is not None and c.state == "value"]
    assume(numbers)
    before = standing(spec, cells)
    n = data.draw(st.sampled_from(numbers))
    cell = cells[n]
    assert cell is not None and isinstance(cell.value, Decimal)
    step = data.draw(levels) * (1 if comparison == ">=" else -1)
    after = standing(spec, {**cells, n: Cell("value", cell.value + step)})
    assert GOODNESS[after.outcome] >= GOODNESS[before.outcome]
    assert after.indicators_met >= before.indicators_met
    assert after.indicators_total == before.indicators_total


@given(st.lists(st.sampled_from(OUTCOMES), max_size=8), st.randoms())
def test_order_never_matters(outcomes: list[str], rng: random.Random) -> None:
    shuffled = outcomes[:]
    rng.shuffle(shuffled)
    assert combine(shuffled) == combine(outcomes)


@given(st.lists(st.sampled_from(OUTCOMES), min_size=1, max_size=8), st.integers(1, 5))
def test_not_applicable_never_counts(outcomes: list[str], times: int) -> None:
    assert combine(outcomes + [NOT_APPLICABLE] * times) == combine(outcomes)


@given(st.lists(st.tuples(levels, states), min_size=1, max_size=6))
def test_counts_never_pass_their_totals(rows: list[tuple[Decimal, Cell | None]]) -> None:
    result = standing(make([level for level, _ in rows]), {n: cell for n, (_, cell) in enumerate(rows)})
    assert 0 <= result.indicators_met <= result.indicators_total <= len(rows)
    assert 0 <= result.criteria_met <= result.criteria_total <= 1


@given(levels.filter(lambda v: v > 0))
def test_zero_is_not_blank(level: Decimal) -> None:
    assert standing(make([level]), {0: Cell("value", Decimal(0))}).outcome == NOT_MET
    assert standing(make([level]), {0: None}).outcome == NO_DATA
