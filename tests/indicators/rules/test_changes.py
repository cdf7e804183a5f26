"""How two revisions of a cell differ, and what turns."""

from __future__ import annotations

from decimal import Decimal

import pytest

from indicators.rules.changes import ADDED, REMOVED, SAME, STATE, TEXT, VALUE, CellChange, Said, compare, turns
from indicators.rules.standing import stand
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

ZERO, ONE = Said("value", Decimal(0)), Said("value", Decimal(1))
NO_DATA, ABSENT = Said("no_data"), Said("not_applicable", None, "Xã không có")


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (None, None, SAME),
        (ONE, Said("value", Decimal("1.0000")), SAME),
        (None, ZERO, ADDED),
        (ZERO, None, REMOVED),
        (ZERO, NO_DATA, STATE),
        (NO_DATA, ABSENT, STATE),
        (ABSENT, ZERO, STATE),
        (None, NO_DATA, ADDED),
        (ZERO, ONE, VALUE),
        (Said("value", True), Said("value", False), VALUE),
        (ONE, Said("value", Decimal(1), note="Theo biểu 02"), TEXT),
        (ABSENT, Said("not_applicable", None, "Lý do khác"), TEXT),
    ],
)
def test_a_zero_no_data_not_applicable_and_nothing_are_four_things(
    before: Said | None, after: Said | None, kind: str
) -> None:
    assert CellChange("roads", "", before, after).kind == kind


def test_a_note_is_told_beside_a_changed_value() -> None:
    noted = CellChange("roads", "", ZERO, Said("value", Decimal(1), note="sửa theo biên bản"))
    assert (noted.kind, noted.note_changed) == (VALUE, True)
    assert not CellChange("roads", "", ZERO, ONE).note_changed


def test_every_cell_of_either_revision_is_compared_once() -> None:
    found = compare({("a", ""): ONE, ("b", "male"): ZERO}, {("b", "male"): ZERO, ("c", ""): ONE})
    assert [(c.element, c.part, c.kind) for c in found] == [("a", "", REMOVED), ("b", "male", SAME), ("c", "", ADDED)]


def _set(code: str, rank: int, norm: int, prerequisite: str = "") -> SetSpec:
    part = PartSpec("", "whole", "percent", ">=")
    indicator = IndicatorSpec(
        rank, "1.1", 1, "roads", (part,), (NormSpec(rank, "", "", None, "", Decimal(norm), "sourced"),)
    )
    return SetSpec(rank, code, code, rank, prerequisite, "", (), (CriterionSpec(rank, 1, (indicator,)),))


def test_a_value_that_crosses_one_norm_of_two_turns_one_level() -> None:
    sets = (_set("standard", 1, 80), _set("advanced", 2, 95, "standard"))

    def standings(value: int):
        return stand(sets, context=UnitContext(""), data=UnitData(2023, {("roads", ""): Cell("value", Decimal(value))}))

    standard, advanced = turns(standings(70), standings(90))
    assert (standard.turned, len(standard.criteria), len(standard.indicators)) == (True, 1, 1)
    assert (standard.before.outcome, standard.after.outcome) == ("not_met", "met")
    assert (advanced.turned, advanced.criteria, advanced.indicators) == (False, (), ())
    assert [level.turned for level in turns(standings(90), standings(70))] == [True, False]
    assert not any(level.indicators for level in turns(standings(70), standings(70)))
