"""Where a village of a round stands, what comes next, and from which day on a decision may be taken. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

# In the order in which a village goes through them.
SURVEY = "survey"  # households without a finished sheet
MEETING = "meeting"  # the meeting of the village has not agreed yet
POSTING = "posting"  # agreed, and not posted yet
POSTED = "posted"  # hangs out
COMPLAINTS = "complaints"  # complaints wait for their answer
SECOND_POSTING = "second_posting"  # answered, and the re-checked result not posted yet
SECOND_POSTED = "second_posted"
READY = "ready"  # nothing is in the way of the decision
STAGES = (SURVEY, MEETING, POSTING, POSTED, COMPLAINTS, SECOND_POSTING, SECOND_POSTED, READY)


@dataclass(frozen=True, slots=True)
class Hung:
    """A posting: its first day and its last, which ends at 24:00."""

    posted_on: date
    until: date


@dataclass(frozen=True, slots=True)
class VillageFacts:
    """What happened in a village so far.

    `unfinished`: households whose sheet is not finished. `agreed`: the last meeting that counts accepted the result.
    `complaints`: how many wait for an answer; `answered_on`: the day of the last answer.
    """

    unfinished: int = 0
    agreed: bool = False
    first: Hung | None = None
    second: Hung | None = None
    complaints: int = 0
    answered_on: date | None = None


def stage_of(facts: VillageFacts, today: date) -> str:
    """Return where a village stands on a day."""
    if facts.unfinished and not (facts.agreed and facts.complaints):
        # A sheet that is re-checked for a complaint is open again; its meeting was held.
        return SURVEY
    if not facts.agreed:
        return MEETING
    if facts.first is None:
        return POSTING
    if facts.complaints:
        return COMPLAINTS
    if _second_needed(facts):
        return SECOND_POSTING
    last = facts.second if facts.second is not None else facts.first
    if today <= last.until:
        return SECOND_POSTED if facts.second is not None else POSTED
    return READY


def decision_from(villages: Iterable[VillageFacts]) -> date | None:
    """Return the first day on which the round may be decided; None while a village has something before it.

    That is the day after the last posting, first or second, has ended in every village.
    """
    ends = []
    for facts in villages:
        if facts.unfinished or not facts.agreed or facts.first is None or facts.complaints or _second_needed(facts):
            return None
        ends.append(max(hung.until for hung in (facts.first, facts.second) if hung is not None))
    return max(ends) + timedelta(days=1) if ends else None


def _second_needed(facts: VillageFacts) -> bool:
    """Whether an answered complaint has not been posted since."""
    if facts.answered_on is None:
        return False
    return facts.second is None or facts.second.posted_on < facts.answered_on
