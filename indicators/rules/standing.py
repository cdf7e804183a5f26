"""How a unit stands at each level: every applicable criterion met, and the lower level attained first."""

from __future__ import annotations

from collections.abc import Sequence

from indicators.rules.evaluate import combine, evaluate_criterion
from indicators.rules.types import (
    MET,
    NO_DATA,
    NOT_APPLICABLE,
    NOT_MET,
    UNDETERMINED,
    SetSpec,
    Standing,
    UnitContext,
    UnitData,
)


def stand(sets: Sequence[SetSpec], *, context: UnitContext, data: UnitData) -> tuple[Standing, ...]:
    """Return the unit's standing against every set, lower levels first.

    A set without an applicable criterion is undetermined, never met. A set with a prerequisite is met only when the
    prerequisite is (advanced requires standard, model requires advanced: QĐ 318, QĐ 319).
    """
    by_code = {s.code: s for s in sets}
    attained: dict[str, Standing] = {}
    result = []
    for spec in sorted(sets, key=lambda s: (s.rank, s.code)):
        standing = _stand_one(spec, by_code, context, data, attained)
        attained[spec.code] = standing
        result.append(standing)
    return tuple(result)


def _stand_one(
    spec: SetSpec, sets: dict[str, SetSpec], context: UnitContext, data: UnitData, attained: dict[str, Standing]
) -> Standing:
    criteria = tuple(
        evaluate_criterion(c, criteria_set=spec, sets=sets, context=context, data=data, attainments=attained)
        for c in spec.criteria
    )
    own = combine(c.outcome for c in criteria)
    outcome = UNDETERMINED if own == NOT_APPLICABLE else own
    below = attained.get(spec.prerequisite) if spec.prerequisite else None
    before = (below.outcome if below else NO_DATA) if spec.prerequisite else None
    # What is not met by its own criteria owes nothing to the level below; all else rests on it too.
    rests = below if below is not None and own != NOT_MET and before in (MET, NOT_MET) else None
    if before is not None:
        # One level below not met settles it, whatever is still open above.
        outcome = combine((outcome, before))
    applicable = [c for c in criteria if c.outcome != NOT_APPLICABLE]
    indicators = [i for c in criteria for i in c.indicators if i.outcome != NOT_APPLICABLE]
    return Standing(
        spec,
        outcome,
        criteria,
        criteria_met=sum(c.outcome == MET for c in applicable),
        criteria_total=len(applicable),
        indicators_met=sum(i.outcome == MET for i in indicators),
        indicators_total=len(indicators),
        judged=any(c.judged for c in criteria) or bool(rests and rests.judged),
        unverified=any(c.unverified for c in criteria) or bool(rests and rests.unverified),
        prerequisite_outcome=before,
    )
