"""What a figure rests on besides firm law and figures: its marks travel with it wherever it is shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Marks:
    """`unverified`: a norm not yet compared with its decree; `judged`: an office's judgement where no norm is known;

    `illustrative`: figures made up for demonstration.
    """

    unverified: bool = False
    judged: bool = False
    illustrative: bool = False

    def __bool__(self) -> bool:
        return self.unverified or self.judged or self.illustrative

    def __or__(self, other: Marks) -> Marks:
        return Marks(
            self.unverified or other.unverified, self.judged or other.judged, self.illustrative or other.illustrative
        )


NO_MARKS = Marks()


def together(marks: Iterable[Marks]) -> Marks:
    """Return what a figure made of these carries: every mark of any of them."""
    found = NO_MARKS
    for one in marks:
        found |= one
    return found
