"""Everything that may be done with difficulties and proposals."""

from programmes.services.difficulties.moves import reopen_difficulty, resolve_difficulty, withdraw_difficulty
from programmes.services.difficulties.writing import DifficultyTyped, Proposed, change_difficulty, write_difficulty

__all__ = [
    "DifficultyTyped",
    "Proposed",
    "change_difficulty",
    "reopen_difficulty",
    "resolve_difficulty",
    "withdraw_difficulty",
    "write_difficulty",
]
