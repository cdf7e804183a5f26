"""What must hold for every report, whatever its figures: at an indicator, at a criterion, at a set, at three levels."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
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
    IndicatorOutcome,
    IndicatorSpec,
    NormSpec,
    PartSpec,
    SetSpec,
    Standing,
    UnitContext,
    UnitData,
    Value,
)

GOODNESS = {NOT_MET: 0, NO_DATA: 1, UNDETERMINED: 1, MET: 2}
LEVELS = ("standard", "advanced", "model")
SCALE = ("yếu", "trung bình", "khá", "tốt")
ELEMENTS = ("a", "b", "c", "d", "e")
ABSENT = Cell(NOT_APPLICABLE, reason="Xã không có")

numbers = st.decimals(0, 100, places=2, allow_nan=False)


@dataclass(frozen=True)
class Question:
    """How an element is asked everywhere: its parts, all of one type."""

    value_type: str
    comparison: str
    parts: tuple[str, ...]

    @property
    def specs(self) -> tuple[PartSpec, ...]:
        scale = SCALE if self.value_type == "choice" else ()
        return tuple(
            PartSpec(code, "component" if code else "whole", self.value_type, self.comparison, scale)
            for code in self.parts
        )

    @property
    def values(self) -> st.SearchStrategy[Value]:
        if self.value_type == "boolean":
            return st.booleans()
        return st.sampled_from(SCALE) if self.value_type == "choice" else numbers

    def better(self, value: Value) -> st.SearchStrategy[Value]:
        """Return values at least as good as this one."""
        if isinstance(value, bool):
            return st.sampled_from([value, True])
        if isinstance(value, str):
            return st.sampled_from(SCALE[SCALE.index(value) :])
        down = self.comparison == "<="
        return st.decimals(0 if down else value, value if down else 200, places=2, allow_nan=False)


questions = st.one_of(
    st.builds(
        Question, st.just("percent"), st.sampled_from([">=", "<="]), st.sampled_from([("",), ("", "x"), ("x", "y")])
    ),
    st.builds(Question, st.just("choice"), st.just(">="), st.just(("",))),
    st.builds(Question, st.just("boolean"), st.just("is_true"), st.sampled_from([("",), ("x", "y")])),
)


@dataclass(frozen=True)
class Law:
    """Three levels that read the same elements, each with its own norms."""

    sets: tuple[SetSpec, ...]
    questions: dict[str, Question]


@st.composite
def laws(draw: st.DrawFn) -> Law:
    asked = {element: draw(questions) for element in ELEMENTS}
    sets = []
    for rank, level in enumerate(LEVELS, 1):
        criteria = []
        for number in range(1, draw(st.integers(1, 3)) + 1):
            indicators = tuple(
                _indicator(draw, f"{level}-{number}-{element}", element, asked[element])
                for element in draw(st.lists(st.sampled_from(ELEMENTS), min_size=1, max_size=3, unique=True))
            )
            criteria.append(CriterionSpec(number, number, indicators))
        if level == "model":
            taken = IndicatorSpec(0, "taken", 0, "typed", (), (), derived_from_attainment="advanced")
            criteria.append(CriterionSpec(9, 9, (taken,)))
        before = LEVELS[rank - 2] if rank > 1 else ""
        sets.append(SetSpec(rank, level, level, rank, before, "", (), tuple(criteria)))
    return Law(tuple(sets), asked)


def _indicator(draw: st.DrawFn, code: str, element: str, asked: Question) -> IndicatorSpec:
    norms = []
    for part in asked.parts:
        known = draw(st.sampled_from(["sourced", "unverified", None]))
        if known:
            value = True if asked.value_type == "boolean" else draw(asked.values)
            norms.append(NormSpec(len(norms), part, "", None, "", value, known))
    return IndicatorSpec(1, code, 1, element, asked.specs, tuple(norms))


@st.composite
def reports(draw: st.DrawFn, law: Law) -> UnitData:
    cells: dict[tuple[str, str], Cell] = {}
    for element, asked in law.questions.items():
        for part in asked.parts:
            found = draw(
                st.one_of(
                    st.none(), st.just(Cell(NO_DATA)), st.just(ABSENT), asked.values.map(lambda v: Cell("value", v))
                )
            )
            if found is not None:
                cells[element, part] = found
    judgements = draw(
        st.dictionaries(
            st.tuples(st.sampled_from(LEVELS), st.sampled_from(ELEMENTS)), st.sampled_from([MET, NOT_MET]), max_size=6
        )
    )
    return UnitData(2023, cells, judgements)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Law, UnitData]:
    law = draw(laws())
    return law, draw(reports(law))


def judged(sets: tuple[SetSpec, ...], data: UnitData) -> dict[str, Standing]:
    return {s.spec.level: s for s in stand(sets, context=UnitContext(""), data=data)}


def all_outcomes(found: dict[str, Standing]) -> dict[tuple[str, ...], str]:
    """Return the outcome of every set, criterion and indicator by its name."""
    named: dict[tuple[str, ...], str] = {}
    for level, standing in found.items():
        named[(level,)] = standing.outcome
        for criterion in standing.criteria:
            named[level, str(criterion.spec.number)] = criterion.outcome
            for one in criterion.indicators:
                named[level, str(criterion.spec.number), one.spec.code] = one.outcome
    return named


def counts(found: dict[str, Standing]) -> list[tuple[int, int, int, int]]:
    return [(s.criteria_met, s.criteria_total, s.indicators_met, s.indicators_total) for s in found.values()]


@given(cases(), st.data())
def test_a_better_value_never_lowers_an_outcome(case: tuple[Law, UnitData], data: st.DataObject) -> None:
    law, report = case
    typed = [place for place, cell in report.cells.items() if cell.state == "value"]
    assume(typed)
    place = data.draw(st.sampled_from(typed))
    value = report.cells[place].value
    assert value is not None
    better = data.draw(law.questions[place[0]].better(value))
    before = all_outcomes(judged(law.sets, report))
    cells = {**report.cells, place: Cell("value", better)}
    after = all_outcomes(judged(law.sets, replace(report, cells=cells)))
    assert before.keys() == after.keys()
    for name, outcome in before.items():
        if NOT_APPLICABLE in (outcome, after[name]):
            assert outcome == after[name], name
        else:
            assert GOODNESS[after[name]] >= GOODNESS[outcome], name


@given(cases(), st.randoms(use_true_random=False))
def test_order_never_matters(case: tuple[Law, UnitData], rng: random.Random) -> None:
    law, report = case

    def mixed(items: tuple[object, ...]) -> tuple[object, ...]:
        shuffled = list(items)
        rng.shuffle(shuffled)
        return tuple(shuffled)

    def turned(one: IndicatorSpec) -> IndicatorSpec:
        return replace(one, parts=mixed(one.parts), norms=mixed(one.norms))  # type: ignore[arg-type]

    sets = mixed(
        tuple(
            replace(
                s,
                criteria=mixed(
                    tuple(
                        replace(c, indicators=mixed(tuple(turned(i) for i in c.indicators)))  # type: ignore[arg-type]
                        for c in s.criteria
                    )
                ),
            )
            for s in law.sets
        )  # type: ignore[arg-type]
    )
    cells = dict(mixed(tuple(report.cells.items())))  # type: ignore[arg-type]
    first, second = judged(law.sets, report), judged(sets, replace(report, cells=cells))  # type: ignore[arg-type]
    assert all_outcomes(first) == all_outcomes(second)
    assert sorted(counts(first)) == sorted(counts(second))
    assert {k: (s.judged, s.unverified) for k, s in first.items()} == {
        k: (s.judged, s.unverified) for k, s in second.items()
    }


@given(cases(), st.sampled_from(LEVELS), st.data())
def test_not_applicable_never_counts(case: tuple[Law, UnitData], level: str, data: st.DataObject) -> None:
    """A question that does not apply, added to a criterion with others, changes no outcome and no count."""
    law, report = case
    chosen = next(s for s in law.sets if s.level == level)
    at = data.draw(st.integers(0, len(chosen.criteria) - 1))
    extra = IndicatorSpec(
        1,
        "extra",
        1,
        "extra",
        (PartSpec("", "whole", "percent", ">="),),
        (NormSpec(1, "", "", None, "", Decimal(50), "sourced"),),
    )
    criteria = tuple(
        replace(c, indicators=(*c.indicators, extra)) if n == at else c for n, c in enumerate(chosen.criteria)
    )
    sets = tuple(replace(s, criteria=criteria) if s is chosen else s for s in law.sets)
    wider = replace(report, cells={**report.cells, ("extra", ""): ABSENT})
    before, after = judged(law.sets, report), judged(sets, wider)
    named = {name: outcome for name, outcome in all_outcomes(after).items() if name[-1] != "extra"}
    assert named == all_outcomes(before)
    assert counts(before) == counts(after)


@given(cases(), st.data())
def test_zero_is_not_blank(case: tuple[Law, UnitData], data: st.DataObject) -> None:
    """A blank is never met nor missed; a zero is judged like any number."""
    law, report = case
    counted = [e for e, asked in law.questions.items() if asked.value_type == "percent" and asked.parts == ("",)]
    assume(counted)
    element = data.draw(st.sampled_from(counted))
    blank = {place: cell for place, cell in report.cells.items() if place[0] != element}
    empty = judged(law.sets, replace(report, cells=blank))
    zero = judged(law.sets, replace(report, cells={**blank, (element, ""): Cell("value", Decimal(0))}))
    for level in LEVELS:
        for without, given_zero in zip(
            _of_element(empty[level], element), _of_element(zero[level], element), strict=True
        ):
            assert without.outcome == NO_DATA
            (spec,) = without.spec.parts
            norm = next(iter(without.spec.norms), None)
            if norm is not None:
                reached = norm.value == 0 or spec.comparison == "<="
                assert given_zero.outcome == (MET if reached else NOT_MET)
            else:
                assert given_zero.outcome in (UNDETERMINED, MET, NOT_MET)


def _of_element(standing: Standing, element: str) -> list[IndicatorOutcome]:
    return [i for c in standing.criteria for i in c.indicators if i.spec.element == element]


@given(cases())
def test_a_level_is_never_better_than_the_one_it_requires(case: tuple[Law, UnitData]) -> None:
    law, report = case
    found = judged(law.sets, report)
    ranks = [GOODNESS[found[level].outcome] for level in LEVELS]
    assert ranks == sorted(ranks, reverse=True)


@given(cases())
def test_counts_never_pass_their_totals(case: tuple[Law, UnitData]) -> None:
    law, report = case
    for standing in judged(law.sets, report).values():
        assert 0 <= standing.indicators_met <= standing.indicators_total
        assert standing.indicators_total <= sum(len(c.indicators) for c in standing.spec.criteria)
        assert 0 <= standing.criteria_met <= standing.criteria_total <= len(standing.spec.criteria)


@given(cases(), st.sampled_from(LEVELS), st.sampled_from(ELEMENTS), st.sampled_from([MET, NOT_MET]))
def test_a_judgement_never_overrules_a_norm_nor_stands_in_for_data(
    case: tuple[Law, UnitData], level: str, element: str, judgement: str
) -> None:
    law, report = case
    bare = {place: told for place, told in report.judgements.items() if place != (level, element)}
    without = judged(law.sets, replace(report, judgements=bare))[level]
    told = judged(law.sets, replace(report, judgements={**bare, (level, element): judgement}))[level]
    for before, after in zip(_of_element(without, element), _of_element(told, element), strict=True):
        assert after.outcome == (judgement if before.outcome == UNDETERMINED else before.outcome)
        assert after.judged is (before.outcome == UNDETERMINED)


@given(st.lists(st.sampled_from(OUTCOMES), max_size=8), st.randoms(use_true_random=False))
def test_outcomes_combine_in_any_order(outcomes: list[str], rng: random.Random) -> None:
    shuffled = outcomes[:]
    rng.shuffle(shuffled)
    assert combine(shuffled) == combine(outcomes)


@given(st.lists(st.sampled_from(OUTCOMES), min_size=1, max_size=8), st.integers(1, 5))
def test_not_applicable_is_left_out_when_outcomes_combine(outcomes: list[str], times: int) -> None:
    assert combine(outcomes + [NOT_APPLICABLE] * times) == combine(outcomes)
