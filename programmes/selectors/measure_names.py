"""What measures are called and whose they are, without a day: for rows that only name one by its code."""

from __future__ import annotations

from indicators.models import Level
from programmes.measures.money import MONEY, NTM
from programmes.measures.registry import NOT_YET, OF_COMMUNES, STATISTICS, UPGRADE, level_label


def measure_labels() -> dict[str, str]:
    """Return the label of every measure by its code, in the reader's language: one query."""
    found = {measure.code: str(measure.label) for measure in (UPGRADE, *STATISTICS, *NOT_YET, *OF_COMMUNES, *MONEY)}
    for level in Level.objects.all():
        label = str(level_label(level))
        found |= {f"ntm.recognised.{level.code}": label, f"ntm.attained.{level.code}": label}
    return found


def programme_of(measure: str) -> str:
    """Return the code of the programme that a measure is counted for; "" for one of all, and for no measure."""
    if measure.startswith("ntm."):
        return NTM
    known = (*STATISTICS, *NOT_YET, *OF_COMMUNES, *MONEY)
    return next((one.programme for one in known if one.code == measure), "")


def codes_of(programme: str) -> set[str]:
    """Return the codes of the measures counted for a programme that are not of a level."""
    known = (UPGRADE, *STATISTICS, *NOT_YET, *OF_COMMUNES, *MONEY)
    return {one.code for one in known if one.programme == programme}
