"""Reading identity numbers in clear, and looking at a household: who did it, when and what for stays in the log."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communes.models import Household
from communes.models.persons import IDENTITY
from communes.services.households.guard import household_for, tell, tell_many
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common import ciphers
from mongcai_portal.common.errors import Fault, Invalid

PURPOSE_AT_LEAST, PURPOSE_AT_MOST = 10, 500


@dataclass(frozen=True, slots=True)
class Unmasked:
    """Identity numbers by person; people without one are left out."""

    numbers: dict[int, str] = field(repr=False)


def unmask(*, by: Any, household_id: int, purpose: str, person_id: int | None = None) -> Unmasked:
    """Return the identity numbers of a household's members of today, or of one person who is or was one.

    The event is in the log before the numbers leave: what cannot be logged is not shown.

    Raises:
        Household.DoesNotExist, Forbidden; Invalid: a purpose of fewer than 10 or more than 500 characters; a person
        who never was a member; Undecipherable: the key is gone.
    """
    household = household_for(by=by, household_id=household_id, permission=Permission.HOUSEHOLDS_UNMASK)
    why = " ".join(purpose.split())
    faults = []
    if len(why) < PURPOSE_AT_LEAST:
        faults.append(Fault("/purpose", "required", _("Ghi rõ xem để làm gì, ít nhất 10 ký tự.")))
    elif len(why) > PURPOSE_AT_MOST:
        faults.append(Fault("/purpose", "too_long", _("Mục đích dài quá 500 ký tự.")))
    rows = household.members.select_related("person")
    rows = rows.filter(valid_to=household.valid_to) if person_id is None else rows.filter(person=person_id)
    people = {row.person_id: row.person for row in rows}
    if not people:
        faults.append(Fault("/person", "unknown", _("Người này không thuộc hộ.")))
    if faults:
        raise Invalid(faults)
    with transaction.atomic():
        ring = ciphers.keyring()
        numbers = {
            pk: ring.show(person.identity_key, person.identity_text, IDENTITY)
            for pk, person in people.items()
            if person.identity_index
        }
        tell(household, kind=Kind.HOUSEHOLD_UNMASKED, by=by, purpose=why, people=sorted(numbers))
    return Unmasked(numbers)


def note_view(*, by: Any, household_id: int) -> None:
    """Note that someone looked at a household: the first time of a day; `selectors.households.seen_by` tells of it.

    Raises:
        Household.DoesNotExist.
    """
    household = household_for(by=by, household_id=household_id, permission=Permission.HOUSEHOLDS_VIEW)
    today = datetime.combine(timezone.localdate(), time.min, timezone.get_default_timezone())
    told = AuditEvent.objects.filter(
        kind=Kind.HOUSEHOLD_VIEWED, object_type="household", object_id=str(household.pk), actor_id=str(by.pk)
    )
    if not told.filter(at__gte=today).exists():
        tell(household, kind=Kind.HOUSEHOLD_VIEWED, by=by)


def note_views(*, by: Any, household_ids: Collection[int]) -> None:
    """Note that someone looked at many households on one page: as `note_view`, four queries for any number of them."""
    today = datetime.combine(timezone.localdate(), time.min, timezone.get_default_timezone())
    seen = AuditEvent.objects.filter(
        kind=Kind.HOUSEHOLD_VIEWED, object_type="household", actor_id=str(by.pk), at__gte=today,
        object_id__in=[str(pk) for pk in household_ids],
    )  # fmt: skip
    known = set(seen.values_list("object_id", flat=True))
    wanted = [pk for pk in household_ids if str(pk) not in known]
    with transaction.atomic():
        rows = Household.objects.filter(pk__in=wanted).order_by("pk")
        tell_many(kind=Kind.HOUSEHOLD_VIEWED, by=by, about=[(household, {}) for household in rows])
