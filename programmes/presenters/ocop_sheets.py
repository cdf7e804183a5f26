"""The sheets of a council as rows of a table and of its form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from programmes.models import OcopSheet
from programmes.presenters.ocop_words import points_text
from programmes.services.ocop import SheetTyped


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A member's sheet as typed or stored, with what is wrong with each field."""

    at: int
    member: str = ""
    a: str = ""
    b: str = ""
    c: str = ""
    total: str = ""
    faults: dict[str, str] = field(default_factory=dict)

    @property
    def cells(self) -> tuple[tuple[str, str, str], ...]:
        """Name, text and fault of the points."""
        return tuple((part, getattr(self, part), self.faults.get(part, "")) for part in ("a", "b", "c"))


def sheet_rows(sheets: Iterable[OcopSheet]) -> list[SheetRow]:
    """The stored sheets."""
    return [
        SheetRow(
            at,
            one.member,
            *(points_text(getattr(one, f"points_{part}")) for part in ("a", "b", "c")),
            total=points_text(one.points_a + one.points_b + one.points_c),
        )
        for at, one in enumerate(sheets)
    ]


def typed_rows(typed: Sequence[SheetTyped], faults: Iterable[object]) -> list[SheetRow]:
    """What was typed, with every fault at its field."""
    at_field: dict[tuple[int, str], list[str]] = {}
    for fault in faults:
        place = str(fault.pointer).split("/")[2:]  # type: ignore[attr-defined]
        if len(place) == 2:
            at_field.setdefault((int(place[0]), place[1]), []).append(str(fault.message))  # type: ignore[attr-defined]
    return [
        SheetRow(
            at,
            one.member,
            one.a,
            one.b,
            one.c,
            faults={name: " ".join(texts) for (row, name), texts in at_field.items() if row == at},
        )
        for at, one in enumerate(typed)
    ]
