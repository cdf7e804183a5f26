"""Which unit reports for a period: the criteria sets apply to communes, as they are on the period's last day."""

from __future__ import annotations

REPORTING_KINDS = ("commune",)

REPORTS, NOT_A_COMMUNE, ENDED, NOT_YET = "reports", "not_a_commune", "ended", "not_yet"


def duty(kind: str | None, *, ended: bool = False) -> str:
    """Return whether a unit reports, or why it does not.

    Args:
        kind: what it is on the period's last day, None when it does not exist then.
        ended: it existed before that day.
    """
    if kind is None:
        return ENDED if ended else NOT_YET
    return REPORTS if kind in REPORTING_KINDS else NOT_A_COMMUNE
