"""Three levels side by side, case by case: one figure under several norms, what is derived, what is required first."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

import pytest

from indicators.rules.evaluate import combine, evaluate_criterion
from indicators.rules.norms import norm_value
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
    Standing,
    UnitContext,
    UnitData,
    Value,
)

DELTA, MIDLANDS, HIGHLANDS = "dong_bang_song_hong", "trung_du_mien_nui_phia_bac", "tay_nguyen"
DIFFICULT = "extremely_difficult"
STANDARD, ADVANCED, MODEL = "standard", "advanced", "model"
RATINGS = ("yếu", "trung bình", "khá", "tốt")
DEGREES = ("mức độ 1", "mức độ 2", "mức độ 3")
CONTEXT = UnitContext(DELTA)
NOTHING_HERE = Cell(NOT_APPLICABLE, reason="Xã không có")


def norm(value: str | bool | None, **over: object) -> NormSpec:
    level: Value | None = Decimal(value) if isinstance(value, str) and value[:1].isdigit() else value
    base: dict[str, object] = {"id": 1, "part": "", "region": "", "year": None, "group": ""}
    return NormSpec(**{**base, "value": level, "provenance": "sourced", **over})  # type: ignore[arg-type]


def part(
    code: str = "",
    kind: str = "whole",
    value_type: str = "percent",
    comparison: str = ">=",
    scale: tuple[str, ...] = (),
) -> PartSpec:
    return PartSpec(code, kind, value_type, comparison, scale)


def indicator(element: str, *norms: NormSpec, parts: tuple[PartSpec, ...] = (), **over: object) -> IndicatorSpec:
    base: dict[str, object] = {"version_id": 1, "code": element, "element_id": 1, "element": element}
    return IndicatorSpec(**{**base, "parts": parts or (part(),), "norms": norms, **over})  # type: ignore[arg-type]


def one_set(level: str, *criteria: tuple[IndicatorSpec, ...], **over: object) -> SetSpec:
    order = (STANDARD, ADVANCED, MODEL)
    base: dict[str, object] = {
        "id": order.index(level),
        "code": level,
        "level": level,
        "rank": order.index(level) + 1,
        "prerequisite": order[order.index(level) - 1] if level != STANDARD else "",
        "default_region": DELTA,
        "zone_regions": (),
        "criteria": tuple(CriterionSpec(n, n, indicators) for n, indicators in enumerate(criteria, 1)),
    }
    return SetSpec(**{**base, **over})  # type: ignore[arg-type]


def cell(value: object) -> Cell:
    if isinstance(value, Cell):
        return value
    return Cell("value", Decimal(value) if isinstance(value, str) and value[:1].isdigit() else value)  # type: ignore[arg-type]


def judged(
    *sets: SetSpec,
    context: UnitContext = CONTEXT,
    year: int = 2023,
    judgements: dict[tuple[str, str], str] | None = None,
    **cells: object,
) -> dict[str, Standing]:
    """Judge cells given by element (`income="68"`), or by element and part (`insured={"male": "95"}`)."""
    typed = {
        (element, code): cell(value)
        for element, given in cells.items()
        for code, value in (given.items() if isinstance(given, dict) else {"": given}.items())
        if value is not None
    }
    return {s.spec.level: s for s in stand(sets, context=context, data=UnitData(year, typed, judgements or {}))}


def outcomes(found: dict[str, Standing]) -> dict[str, str]:
    return {level: standing.outcome for level, standing in found.items()}


def of_indicator(standing: Standing, code: str) -> str:
    return next(i.outcome for c in standing.criteria for i in c.indicators if i.spec.code == code)


# --- one figure, three norms ------------------------------------------------------------------------------------

# QĐ 318/QĐ-TTg, criterion 10, in million đồng a head; QĐ 319/QĐ-TTg, criterion 2: 1.10 times the advanced norm of the
# same region and year.
INCOME = {
    STANDARD: {(DELTA, 2022): "53", (DELTA, 2023): "56", (MIDLANDS, 2023): "42"},
    ADVANCED: {(DELTA, 2022): "64", (DELTA, 2023): "68", (MIDLANDS, 2023): "51"},
}


def three_levels(**over: object) -> tuple[SetSpec, SetSpec, SetSpec]:
    def incomes(level: str) -> tuple[NormSpec, ...]:
        return tuple(norm(value, region=region, year=year) for (region, year), value in INCOME[level].items())

    derived = norm(None, derived_set=ADVANCED, derived_indicator="income", derived_factor=Decimal("1.1"))
    return (
        one_set(STANDARD, (indicator("income", *incomes(STANDARD)),), **over),
        one_set(ADVANCED, (indicator("income", *incomes(ADVANCED)),), **over),
        one_set(MODEL, (indicator("income", derived),)),
    )


@pytest.mark.parametrize(
    ("value", "standard", "advanced", "model"),
    [
        ("55.9999", NOT_MET, NOT_MET, NOT_MET),
        ("56", MET, NOT_MET, NOT_MET),
        ("67.9999", MET, NOT_MET, NOT_MET),
        ("68", MET, MET, NOT_MET),
        ("74.7999", MET, MET, NOT_MET),
        ("74.8", MET, MET, MET),
    ],
)
def test_one_income_is_judged_at_each_level_by_its_own_norm(
    value: str, standard: str, advanced: str, model: str
) -> None:
    assert outcomes(judged(*three_levels(), income=value)) == {STANDARD: standard, ADVANCED: advanced, MODEL: model}


@pytest.mark.parametrize(("year", "level"), [(2022, "70.4"), (2023, "74.8")])
def test_the_derived_norm_follows_the_year(year: int, level: str) -> None:
    standard, advanced, model = three_levels()
    spec = model.criteria[0].indicators[0]
    sets = {s.code: s for s in (standard, advanced, model)}
    assert norm_value(spec.norms[0], sets=sets, context=CONTEXT, year=year) == (Decimal(level), False)


@pytest.mark.parametrize(
    ("context", "value", "model"),
    [
        (UnitContext(MIDLANDS), "56.1", MET),
        (UnitContext(MIDLANDS), "56", NOT_MET),
        (UnitContext(DELTA, frozenset({DIFFICULT})), "56.1", MET),
        (UnitContext(DELTA), "56.1", NOT_MET),
        (UnitContext(HIGHLANDS), "99", UNDETERMINED),
    ],
)
def test_the_derived_norm_follows_the_region_and_the_zone_of_the_set_it_is_taken_from(
    context: UnitContext, value: str, model: str
) -> None:
    sets = three_levels(zone_regions=((DIFFICULT, MIDLANDS),))
    assert of_indicator(judged(*sets, context=context, income=value)[MODEL], "income") == model


def test_a_norm_derived_from_a_derived_norm_multiplies_the_factors() -> None:
    base = one_set(STANDARD, (indicator("income", norm("50")),))
    middle = norm(None, derived_set=STANDARD, derived_indicator="income", derived_factor=Decimal("1.2"))
    top = norm(None, derived_set=ADVANCED, derived_indicator="income", derived_factor=Decimal("1.1"))
    sets = {STANDARD: base, ADVANCED: one_set(ADVANCED, (indicator("income", middle),))}
    assert norm_value(top, sets=sets, context=CONTEXT, year=2023) == (Decimal("66.00"), False)


@pytest.mark.parametrize("below", ["missing", "word"])
def test_without_a_number_below_a_derived_norm_is_not_known(below: str) -> None:
    norms = {
        "missing": norm("68", provenance="missing"),
        "word": norm("khá"),
    }
    sets = {ADVANCED: one_set(ADVANCED, (indicator("income", norms[below]),))}
    derived = norm(None, derived_set=ADVANCED, derived_indicator="income", derived_factor=Decimal("1.1"))
    assert norm_value(derived, sets=sets, context=CONTEXT, year=2023) == (None, False)


@pytest.mark.parametrize(
    ("group", "outcome"), [("nhom_1", NOT_MET), ("nhom_2", MET), ("nhom_3", MET), ("", UNDETERMINED)]
)
def test_a_norm_may_depend_on_the_group_of_the_commune(group: str, outcome: str) -> None:
    spec = indicator("income", *(norm(str(90 - 10 * n), group=f"nhom_{n}", id=n) for n in (1, 2, 3)))
    found = judged(one_set(STANDARD, (spec,)), context=UnitContext(DELTA, group=group), income="70")
    assert found[STANDARD].outcome == outcome


def test_poverty_is_judged_by_a_norm_at_one_level_and_by_the_office_at_the_next() -> None:
    at_most = (part(comparison="<="),)
    sets = (
        one_set(STANDARD, (indicator("poverty", norm("2.5"), parts=at_most),)),
        one_set(ADVANCED, (indicator("poverty", parts=at_most),)),
    )
    assert outcomes(judged(*sets, poverty="2.5")) == {STANDARD: MET, ADVANCED: UNDETERMINED}
    told = {(ADVANCED, "poverty"): NOT_MET}
    assert outcomes(judged(*sets, judgements=told, poverty="2.5")) == {STANDARD: MET, ADVANCED: NOT_MET}
    # An office's word for one level is no word for the other.
    assert outcomes(judged(*sets, judgements={(STANDARD, "poverty"): MET}, poverty="2.6")) == {
        STANDARD: NOT_MET,
        ADVANCED: NOT_MET,
    }


# --- what is required first -------------------------------------------------------------------------------------

STATES = {MET: "60", NOT_MET: "40", NO_DATA: None, UNDETERMINED: "60"}


def requiring(below: str, own: str) -> tuple[SetSpec, SetSpec]:
    """Two sets that stand like this by themselves; an undetermined one has no norm."""
    return (
        one_set(STANDARD, (indicator("low", *(() if below == UNDETERMINED else (norm("50"),))),)),
        one_set(ADVANCED, (indicator("high", *(() if own == UNDETERMINED else (norm("50"),))),)),
    )


@pytest.mark.parametrize(
    ("below", "own", "outcome"),
    [
        (MET, MET, MET),
        (MET, NOT_MET, NOT_MET),
        (MET, NO_DATA, NO_DATA),
        (MET, UNDETERMINED, UNDETERMINED),
        (NOT_MET, MET, NOT_MET),
        (NOT_MET, NOT_MET, NOT_MET),
        (NOT_MET, NO_DATA, NOT_MET),
        (NOT_MET, UNDETERMINED, NOT_MET),
        (NO_DATA, MET, NO_DATA),
        (NO_DATA, NOT_MET, NOT_MET),
        (NO_DATA, NO_DATA, NO_DATA),
        (NO_DATA, UNDETERMINED, NO_DATA),
        (UNDETERMINED, MET, UNDETERMINED),
        (UNDETERMINED, NOT_MET, NOT_MET),
        (UNDETERMINED, NO_DATA, NO_DATA),
        (UNDETERMINED, UNDETERMINED, UNDETERMINED),
    ],
)
def test_advanced_requires_standard(below: str, own: str, outcome: str) -> None:
    found = judged(*requiring(below, own), low=STATES[below], high=STATES[own])
    assert (found[STANDARD].outcome, found[ADVANCED].outcome) == (below, outcome)
    assert found[ADVANCED].prerequisite_outcome == below


def test_the_table_above_names_every_case() -> None:
    assert len(list(product(STATES, STATES))) == 16


def test_a_level_whose_prerequisite_is_not_published_stays_open() -> None:
    (found,) = judged(one_set(ADVANCED, (indicator("high", norm("50")),)), high="60").values()
    assert (found.outcome, found.prerequisite_outcome) == (NO_DATA, NO_DATA)


def test_criteria_are_counted_without_regard_to_the_prerequisite() -> None:
    found = judged(*requiring(NOT_MET, MET), low="40", high="60")[ADVANCED]
    assert (found.outcome, found.criteria_met, found.criteria_total) == (NOT_MET, 1, 1)


@pytest.mark.parametrize(("advanced", "outcome"), [(s, s) for s in (MET, NOT_MET, NO_DATA, UNDETERMINED)])
def test_model_takes_meets_the_advanced_set_from_attainment_and_never_from_what_is_typed(
    advanced: str, outcome: str
) -> None:
    low, high = requiring(MET, advanced)
    model = one_set(MODEL, (indicator("typed", norm(True), derived_from_attainment=ADVANCED),))
    for typed in (Cell("value", True), Cell("value", False), NOTHING_HERE, None):
        found = judged(low, high, model, low="60", high=STATES[advanced], typed=typed)[MODEL]
        assert (of_indicator(found, "typed"), found.outcome) == (outcome, outcome)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_the_order_in_which_sets_are_given_does_not_matter(order: tuple[int, ...]) -> None:
    sets = three_levels()
    assert outcomes(judged(*(sets[n] for n in order), income="80")) == dict.fromkeys((STANDARD, ADVANCED, MODEL), MET)


def test_marks_of_a_lower_level_hold_for_what_is_built_on_it() -> None:
    doubtful = one_set(STANDARD, (indicator("low", norm("50", provenance="unverified")),))
    high = one_set(ADVANCED, (indicator("high"),))
    model = one_set(MODEL, (indicator("typed", derived_from_attainment=ADVANCED),))
    found = judged(doubtful, high, model, judgements={(ADVANCED, "high"): MET}, low="60", high="60")
    marks = {level: (s.outcome, s.unverified, s.judged) for level, s in found.items()}
    assert marks == {STANDARD: (MET, True, False), ADVANCED: (MET, True, True), MODEL: (MET, True, True)}
    (taken,) = found[MODEL].criteria[0].indicators
    assert (taken.unverified, taken.judged, taken.parts) == (True, True, ())


def test_a_sourced_norm_bears_no_mark() -> None:
    found = judged(*requiring(MET, MET), low="60", high="60")
    assert {(s.unverified, s.judged) for s in found.values()} == {(False, False)}


# --- the shapes of the law --------------------------------------------------------------------------------------

SEXES = (part("male", "sex"), part("female", "sex"))
WATER = (part(), part("17.1.a", "component"))
SCHOOLS = (part(value_type="percent"), part("5.1.a", "component", "number"))
EDUCATION = (
    part("14.1.a", "component"),
    part("14.1.b", "component", "boolean", "is_true"),
    part("14.1.c", "component", "choice", ">=", DEGREES),
)
EDUCATION_NORMS = (norm("98", part="14.1.a"), norm(True, part="14.1.b"), norm("mức độ 2", part="14.1.c"))


def alone(spec: IndicatorSpec, given: object, judgement: str | None = None) -> str:
    told = {(STANDARD, spec.element): judgement} if judgement else {}
    found = judged(one_set(STANDARD, (spec,)), judgements=told, **{spec.element: given})
    return found[STANDARD].criteria[0].indicators[0].outcome


@pytest.mark.parametrize(
    ("given", "outcome"),
    [
        ({"male": "95", "female": "95"}, MET),
        ({"male": "94.9999", "female": "99"}, NOT_MET),
        ({"male": "99", "female": "94.9999"}, NOT_MET),
        ({"male": "99", "female": Cell(NO_DATA)}, NO_DATA),
        ({"male": "10", "female": Cell(NO_DATA)}, NOT_MET),
        ({"male": "99", "female": NOTHING_HERE}, MET),
        ({"male": NOTHING_HERE, "female": NOTHING_HERE}, NOT_APPLICABLE),
        ({}, NO_DATA),
    ],
)
def test_men_and_women_each_reach_the_norm(given: dict[str, object], outcome: str) -> None:
    assert alone(indicator("insured", norm("95"), parts=SEXES), given) == outcome


@pytest.mark.parametrize(
    ("given", "outcome"),
    [
        ({"": "65", "17.1.a": "15"}, MET),
        ({"": "64.9", "17.1.a": "60"}, NOT_MET),
        ({"": "80", "17.1.a": "14.9"}, NOT_MET),
        ({"": "80", "17.1.a": "0"}, NOT_MET),
        ({"": "80"}, NO_DATA),
        ({"": "10"}, NOT_MET),
    ],
)
def test_a_nested_level_must_hold_beside_the_whole(given: dict[str, object], outcome: str) -> None:
    spec = indicator("water", norm("65"), norm("15", part="17.1.a"), parts=WATER)
    assert alone(spec, given) == outcome


def test_a_nested_level_without_a_norm_leaves_the_whole_to_the_office() -> None:
    spec = indicator("water", norm("65"), parts=WATER)
    assert alone(spec, {"": "80", "17.1.a": "10"}) == UNDETERMINED
    assert alone(spec, {"": "80", "17.1.a": "10"}, MET) == MET
    # Nobody may judge away that the whole falls short.
    assert alone(spec, {"": "60", "17.1.a": "10"}, MET) == NOT_MET


def test_a_share_and_a_count_are_components_of_one_question() -> None:
    spec = indicator("schools", norm("100"), norm("1", part="5.1.a"), parts=SCHOOLS)
    assert alone(spec, {"": "100", "5.1.a": "1"}) == MET
    assert alone(spec, {"": "100", "5.1.a": "0"}) == NOT_MET


@pytest.mark.parametrize(
    ("changed", "outcome"),
    [
        ({}, MET),
        ({"14.1.a": "97.9"}, NOT_MET),
        ({"14.1.b": False}, NOT_MET),
        ({"14.1.c": "mức độ 1"}, NOT_MET),
        ({"14.1.c": "mức độ 3"}, MET),
        ({"14.1.b": None}, NO_DATA),
    ],
)
def test_a_yes_or_no_with_components_is_their_conjunction(changed: dict[str, object], outcome: str) -> None:
    given = {"14.1.a": "98", "14.1.b": True, "14.1.c": "mức độ 2", **changed}
    assert alone(indicator("education", *EDUCATION_NORMS, parts=EDUCATION), given) == outcome


@pytest.mark.parametrize(
    ("value", "outcome"), [("yếu", NOT_MET), ("trung bình", NOT_MET), ("khá", MET), ("tốt", MET), (None, NO_DATA)]
)
def test_a_rating_is_compared_by_its_place_on_the_scale(value: str | None, outcome: str) -> None:
    spec = indicator("rating", norm("khá"), parts=(part(value_type="choice", scale=RATINGS),))
    assert alone(spec, value) == outcome


@pytest.mark.parametrize(
    ("value", "outcome"), [(True, MET), (False, NOT_MET), (None, NO_DATA), (Cell(NO_DATA), NO_DATA)]
)
def test_yes_and_no(value: object, outcome: str) -> None:
    assert alone(indicator("plan", norm(True), parts=(part(comparison="is_true"),)), value) == outcome


@pytest.mark.parametrize(
    ("comparison", "level", "value", "outcome"),
    [
        ("==", "0", "0", MET),
        ("==", "0", "1", NOT_MET),
        (">=", "1", "0", NOT_MET),
        (">=", "0", "0", MET),
        ("<=", "2.5", "0", MET),
    ],
)
def test_zero_is_judged_like_any_number(comparison: str, level: str, value: str, outcome: str) -> None:
    spec = indicator("count", norm(level), parts=(part(value_type="number", comparison=comparison),))
    assert alone(spec, value) == outcome
    assert alone(spec, None) == NO_DATA


def test_a_criterion_of_which_nothing_applies_is_left_out_of_the_set() -> None:
    market = one_set(STANDARD, (indicator("market", norm(True)),), (indicator("roads", norm("50")),))
    found = judged(market, market=NOTHING_HERE, roads="60")[STANDARD]
    assert [c.outcome for c in found.criteria] == [NOT_APPLICABLE, MET]
    assert (found.outcome, found.criteria_met, found.criteria_total) == (MET, 1, 1)
    assert (found.indicators_met, found.indicators_total) == (1, 1)


def test_an_indicator_that_does_not_apply_does_not_lift_its_criterion() -> None:
    spec = CriterionSpec(1, 1, (indicator("market", norm(True)), indicator("roads", norm("50"))))
    whole = one_set(STANDARD)
    cells = {("market", ""): NOTHING_HERE, ("roads", ""): cell("40")}
    found = evaluate_criterion(
        spec, criteria_set=whole, sets={STANDARD: whole}, context=CONTEXT, data=UnitData(2023, cells)
    )
    assert found.outcome == NOT_MET


def test_a_set_whose_indicators_are_not_entered_is_never_met() -> None:
    found = judged(one_set(STANDARD, (), ()))[STANDARD]
    assert (found.outcome, found.criteria_met) == (UNDETERMINED, 0)


@pytest.mark.parametrize("outcome", [MET, NOT_MET, NO_DATA, UNDETERMINED])
def test_one_outcome_alone_is_itself(outcome: str) -> None:
    assert combine([outcome]) == outcome
