"""Writing an event, in the transaction of what it tells about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from mongcai_portal.audit.context import current
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.masking import mask
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.audit.words import actor_key_of, search_key_of

SYSTEM = "Hệ thống"


@dataclass(frozen=True, slots=True)
class About:
    """What one of many events was done to, and its details."""

    obj_type: str
    obj_id: object
    label: str = ""
    unit_uid: str = ""
    details: dict[str, Any] = field(default_factory=dict)


def record(
    *, kind: str, by: Any, obj_type: str, obj_id: object, label: str = "", unit_uid: str = "", **details: Any
) -> AuditEvent:
    """Store one event and return it.

    Args:
        kind: a value of `audit.kinds.Kind`.
        by: the user who did it; None when the system did it by itself.
        obj_type, obj_id, label: what it was done to, as text that stays readable when the row is gone.
        unit_uid: the unit concerned, when there is one.
        details: what changed, customarily `before`, `after`, `reason`; personal fields are masked.

    Raises:
        ValueError: a kind that is not in the vocabulary.
    """
    event = _event(kind, by, About(obj_type, obj_id, label, unit_uid, details))
    event.save(force_insert=True)
    return event


def record_many(*, kind: str, by: Any, about: Iterable[About]) -> None:
    """Store one event for each of many objects to which the same was done: one query.

    Raises:
        ValueError: a kind that is not in the vocabulary.
    """
    AuditEvent.objects.bulk_create([_event(kind, by, one) for one in about])


def _event(kind: str, by: Any, about: About) -> AuditEvent:
    origin = current()
    event = AuditEvent(
        actor_id="" if by is None else str(by.pk),
        actor_name=(SYSTEM if by is None else str(by))[:200],
        kind=Kind(kind).value,
        object_type=about.obj_type[:60],
        object_id=str(about.obj_id)[:60],
        object_label=str(about.label)[:300],
        unit_uid=about.unit_uid,
        details=mask(about.details),
        channel=origin.channel.value,
        request_id=origin.request_id,
    )
    event.actor_key = actor_key_of(event.actor_name)
    event.search_key = search_key_of(event.object_label, event.unit_uid, event.details)
    return event
