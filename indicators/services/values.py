"""Saving cells of one report: compare-and-swap per cell, one audit event per save, one history row per changed cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from indicators.models import Report, ReportedValue
from indicators.selectors.definitions import definitions_for
from indicators.selectors.versions import report_version
from indicators.services.cell_store import Sheet, compare, derived_faults, store, value_text
from indicators.services.cells import CellInput, ReadCell, read_cells
from indicators.services.guard import Seen, report_for, require_own_unit, require_seen
from mongcai_portal.common.errors import Conflict, Fault, Invalid, Stale
from mongcai_portal.common.numbers import format_decimal, plain
from mongcai_portal.common.workflow import EDITABLE

State = ReportedValue.State

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
    """What was saved, what is wrong, what was changed by others meanwhile.

    `version`: the report's after this save and nothing else, for a caller that named the one it had seen.
    """

    saved: tuple[SavedCell, ...]
    faults: tuple[Fault, ...]
    conflicts: tuple[CellConflict, ...]
    version: str = ""


def save_values(
    *, by: Any, report_id: int, cells: Sequence[CellInput], all_or_none: bool, seen: Seen | None = None
) -> SaveResult:
    """Check every cell and store the good ones (or none, when `all_or_none` and one is bad).

    Raises:
        Report.DoesNotExist, Forbidden: see `guard`.
        Stale: the report is no longer open for typing.
        Outdated: the caller has seen another version of the report (`seen`).
        Invalid, Conflict: only with `all_or_none`; all faults are named.
    """
    report, scope = report_for(by=by, report_id=report_id, permission="reports.edit")
    require_own_unit(report, scope)
    definitions = definitions_for(report.period)
    good, faults = read_cells(cells, definitions)
    if faults and all_or_none:
        raise Invalid(fault.as_fault() for fault in faults)
    with transaction.atomic():
        require_seen(report, seen)
        # Taking the report row first makes writers of one report queue, and refuses one that was submitted meanwhile.
        if not Report.objects.filter(pk=report.pk, status__in=EDITABLE, revision=report.revision).update(
            lock=F("lock")
        ):
            raise Stale(_("Báo cáo đã được trình, không nhập thêm được. Số vừa gõ chưa được lưu."))
        [sheet] = compare([(report, good)])
        derived = derived_faults([sheet])
        if derived and all_or_none:
            raise Invalid(derived)
        conflicts = tuple(_conflict(read.source, row) for read, row in sheet.conflicts)
        if conflicts and all_or_none:
            first = conflicts[0]
            raise Conflict(first.message, {"element": first.element, "part": first.part, "lock": first.lock})
        store([sheet], by=by)
        version = report_version(report.pk) if seen else ""
    told = (*(fault.as_fault() for fault in faults), *derived)
    return SaveResult(_saved(sheet, good), told, conflicts, version)


def _saved(sheet: Sheet, good: Sequence[ReadCell]) -> tuple[SavedCell, ...]:
    """Return the cells that stand as sent, in the order in which they were sent."""
    found = {id(read): (row.lock if row else 0, row.state if row else "", True) for read, row in sheet.same}
    found |= {id(change.read): (change.lock, change.read.state, False) for change in sheet.changes}
    return tuple(
        SavedCell(read.source.element, read.source.part, *found[id(read)]) for read in good if id(read) in found
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
