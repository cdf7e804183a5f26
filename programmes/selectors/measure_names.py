"""What measures are called, without a day: for rows that only name one by its code."""

from __future__ import annotations

from indicators.models import Level
from programmes.measures.money import MONEY
from programmes.measures.registry import NOT_YET, OF_COMMUNES, STATISTICS, UPGRADE, level_label


def measure_labels() -> dict[str, str]:
    """Return the label of every measure by its code, in the reader's language: one query."""
    found = {measure.code: str(measure.label) for measure in (UPGRADE, *STATISTICS, *NOT_YET, *OF_COMMUNES, *MONEY)}
    for level in Level.objects.all():
        label = str(level_label(level))
        found |= {f"ntm.recognised.{level.code}": label, f"ntm.attained.{level.code}": label}
    return found
