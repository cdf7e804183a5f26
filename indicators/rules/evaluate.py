"""Outcomes of cells, indicators and criteria (QĐ 318/QĐ-TTg: every applicable indicator must be met)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from indicators.rules.comparators import distance, is_met
from indicators.rules.norms import choose_norm, norm_value, region_for
from indicators.rules.types import (
    MET,
    NO_DATA,
    NOT_APPLICABLE,
    NOT_MET,
    UNDETERMINED,
    Cell,
    CriterionOutcome,
    CriterionSpec,
    IndicatorOutcome,
    IndicatorSpec,
    PartOutcome,
    PartSpec,
    SetSpec,
    Standing,
    UnitContext,
    UnitData,
)


def combine(outcomes: Iterable[str]) -> str:
    """Combine outcomes: not applicable is left out; one not met decides; one open leaves open; only then met."""
    found = [outcome for outcome in outcomes if outcome != NOT_APPLICABLE]
    if not found:
        return NOT_APPLICABLE
    for outcome in (NOT_MET, NO_DATA, UNDETERMINED):
        if outcome in found:
            return outcome
    return MET


def evaluate_part(
    spec: IndicatorSpec,
    part: PartSpec,
    *,
    criteria_set: SetSpec,
    sets: Mapping[str, SetSpec],
    context: UnitContext,
    data: UnitData,
) -> tuple[PartOutcome, bool]:
    """Judge one cell; also return whether it rests on an unverified norm."""
    cell: Cell | None = data.cells.get((spec.element, part.code))
    norm = choose_norm(
        spec.norms,
        # Men and women are each held against the norm of the whole.
        part=part.code if part.kind == "component" else "",
        region=region_for(criteria_set, context),
        year=data.year,
        group=context.group,
    )
    level, unverified = (
        norm_value(norm, sets=sets, context=context, year=data.year) if norm is not None else (None, False)
    )
    if cell is not None and cell.state == NOT_APPLICABLE:
        return PartOutcome(part, NOT_APPLICABLE, cell, norm, level, None), False
    if cell is None or cell.state == NO_DATA or cell.value is None:
        return PartOutcome(part, NO_DATA, cell, norm, level, None), False
    if level is None:
        return PartOutcome(part, UNDETERMINED, cell, norm, None, None), False
    met = is_met(cell.value, level, part.comparison, part.scale)
    gap = distance(cell.value, level, part.comparison, part.scale)
    return PartOutcome(part, MET if met else NOT_MET, cell, norm, level, gap), unverified


def evaluate_indicator(
    spec: IndicatorSpec,
    *,
    criteria_set: SetSpec,
    sets: Mapping[str, SetSpec],
    context: UnitContext,
    data: UnitData,
    attainments: Mapping[str, Standing] | None = None,
) -> IndicatorOutcome:
    """Judge one indicator; the office's judgement counts only where no norm is known, and is marked.

    One taken from the attainment of another set rests on all that that attainment rests on.
    """
    if spec.derived_from_attainment:
        below = (attainments or {}).get(spec.derived_from_attainment)
        if below is None:
            return IndicatorOutcome(spec, NO_DATA, (), judged=False, unverified=False)
        decided = below.outcome in (MET, NOT_MET)
        return IndicatorOutcome(
            spec, below.outcome, (), judged=decided and below.judged, unverified=decided and below.unverified
        )
    judged_parts = [
        evaluate_part(spec, part, criteria_set=criteria_set, sets=sets, context=context, data=data)
        for part in spec.parts
    ]
    parts = tuple(part for part, _ in judged_parts)
    outcome = combine(part.outcome for part in parts)
    judged = False
    if outcome == UNDETERMINED:
        judgement = data.judgements.get((criteria_set.code, spec.element))
        if judgement in (MET, NOT_MET):
            outcome, judged = judgement, True
    unverified = outcome in (MET, NOT_MET) and any(flag for _, flag in judged_parts)
    return IndicatorOutcome(spec, outcome, parts, judged=judged, unverified=unverified)


def evaluate_criterion(
    spec: CriterionSpec,
    *,
    criteria_set: SetSpec,
    sets: Mapping[str, SetSpec],
    context: UnitContext,
    data: UnitData,
    attainments: Mapping[str, Standing] | None = None,
) -> CriterionOutcome:
    """Judge a criterion from its indicators."""
    indicators = tuple(
        evaluate_indicator(
            indicator, criteria_set=criteria_set, sets=sets, context=context, data=data, attainments=attainments
        )
        for indicator in spec.indicators
    )
    outcome = combine(i.outcome for i in indicators) if indicators else UNDETERMINED
    return CriterionOutcome(
        spec,
        outcome,
        indicators,
        judged=any(i.judged for i in indicators),
        unverified=any(i.unverified for i in indicators),
    )
