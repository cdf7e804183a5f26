"""The verification form as posted: per element a verdict, a reason, judgements, and what the window was shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from indicators.selectors.entry import ReportState
from indicators.selectors.verification import tokens_of, undecided

VERIFY, RETURN = "verify", "return"


@dataclass(slots=True)
class VerificationForm:
    """What was chosen: `elements` to verify, `returns` with reasons, `judgements`; `faults` and `stale` by element."""

    elements: list[str] = field(default_factory=list)
    returns: dict[str, str] = field(default_factory=dict)
    judgements: dict[str, dict[str, str]] = field(default_factory=dict)
    typed: dict[str, tuple[str, str]] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    stale: dict[str, str] = field(default_factory=dict)


def read_verification(data: Mapping[str, str], state: ReportState, *, rest: bool) -> VerificationForm:
    """Read the form; with `rest`, every row left open is verified too (bulk: "all that remain")."""
    form = VerificationForm()
    tokens = tokens_of(state)
    for row in state.rows:
        code = row.row.element.code
        seen = data.get(f"seen:{code}")
        if seen is None:
            continue
        verdict = row.verdict.state if row.verdict else ""
        choice, reason = data.get(f"d:{code}", ""), data.get(f"reason:{code}", "").strip()
        if reason and not choice:
            choice = RETURN  # who writes a reason means to return it
        form.typed[code] = (choice, reason)
        # Only what this window could choose: the coordinator's has no judgements to change.
        given = {s: data[f"j:{code}:{s}"] for s in undecided(row) if f"j:{code}:{s}" in data}
        asked = {s: outcome for s, outcome in given.items() if outcome in ("met", "not_met")}
        stored = {s: j.outcome for s, j in row.judgements.items() if s in given}
        if choice == RETURN:
            if not reason:
                form.faults[code] = _("Ghi lý do trả lại để xã biết cần sửa gì.")
            form.returns[code] = reason
        elif (
            choice == VERIFY
            or (verdict == "verified" and asked != stored)
            or (rest and verdict == "open" and not choice)
        ):
            form.elements.append(code)
            if asked:
                form.judgements[code] = asked
        else:
            continue
        if seen != tokens[code]:
            form.stale[code] = _("Mục này vừa thay đổi ở cửa sổ khác: xem lại rồi chọn lần nữa.")
    return form
