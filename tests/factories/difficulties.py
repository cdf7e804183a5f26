"""Difficulties as tests need them, written through the services."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from programmes.models import Difficulty
from programmes.services.difficulties import DifficultyTyped, Proposed, write_difficulty


def typed_difficulty(**changes: Any) -> DifficultyTyped:
    """A good difficulty of NTM in the whole town in 2023, in charge of office `a`, with a proposal to the town."""
    given: dict[str, Any] = {
        "programme": "NTM",
        "kind": "difficulty",
        "period": "2023",
        "office": "a",
        "text": "Mặt bằng làm đường thôn còn vướng.",
        "cause_objective": "Giá đất tăng.",
        "cause_subjective": "Vận động chậm.",
        "proposals": [Proposed("town", "Bố trí vốn bồi thường.")],
    }
    return DifficultyTyped(**{**given, **changes})


def make_difficulty(by: Any, *, token: str = "", provenance: str = "sourced", **changes: Any) -> Difficulty:
    """A difficulty that someone wrote; make the programmes first (`tests.factories.budget.make_programmes`)."""
    return write_difficulty(by=by, token=token or uuid4().hex, typed=typed_difficulty(**changes), provenance=provenance)
