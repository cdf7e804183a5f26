"""Who has seen a household: its pages, its scanned papers, its people's numbers, and files that it may stand in.

Files are those of the register, the report tables that list households (14 and 15), and the lists that hang in a
village. What a file held is not kept: the household may stand in it by what the register says of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.dateparse import parse_date

from communes.models import Classification, Household, HouseholdReview
from communes.rules.poverty.report_tables import LISTS, TABLES, year_days
from communes.scope import Scope
from communes.selectors.household_places import NOT_EMPTY, Places
from communes.selectors.reviews.postings import posted_results
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.audit.selectors import events_of
from mongcai_portal.common.errors import Forbidden

# What shows a household to somebody.
SEEN = (Kind.HOUSEHOLD_VIEWED, Kind.HOUSEHOLD_UNMASKED, Kind.REVIEW_PAPER_READ)


@dataclass(frozen=True, slots=True)
class Seen:
    """That someone looked at a household; `purpose` and `people` where identity numbers were read.

    `paper`: which kind of its scanned papers was opened. `file`: the format of a file of the register in which the
    household may stand: it was of the unit, or of all units, that the file was made of. `table`: the number of the
    report table that listed the households of its class. `posting`: the list of its village was opened to be printed.
    """

    at: datetime
    who: str
    unmasked: bool
    purpose: str
    people: tuple[int, ...]
    paper: str = ""
    file: str = ""
    table: int | None = None
    posting: bool = False


def seen_by(scope: Scope, household_id: int, *, limit: int) -> list[Seen]:
    """Return who has seen a household, the latest first; `limit` of them: some ten queries.

    Files with identity numbers stand in it as what was read of each household, not as files.

    Raises:
        Household.DoesNotExist; Forbidden: the reader does not review the log.
    """
    household = Household.objects.visible_to(scope).get(pk=household_id)
    if Permission.AUDIT_VIEW not in scope.permissions:
        raise Forbidden
    events = events_of(obj_type="household", obj_id=household.pk, kinds=SEEN)[:limit]
    found = [
        Seen(
            event.at,
            event.actor_name,
            event.kind == Kind.HOUSEHOLD_UNMASKED,
            event.details.get("purpose", ""),
            tuple(event.details.get("people", ())),
            event.details.get("paper", ""),
        )
        for event in events
    ]
    there = Places.of(household.pk)
    found += [
        Seen(event.at, event.actor_name, False, event.details.get("purpose", ""), (), file=event.details["format"])
        for event in _register_files(there, limit)
    ]
    found += [
        Seen(event.at, event.actor_name, False, "", (), table=number)
        for event, number in _report_tables(household.pk, there)[:limit]
    ]
    found += [
        Seen(event.at, event.actor_name, False, "", (), posting=True)
        for event in _posting_lists(household.pk, there)[:limit]
    ]  # fmt: skip
    return sorted(found, key=lambda one: one.at, reverse=True)[:limit]


def _register_files(there: Places, limit: int) -> list[AuditEvent]:
    """Return the files of the register, from its page or the API, in which it may stand, the latest first."""
    made = there.lists(Kind.HOUSEHOLDS_EXPORTED, "household_export").filter(**NOT_EMPTY)
    made = made.filter(details__numbers=False).order_by("-pk")
    return [event for event in made[:limit] if there.was_listed(event)]


def _report_tables(household_id: int, there: Places) -> list[tuple[AuditEvent, int]]:
    """Return the exported tables that list the households of its class, of the day that the table is of: two queries.

    Its class is what had been recorded of that day when the table was made.
    """
    rows = list(
        Classification.objects.filter(household=household_id)
        .order_by("-valid_from")
        .values_list("standard__code", "valid_from", "status", "recorded_at")
    )
    if not rows:
        return []
    found = []
    for event in there.events(Kind.POVERTY_TABLES_EXPORTED):
        lists = {TABLES[number].status: number for number in event.details["tables"] if number in LISTS}
        if not lists:
            continue
        _opening, day = year_days(event.details["year"], timezone.localdate(event.at))
        standard = event.details["standard"]
        status = next(
            (was for code, since, was, at in rows if code == standard and since <= day and at <= event.at), ""
        )
        if status in lists and there.stood_in(event.unit_uid, day):
            found.append((event, lists[status]))
    return found


def _posting_lists(household_id: int, there: Places) -> list[AuditEvent]:
    """Return the printed lists that named it, latest first: three queries.

    They are of its village, in rounds that made its result public, and of a day on which it lived in the round's unit.
    """
    reviews = HouseholdReview.objects.filter(household=household_id).select_related("village")
    villages = {
        (str(one.review.round_id), one.review.village.code): one.review.listed_at for one in posted_results(reviews)
    }
    if not villages:
        return []
    events = AuditEvent.objects.filter(
        kind=Kind.REVIEW_LIST_PRINTED, object_type="review_round", object_id__in={number for number, _code in villages}
    )
    lists = ((event, villages.get((event.object_id, event.details["village"]))) for event in events)
    return [
        event
        for event, since in lists
        if since is not None and since <= event.at and there.stood_in(event.unit_uid, _day_of(event))
    ]


def _day_of(event: AuditEvent) -> date:
    """The day of a printed list; events of before that was kept are of the day on which it was opened."""
    return parse_date(str(event.details.get("on", ""))) or timezone.localdate(event.at)
