"""Where a household lived from when to when, and which events of the log were about those places at that time."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date

from communes.models import HouseholdStay, Unit, VillageVersion
from communes.rules.list_reads import EMPTY, WHOLE
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.models import AuditEvent

# What begins or ends a stay, with the day from which it is another one or none.
TURNS = (
    Kind.HOUSEHOLD_REGISTERED, Kind.HOUSEHOLD_SPLIT, Kind.HOUSEHOLD_MOVED, Kind.HOUSEHOLD_ENDED, Kind.HOUSEHOLD_MERGED,
)  # fmt: skip
# Older events have no conditions at all, so this asks for the absence of the key and not for the opposite of having it.
NOT_EMPTY = {f"details__asked__{EMPTY}__isnull": True}
_STANDING = Q(details__asked__state__isnull=True) | Q(details__asked__state__in=["standing", "all"])
_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Window:
    """That the register showed a household in a village, and the village in a unit: from a moment to another."""

    uid: str
    village: int
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Places:
    """Where a household lived: by village, and the units that the village was of; `uids` of these.

    `standing`: when lists of the register showed it where. A move that was recorded later than its day ends a window
    when it was recorded: until then the lists knew nothing of it. `gone`: where it is listed since it left.
    """

    stays: tuple[tuple[int, date, date | None], ...]
    units: dict[int, list[tuple[int, date | None, date | None]]]
    uids: dict[int, str]
    standing: tuple[Window, ...] = ()
    gone: tuple[Window, ...] = ()

    @classmethod
    def of(cls, household_id: int) -> Places:
        """Read them: four queries."""
        rows = HouseholdStay.objects.filter(household=household_id).order_by("valid_from")
        stays = tuple(rows.values_list("village", "valid_from", "valid_to"))
        villages = VillageVersion.objects.filter(village__in=[village for village, _first, _last in stays])
        places: dict[int, list[tuple[int, date | None, date | None]]] = {}
        for village, unit, first, last in villages.values_list("village", "unit", "valid_from", "valid_to"):
            places.setdefault(village, []).append((unit, first, last))
        units = {unit for lines in places.values() for unit, _first, _last in lines}
        uids = dict(Unit.objects.filter(pk__in=units).values_list("pk", "uid"))
        ended = _recorded(household_id)
        standing = [
            window
            for village, first, last in stays
            for window in _windows(village, places.get(village, []), uids, first, last, ended)
        ]
        gone: list[Window] = []
        if stays and stays[-1][2] is not None:
            village, _first, last = stays[-1]
            left = timezone.localdate(_end(last, ended))
            gone = [
                replace(one, since=max(one.since, _end(last, ended)))
                for one in _windows(village, places.get(village, []), uids, left, None, {})
            ]
        return cls(stays, places, uids, tuple(standing), tuple(gone))

    def stood_in(self, uid: str, day: date) -> bool:
        """Whether it stood in a unit ("": in the register) on a day."""
        return any(
            _in_force(first, last, day)
            and (
                not uid
                or any(
                    self.uids[unit] == uid and _in_force(since, until, day)
                    for unit, since, until in self.units.get(village, ())
                )
            )
            for village, first, last in self.stays
        )

    def lists(self, kind: str, object_type: str) -> QuerySet[AuditEvent]:
        """Return what of a kind read a list in which it may stand: of its unit or of all, of its village or of all."""
        asked = Q(pk__in=[])
        for window in self.standing:
            asked |= _within(window) & _STANDING
        for window in self.gone:
            asked |= _within(window) & Q(details__asked__state__in=["gone", "all"])
        villages = [WHOLE, "", *(str(village) for village, _first, _last in self.stays)]
        # Of another day: wherever it ever lived; `was_listed` looks at the day.
        asked |= Q(unit_uid__in=["", *self.uids.values()], object_id__in=villages, details__asked__has_key="as_of")
        return AuditEvent.objects.filter(asked, kind=kind, object_type=object_type)

    def was_listed(self, event: AuditEvent) -> bool:
        """Whether it may have stood in a list that `lists` found, by the day that was asked for."""
        day = parse_date(str(event.details.get("asked", {}).get("as_of", "")))
        if day is None:
            return True
        there = any(_in_force(first, last, day) for _village, first, last in self.stays)
        windows = (*self.standing, *self.gone)
        now = any(one.since <= event.at < one.until and event.unit_uid in ("", one.uid) for one in windows)
        return there and (now or self.stood_in(event.unit_uid, day))

    def events(self, kind: str) -> Iterator[AuditEvent]:
        """Return what was made of its units, or of all, the latest first."""
        return AuditEvent.objects.filter(kind=kind, unit_uid__in=["", *self.uids.values()]).iterator()


def _within(window: Window) -> Q:
    return Q(
        unit_uid__in=["", window.uid], object_id__in=[WHOLE, "", str(window.village)],
        at__gte=window.since, at__lt=window.until,
    )  # fmt: skip


def _windows(
    village: int,
    versions: Collection[tuple[int, date | None, date | None]],
    uids: dict[int, str],
    first: date,
    last: date | None,
    ended: dict[date, datetime],
) -> Iterator[Window]:
    """Yield a stay as windows, one for each unit that its village was of meanwhile."""
    for unit, since, until in versions:
        # A stay is known since its beginning was recorded.
        begun = max(_midnight(first), ended.get(first, _FIRST), _midnight(since) if since else _FIRST)
        over = min(_end(last, ended), _end(until, {}))
        if begun < over:
            yield Window(uids[unit], village, begun, over)


def _end(last: date | None, ended: dict[date, datetime]) -> datetime:
    """The moment from which the register showed another place: after a day's end, or when that was recorded."""
    if last is None:
        return _LAST
    following = last + timedelta(days=1)
    return max(_midnight(following), ended.get(following, _FIRST))


def _recorded(household_id: int) -> dict[date, datetime]:
    """When beginnings and ends of stays were recorded, by the day on which the next one begins: one query."""
    rows = AuditEvent.objects.filter(object_type="household", object_id=str(household_id), kind__in=TURNS)
    found = ((parse_date(str(event.details.get("on", ""))), event.at) for event in rows)
    return {day: at for day, at in found if day is not None}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, timezone.get_default_timezone())


def _in_force(first: date | None, last: date | None, day: date) -> bool:
    return (first is None or first <= day) and (last is None or day <= last)
