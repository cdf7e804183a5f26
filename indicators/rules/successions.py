"""What changes when one norm row takes the place of another: the rules are run with and without it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from indicators.rules.norms import choose_norm, in_force, region_for
from indicators.rules.standing import stand
from indicators.rules.types import NormSpec, SetSpec, Standing, UnitContext, UnitData


@dataclass(frozen=True, slots=True)
class Succession:
    """The rows of one indicator version before and after; `changed` is the new one."""

    version_id: int
    before: tuple[NormSpec, ...]
    after: tuple[NormSpec, ...]
    changed: NormSpec


def succession(version_id: int, rows: Iterable[NormSpec], changed: NormSpec) -> Succession:
    """Put a row in the place of the one with the same part, region, year, group and first day, or beside all."""
    before = tuple(rows)
    place = _place(changed)
    kept = tuple(row for row in before if _place(row) != place)
    return Succession(version_id, before, (*kept, changed), changed)


def _place(norm: NormSpec) -> tuple[str, str, int | None, str, date | None]:
    return norm.part, norm.region, norm.year, norm.group, norm.valid_from


def touches(change: Succession, criteria_set: SetSpec, *, context: UnitContext, day: date) -> bool:
    """Whether a unit's report of the period ending on the day is judged by another row than before."""
    region = region_for(criteria_set, context)

    def chosen(rows: tuple[NormSpec, ...]) -> NormSpec | None:
        return choose_norm(
            in_force(rows, day), part=change.changed.part, region=region, year=day.year, group=context.group
        )

    return chosen(change.before) is not chosen(change.after)


def with_norms(sets: Sequence[SetSpec], version_id: int, norms: tuple[NormSpec, ...]) -> tuple[SetSpec, ...]:
    """Return the sets with other norms under one indicator version."""
    return tuple(
        replace(
            one,
            criteria=tuple(
                replace(
                    criterion,
                    indicators=tuple(
                        replace(i, norms=norms) if i.version_id == version_id else i for i in criterion.indicators
                    ),
                )
                for criterion in one.criteria
            ),
        )
        for one in sets
    )


@dataclass(frozen=True, slots=True)
class Turn:
    """How one unit stands at one set before and after."""

    before: Standing
    after: Standing

    @property
    def level_turns(self) -> bool:
        return self.before.outcome != self.after.outcome

    @property
    def criteria(self) -> tuple[int, ...]:
        """Places of the criteria whose outcome turns."""
        pairs = zip(self.before.criteria, self.after.criteria, strict=True)
        return tuple(at for at, (old, new) in enumerate(pairs) if old.outcome != new.outcome)

    @property
    def indicators(self) -> tuple[tuple[int, int], ...]:
        """Places (criterion, indicator) of the indicators whose outcome turns."""
        return tuple(
            (at, number)
            for at, (old, new) in enumerate(zip(self.before.criteria, self.after.criteria, strict=True))
            for number, (a, b) in enumerate(zip(old.indicators, new.indicators, strict=True))
            if a.outcome != b.outcome
        )

    @property
    def turns(self) -> bool:
        return self.level_turns or bool(self.indicators)

    @property
    def marks_turn(self) -> bool:
        """Whether what the outcome rests on changes."""
        return (self.before.unverified, self.before.judged) != (self.after.unverified, self.after.judged)


def turns(
    change: Succession, sets: Sequence[SetSpec], *, context: UnitContext, data: UnitData, day: date
) -> list[Turn]:
    """Run the rules with the rows before and after, and pair the standings at every set."""
    old = stand(with_norms(sets, change.version_id, in_force(change.before, day)), context=context, data=data)
    new = stand(with_norms(sets, change.version_id, in_force(change.after, day)), context=context, data=data)
    return [Turn(a, b) for a, b in zip(old, new, strict=True)]
