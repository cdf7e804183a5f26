"""Storing checked cells, of one report or of hundreds: what changes is found first, then written in sets.

The number of statements does not depend on the number of cells: one reads what stands, one writes what is to stand,
one the history, one the audit events.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from indicators.models import Report, ReportedValue, ValueChange, Verdict
from indicators.services.cells import ReadCell
from indicators.services.guard import tell_many
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.common.errors import Fault
from mongcai_portal.common.numbers import plain

State = ReportedValue.State
# What a cell says; the rest of its row is who said it, and the lock.
SAID = ("state", "number", "boolean", "choice", "reason", "note")
_KEY = ("report", "revision", "element", "part")
_SET = (*SAID, "lock", "entered_by", "entered_at")


@dataclass(frozen=True, slots=True)
class Change:
    """A cell that is to be written: what stands (None: nothing), and what is wanted of its columns."""

    read: ReadCell
    row: ReportedValue | None
    wanted: dict[str, object]
    lock: int  # after it; 0 for a cell that is emptied

    @property
    def creates(self) -> bool:
        return self.row is None


@dataclass(slots=True)
class Sheet:
    """Checked cells of one report, sorted by what has to be done about them."""

    report: Report
    changes: list[Change] = field(default_factory=list)
    same: list[tuple[ReadCell, ReportedValue | None]] = field(default_factory=list)
    # Given by the register of households: not typed, whatever was sent.
    derived: list[ReadCell] = field(default_factory=list)
    # Changed by someone else since the sender read them.
    conflicts: list[tuple[ReadCell, ReportedValue | None]] = field(default_factory=list)


def compare(work: Sequence[tuple[Report, Sequence[ReadCell]]]) -> list[Sheet]:
    """Hold checked cells against what stands: one query, however many reports."""
    elements = {read.element.id for _report, cells in work for read in cells}
    stored = ReportedValue.objects.filter(
        report__in=[report.pk for report, _cells in work], revision=F("report__revision"), element__in=elements
    )
    rows = {(row.report_id, row.element_id, row.part): row for row in stored}
    sheets = []
    for report, cells in work:
        sheet = Sheet(report)
        for read in cells:
            _sort(sheet, read, rows.get((report.pk, read.element.id, read.source.part)))
        sheets.append(sheet)
    return sheets


def _sort(sheet: Sheet, read: ReadCell, row: ReportedValue | None) -> None:
    cell, wanted = read.source, _columns(read)
    if cell.note is not None:
        wanted["note"] = cell.note.strip()
    if row is None if not read.state else row is not None and _stands(row, wanted):
        sheet.same.append((read, row))
    elif row is not None and row.derived_from and not (read.state and _stands(row, _columns(read))):
        sheet.derived.append(read)
    elif cell.lock is not None and cell.lock != (row.lock if row else 0):
        sheet.conflicts.append((read, row))
    else:
        # Not 1 at first: a cell cleared and typed again must not look like the one a third window still shows.
        lock = row.lock + 1 if row else secrets.randbelow(2**30) + 1
        sheet.changes.append(Change(read, row, wanted, lock if read.state else 0))


def derived_faults(sheets: Sequence[Sheet]) -> list[Fault]:
    """Return a fault for each cell that was sent although the register gives it; its note may be written."""
    message = _("Số liệu này được tính từ sổ hộ, không nhập tay.")
    return [Fault(read.source.where(), "derived", message) for sheet in sheets for read in sheet.derived]


def store(sheets: Sequence[Sheet], *, by: Any) -> None:
    """Write the changes with their history, verdicts and audit events, in the caller's transaction.

    The caller holds the reports: nobody else writes their cells between `compare` and this.
    """
    moment, name = timezone.now(), str(by)
    values: list[ReportedValue] = []
    emptied: list[int] = []
    trail: list[ValueChange] = []
    told: list[tuple[Report, dict[str, Any]]] = []
    for sheet in sheets:
        cells = []
        for change in sheet.changes:
            new = _row(sheet.report, change, name, moment)
            if change.read.state:
                values.append(new)
            elif change.row is not None:
                emptied.append(change.row.pk)
            trail.append(_trace(new, emptied=not change.read.state))
            # A note beside what the register gives: its number is no word of whoever saved, and not for the log.
            derived = bool(change.row and change.row.derived_from)
            cells.append(
                {
                    "element": change.read.element.code,
                    "part": change.read.source.part,
                    "before": value_text(change.row) if change.row and not derived else None,
                    "after": value_text(new) if change.read.state and not derived else None,
                }
            )
        if cells:
            told.append((sheet.report, {"cells": cells}))
    if not told:
        return
    if values:
        ReportedValue.objects.bulk_create(values, update_conflicts=True, unique_fields=_KEY, update_fields=_SET)
    if emptied:
        ReportedValue.objects.filter(pk__in=emptied).delete()
    ValueChange.objects.bulk_create(trail)
    _reopen_verdicts(sheets)
    tell_many(kind=Kind.REPORT_VALUES_SAVED, by=by, about=told)


def _row(report: Report, change: Change, name: str, moment: datetime) -> ReportedValue:
    """Return the row as it is to stand; without its key, so that one statement adds and replaces."""
    kept = {column: getattr(change.row, column) for column in SAID} if change.row else {}
    return ReportedValue(
        report_id=report.pk,
        revision=report.revision,
        element_id=change.read.element.id,
        part=change.read.source.part,
        lock=change.lock,
        entered_by=name,
        entered_at=moment,
        **{**kept, **change.wanted},
    )


def _trace(new: ReportedValue, *, emptied: bool) -> ValueChange:
    """Return the history row of a cell that is set, or emptied."""
    said = {} if emptied else {column: getattr(new, column) for column in SAID}
    return ValueChange(
        report_id=new.report_id,
        revision=new.revision,
        element_id=new.element_id,
        part=new.part,
        by=new.entered_by,
        at=new.entered_at,
        **said,
    )


def _columns(read: ReadCell) -> dict[str, object]:
    value = read.value
    return {
        "state": read.state,
        "number": value if isinstance(value, Decimal) else None,
        "boolean": value if isinstance(value, bool) else None,
        "choice": value if isinstance(value, str) else "",
        "reason": read.reason,
    }


def _stands(row: ReportedValue, wanted: dict[str, object]) -> bool:
    return all(getattr(row, column) == value for column, value in wanted.items())


def _reopen_verdicts(sheets: Sequence[Sheet]) -> None:
    """A verified element whose value changes must be looked at again."""
    # Read as submitted and yet open for typing: it was sent back meanwhile.
    touched = {
        (sheet.report.pk, change.read.element.id)
        for sheet in sheets
        if sheet.report.status != Report.Status.DRAFT
        for change in sheet.changes
    }
    if not touched:
        return
    verified = Verdict.objects.filter(
        report__in={report for report, _element in touched},
        revision=F("report__revision"),
        element__in={element for _report, element in touched},
        state=Verdict.State.VERIFIED,
    ).values_list("pk", "report", "element")
    again = [pk for pk, report, element in verified if (report, element) in touched]
    if again:
        Verdict.objects.filter(pk__in=again).update(state=Verdict.State.OPEN, by="", at=None)


def value_text(row: ReportedValue) -> str:
    """Return a stored cell as plain text for the audit trail: `96.4`, `true`, `no_data`."""
    if row.state != State.VALUE:
        return str(row.state)
    if row.boolean is not None:
        return "true" if row.boolean else "false"
    return row.choice or plain(row.number)
