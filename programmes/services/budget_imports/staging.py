"""A workbook comes and is declared; nothing of it is stored as money yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communes.rules.register_files.cells import shown
from communes.rules.register_files.layout import LAST_HEAD, headings_of
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.services import record
from mongcai_portal.common.errors import Fault, Invalid, Stale
from mongcai_portal.common.grids import GridBook, OddCell, SheetName, Unreadable
from mongcai_portal.common.text import search_key
from mongcai_portal.common.uploads import check_upload
from programmes.models import BudgetImport
from programmes.rules.budget_files.layout import WORDED, Layout, LayoutFault, heading_row, layout_faults, proposed
from programmes.services.budget.guard import may
from programmes.services.budget_imports.checking import check

MAX_BYTES = 10 * 1024 * 1024
Status = BudgetImport.Status
OPEN = (Status.SENT, Status.FAULTY, Status.READY)
# What is shown of a sheet to be declared by.
LOOKED, SAMPLES = LAST_HEAD + 12, 3


def send_budget(*, by: Any, file: File[Any] | None, on: date | None) -> BudgetImport:
    """Keep a workbook for its declaration.

    Args:
        on: the day up to which its figures go.

    Raises:
        Forbidden; Invalid: `/file` as `check_upload` names it, or damaged; `/on` required, in_future.
    """
    may(by)
    faults = []
    if on is None:
        faults.append(Fault("/on", "required", _("Ghi ngày của số liệu trong tệp.")))
    elif on > timezone.localdate():
        faults.append(Fault("/on", "in_future", _("Ngày này chưa tới.")))
    try:
        checked = check_upload(file, kinds=("xlsx",), max_bytes=MAX_BYTES)
        if file is not None and not GridBook(file.file).sheets:  # type: ignore[arg-type]
            raise Unreadable
    except ValidationError as error:
        faults += [Fault("/file", str(one.code), one.messages[0]) for one in error.error_list]
        raise Invalid(faults) from None
    except Unreadable:
        message = _("Không đọc được tệp Excel này: hãy mở bằng Excel rồi lưu lại.")
        raise Invalid([*faults, Fault("/file", "damaged", message)]) from None
    if faults or file is None:
        raise Invalid(faults)
    file.seek(0)
    row = BudgetImport.of(file, checked, by=by, on=on)
    row.save()
    return row


def declare_budget(*, by: Any, import_id: int, layout: Layout) -> BudgetImport:
    """Say how a workbook is read, and check it by that: every fault by cell, every doubt, and what would change.

    Raises:
        BudgetImport.DoesNotExist, Forbidden; Stale: it is decided; Invalid: `/columns/<field>` required, twice,
        no_amount; `/data_first` rows; `/number_format`, `/money_unit`, `/year` unknown; `/file` damaged.
    """
    may(by)
    row = BudgetImport.objects.get(pk=import_id)
    faults = [_said(fault) for fault in layout_faults(layout)]
    if faults:
        raise Invalid(faults)
    try:
        found = check(row, layout, by=by)
    except Unreadable:
        message = _("Không đọc được tệp Excel này: hãy mở bằng Excel rồi lưu lại.")
        raise Invalid([Fault("/file", "damaged", message)]) from None
    with transaction.atomic():
        if not BudgetImport.objects.filter(pk=row.pk, status__in=OPEN).update(
            status=Status.FAULTY if found.faults else Status.READY,
            layout=layout.as_json(),
            faults=[as_json(one) for one in found.faults],
            doubts=[as_json(one) for one in found.doubts],
            counts=found.counts,
            checked_at=timezone.now(),
        ):
            raise stale(row.pk)
        tell(row, kind=Kind.BUDGET_CHECKED, by=by, counts=found.counts)
    row.refresh_from_db()
    return row


def declare_words(*, by: Any, import_id: int, said: Mapping[tuple[str, str], str]) -> BudgetImport:
    """Say what words of a checked file mean, by field and word, and check it anew. What a field cannot mean falls out.

    Raises:
        As `declare_budget`.
    """
    may(by)
    row = BudgetImport.objects.get(pk=import_id)
    if row.status not in (Status.FAULTY, Status.READY):
        raise stale(row.pk)
    layout = Layout.of_json(row.layout)
    words = {name: dict(own) for name, own in layout.words.items()}
    for (name, word), code in said.items():
        if name in WORDED and code:
            words.setdefault(name, {})[search_key(word)] = code
    return declare_budget(by=by, import_id=import_id, layout=replace(layout, words=words))


def discard_budget(*, by: Any, import_id: int) -> BudgetImport:
    """Put a workbook aside that was not taken over; it stays readable.

    Raises:
        BudgetImport.DoesNotExist, Forbidden; Stale: it is decided.
    """
    may(by)
    row = BudgetImport.objects.get(pk=import_id)
    with transaction.atomic():
        if not BudgetImport.objects.filter(pk=row.pk, status__in=OPEN).update(
            status=Status.DISCARDED, decided_by=str(by)[:200], decided_at=timezone.now()
        ):
            raise stale(row.pk)
        tell(row, kind=Kind.BUDGET_DISCARDED, by=by)
    row.refresh_from_db()
    return row


def stale(import_id: int) -> Stale:
    status = BudgetImport.objects.get(pk=import_id).get_status_display()
    return Stale(_("Tệp này đã được xử lý ở cửa sổ khác; tình trạng hiện nay: %(status)s.") % {"status": status})


def tell(row: BudgetImport, *, kind: str, by: Any, **details: Any) -> None:
    record(kind=kind, by=by, obj_type="budget_import", obj_id=row.pk, label=row.name, sha256=row.sha256, **details)


def as_json(fault: Any) -> dict[str, Any]:
    return {
        "row": fault.row, "column": fault.column, "name": fault.name, "code": fault.code, "told": dict(fault.told),
        "given": fault.given,
    }  # fmt: skip


# --- Looking into a file ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Glance:
    """The beginning of a sheet: its first rows as text, its headings, and some values of each column."""

    sheets: tuple[SheetName, ...]
    sheet: str
    rows: tuple[tuple[int, Mapping[int, str]], ...]
    headings: Mapping[int, str]
    samples: Mapping[int, tuple[str, ...]]


def glance(row: BudgetImport, layout: Layout) -> Glance:
    """Return what is at the beginning of the declared sheet (the first one where none is declared).

    Raises:
        Unreadable.
    """
    with row.file.open("rb") as stream:
        book = GridBook(stream)
        names = [sheet.name for sheet in book.sheets]
        sheet = layout.sheet if layout.sheet in names else names[0]
        read = list(book.rows(sheet, last=LOOKED))
        covered = book.covered(sheet)
    rows = tuple((one.number, {c: shown(v) for c, v in one.cells.items()}) for one in read)
    headings = headings_of(dict(rows), covered, layout.head_first, layout.head_last)
    samples: dict[int, list[str]] = {}
    for one in read:
        if one.number >= layout.data_first:
            for column, value in one.cells.items():
                texts = samples.setdefault(column, [])
                if not isinstance(value, OddCell) and len(texts) < SAMPLES and shown(value) not in texts:
                    texts.append(shown(value))
    return Glance(book.sheets, sheet, rows, headings, {column: tuple(texts) for column, texts in samples.items()})


def first_layout(row: BudgetImport, sheet: str = "") -> Layout:
    """Return a layout to begin with: what the headings make probable.

    Raises:
        Unreadable.
    """
    start = glance(row, Layout(sheet=sheet))
    head = heading_row(start.rows)
    if head is None:
        return Layout(sheet=start.sheet)
    layout = Layout(sheet=start.sheet, head_first=head, head_last=head, data_first=head + 1)
    return replace(layout, columns=proposed(dict(glance(row, layout).headings)))


def _said(fault: LayoutFault) -> Fault:
    pointer = f"/{fault.about}" + (f"/{fault.field}" if fault.field else "")
    messages = {
        "rows": _("Các dòng tiêu đề phải đứng trước dòng dữ liệu đầu tiên, nhiều nhất năm dòng."),
        "required": _("Chọn cột của mục này, hoặc khai báo chung cho cả tệp."),
        "twice": _("Cột này đã chọn cho mục khác."),
        "no_amount": _("Chọn ít nhất một cột số tiền."),
        "unknown": _("Không có lựa chọn này."),
    }
    return Fault(pointer, fault.code, messages[fault.code])
