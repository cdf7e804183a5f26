"""Recording a checked list: read once more, and all of it stored in one transaction, or nothing."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communes.models import OpeningListContent, OpeningListFile, OpeningListScan
from communes.services.classification import record_opening_list
from communes.services.opening_lists.checking import Checked, check, decided, keep, open_book
from communes.services.opening_lists.doors import OPEN, Status, list_for, opening_of, stale, tell
from communes.services.reviews.guard import actor
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.common.ciphers import Undecipherable
from mongcai_portal.common.errors import Invalid, Stale
from mongcai_portal.common.files import discard
from mongcai_portal.common.grids import Unreadable


def record_list(*, by: Any, list_id: int) -> OpeningListFile:
    """Write what the households of a checked list are, from its day on; once more it changes nothing.

    Who is not on the list gets no row: not classified by it, never “not poor”, and what they were before stays.

    Raises:
        OpeningListFile.DoesNotExist, Forbidden; Stale: it has faults, was decided, cannot be opened, or the register
        has changed since it was checked (then the list holds the new result, and nothing was recorded).
    """
    row = list_for(by=by, list_id=list_id)
    if row.status == Status.RECORDED:
        return row
    if row.status != Status.READY:
        raise stale(row.pk)
    try:
        found = check(row, open_book(row), by=by)
    except OpeningListContent.DoesNotExist:
        raise stale(row.pk) from None
    except (Unreadable, Undecipherable):
        raise Stale(_("Không mở được tệp đã lưu: hãy gửi lại tệp.")) from None
    if found.faults or found.resolved != row.resolved:
        keep(row, found, by=by)
        raise _changed()
    try:
        with transaction.atomic():
            _store(row, found, by=by)
    except Invalid:
        # Another window classified one of them on that very day between the check and here.
        raise _changed() from None
    row.refresh_from_db()
    return row


def _store(row: OpeningListFile, found: Checked, *, by: Any) -> None:
    moved = OpeningListFile.objects.filter(pk=row.pk, status=Status.READY).update(
        status=Status.RECORDED, counts=found.counts, faults=[], ended_by=actor(by), ended_at=timezone.now()
    )
    if not moved:
        raise stale(row.pk)
    record_opening_list(by=by, statuses=found.statuses, opening=opening_of(row, found.provenance))
    # The villages are held by now: what a round decided of them before that is seen here.
    if decided(row.standard_id, found.new):
        raise _changed()
    OpeningListContent.objects.filter(owner=row).delete()
    tell(row, kind=Kind.OPENING_LIST_RECORDED, by=by, counts=found.counts, sha256=row.sha256)


def _changed() -> Stale:
    return Stale(_("Sổ hộ đã thay đổi sau khi kiểm tra danh sách nên chưa ghi gì: xem lại kết quả kiểm tra."))


def discard_list(*, by: Any, list_id: int) -> OpeningListFile:
    """Put a list aside that was not recorded; its content, faults and scan go, that it was there stays.

    Raises:
        OpeningListFile.DoesNotExist, Forbidden; Stale: it was decided.
    """
    row = list_for(by=by, list_id=list_id)
    with transaction.atomic():
        waiting = OpeningListFile.objects.filter(pk=row.pk, status__in=OPEN)
        if not waiting.update(status=Status.DISCARDED, faults=[], ended_by=actor(by), ended_at=timezone.now()):
            raise stale(row.pk)
        OpeningListContent.objects.filter(owner=row).delete()
        if (scan := OpeningListScan.objects.filter(owner=row).first()) is not None:
            discard(scan)
        tell(row, kind=Kind.OPENING_LIST_DISCARDED, by=by)
    row.refresh_from_db()
    return row
