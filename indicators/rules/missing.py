"""What a unit still lacks at a level, the nearest to its norm first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from indicators.rules.types import (
    MET,
    NO_DATA,
    NOT_APPLICABLE,
    NOT_MET,
    CriterionOutcome,
    IndicatorOutcome,
    PartOutcome,
    Standing,
)

# Not met with a known distance; not met by a yes/no or an office's judgement; nothing reported; no norm known.
SHORT, REFUSED, UNREPORTED, NO_NORM = "short", "refused", "unreported", "no_norm"
KINDS = (SHORT, REFUSED, UNREPORTED, NO_NORM)


@dataclass(frozen=True, slots=True)
class Missing:
    """An indicator that is not met (`indicator` None: the criterion has none yet).

    `distance` is the share that must still be gained or lost, 0 to 1, None where nothing can be measured.
    """

    kind: str
    criterion: CriterionOutcome
    indicator: IndicatorOutcome | None
    distance: Decimal | None = None


def relative_distance(part: PartOutcome) -> Decimal | None:
    """Return how far a missed cell is from its norm, from 0 (there) to 1 (all of it), or None.

    What is missing is held against the larger of value and norm, so that shares, money, counts, upper bounds and a
    norm of zero compare: 40 of 50 lacks 0.2; 12 where 9 are allowed must lose 0.25; 3 where none may be must lose 1.
    Words of a scale count by their steps.
    """
    if part.outcome != NOT_MET or part.cell is None or part.norm_value is None:
        return None
    value, norm, scale = part.cell.value, part.norm_value, part.part.scale
    if scale and value in scale and norm in scale and len(scale) > 1:
        return abs(Decimal(scale.index(str(value)) - scale.index(str(norm)))) / (len(scale) - 1)
    if isinstance(value, bool) or isinstance(norm, bool) or not isinstance(value, Decimal):
        return None
    if not isinstance(norm, Decimal):
        return None
    larger = max(abs(value), abs(norm))
    return abs(value - norm) / larger if larger else Decimal(0)


def distance_of(found: IndicatorOutcome) -> Decimal | None:
    """Return the distance of an indicator: of its missed cells the farthest, None when one cannot be measured."""
    parts = [relative_distance(part) for part in found.parts if part.outcome == NOT_MET]
    known = [part for part in parts if part is not None]
    return max(known) if parts and len(known) == len(parts) else None


def missing(standing: Standing) -> tuple[Missing, ...]:
    """Return what is not met at a level: by kind, then the nearest first, then in the order of the decree."""
    found = [one for criterion in standing.criteria for one in _of(criterion)]
    return tuple(sorted(found, key=_order))


def _of(criterion: CriterionOutcome) -> Iterable[Missing]:
    if not criterion.indicators:
        yield Missing(NO_NORM, criterion, None)
    for indicator in criterion.indicators:
        if indicator.outcome in (MET, NOT_APPLICABLE):
            continue
        if indicator.outcome == NOT_MET:
            distance = distance_of(indicator)
            yield Missing(REFUSED if distance is None else SHORT, criterion, indicator, distance)
        else:
            yield Missing(UNREPORTED if indicator.outcome == NO_DATA else NO_NORM, criterion, indicator)


def _order(one: Missing) -> tuple[int, Decimal, int]:
    # Sorting is stable: within a criterion the decree's own order stays.
    return KINDS.index(one.kind), one.distance or Decimal(0), one.criterion.spec.number


def next_level(standings: Iterable[Standing]) -> Standing | None:
    """Return the lowest level that is not attained, None when all are."""
    ordered = sorted(standings, key=lambda s: (s.spec.rank, s.spec.code))
    return next((s for s in ordered if s.outcome != MET), None)
