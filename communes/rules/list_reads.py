"""What the log keeps of a list of households that somebody read: never whom they looked for."""

from __future__ import annotations

# Instead of the number of a village: every village of the unit, or just those found by a code or number, each of
# which has the look in its own log.
WHOLE, FOUND = "list", "found"
# A condition of a reading that showed nobody: no household is told of it.
EMPTY = "empty"


def pages_word(page: int) -> str:
    """Say how deep a reader went, by powers of ten: `1`, `2-9`, `10-99`; so leafing through is a few events."""
    if page <= 1:
        return "1"
    first = int(10 ** (len(str(page)) - 1))
    return f"{max(first, 2)}-{first * 10 - 1}"
