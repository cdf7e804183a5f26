"""What a result rests on goes with it, up to the levels that build on it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from indicators.rules.marks import NO_MARKS, Marks, together
from indicators.rules.standing import stand
from indicators.rules.types import Cell, CriterionSpec, IndicatorSpec, NormSpec, PartSpec, SetSpec, Standing
from indicators.rules.types import UnitContext as Context
from indicators.rules.types import UnitData as Data


def norm(provenance: str) -> NormSpec:
    return NormSpec(1, "", "", None, "", Decimal(50), provenance)


def spec(code: str, rank: int, element: str, *norms: NormSpec, prerequisite: str = "", derived: str = "") -> SetSpec:
    part = PartSpec("", "whole", "percent", ">=")
    indicator = IndicatorSpec(rank, "1.1", rank, element, (part,), norms, derived_from_attainment=derived)
    return SetSpec(rank, code, code, rank, prerequisite, "", (), (CriterionSpec(rank, 1, (indicator,)),))


def stands(*sets: SetSpec, judgements: dict[tuple[str, str], str] | None = None, **cells: str) -> dict[str, Standing]:
    data = Data(2023, {(e, ""): Cell("value", Decimal(v)) for e, v in cells.items()}, judgements if judgements else {})
    return {s.spec.code: s for s in stand(sets, context=Context(""), data=data)}


LOW = spec("low", 1, "a", norm("unverified"))


def test_marks_add_up() -> None:
    assert together([]) == NO_MARKS and not NO_MARKS
    assert together([Marks(unverified=True), Marks(judged=True)]) == Marks(True, True, False)
    assert Marks(illustrative=True)


def test_a_level_that_is_met_rests_on_all_that_the_level_below_rests_on() -> None:
    high = spec("high", 2, "b", norm("sourced"), prerequisite="low")
    found = stands(LOW, high, a="60", b="60")["high"]
    assert (found.outcome, found.unverified, found.criteria[0].unverified) == ("met", True, False)


def test_a_level_unmet_by_its_own_firm_criteria_owes_nothing_to_the_level_below() -> None:
    high = spec("high", 2, "b", norm("sourced"), prerequisite="low")
    found = stands(LOW, high, a="60", b="40")["high"]
    assert (found.outcome, found.unverified) == ("not_met", False)


def test_a_level_unmet_because_of_the_level_below_rests_on_it() -> None:
    high = spec("high", 2, "b", norm("sourced"), prerequisite="low")
    found = stands(LOW, high, a="40", b="60")["high"]
    assert (found.outcome, found.unverified) == ("not_met", True)


@pytest.mark.parametrize(("value", "outcome"), [("60", "met"), ("40", "not_met")])
def test_an_indicator_taken_from_attainment_carries_its_marks(value: str, outcome: str) -> None:
    model = spec("model", 3, "x", derived="low")
    found = stands(LOW, model, a=value)["model"]
    assert (found.outcome, found.unverified, found.criteria[0].indicators[0].unverified) == (outcome, True, True)


def test_a_judgement_below_is_carried_too() -> None:
    open_norm = spec("low", 1, "a")
    high = spec("high", 2, "b", norm("sourced"), prerequisite="low")
    model = spec("model", 3, "x", derived="low")
    found = stands(open_norm, high, model, judgements={("low", "a"): "met"}, a="60", b="60")
    assert [(s.outcome, s.judged, s.unverified) for s in found.values()] == [("met", True, False)] * 3


def test_what_is_still_open_rests_on_nothing() -> None:
    model = spec("model", 3, "x", derived="low")
    found = stands(LOW, model)["model"]
    assert (found.outcome, found.unverified) == ("no_data", False)
