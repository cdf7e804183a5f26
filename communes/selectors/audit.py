"""Which part of the log a person reads, and how the units in it are called."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from communes.models import Unit, UnitVersion
from communes.scope import Scope
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.audit.selectors import AuditFilter, search


def events_seen(wanted: AuditFilter, scope: Scope) -> QuerySet[AuditEvent]:
    """Return the events a person may read: whoever watches the whole town all of them, others those of their units."""
    units = None if scope.town else list(Unit.objects.visible_to(scope).values_list("uid", flat=True))
    return search(wanted, units=units)


def unit_names(events: Iterable[AuditEvent]) -> dict[str, UnitVersion]:
    """Return the last version of the units that events name, by uid: one query."""
    uids = {event.unit_uid for event in events if event.unit_uid}
    rows = UnitVersion.objects.filter(unit__uid__in=uids).select_related("unit").order_by("valid_from", "pk")
    # The open start sorts first on one database and last on the other.
    return {row.unit.uid: row for row in sorted(rows, key=lambda v: (v.valid_from is not None, str(v.valid_from)))}
