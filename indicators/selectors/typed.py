"""A cell as the form writes it, and what a window remembers of it."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2s

from indicators.models import ReportedValue
from mongcai_portal.common.numbers import format_decimal

State = ReportedValue.State
CellKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the fields of a cell."""

    raw: str = ""
    state: str = ""
    reason: str = ""
    note: str = ""


def key_of(pointer: str) -> CellKey:
    """Return the cell that a fault points at: `/element` or `/element/part`."""
    element, _slash, part = pointer.lstrip("/").partition("/")
    return element, part


def shown(row: ReportedValue | None, language: str) -> Typed:
    """Return a stored cell as the form writes it in the language."""
    if row is None:
        return Typed()
    if row.state != State.VALUE:
        return Typed("", row.state, row.reason, row.note)
    if row.boolean is not None:
        raw = "true" if row.boolean else "false"
    else:
        raw = row.choice or format_decimal(row.number, language)
    return Typed(raw, "", row.reason, row.note)


def token_of(lock: int, typed: Typed) -> str:
    """Return what a window remembers of a cell: its lock, and digests of what was shown."""
    return f"{lock}~{typed.state}~{digest(typed.raw)}~{digest(typed.raw, typed.state, typed.reason, typed.note)}"


def digest(*texts: str) -> str:
    return blake2s("\x1f".join(texts).encode(), digest_size=5).hexdigest()
