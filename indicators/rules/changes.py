"""What changed between two revisions of a report, and what turned because of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from indicators.rules.types import CriterionOutcome, IndicatorOutcome, SetSpec, Standing, Value

ADDED, REMOVED, STATE, VALUE, TEXT, SAME = "added", "removed", "state", "value", "text", ""

CellKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Said:
    """What a cell of a revision says; a cell never entered is simply absent."""

    state: str
    value: Value | None = None
    reason: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell in two revisions; None where it was not entered."""

    element: str
    part: str
    before: Said | None
    after: Said | None

    @property
    def kind(self) -> str:
        """How they differ, the weightiest first: added, removed, another state, another value, another text; or not."""
        if self.before == self.after:
            return SAME
        if self.before is None:
            return ADDED
        if self.after is None:
            return REMOVED
        if self.before.state != self.after.state:
            return STATE
        return VALUE if self.before.value != self.after.value else TEXT

    @property
    def note_changed(self) -> bool:
        """Whether what was written beside the value differs, whatever the value does."""
        return _texts(self.before) != _texts(self.after)


def _texts(said: Said | None) -> tuple[str, str]:
    return (said.reason, said.note) if said else ("", "")


def compare(before: Mapping[CellKey, Said], after: Mapping[CellKey, Said]) -> tuple[CellChange, ...]:
    """Return every cell that either revision has, in the order of the keys."""
    return tuple(
        CellChange(element, part, before.get((element, part)), after.get((element, part)))
        for element, part in sorted(before.keys() | after.keys())
    )


@dataclass(frozen=True, slots=True)
class LevelTurn:
    """A level under both revisions: the standings, and the criteria and indicators whose outcome turned."""

    spec: SetSpec
    before: Standing
    after: Standing
    criteria: tuple[tuple[CriterionOutcome, CriterionOutcome], ...]
    indicators: tuple[tuple[IndicatorOutcome, IndicatorOutcome], ...]

    @property
    def turned(self) -> bool:
        return self.before.outcome != self.after.outcome


def turns(before: Sequence[Standing], after: Sequence[Standing]) -> tuple[LevelTurn, ...]:
    """Lay the standings of two revisions side by side; both come from the same sets."""
    result = []
    for old, new in zip(before, after, strict=True):
        criteria = tuple(zip(old.criteria, new.criteria, strict=True))
        indicators = tuple(
            (i, j) for c, d in criteria for i, j in zip(c.indicators, d.indicators, strict=True)
            if i.outcome != j.outcome
        )  # fmt: skip
        result.append(LevelTurn(old.spec, old, new, tuple(p for p in criteria if _differ(*p)), indicators))
    return tuple(result)


def _differ(before: CriterionOutcome, after: CriterionOutcome) -> bool:
    return before.outcome != after.outcome
