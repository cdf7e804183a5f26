"""Which lists were read in which a household may stand: of the register, over pages and API, and of its review rounds.

The log keeps by which conditions a list was read and of which units, not whom it showed: a household that lay within
them may have been seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from communes.models import Household, HouseholdReview
from communes.scope import Scope
from communes.selectors.household_places import NOT_EMPTY, Places
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common.errors import Forbidden

# How many portions are looked through for lists of other days before a page goes out short.
PORTIONS = 5


@dataclass(frozen=True, slots=True)
class ListSeen:
    """That someone read a list in which the household may stand, for the first time of the day by these conditions.

    `channel`: page or api; `round_id`: the review round that it was of; `asked`: the conditions.
    """

    at: datetime
    who: str
    channel: str
    round_id: str
    asked: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ListsSeen:
    """A portion of them, the latest first; `older`: from where the next portion goes on (None: there is none)."""

    lists: tuple[ListSeen, ...]
    older: int | None


def lists_seen_of(scope: Scope, household_id: int, *, before: int | None = None, size: int) -> ListsSeen:
    """Return `size` lists read before an event of the log, or the latest: some eight queries, however long the log.

    Raises:
        Household.DoesNotExist; Forbidden: the reader does not review the log.
    """
    household = Household.objects.visible_to(scope).get(pk=household_id)
    if Permission.AUDIT_VIEW not in scope.permissions:
        raise Forbidden
    there = Places.of(household.pk)
    reviews = {
        str(one.round_id): one for one in HouseholdReview.objects.filter(household=household.pk).only(
            "round", "village", "listed_at"
        )
    }  # fmt: skip
    rows = there.lists(Kind.HOUSEHOLDS_LISTED, "households") | _of_rounds(reviews)
    rows = rows.filter(**NOT_EMPTY)
    found: list[AuditEvent] = []
    last = before
    for _portion in range(PORTIONS):
        asked = rows if last is None else rows.filter(pk__lt=last)
        wanted = size + 1 - len(found)
        some = list(asked.order_by("-pk")[:wanted])
        found += [event for event in some if _may_stand_in(event, there, reviews)]
        last = some[-1].pk if len(some) == wanted else None
        if last is None or len(found) > size:
            break
    shown = found[:size]
    # A page that is full goes on behind its last line, a short one where the looking stopped.
    older = shown[-1].pk if len(found) > size else last
    return ListsSeen(tuple(map(_seen, shown)), older)


def _of_rounds(reviews: dict[str, HouseholdReview]) -> Any:
    asked = Q(pk__in=[])
    for number, review in reviews.items():
        asked |= Q(object_id=number, at__gte=review.listed_at)
    return AuditEvent.objects.filter(asked, kind=Kind.HOUSEHOLDS_LISTED, object_type="review_round")


def _may_stand_in(event: AuditEvent, there: Places, reviews: dict[str, HouseholdReview]) -> bool:
    if event.object_type != "review_round":
        return there.was_listed(event)
    return event.details["asked"].get("village") in (None, reviews[event.object_id].village_id)


def _seen(event: AuditEvent) -> ListSeen:
    round_id = event.object_id if event.object_type == "review_round" else ""
    return ListSeen(event.at, event.actor_name, event.channel, round_id, event.details["asked"])
