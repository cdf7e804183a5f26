"""Reading households as a list or taking them out as a file: that it was done stands in the log, and of which units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from django.utils import timezone

from communes.models import ReviewRound, Unit
from communes.rules.list_reads import EMPTY, WHOLE
from communes.scope import scope_of
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.audit.services import About, record_many


@dataclass(frozen=True, slots=True)
class ListRead:
    """A list of households as somebody read it.

    `units`: uids of those it was of, `village`: number of the only village, or `rules.list_reads.FOUND`; `asked`: by
    which conditions, without anything that says who was looked for; `shown`: how many households the answer held.
    `round_`: the review round whose households these were.
    """

    units: tuple[str, ...]
    asked: Mapping[str, Any] = field(default_factory=dict)
    shown: int = 0
    village: str = WHOLE
    round_: ReviewRound | None = None


def units_read(by: Any, *, permission: str = Permission.HOUSEHOLDS_VIEW, unit: str = "") -> tuple[str, ...]:
    """Return the uids of the units that a list is of: the one asked for, those of the reader, or "" for every unit.

    At most one query.
    """
    held = scope_of(by).units_with(permission)
    if unit or held is None:
        return (unit,)
    return tuple(Unit.objects.filter(pk__in=held).order_by("pk").values_list("uid", flat=True)) or ("",)


def note_list(*, by: Any, read: ListRead) -> None:
    """Note that someone read a list: the first time of a day for each set of conditions and depth of leafing.

    Two queries: a look at what the log has of today, and one insert.
    """
    about = _about(read)
    today = datetime.combine(timezone.localdate(), time.min, timezone.get_default_timezone())
    told = AuditEvent.objects.filter(
        kind=Kind.HOUSEHOLDS_LISTED, actor_id=str(by.pk), at__gte=today, object_type=about[0].obj_type,
        object_id=about[0].obj_id, unit_uid=about[0].unit_uid, details__asked=about[0].details["asked"],
    )  # fmt: skip
    if not told.exists():
        record_many(kind=Kind.HOUSEHOLDS_LISTED, by=by, about=about)


def note_file(*, by: Any, read: ListRead, kind: str) -> None:
    """Note that a list left as a file of a kind (csv, xlsx), each time: one insert."""
    file = {"format": kind, "numbers": False, "purpose": ""}
    record_many(kind=Kind.HOUSEHOLDS_EXPORTED, by=by, about=_about(read, **file))


def _about(read: ListRead, **file: Any) -> list[About]:
    """One event for each unit, so that its part of the log has it."""
    asked = {name: read.asked[name] for name in sorted(read.asked) if read.asked[name]}
    if not read.shown:
        asked[EMPTY] = True
    details = {**file, "asked": asked, "households": read.shown}
    if read.round_ is not None:
        return [About("review_round", read.round_.pk, "", read.round_.unit.uid, details)]
    what = "household_export" if file else "households"
    return [About(what, read.village, "", uid, details) for uid in read.units]
