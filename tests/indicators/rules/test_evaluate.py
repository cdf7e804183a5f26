"""The rules, case by case: what is met, what is not, what stays open, and why."""

from __future__ import annotations

from decimal import Decimal

import pytest

from indicators.rules.comparators import distance, is_met, missed_from_above
from indicators.rules.evaluate import combine, evaluate_indicator
from indicators.rules.norms import choose_norm, norm_value, region_for
from indicators.rules.standing import stand
from indicators.rules.types import (
    MET,
    NO_DATA,
    NOT_APPLICABLE,
    NOT_MET,
    UNDETERMINED,
    Cell,
    CriterionSpec,
    IndicatorSpec,
    NormSpec,
    PartSpec,
    SetSpec,
    UnitContext,
    UnitData,
    Value,
)

DELTA, MIDLANDS = "dong_bang_song_hong", "trung_du_mien_nui_phia_bac"
SCALE = ("mức độ 1", "mức độ 2", "mức độ 3")


def norm(value: Value | None, **over: object) -> NormSpec:
    base: dict[str, object] = {
        "id": 1,
        "part": "",
        "region": "",
        "year": None,
        "group": "",
        "value": value,
        "provenance": "sourced",
    }
    return NormSpec(**{**base, **over})  # type: ignore[arg-type]


def indicator(
    *norms: NormSpec, comparison: str = ">=", parts: tuple[PartSpec, ...] = (), **over: object
) -> IndicatorSpec:
    base: dict[str, object] = {
        "version_id": 1,
        "code": "1.1",
        "element_id": 1,
        "element": "e",
        "parts": parts or (PartSpec("", "whole", "percent", comparison),),
        "norms": norms,
    }
    return IndicatorSpec(**{**base, **over})  # type: ignore[arg-type]


def one_set(*criteria: tuple[IndicatorSpec, ...], **over: object) -> SetSpec:
    base: dict[str, object] = {
        "id": 1,
        "code": "S",
        "level": "standard",
        "rank": 1,
        "prerequisite": "",
        "default_region": DELTA,
        "zone_regions": (),
        "criteria": tuple(CriterionSpec(n, n, indicators) for n, indicators in enumerate(criteria, 1)),
    }
    return SetSpec(**{**base, **over})  # type: ignore[arg-type]


def judge(
    spec: IndicatorSpec,
    cells: dict[str, Cell],
    judgement: str | None = None,
    context: UnitContext | None = None,
    year: int = 2023,
    **over: object,
) -> str:
    whole = one_set((spec,), **over)
    data = UnitData(
        year, {("e", part): cell for part, cell in cells.items()}, {("S", "e"): judgement} if judgement else {}
    )
    return evaluate_indicator(
        spec, criteria_set=whole, sets={"S": whole}, context=context or UnitContext(DELTA), data=data
    ).outcome


def number(text: str) -> Cell:
    return Cell("value", Decimal(text))


@pytest.mark.parametrize(
    ("value", "level", "comparison", "met"),
    [
        ("90", "90", ">=", True),
        ("89.9999", "90", ">=", False),
        ("2.5", "2.5", "<=", True),
        ("2.6", "2.5", "<=", False),
        ("0", "0", "==", True),
        ("1", "0", "==", False),
    ],
)
def test_a_number_is_compared_unrounded(value: str, level: str, comparison: str, met: bool) -> None:
    assert is_met(Decimal(value), Decimal(level), comparison) is met


def test_a_scale_word_is_compared_by_its_place_on_the_scale() -> None:
    assert is_met("mức độ 3", "mức độ 2", ">=", SCALE)
    assert not is_met("mức độ 1", "mức độ 2", ">=", SCALE)


def test_an_unknown_comparison_is_refused() -> None:
    with pytest.raises(ValueError, match="about"):
        is_met(Decimal(1), Decimal(1), "about")


@pytest.mark.parametrize(
    ("value", "level", "comparison", "gap"),
    [("64.2", "68", ">=", "-3.8"), ("3", "2.5", "<=", "-0.5"), ("2", "2.5", "<=", "0.5"), ("3", "0", "==", "-3")],
)
def test_the_gap_is_negative_when_short_of_the_norm(value: str, level: str, comparison: str, gap: str) -> None:
    assert distance(Decimal(value), Decimal(level), comparison) == Decimal(gap)


@pytest.mark.parametrize(
    ("comparison", "level", "above"), [(">=", "90", False), ("<=", "1", True), ("==", "0", True), ("==", "2", False)]
)
def test_a_limit_is_missed_from_above(comparison: str, level: str, above: bool) -> None:
    assert missed_from_above(comparison, Decimal(level)) is above


def test_yes_and_no_have_no_distance() -> None:
    assert distance(True, True, "is_true") is None


@pytest.mark.parametrize(
    ("outcomes", "together"),
    [
        ([MET, MET], MET),
        ([MET, NOT_MET, NO_DATA], NOT_MET),
        ([MET, NO_DATA], NO_DATA),
        ([MET, UNDETERMINED], UNDETERMINED),
        ([NO_DATA, UNDETERMINED], NO_DATA),
        ([MET, NOT_APPLICABLE], MET),
        ([NOT_APPLICABLE, NOT_APPLICABLE], NOT_APPLICABLE),
        ([], NOT_APPLICABLE),
        ([UNDETERMINED, NOT_MET], NOT_MET),
    ],
)
def test_outcomes_combine_as_the_decree_says(outcomes: list[str], together: str) -> None:
    assert combine(outcomes) == together


def test_zero_is_a_value_and_a_blank_is_not() -> None:
    spec = indicator(norm(Decimal(0)), comparison="==")
    assert judge(spec, {"": number("0")}) == MET
    assert judge(spec, {}) == NO_DATA
    assert judge(spec, {"": Cell("no_data")}) == NO_DATA


def test_without_a_norm_a_number_decides_nothing_until_the_office_judges() -> None:
    spec = indicator()
    assert judge(spec, {"": number("99")}) == UNDETERMINED
    assert judge(spec, {"": number("99")}, judgement=MET) == MET
    assert judge(spec, {"": number("99")}, judgement=NOT_MET) == NOT_MET


def test_a_norm_overrules_a_judgement() -> None:
    assert judge(indicator(norm(Decimal(90))), {"": number("50")}, judgement=MET) == NOT_MET


def test_a_judgement_cannot_stand_in_for_missing_data() -> None:
    assert judge(indicator(), {}, judgement=MET) == NO_DATA


def test_a_norm_marked_missing_is_no_norm() -> None:
    assert judge(indicator(norm(Decimal(1), provenance="missing")), {"": number("5")}) == UNDETERMINED


def test_a_broader_norm_does_not_step_in_for_one_marked_missing() -> None:
    spec = indicator(norm(Decimal(1), id=1), norm(Decimal(9), id=2, region=DELTA, provenance="missing"))
    assert judge(spec, {"": number("5")}) == UNDETERMINED
    assert judge(spec, {"": number("5")}, context=UnitContext("tay_nguyen")) == MET


def test_the_narrowest_norm_holds() -> None:
    norms = (
        norm(Decimal(45), id=1, year=2021),
        norm(Decimal(50), id=2, year=2021, region=DELTA),
        norm(Decimal(40), id=3, region=DELTA),
        norm(Decimal(30), id=4),
    )

    def chosen(region: str, year: int) -> int:
        found = choose_norm(norms, part="", region=region, year=year, group="")
        assert found is not None
        return found.id

    assert chosen(DELTA, 2021) == 2
    assert chosen(DELTA, 2022) == 3
    assert chosen("tay_nguyen", 2021) == 1
    assert chosen("tay_nguyen", 2022) == 4


def test_a_region_without_a_norm_stays_undetermined() -> None:
    spec = indicator(norm(Decimal(100), region=DELTA))
    assert judge(spec, {"": number("100")}, context=UnitContext("tay_nguyen")) == UNDETERMINED


def test_a_zone_takes_another_regions_column() -> None:
    spec = indicator(norm(Decimal(56), region=DELTA), norm(Decimal(42), id=2, region=MIDLANDS))
    zones = (("extremely_difficult", MIDLANDS),)
    inside = UnitContext(DELTA, frozenset({"extremely_difficult"}))
    assert judge(spec, {"": number("45")}, zone_regions=zones) == NOT_MET
    assert judge(spec, {"": number("45")}, context=inside, zone_regions=zones) == MET


def test_a_unit_without_region_is_measured_by_the_sets_own() -> None:
    assert region_for(one_set(), UnitContext("")) == DELTA


def test_men_and_women_must_both_reach_the_norm() -> None:
    parts = (PartSpec("male", "sex", "percent", ">="), PartSpec("female", "sex", "percent", ">="))
    spec = indicator(norm(Decimal(90)), parts=parts)
    assert judge(spec, {"male": number("95"), "female": number("91")}) == MET
    assert judge(spec, {"male": number("95"), "female": number("89.9")}) == NOT_MET
    assert judge(spec, {"male": number("95")}) == NO_DATA


def test_components_must_all_hold_each_against_its_own_norm() -> None:
    parts = (PartSpec("", "whole", "percent", ">="), PartSpec("a", "component", "percent", ">="))
    spec = indicator(norm(Decimal(65)), norm(Decimal(15), id=2, part="a"), parts=parts)
    assert judge(spec, {"": number("70"), "a": number("15")}) == MET
    assert judge(spec, {"": number("70"), "a": number("14")}) == NOT_MET
    assert judge(indicator(norm(Decimal(65)), parts=parts), {"": number("70"), "a": number("14")}) == UNDETERMINED


def test_not_applicable_is_left_out_of_a_criterion() -> None:
    spec = indicator(norm(Decimal(90)))
    assert judge(spec, {"": Cell("not_applicable", reason="không có")}) == NOT_APPLICABLE


def test_a_derived_norm_is_the_factor_times_the_other_sets_norm_of_region_and_year() -> None:
    income = indicator(norm(Decimal(68), region=DELTA, year=2023, provenance="unverified"), code="10")
    advanced = one_set((income,), code="ADV")
    derived = norm(None, derived_set="ADV", derived_indicator="10", derived_factor=Decimal("1.1"))
    value, unverified = norm_value(derived, sets={"ADV": advanced}, context=UnitContext(DELTA), year=2023)
    assert value == Decimal("74.8")
    assert unverified
    assert norm_value(derived, sets={"ADV": advanced}, context=UnitContext(DELTA), year=2024) == (None, False)
    assert norm_value(derived, sets={}, context=UnitContext(DELTA), year=2023) == (None, False)


def test_a_result_on_an_unverified_norm_is_marked() -> None:
    spec = indicator(norm(Decimal(90), provenance="unverified"))
    whole = one_set((spec,))
    (standing,) = stand([whole], context=UnitContext(DELTA), data=UnitData(2023, {("e", ""): number("95")}))
    assert standing.unverified
    assert standing.outcome == MET


def standing_of(*sets: SetSpec, **cells: str) -> dict[str, str]:
    data = UnitData(2023, {(element, ""): number(text) for element, text in cells.items()})
    return {s.spec.code: s.outcome for s in stand(sets, context=UnitContext(DELTA), data=data)}


def levels() -> tuple[SetSpec, SetSpec]:
    low = indicator(norm(Decimal(50)), element="a")
    high = indicator(norm(Decimal(50)), element="b")
    return (
        one_set((high,), code="ADV", rank=2, level="advanced", prerequisite="STD"),
        one_set((low,), code="STD"),
    )


def test_a_higher_level_requires_the_lower_one() -> None:
    assert standing_of(*levels(), a="60", b="60") == {"STD": MET, "ADV": MET}
    assert standing_of(*levels(), a="40", b="60") == {"STD": NOT_MET, "ADV": NOT_MET}
    assert standing_of(*levels(), b="60") == {"STD": NO_DATA, "ADV": NO_DATA}


def test_a_set_without_an_applicable_criterion_is_never_met() -> None:
    spec = indicator(norm(Decimal(1)))
    (standing,) = stand(
        [one_set((spec,))],
        context=UnitContext(DELTA),
        data=UnitData(2023, {("e", ""): Cell("not_applicable", reason="x")}),
    )
    assert standing.outcome == UNDETERMINED
    assert (standing.criteria_met, standing.criteria_total) == (0, 0)


def test_an_indicator_taken_from_attainment_is_never_typed() -> None:
    standard = one_set((indicator(norm(Decimal(50)), element="a"),), code="STD")
    model = one_set(
        (indicator(derived_from_attainment="STD", element="typed"),), code="MOD", rank=3, prerequisite="STD"
    )
    assert standing_of(standard, model, a="60", typed="0")["MOD"] == MET
    assert standing_of(standard, model, a="10", typed="1")["MOD"] == NOT_MET
