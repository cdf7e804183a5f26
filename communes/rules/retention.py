"""How long data that identify a person are kept after they left the register."""

from __future__ import annotations

from datetime import date


def cutoff(today: date, years: int) -> date:
    """Return the last day by which somebody must have left so that the time is over today.

    Who left on 29/02 is due on 01/03 of a year without one: a day later, never earlier.
    """
    if years < 0:
        raise ValueError(f"{years} years are no time to keep anything")
    try:
        return today.replace(year=today.year - years)
    except ValueError:  # 29/02
        return date(today.year - years, 2, 28)
