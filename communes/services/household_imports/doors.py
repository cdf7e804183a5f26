"""Who may do what to a file of households, who was first, and what is told of it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communes.models import HouseholdImport
from communes.models.imports import IMPORT_JOB
from communes.scope import scope_of
from communes.services.households.guard import may
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.audit.services import record
from mongcai_portal.common import jobs
from mongcai_portal.common.errors import Stale

KIND = IMPORT_JOB
Status = HouseholdImport.Status
# What a worker takes up.
WORKED = (Status.CHECKING, Status.APPLYING, Status.UNDOING)


def import_for(*, by: Any, import_id: int) -> HouseholdImport:
    """Return an import that the person may work on.

    Raises:
        HouseholdImport.DoesNotExist: of a unit that is not theirs.
        Forbidden: the person brings no files anywhere.
    """
    may(by, Permission.HOUSEHOLDS_IMPORT)
    rows = HouseholdImport.objects.all() if by is None else HouseholdImport.objects.visible_to(scope_of(by))
    found: HouseholdImport = rows.get(pk=import_id)
    return found


def ask_for(row: HouseholdImport, *, by: Any, come_from: tuple[str, ...], to: str, **changes: Any) -> None:
    """Compare-and-swap the status to one that a worker takes up, and have it taken up.

    Raises:
        Stale: the import stands elsewhere by now.
    """
    with transaction.atomic():
        moved = HouseholdImport.objects.filter(pk=row.pk, status__in=come_from).update(
            status=to, asked_by=by, asked_at=timezone.now(), error="", **changes
        )
        if not moved:
            raise stale(row.pk)
        jobs.ask(kind=KIND, by=str(by))
    row.refresh_from_db()


def stale(import_id: int) -> Stale:
    status = HouseholdImport.objects.get(pk=import_id).get_status_display()
    return Stale(_("Tệp này đã được xử lý ở cửa sổ khác; tình trạng hiện nay: %(status)s.") % {"status": status})


def tell(row: HouseholdImport, *, kind: str, by: Any, **details: Any) -> None:
    """Write the audit event of an import, in the caller's transaction."""
    unit = row.unit.uid if row.unit else ""
    record(kind=kind, by=by, obj_type="household_import", obj_id=row.pk, label=row.name, unit_uid=unit, **details)
