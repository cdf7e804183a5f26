"""The dry run: a file read as it was declared and held against itself and the register; what it finds is stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from communes.models import HouseholdImport, ImportFault
from communes.rules.register_files.layout import Layout
from communes.rules.register_files.matching import against, within
from communes.rules.register_files.places import Gazetteer
from communes.rules.register_files.reading import read_stated
from communes.rules.register_files.stated import CellFault, StatedHousehold, StatedPerson
from communes.scope import scope_of
from communes.selectors.household_files import known_of, villages_for
from communes.services.household_imports.contents import open_book
from communes.services.household_imports.doors import Status, tell
from communes.services.households.entries import HouseholdEntry, MemberEntry, PersonEntry
from communes.services.households.register import Ground, entries_faults, ground_for, is_stored, plain_code
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.common.jobs import Step

# Faults that are written in one transaction: a fraction of a second on SQLite.
PORTION = 2000


@dataclass(frozen=True, slots=True, repr=False)
class Checked:
    """What came of reading a file: faults by cell, and the households that it would bring, with what they rest on."""

    faults: list[CellFault]
    new: list[tuple[StatedHousehold, HouseholdEntry]]
    ground: Ground
    counts: dict[str, int]

    @property
    def doubts(self) -> list[CellFault]:
        return [fault for fault in self.faults if fault.doubt]

    @property
    def wrong(self) -> list[CellFault]:
        return [fault for fault in self.faults if not fault.doubt]


def check(row: HouseholdImport, *, by: Any, step: Step) -> Checked:
    """Read a file as it is declared; nothing is stored.

    Households that stand in the register just as the file has them are counted and left alone, so the same file again
    brings nothing and has no fault.

    Raises:
        Unreadable, Undecipherable, ImportContent.DoesNotExist; Stopped.
    """
    layout, book = Layout.of_json(row.layout), open_book(row)
    today = timezone.localdate()
    stated = read_stated(
        book.rows(layout.sheet, first=layout.data_first),
        layout,
        Gazetteer(villages_for(scope_of(by), row.on, row.unit_id)),
        covered=book.covered(layout.sheet),
        on=row.on,
        today=today,
        progress=lambda done: step(done),
    )
    step(stated.rows, stated.rows)
    entries = [(household, entry_of(household, row)) for household in stated.households]
    ground = ground_for(by=by, entries=[one for _household, one in entries], permission=Permission.HOUSEHOLDS_IMPORT)
    same = {household.code for household, entry in entries if is_stored(entry, ground)}
    new = [(household, entry) for household, entry in entries if household.code not in same]
    households = [household for household, _entry in new]
    known, digests = known_of(households, set(ground.stored) - same)
    step(stated.rows, stated.rows)
    faults = [*stated.faults, *within(stated.households, layout), *against(households, layout, known, digests)]
    # A doubt about a household that stands in the register just so was looked at when it came.
    looked_at = {person.row for one in stated.households if one.code in same for person in one.people}
    faults = [fault for fault in faults if not (fault.doubt and fault.row in looked_at)]
    faults += _besides(new, ground, layout, faults)
    if not stated.rows:
        faults.append(CellFault(layout.data_first, 0, "empty"))
    counts = {
        "rows": stated.rows,
        "households": len(new),
        "people": sum(len(household.people) for household in households),
        "same": len(same),
        "faults": sum(1 for fault in faults if not fault.doubt),
        "doubts": sum(1 for fault in faults if fault.doubt),
    }
    return Checked(sorted(faults, key=lambda f: (f.doubt, f.row, f.column)), new, ground, counts)


def entry_of(household: StatedHousehold, row: HouseholdImport) -> HouseholdEntry:
    """Return what the register is told of a household of the file; where that is not whole, a fault says so."""
    return HouseholdEntry(
        code=plain_code(household.code),
        village=household.village.code if household.village else "",
        on=row.on,
        members=tuple(MemberEntry(relation=person.relation, person=_person_of(person)) for person in household.people),
        address=household.address,
        no_labour=household.answers.get("no_labour"),
        farming=household.answers.get("farming"),
        note=household.note,
    )


def _person_of(person: StatedPerson) -> PersonEntry:
    return PersonEntry(
        name=person.name,
        birth_date=person.birth.day if person.birth else None,
        birth_precision=person.birth.precision if person.birth else "day",
        identity_number=person.identity_number,
        health_insurance=person.answers.get("health_insurance"),
        meritorious=person.answers.get("meritorious"),
        **person.words,
    )


def _besides(
    new: list[tuple[StatedHousehold, HouseholdEntry]], ground: Ground, layout: Layout, known: list[CellFault]
) -> list[CellFault]:
    """What the register itself refuses and no rule above has named: it has the last word."""
    told = {fault.row for fault in known if not fault.doubt}
    found = []
    rows = {f"/{at}": household for at, (household, _entry) in enumerate(new)}
    for fault in entries_faults([(f"/{at}", entry) for at, (_household, entry) in enumerate(new)], ground):
        household, where = rows["/" + fault.pointer.split("/")[1]], fault.pointer.split("/")
        at = household.people[int(where[3])].row if "members" in where and len(where) > 3 else household.row
        if at not in told and household.row not in told:
            column = layout.columns.get(where[-1], 0)
            found.append(CellFault(at, column, "refused", {"message": fault.message}, field=where[-1][:20]))
    return found


def run_check(row: HouseholdImport, *, by: Any, step: Step) -> None:
    """Check a file and store what was found; what an earlier check found goes.

    Raises:
        As `check`.
    """
    checked = check(row, by=by, step=step)
    keep(row, checked, step=step)
    with transaction.atomic():
        status = Status.FAULTY if checked.wrong else Status.READY
        done = HouseholdImport.objects.filter(pk=row.pk, status=Status.CHECKING).update(
            status=status, counts=checked.counts, checked_at=timezone.now(), accepted=""
        )
        if done:
            tell(row, kind=Kind.HOUSEHOLDS_CHECKED, by=by, counts=checked.counts, status=status)


def keep(row: HouseholdImport, checked: Checked, *, step: Step) -> None:
    """Store the faults of a check, in portions: while the import is worked on nobody reads them."""
    ImportFault.objects.filter(owner=row).delete()
    for start in range(0, len(checked.faults), PORTION):
        step(checked.counts["rows"], checked.counts["rows"])
        ImportFault.objects.bulk_create(
            ImportFault(
                owner=row, row=f.row, column=f.column, field=f.field, code=f.code, told=dict(f.told), given=f.given,
                doubt=f.doubt,
            )
            for f in checked.faults[start : start + PORTION]
        )  # fmt: skip
