"""Reading the log."""

from __future__ import annotations

from django.db.models import QuerySet

from mongcai_portal.audit.models import AuditEvent


def events_of(*, obj_type: str, obj_id: object, kinds: tuple[str, ...] = ()) -> QuerySet[AuditEvent]:
    """Events of one object, newest first; `kinds` narrows them."""
    events = AuditEvent.objects.filter(object_type=obj_type, object_id=str(obj_id))
    return events.filter(kind__in=kinds) if kinds else events


def events_by(*, actor_id: object) -> QuerySet[AuditEvent]:
    """Events that one person caused, newest first."""
    return AuditEvent.objects.filter(actor_id=str(actor_id))
