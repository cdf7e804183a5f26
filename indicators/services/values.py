"""Saving cells: compare-and-swap per cell, one audit event per save, one history row per changed cell."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from indicators.models import Report, ReportedValue, ValueChange, Verdict
from indicators.selectors.definitions import definitions_for
from indicators.services.cells import CellInput, ReadCell, read_cells
from indicators.services.guard import report_for, require_own_unit, tell
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.common.errors import Conflict, Fault, Invalid, Stale
from mongcai_portal.common.numbers import format_decimal, plain
from mongcai_portal.common.workflow import EDITABLE

State = ReportedValue.State
# What a cell says; the rest of its row is who said it, and the lock.
SAID = ("state", "number", "boolean", "choice", "reason", "note")

__all__ = ["CellConflict", "CellInput", "SaveResult", "SavedCell", "save_values", "shown_value", "value_text"]


@dataclass(frozen=True, slots=True)
class SavedCell:
    """A cell that stands as sent; `lock` is its new one, `unchanged` that it already stood so."""

    element: str
    part: str
    lock: int
    state: str
    unchanged: bool


@dataclass(frozen=True, slots=True)
class CellConflict:
    """A cell that someone else changed since the sender read it: what stands now, by whom and when."""

    element: str
    part: str
    lock: int
    state: str
    text: str
    by: str
    at: datetime | None
    message: str


@dataclass(frozen=True, slots=True)
class SaveResult:
    """What was saved, what is wrong, what was changed by others meanwhile."""

    saved: tuple[SavedCell, ...]
    faults: tuple[Fault, ...]
    conflicts: tuple[CellConflict, ...]


def save_values(*, by: Any, report_id: int, cells: Sequence[CellInput], all_or_none: bool) -> SaveResult:
    """Check every cell and store the good ones (or none, when `all_or_none` and one is bad).

    Raises:
        Report.DoesNotExist, Forbidden: see `guard`.
        Stale: the report is no longer open for typing.
        Invalid, Conflict: only with `all_or_none`; all faults are named.
    """
    report, scope = report_for(by=by, report_id=report_id, permission="reports.edit")
    require_own_unit(report, scope)
    definitions = definitions_for(report.period)
    good, faults = read_cells(cells, definitions)
    if faults and all_or_none:
        raise Invalid(faults)
    with transaction.atomic():
        # Taking the report row first makes writers of one report queue, and refuses one that was submitted meanwhile.
        if not Report.objects.filter(pk=report.pk, status__in=EDITABLE, revision=report.revision).update(
            lock=F("lock")
        ):
            raise Stale(_("Báo cáo đã được trình, không nhập thêm được. Số vừa gõ chưa được lưu."))
        saved, conflicts, changes = _write(report, good, by)
        if conflicts and all_or_none:
            first = conflicts[0]
            raise Conflict(first.message, {"element": first.element, "part": first.part, "lock": first.lock})
        if changes:
            _reopen_verdicts(report, {c["element_id"] for c in changes})
            tell(
                report,
                kind=Kind.REPORT_VALUES_SAVED,
                by=by,
                cells=[{k: v for k, v in c.items() if k != "element_id"} for c in changes],
            )
    return SaveResult(tuple(saved), tuple(faults), tuple(conflicts))


def _stands(row: ReportedValue, wanted: dict[str, object]) -> bool:
    return all(getattr(row, column) == value for column, value in wanted.items())


def _columns(read: ReadCell) -> dict[str, object]:
    value = read.value
    return {
        "state": read.state,
        "number": value if isinstance(value, Decimal) else None,
        "boolean": value if isinstance(value, bool) else None,
        "choice": value if isinstance(value, str) else "",
        "reason": read.reason,
    }


def value_text(row: ReportedValue) -> str:
    """Return a stored cell as plain text for the audit trail: `96.4`, `true`, `no_data`."""
    if row.state != State.VALUE:
        return str(row.state)
    if row.boolean is not None:
        return "true" if row.boolean else "false"
    return row.choice or plain(row.number)


def _write(
    report: Report, good: list[ReadCell], by: Any
) -> tuple[list[SavedCell], list[CellConflict], list[dict[str, Any]]]:
    rows = {
        (row.element_id, row.part): row
        for row in ReportedValue.objects.filter(
            report=report, revision=report.revision, element__in={r.element.id for r in good}
        )
    }
    moment, name = timezone.now(), str(by)
    saved: list[SavedCell] = []
    conflicts: list[CellConflict] = []
    changes: list[dict[str, Any]] = []
    create: list[ReportedValue] = []
    update: list[ReportedValue] = []
    remove: list[int] = []
    trail: list[ValueChange] = []
    for read in good:
        cell, row = read.source, rows.get((read.element.id, read.source.part))
        wanted = _columns(read)
        if cell.note is not None:
            wanted["note"] = cell.note.strip()
        same = row is None if not read.state else row is not None and _stands(row, wanted)
        if same:
            saved.append(SavedCell(cell.element, cell.part, row.lock if row else 0, row.state if row else "", True))
            continue
        if cell.lock is not None and cell.lock != (row.lock if row else 0):
            conflicts.append(_conflict(cell, row))
            continue
        before = value_text(row) if row else None
        if not read.state:
            remove.append(row.pk)  # type: ignore[union-attr]
            saved.append(SavedCell(cell.element, cell.part, 0, "", False))
            after = None
        else:
            if row is None:
                row = ReportedValue(report=report, revision=report.revision, element_id=read.element.id, part=cell.part)
                # Not 0: a cell cleared and typed again must not look like the one a third window still shows.
                row.lock = secrets.randbelow(2**30)
                create.append(row)
            else:
                update.append(row)
            for column, value in wanted.items():
                setattr(row, column, value)
            row.lock += 1
            row.entered_by, row.entered_at = name, moment
            saved.append(SavedCell(cell.element, cell.part, row.lock, read.state, False))
            after = value_text(row)
        trail.append(_trace(report, read, row if read.state else None, name, moment))
        changes.append(
            {
                "element_id": read.element.id,
                "element": cell.element,
                "part": cell.part,
                "before": before,
                "after": after,
            }
        )
    if conflicts and not changes:
        return saved, conflicts, changes
    ReportedValue.objects.bulk_create(create)
    if update:
        ReportedValue.objects.bulk_update(update, [*SAID, "lock", "entered_by", "entered_at"])
    if remove:
        ReportedValue.objects.filter(pk__in=remove).delete()
    ValueChange.objects.bulk_create(trail)
    return saved, conflicts, changes


def _trace(report: Report, read: ReadCell, row: ReportedValue | None, name: str, moment: datetime) -> ValueChange:
    """Return the history row of a cell that was just set, or emptied (no row)."""
    said = {} if row is None else {column: getattr(row, column) for column in SAID}
    return ValueChange(
        report=report,
        revision=report.revision,
        element_id=read.element.id,
        part=read.source.part,
        by=name,
        at=moment,
        **said,
    )


def _conflict(cell: CellInput, row: ReportedValue | None) -> CellConflict:
    if row is None:
        return CellConflict(cell.element, cell.part, 0, "", "", "", None, _("Ô này vừa được xóa trống ở cửa sổ khác."))
    return CellConflict(
        cell.element,
        cell.part,
        row.lock,
        row.state,
        value_text(row),
        row.entered_by,
        row.entered_at,
        _("Ô này vừa được %(name)s sửa thành %(value)s.")
        % {"name": row.entered_by, "value": shown_value(row, cell.language)},
    )


def shown_value(row: ReportedValue, language: str) -> str:
    """Return a stored cell as the reader writes it."""
    if row.state != State.VALUE:
        return str(row.get_state_display())
    if row.boolean is not None:
        return _("đạt") if row.boolean else _("chưa đạt")
    return row.choice or (plain(row.number) if language == "plain" else format_decimal(row.number, language))


def _reopen_verdicts(report: Report, element_ids: set[int]) -> None:
    """A verified element whose value changes must be looked at again."""
    # Read as submitted and yet open for typing: it was sent back meanwhile.
    if report.status != Report.Status.DRAFT:
        Verdict.objects.filter(
            report=report, revision=report.revision, element__in=element_ids, state=Verdict.State.VERIFIED
        ).update(state=Verdict.State.OPEN, by="", at=None)
