"""Whether the result of a review grants what a household asked for. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from communes.rules.poverty.classify import NEAR_POOR, POOR, UNDETERMINED

REGISTER, REQUEST_01, REQUEST_04, AVERAGE = "register", "request_01", "request_04", "average"
_RANK = {POOR: 0, NEAR_POOR: 1}


def granted(
    reason: str, before: Mapping[str, str], after: Mapping[str, str], average: Mapping[str, bool | None]
) -> bool | None:
    """Whether a request is granted; None: it cannot be said yet. Statuses and `average` living are by standard.

    Mẫu 01 asks to be recognised as poor or near poor: one standard is enough. Mẫu 04 asks to be recognised as having
    left poverty or near poverty: under one of the standards under which it was poor or near poor it is better off.
    Who asks to be recognised as of average living standard is granted it by a standard that says so, and by no other
    result: found poor or near poor it is classified so, and its request is answered.
    """
    if reason == AVERAGE:
        return any(average.values()) if after else None
    known = {code: status for code, status in after.items() if status != UNDETERMINED}
    if reason == REQUEST_01:
        if any(status in _RANK for status in known.values()):
            return True
        return False if len(known) == len(after) and known else None
    if reason == REQUEST_04:
        better = [
            _RANK.get(known[code], 2) > _RANK[was] for code, was in before.items() if code in known and was in _RANK
        ]
        return any(better) if better else None
    return True
