"""A list comes: checked by its content, kept encrypted, read at once; its columns can be said anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communes.models import OpeningListContent, OpeningListFile, PovertyStandard, Unit
from communes.models.opening_lists import LISTED, TOLD
from communes.rules.register_files.list_layout import (
    LAST_HEAD,
    ListLayout,
    found_in,
    layout_faults,
    proposed,
    texts_of,
)
from communes.services.households.guard import may
from communes.services.opening_lists.checking import check, keep, laid_out, open_book, outcome
from communes.services.opening_lists.doors import DECIDE, OPEN, Given, given_faults, list_for, stale, tell, unit_of
from communes.services.opening_lists.scans import Scan, checked_scan, keep_scan
from communes.services.reviews.guard import actor, plain
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.common import ciphers
from mongcai_portal.common.ciphers import Undecipherable
from mongcai_portal.common.errors import Fault, Invalid, Stale
from mongcai_portal.common.grids import GridBook, Unreadable
from mongcai_portal.common.uploads import CheckedUpload, check_upload

MAX_BYTES = 10 * 1024 * 1024


def send_list(*, by: Any, given: Given, file: File[Any] | None, scan: File[Any] | None = None) -> OpeningListFile:
    """Keep a list and read it at once; the register is not changed. The same list again, still open, is that one.

    Args:
        scan: the signed decision, as a picture or PDF; may be left out. Sent with the same list again it is kept with
            that one, in the place of another that it had; left out, what was kept stays.

    Raises:
        Forbidden; Invalid: `/unit` required, unknown; `/standard` required, unknown, other_area; `/number`,
        `/decided_by` required, too_long; `/decided_on` required, in_future; `/on` required, in_future,
        before_decision, before_standard, other_year; `/whole` unknown; `/file` as `check_upload` names it, or damaged;
        `/scan` as `check_upload` names it. Every fault is named.
    """
    may(by, DECIDE)
    unit, faults = unit_of(by, given.unit)
    standard, wrong = given_faults(given, unit)
    faults += wrong
    book, content, checked, wrong = _content(file)
    faults += wrong
    paper, wrong = checked_scan(scan)
    faults += wrong
    if faults or unit is None or standard is None or book is None or checked is None:
        raise Invalid(faults)
    row = _row(given, unit, standard, checked, by=by)
    if known := _waiting(row, paper, by=by):
        return known
    try:
        row.layout = laid_out(_probable(book))
        for name, value in outcome(check(row, book, by=by)).items():
            setattr(row, name, value)
    except Unreadable:
        raise Invalid([_damaged()]) from None
    sealed = ciphers.keyring().seal(content, LISTED)
    try:
        with transaction.atomic():
            row.save()
            OpeningListContent.objects.create(owner=row, key=sealed.key, sealed=sealed.content)
            tell(row, kind=Kind.OPENING_LIST_CHECKED, by=by, counts=row.counts, status=row.status)
            keep_scan(row, paper, by=by)
    except IntegrityError:
        # The other press of a double click was first: its list is this one.
        if (known := _waiting(row, paper, by=by)) is None:
            raise
        return known
    return row


def _row(given: Given, unit: Unit, standard: PovertyStandard, checked: CheckedUpload, *, by: Any) -> OpeningListFile:
    moment = timezone.now()
    return OpeningListFile(
        name=checked.name, size=checked.size, sha256=checked.sha256, unit=unit, standard=standard,
        effective_year=given.year, on=given.on, decision_number=plain(given.number), decided_on=given.decided_on,
        decided_by=plain(given.decided_by), whole=given.whole, sent_by=actor(by), sent_at=moment, checked_at=moment,
    )  # fmt: skip


def _waiting(row: OpeningListFile, paper: Scan | None, *, by: Any) -> OpeningListFile | None:
    """The list of the very same file and decision that waits already, by now with the scan that was sent."""
    same = {name: getattr(row, name) for name in TOLD}
    with transaction.atomic():
        # Held: nobody records or discards it while its scan is stored.
        found: OpeningListFile | None = (
            OpeningListFile.objects.select_for_update().filter(status__in=OPEN, **same).first()
        )
        if found is not None:
            keep_scan(found, paper, by=by)
    return found


def _content(file: File[Any] | None) -> tuple[GridBook | None, bytes, CheckedUpload | None, list[Fault]]:
    try:
        checked = check_upload(file, kinds=("xlsx",), max_bytes=MAX_BYTES)
    except ValidationError as error:
        return None, b"", None, [Fault("/file", str(one.code), one.messages[0]) for one in error.error_list]
    assert file is not None
    content = file.read()
    try:
        book = GridBook(BytesIO(content))
        if not book.sheets:
            raise Unreadable
    except Unreadable:
        return None, b"", None, [_damaged()]
    return book, content, checked, []


def _damaged() -> Fault:
    return Fault("/file", "damaged", _("Không đọc được tệp Excel này: hãy mở bằng Excel rồi lưu lại."))


def _probable(book: GridBook) -> ListLayout:
    """The layout of the sheet with most known headings; of several such the first that people see."""
    best: ListLayout | None = None
    for sheet in sorted(book.sheets, key=lambda one: one.hidden):
        found = found_in(sheet.name, [(row.number, texts_of(row)) for row in book.rows(sheet.name, last=LAST_HEAD)])
        if best is None or len(found.columns) > len(best.columns):
            best = found
    return best or ListLayout()


@dataclass(frozen=True, slots=True)
class Glance:
    """What may be chosen of a workbook: its sheets, and the headings of the row that is declared to hold them."""

    sheets: tuple[str, ...]
    headings: Mapping[int, str]


def glance(*, by: Any, list_id: int, layout: ListLayout | None = None) -> Glance:
    """Return what may be chosen of a list that waits; nothing where it cannot be opened.

    Args:
        layout: whose sheet and heading are looked at; None: those that are declared.

    Raises:
        OpeningListFile.DoesNotExist, Forbidden.
    """
    row = list_for(by=by, list_id=list_id)
    layout = layout or ListLayout.of_json(row.layout)
    try:
        book = open_book(row)
        names = tuple(one.name for one in book.sheets)
        if layout.sheet not in names:
            return Glance(names, {})
        rows = {one.number: texts_of(one) for one in book.rows(layout.sheet, last=LAST_HEAD)}
    except (Unreadable, Undecipherable, OpeningListContent.DoesNotExist):
        return Glance((), {})
    return Glance(names, rows.get(layout.head, {}))


def declare_columns(*, by: Any, list_id: int, layout: ListLayout) -> OpeningListFile:
    """Say where a list stands in its workbook, and check it by that; other headings propose their columns anew.

    Raises:
        OpeningListFile.DoesNotExist, Forbidden; Stale: it is decided, or cannot be opened; Invalid: `/sheet` unknown,
        `/first` rows, `/column_<field>` required, twice.
    """
    row = list_for(by=by, list_id=list_id)
    if row.status not in OPEN:
        raise stale(row.pk)
    before = ListLayout.of_json(row.layout)
    seen = glance(by=by, list_id=list_id, layout=layout)
    faults = [] if layout.sheet in seen.sheets else [Fault("/sheet", "unknown", _("Không có trang này trong tệp."))]
    if (layout.sheet, layout.head) != (before.sheet, before.head):
        # Other headings: what was chosen by the former ones says nothing of these.
        layout = replace(layout, columns=proposed(seen.headings))
        faults += [_said(*one) for one in layout_faults(layout, whole=row.whole) if one[1] == "rows"]
    else:
        faults += [_said(*one) for one in layout_faults(layout, whole=row.whole)]
    if faults:
        raise Invalid(faults)
    return _checked(row, layout, by=by)


def check_again(*, by: Any, list_id: int) -> OpeningListFile:
    """Check a list anew: the register has changed since.

    Raises:
        OpeningListFile.DoesNotExist, Forbidden; Stale: it is decided, or cannot be opened.
    """
    row = list_for(by=by, list_id=list_id)
    return _checked(row, ListLayout.of_json(row.layout), by=by)


def _checked(row: OpeningListFile, layout: ListLayout, *, by: Any) -> OpeningListFile:
    row.layout = laid_out(layout)
    try:
        found = check(row, open_book(row), by=by)
    except OpeningListContent.DoesNotExist:
        raise stale(row.pk) from None
    except (Unreadable, Undecipherable):
        raise Stale(_("Không mở được tệp đã lưu: hãy gửi lại tệp.")) from None
    keep(row, found, by=by, layout=row.layout)
    return row


def _said(key: str, code: str) -> Fault:
    messages = {
        "required": _("Chọn cột của mục này."),
        "twice": _("Cột này đã chọn cho mục khác."),
        "rows": _("Dòng tiêu đề phải đứng trước dòng dữ liệu đầu tiên."),
    }
    return Fault("/first" if key == "first" else f"/column_{key}", code, messages[code])
