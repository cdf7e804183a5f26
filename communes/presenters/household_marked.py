"""The faults of a file as a workbook: a list of them all, and the file's sheet with the cells marked where they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import IO

from django.utils.translation import gettext as _

from communes.models import HouseholdImport, ImportFault
from communes.presenters.household_faults import field_name
from communes.presenters.household_imports import said
from communes.rules.register_files.cells import shown
from communes.rules.register_files.layout import Layout
from communes.services.household_imports.contents import open_book
from mongcai_portal.common.grids import GridRow, Value, letters
from mongcai_portal.common.sheet_writer import DOUBT, HEAD, NORMAL, WRONG, Cell, SheetWriter, workbook
from mongcai_portal.common.templatetags.portal import date_vi


def write_marked(row: HouseholdImport, faults: Mapping[int, Sequence[ImportFault]], out: IO[bytes]) -> None:
    """Write the workbook; no identity number stands in it, so it is for looking, and the file itself for mending.

    Raises:
        ImportContent.DoesNotExist: the file was decided; Unreadable; Undecipherable.
    """
    layout, book = Layout.of_json(row.layout), open_book(row)
    with workbook(out) as made:
        with made.sheet(_("Lỗi"), (10, 24, 30, 90, 14), frozen=3) as sheet:
            sheet.row([_("Lỗi trong tệp %(name)s") % {"name": row.name}])
            sheet.row([_("Kiểm tra ngày %(day)s") % {"day": date_vi(row.checked_at)}])
            heads = [_("Ô"), _("Mục"), _("Trong tệp"), _("Lỗi"), _("Mức")]
            sheet.row(heads, [HEAD] * len(heads))
            for line in sorted(faults):
                for fault in faults[line]:
                    place = f"{letters(fault.column)}{line}" if fault.column else str(line)
                    level = _("cần xác minh") if fault.doubt else _("lỗi")
                    name = field_name(fault.field) if fault.field else ""
                    sheet.row([place, name, fault.given, said(fault), level], [NORMAL] * 4 + [_colour(fault)])
        with made.sheet(_sheet_name(layout.sheet), (), frozen=layout.head_last) as sheet:
            rows = list(book.rows(layout.sheet))
            last = max((column for one in rows for column in one.cells), default=0)
            hidden = layout.columns.get("identity_number", 0)
            for one in rows:
                _mirror(sheet, one, faults.get(one.number, ()), last, hidden)


def _mirror(sheet: SheetWriter, row: GridRow, faults: Sequence[ImportFault], last: int, hidden: int) -> None:
    """Write a row where it stood, its faulty cells in colour and what is wrong behind its last column."""
    cells: list[Cell] = [None] * (last + 1)
    styles = [NORMAL] * (last + 1)
    for column, value in row.cells.items():
        cells[column - 1] = "•••" if column == hidden else _plain(value)
    for fault in faults:
        at = fault.column - 1 if 0 < fault.column <= last else last
        styles[at] = max(styles[at], _colour(fault)) if styles[at] != WRONG else WRONG
    cells[last] = " ".join(said(fault) for fault in faults) or None
    sheet.row(cells, styles if faults else (), number=row.number)


def _plain(value: Value) -> Cell:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 100_000_000:
        return value
    return shown(value)


def _colour(fault: ImportFault) -> int:
    return DOUBT if fault.doubt else WRONG


def _sheet_name(name: str) -> str:
    clean = "".join(" " if sign in "[]:*?/\\" else sign for sign in name).strip(" '")[:31] or "1"
    return clean if clean != _("Lỗi") else f"{clean} 2"
