"""Who has seen a household: its pages, its scanned papers, its people's numbers, and files that it may stand in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from communes.models import Household, HouseholdStay, Unit, VillageVersion
from communes.scope import Scope
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
    household may stand: it was of the unit, or of all units, that the file was made of.
    """

    at: datetime
    who: str
    unmasked: bool
    purpose: str
    people: tuple[int, ...]
    paper: str = ""
    file: str = ""


def seen_by(scope: Scope, household_id: int, *, limit: int) -> list[Seen]:
    """Return who has seen a household, the latest first; `limit` of them: five queries.

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
    found += [
        Seen(event.at, event.actor_name, False, event.details.get("purpose", ""), (), file=event.details["format"])
        for event in _files_of(household.pk, limit)
    ]
    return sorted(found, key=lambda one: one.at, reverse=True)[:limit]


def _files_of(household_id: int, limit: int) -> Iterable[AuditEvent]:
    """Return the files of the register that were made while the household stood in the unit that they are of."""
    stays = list(HouseholdStay.objects.filter(household=household_id).values_list("village", "valid_from", "valid_to"))
    villages = VillageVersion.objects.filter(village__in=[village for village, _first, _last in stays])
    places: dict[int, list[tuple[int, date | None, date | None]]] = {}
    for village, unit, first, last in villages.values_list("village", "unit", "valid_from", "valid_to"):
        places.setdefault(village, []).append((unit, first, last))
    units = {unit for lines in places.values() for unit, _first, _last in lines}
    uids = dict(Unit.objects.filter(pk__in=units).values_list("pk", "uid"))

    def stood_in(uid: str, day: date) -> bool:
        return any(
            _in_force(first, last, day)
            and (not uid or any(uids[unit] == uid and _in_force(*span, day) for unit, *span in places[village]))
            for village, first, last in stays
        )

    files = AuditEvent.objects.filter(kind=Kind.HOUSEHOLDS_EXPORTED, unit_uid__in=["", *uids.values()])
    made = (event for event in files.iterator() if not event.details.get("numbers"))
    return [event for event in made if stood_in(event.unit_uid, timezone.localdate(event.at))][:limit]


def _in_force(first: date | None, last: date | None, day: date) -> bool:
    return (first is None or first <= day) and (last is None or day <= last)
