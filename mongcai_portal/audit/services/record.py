"""Writing an event, in the transaction of what it tells about."""

from __future__ import annotations

from typing import Any

from mongcai_portal.audit.context import current
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.masking import mask
from mongcai_portal.audit.models import AuditEvent

SYSTEM = "Hệ thống"


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
    origin = current()
    return AuditEvent.objects.create(
        actor_id="" if by is None else str(by.pk),
        actor_name=(SYSTEM if by is None else str(by))[:200],
        kind=Kind(kind).value,
        object_type=obj_type[:60],
        object_id=str(obj_id)[:60],
        object_label=str(label)[:300],
        unit_uid=unit_uid,
        details=mask(details),
        channel=origin.channel.value,
        request_id=origin.request_id,
    )
