"""Taking an import back as a whole, as long as nothing rests on its households."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communes.models import Household, HouseholdImport, HouseholdMember, HouseholdStay, ImportedHousehold, Person
from communes.selectors.household_files import resting_reasons
from communes.services.counts import mark_stale
from communes.services.household_imports.doors import Status, ask_for, import_for, stale, tell
from communes.services.households.guard import tell_many
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.common.errors import Fault, Invalid
from mongcai_portal.common.jobs import Step

NAMED = 20
PORTION = 5000


def undo_import(*, by: Any, import_id: int) -> HouseholdImport:
    """Have an import taken back: its households and people leave the register as if they had never come.

    The audit trail keeps both. Once more it changes nothing.

    Raises:
        HouseholdImport.DoesNotExist, Forbidden; Stale: it was not taken over; Invalid: what rests on which of its
        households since, `/households` resting.
    """
    row = import_for(by=by, import_id=import_id)
    if row.status in (Status.UNDOING, Status.UNDONE):
        return row
    if row.status != Status.APPLIED:
        raise stale(row.pk)
    faults = resting_faults(row)
    if faults:
        raise Invalid(faults)
    ask_for(row, by=by, come_from=(Status.APPLIED,), to=Status.UNDOING)
    return row


def resting_faults(row: HouseholdImport) -> list[Fault]:
    """Say what rests on the households of an import since, household by household; of many the rest is counted."""
    found: dict[str, Counter[str]] = {}
    for code, what, count in resting_reasons(row.pk):
        found.setdefault(code, Counter())[what] += count
    faults = [
        Fault(
            "/households", "resting", _("Hộ %(code)s: %(what)s.") % {"code": code, "what": ", ".join(_words(reasons))}
        )
        for code, reasons in sorted(found.items())[:NAMED]
    ]
    if len(found) > NAMED:
        more = len(found) - NAMED
        faults.append(
            Fault("/households", "resting", ngettext("và %(n)s hộ nữa.", "và %(n)s hộ nữa.", more) % {"n": more})
        )
    return faults


def _words(reasons: Counter[str]) -> list[str]:
    words = {
        "changed": _("đã thay đổi sau khi nhập"),
        "communes_classification": _("đã có phân loại"),
        "communes_householdreview": _("đã đưa vào đợt rà soát"),
        "communes_householdsuccession": _("đã tách hoặc nhập hộ"),
    }
    return list(dict.fromkeys(words.get(what, _("đã có dữ liệu khác ghi theo hộ")) for what in sorted(reasons)))


def run_undo(row: HouseholdImport, *, by: Any, step: Step) -> None:
    """Take an import back in one short transaction; when something rests on its households by now, it stays."""
    step(0, 1)
    households = list(Household.objects.filter(imported__owner=row).order_by("pk"))
    if resting_reasons(row.pk):
        _stays(row)
        return
    try:
        with transaction.atomic():
            if not HouseholdImport.objects.filter(pk=row.pk, status=Status.UNDOING).update(
                status=Status.UNDONE, ended_by=str(by), ended_at=timezone.now()
            ):
                return
            # Asked once more with the row held: whoever writes a household of it has not come between, or is seen.
            if resting_reasons(row.pk):
                raise IntegrityError("resting")
            tell_many(
                kind=Kind.HOUSEHOLD_WITHDRAWN,
                by=by,
                about=[(household, {"import": row.pk}) for household in households],
            )
            _delete(row)
            mark_stale({household.village_id for household in households})
            tell(row, kind=Kind.HOUSEHOLDS_UNDONE, by=by, counts=row.counts)
    except IntegrityError:
        _stays(row)


def _stays(row: HouseholdImport) -> None:
    HouseholdImport.objects.filter(pk=row.pk, status=Status.UNDOING).update(status=Status.APPLIED, error="resting")


def _delete(row: HouseholdImport) -> None:
    """Delete in sets; keys between the rows are looked at when the transaction ends.

    Raises:
        IntegrityError: someone changed a household or a person meanwhile.
    """
    ids = list(Household.objects.filter(imported__owner=row).values_list("pk", flat=True))
    members = HouseholdMember.objects.filter(household__imported__owner=row)
    people = list(members.values_list("person_id", flat=True))
    for rows, column, values in (
        (HouseholdMember.objects.all(), "household_id", ids),
        (HouseholdStay.objects.all(), "household_id", ids),
        (ImportedHousehold.objects.all(), "household_id", ids),
        (Household.objects.filter(lock=0, valid_to=None), "pk", ids),
        (Person.objects.filter(lock=0), "pk", people),
    ):
        deleted = 0
        for start in range(0, len(values), PORTION):
            portion = rows.filter(**{f"{column}__in": values[start : start + PORTION]})
            deleted += portion._raw_delete(portion.db)
        if deleted < len(values):
            raise IntegrityError("changed meanwhile")
