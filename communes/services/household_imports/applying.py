"""Taking a checked file over: read once more, and all of it stored in one short transaction, or nothing."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from communes.models import (
    Household,
    HouseholdImport,
    HouseholdMember,
    HouseholdStay,
    ImportedHousehold,
    ImportFault,
    Person,
)
from communes.services.counts import mark_stale
from communes.services.household_imports.checking import Checked, check, keep
from communes.services.household_imports.declaring import doubts_digest
from communes.services.household_imports.doors import Status, tell
from communes.services.household_imports.staging import forget
from communes.services.households.guard import tell_many
from communes.services.households.register import built
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.common.copying import Prepared, copy_in, numbered, prepared
from mongcai_portal.common.jobs import Step


def run_apply(row: HouseholdImport, *, by: Any, step: Step) -> None:
    """Store what a file brings; when it has faults by now, or other doubts than were looked at, only those are stored.

    Raises:
        As `check`.
    """
    checked = check(row, by=by, step=step)
    if checked.wrong or not _accepted(row, checked):
        keep(row, checked, step=step)
        status = Status.FAULTY if checked.wrong else Status.READY
        _back(row, status, "changed", counts=checked.counts, checked_at=timezone.now())
        return
    tables, households = _prepared(row, checked)
    step(checked.counts["rows"], checked.counts["rows"])
    try:
        with transaction.atomic():
            # The row first: a second worker finds it taken.
            if not HouseholdImport.objects.filter(pk=row.pk, status=Status.APPLYING).update(
                status=Status.APPLIED, counts=checked.counts, applied_by=str(by), applied_at=timezone.now()
            ):
                return
            copy_in(*tables)
            mark_stale({household.village_id for household in households})
            tell_many(
                kind=Kind.HOUSEHOLD_REGISTERED,
                by=by,
                about=[
                    (
                        household,
                        {"on": row.on, "began_as": household.began_as, "members": household.size, "import": row.pk},
                    )
                    for household in households
                ],
            )
            forget(row)
            tell(row, kind=Kind.HOUSEHOLDS_IMPORTED, by=by, counts=checked.counts, sha256=row.sha256)
    except IntegrityError:
        # Someone wrote one of these codes or numbers since the check: the next check names it.
        _back(row, Status.CHECKING, "changed")


def _accepted(row: HouseholdImport, checked: Checked) -> bool:
    doubts = [
        ImportFault(row=f.row, column=f.column, code=f.code, told=dict(f.told), doubt=True) for f in checked.doubts
    ]
    return doubts_digest(doubts) == row.accepted


def _back(row: HouseholdImport, status: str, error: str, **changes: Any) -> None:
    HouseholdImport.objects.filter(pk=row.pk, status=Status.APPLYING).update(status=status, error=error, **changes)


def _prepared(row: HouseholdImport, checked: Checked) -> tuple[list[Prepared], list[Household]]:
    """Return all rows of the import, numbered and ready to be copied in."""
    rows = built([entry for _household, entry in checked.new], checked.ground)
    numbered(rows.people)
    numbered(rows.households)
    # A key that a row was given before its owner had a number follows it now.
    for stay in rows.stays:
        stay.household = stay.household
    for member in rows.members:
        member.household, member.person = member.household, member.person
    links = [
        ImportedHousehold(household=made, owner=row, row=stated.row, income=stated.income)
        for made, (stated, _entry) in zip(rows.households, checked.new, strict=True)
    ]
    tables = [
        prepared(Person, rows.people),
        prepared(Household, rows.households),
        prepared(HouseholdStay, rows.stays),
        prepared(HouseholdMember, rows.members),
        prepared(ImportedHousehold, links),
    ]
    return tables, rows.households
