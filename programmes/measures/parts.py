"""What the communes of an area contribute to a figure of the area."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from programmes.measures.facts import Place
from programmes.measures.figures import ObservedFact
from programmes.rules.gather import Part, Whole, usable


@dataclass(frozen=True, slots=True)
class GatheredPart:
    """What one commune contributes to a gathered figure; `conflict`: its sources differ, so nothing of it is taken."""

    place: Place
    facts: tuple[ObservedFact, ...]
    part: Part
    people: ObservedFact | None = None
    conflict: bool = False

    @property
    def usable(self) -> bool:
        return bool(self.facts) and not self.conflict


@dataclass(frozen=True, slots=True)
class Gathered:
    """A figure of an area from those of its communes on one day; `whole` None while one of them is missing."""

    day: date
    how: str
    group: str
    parts: tuple[GatheredPart, ...]
    whole: Whole | None
    provenance: str
    recorded_at: datetime | None
    hidden: int = 0  # communes whose parts the reader does not see

    @property
    def lacking(self) -> tuple[GatheredPart, ...]:
        """The communes without a figure that can be taken."""
        return tuple(one for one in self.parts if not one.usable or not usable(one.part, self.how))


@dataclass(frozen=True, slots=True)
class Gather:
    """How a figure of an area comes from its communes: over the members of a group, from which measure's figures."""

    how: str
    group: str
    measure: str = ""  # the measure itself when empty
