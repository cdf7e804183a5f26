"""The number by which a window says what it was shown."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"[0-9]{1,18}")
# No row has it, so whoever sent what the portal never wrote is told to look again.
GARBLED = -1


def read_lock(text: str) -> int | None:
    """Return a posted lock, or None when none was posted (`²` and 5000 digits are digits to Python, too)."""
    if not text:
        return None
    return int(text) if _NUMBER.fullmatch(text) else GARBLED
