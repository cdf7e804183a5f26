"""The one workflow of reports, review rounds and assessments: statuses, moves, and who may make them."""

from __future__ import annotations

from dataclasses import dataclass

DRAFT, SUBMITTED, RETURNED, VERIFIED, APPROVED = "draft", "submitted", "returned", "verified", "approved"
STATUSES = (DRAFT, SUBMITTED, RETURNED, VERIFIED, APPROVED)


@dataclass(frozen=True, slots=True)
class Move:
    """A named step: from which statuses, to which (None: decided by the service), and the action it needs."""

    name: str
    sources: frozenset[str]
    target: str | None
    action: str


MOVES = {
    move.name: move
    for move in (
        Move("submit", frozenset({DRAFT, RETURNED}), SUBMITTED, "submit"),
        # A verdict leaves the status alone until the last open element is settled; offices go on verifying
        # their own elements while another office's are back with the commune.
        Move("verify", frozenset({SUBMITTED, RETURNED}), None, "verify"),
        Move("send_back", frozenset({SUBMITTED, RETURNED, VERIFIED}), RETURNED, "send_back"),
        Move("approve", frozenset({VERIFIED}), APPROVED, "approve"),
        Move("reopen", frozenset({APPROVED}), DRAFT, "reopen"),
    )
}
EDITABLE = frozenset({DRAFT, RETURNED})


def allowed(name: str, status: str) -> bool:
    """Whether the move may start from the status."""
    return status in MOVES[name].sources
