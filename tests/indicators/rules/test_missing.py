"""What is missing at a level: one distance for all kinds of values, and an order that an official can work down."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.rules.missing import (
    KINDS,
    NO_NORM,
    REFUSED,
    SHORT,
    UNREPORTED,
    missing,
    next_level,
    relative_distance,
)
from indicators.rules.standing import stand
from indicators.rules.types import (
    MET,
    NOT_APPLICABLE,
    NOT_MET,
    Cell,
    CriterionSpec,
    IndicatorSpec,
    NormSpec,
    PartOutcome,
    PartSpec,
    SetSpec,
    Standing,
    UnitContext,
    UnitData,
    Value,
)

SCALE = ("mức độ 1", "mức độ 2", "mức độ 3")


def part(value: Value, norm: Value, comparison: str = ">=", scale: tuple[str, ...] = ()) -> PartOutcome:
    spec = PartSpec("", "whole", "number", comparison, scale)
    return PartOutcome(spec, NOT_MET, Cell("value", value), None, norm, None)


@pytest.mark.parametrize(
    ("found", "share"),
    [
        (part(Decimal(40), Decimal(50)), "0.2"),
        (part(Decimal("29.25"), Decimal(30)), "0.025"),
        (part(Decimal(0), Decimal(30)), "1"),
        (part(Decimal(12), Decimal(9), "<="), "0.25"),
        (part(Decimal(3), Decimal(0), "=="), "1"),
        (part(Decimal(3), Decimal(0), "<="), "1"),
        (part("mức độ 1", "mức độ 2", ">=", SCALE), "0.5"),
        (part("mức độ 1", "mức độ 3", ">=", SCALE), "1"),
    ],
)
def test_a_distance_is_the_share_still_to_be_gained_or_lost(found, share):
    assert relative_distance(found) == Decimal(share)


@pytest.mark.parametrize(
    "found",
    [
        part(value=False, norm=True, comparison="is_true"),
        PartOutcome(PartSpec("", "whole", "number", ">="), MET, Cell("value", Decimal(9)), None, Decimal(1), None),
        PartOutcome(PartSpec("", "whole", "number", ">="), "no_data", None, None, Decimal(1), None),
        PartOutcome(PartSpec("", "whole", "number", ">="), NOT_MET, Cell("value", Decimal(9)), None, None, None),
    ],
)
def test_what_cannot_be_measured_has_no_distance(found):
    assert relative_distance(found) is None


def make(*cases: tuple[Value | None, Value | None, str], criteria: int = 1) -> Standing:
    """Stand for (norm, value, comparison) cases dealt over so many criteria; None: no norm, nothing reported."""
    indicators = [
        IndicatorSpec(
            n,
            f"i{n}",
            n,
            f"e{n}",
            (PartSpec("", "whole", "boolean" if comparison == "is_true" else "number", comparison),),
            () if norm is None else (NormSpec(n, "", "", None, "", norm, "sourced"),),
        )
        for n, (norm, _value, comparison) in enumerate(cases)
    ]
    specs = tuple(CriterionSpec(n, n, tuple(indicators[n::criteria])) for n in range(criteria))
    data = {(f"e{n}", ""): Cell("value", value) for n, (_norm, value, _) in enumerate(cases) if value is not None}
    spec = SetSpec(1, "S", "standard", 1, "", "", (), specs)
    return stand([spec], context=UnitContext(""), data=UnitData(2023, data))[0]


def named(found: Standing) -> list[tuple[str, str]]:
    return [(one.kind, one.indicator.spec.code if one.indicator else "") for one in missing(found)]


def test_the_nearest_comes_first_whatever_its_unit_then_the_unmeasured_the_unreported_and_the_unknown():
    found = make(
        (None, Decimal(5), ">="),  # no norm known
        (Decimal(50), None, ">="),  # not reported
        (True, False, "is_true"),  # answered no
        (Decimal(48), Decimal(24), ">="),  # half of the income
        (Decimal(9), Decimal(10), "<="),  # a tenth too much
        (Decimal(100), Decimal(99), ">="),  # one per cent
        (Decimal(10), Decimal(10), ">="),  # met
    )
    assert named(found) == [
        (SHORT, "i5"), (SHORT, "i4"), (SHORT, "i3"), (REFUSED, "i2"), (UNREPORTED, "i1"), (NO_NORM, "i0"),
    ]  # fmt: skip


def test_a_zero_is_reported_and_nothing_reported_is_not_far_but_unknown():
    zero, nothing = (missing(make((Decimal(50), value, ">="))) for value in (Decimal(0), None))
    assert (zero[0].kind, zero[0].distance) == (SHORT, 1)
    assert (nothing[0].kind, nothing[0].distance) == (UNREPORTED, None)


def two_parts(men: Value, women: Value, kind: str = "number") -> Standing:
    parts = tuple(PartSpec(sex, "sex", kind, ">=" if kind == "number" else "is_true") for sex in ("male", "female"))
    norm = NormSpec(1, "", "", None, "", Decimal(50) if kind == "number" else True, "sourced")
    spec = SetSpec(
        1, "S", "standard", 1, "", "", (), (CriterionSpec(1, 1, (IndicatorSpec(1, "i", 1, "e", parts, (norm,)),)),)
    )
    cells = {("e", "male"): Cell("value", men), ("e", "female"): Cell("value", women)}
    return stand([spec], context=UnitContext(""), data=UnitData(2023, cells))[0]


def test_of_men_and_women_the_farther_decides():
    (one,) = missing(two_parts(Decimal(45), Decimal(25)))
    assert (one.kind, one.distance) == (SHORT, Decimal("0.5"))
    (one,) = missing(two_parts(Decimal(60), Decimal(45)))
    assert one.distance == Decimal("0.1")


def test_a_criterion_without_indicators_is_missing_and_says_so():
    spec = SetSpec(1, "S", "standard", 1, "", "", (), (CriterionSpec(7, 7, ()),))
    (one,) = missing(stand([spec], context=UnitContext(""), data=UnitData(2023))[0])
    assert (one.kind, one.indicator, one.criterion.spec.number) == (NO_NORM, None, 7)


def test_what_does_not_apply_is_not_missing():
    spec = make((Decimal(50), Decimal(60), ">=")).spec
    data = UnitData(2023, {("e0", ""): Cell("not_applicable", reason="không có")})
    found = stand([spec], context=UnitContext(""), data=data)[0]
    assert found.criteria[0].indicators[0].outcome == NOT_APPLICABLE
    assert missing(found) == ()


def levels(*outcomes: str) -> list[Standing]:
    return [
        Standing(
            SetSpec(n, f"S{n}", f"l{n}", n, "", "", (), ()), outcome, (), 0, 0, 0, 0, judged=False, unverified=False
        )
        for n, outcome in enumerate(outcomes, 1)
    ]


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [(("met", "not_met", "not_met"), "l2"), (("no_data", "met"), "l1"), (("met", "met"), None), ((), None)],
)
def test_the_next_level_is_the_lowest_not_attained(outcomes, expected):
    found = next_level(reversed(levels(*outcomes)))
    assert (found.spec.level if found else None) == expected


numbers = st.decimals(0, 1000, places=2, allow_nan=False)
case = st.tuples(st.one_of(st.none(), numbers), st.one_of(st.none(), numbers), st.sampled_from([">=", "<=", "=="]))


@given(st.lists(case, max_size=8), st.integers(1, 3))
def test_every_indicator_that_is_not_met_is_named_once_and_in_order(cases, criteria):
    found = make(*cases, criteria=criteria)
    rows = [one for one in missing(found) if one.indicator]
    open_ones = {i.spec.code for c in found.criteria for i in c.indicators if i.outcome not in (MET, NOT_APPLICABLE)}
    assert sorted(one.indicator.spec.code for one in rows) == sorted(open_ones)
    kinds = [KINDS.index(one.kind) for one in rows]
    assert kinds == sorted(kinds)
    distances = [one.distance for one in rows if one.kind == SHORT]
    assert distances == sorted(distances)
    assert all(0 <= d <= 1 for d in distances)


@given(numbers, numbers, numbers, st.sampled_from([">=", "<="]))
def test_a_better_value_is_never_farther_away(norm, one, other, comparison):
    better, worse = (max(one, other), min(one, other)) if comparison == ">=" else (min(one, other), max(one, other))
    near, far = (missing(make((norm, value, comparison))) for value in (better, worse))
    assert (near[0].distance if near else Decimal(-1)) <= (far[0].distance if far else Decimal(-1))


@given(st.lists(case, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_entry_changes_no_distance(cases, chance: random.Random):
    shuffled = list(cases)
    chance.shuffle(shuffled)
    first, second = (sorted(str((m.kind, m.distance)) for m in missing(make(*rows))) for rows in (cases, shuffled))
    assert first == second
