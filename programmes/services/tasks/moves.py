"""The moves of a task: progress, result, return, confirmation, cancellation, reopening, another deadline."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.services.record import SYSTEM
from mongcai_portal.common.errors import Fault, Invalid
from programmes.models import Task, TaskEntry
from programmes.rules.tasks import CANCEL, CONFIRM, POSTPONE, PROGRESS, REOPEN, REPORT, RETURN, deadline_faults
from programmes.services.tasks.assigning import deadline_word
from programmes.services.tasks.files import checked_files, store_files
from programmes.services.tasks.guard import change, said, task_for, tell

# What a task that is open again no longer says of itself; its history keeps it.
NOT_REPORTED: dict[str, Any] = {
    "reported_by_id": None, "reported_by": "", "reported_at": None, "result": "", "closed_at": None,
}  # fmt: skip


def record_progress(
    *, by: Any, task_id: int, text: str, files: Sequence[File[Any]] = (), lock: int | None = None
) -> Task:
    """Say how far the task has come.

    Raises:
        Task.DoesNotExist, Forbidden; Stale; Invalid: `/text` required, too_long; `/files` as `attach_file`.
    """
    task = task_for(by=by, task_id=task_id, move=PROGRESS)
    told, checked = _told(task, text, files, _("Ghi việc đã làm."))
    with transaction.atomic():
        change(task, PROGRESS, lock=lock)
        store_files(task, checked, by=by)
        tell(task, entry=TaskEntry.Kind.PROGRESS, kind=Kind.TASK_PROGRESSED, by=by, text=told, files=len(checked))
    return task


def report_result(
    *, by: Any, task_id: int, text: str, files: Sequence[File[Any]] = (), lock: int | None = None
) -> Task:
    """Report what the task came to, with its evidence; someone else confirms or returns it.

    Raises:
        Task.DoesNotExist, Forbidden; Stale; Invalid: `/text` required, too_long; `/files` as `attach_file`; `/steps`
        unfinished.
    """
    task = task_for(by=by, task_id=task_id, move=REPORT)
    faults: list[Fault] = []
    left = list(task.steps.filter(done_at__isnull=True).values_list("number", flat=True))
    if left:
        message = ngettext("Chưa xong bước %(numbers)s.", "Chưa xong các bước %(numbers)s.", len(left))
        faults.append(Fault("/steps", "unfinished", message % {"numbers": ", ".join(map(str, left))}))
    told, checked = _told(task, text, files, _("Ghi kết quả thực hiện."), faults)
    with transaction.atomic():
        change(
            task,
            REPORT,
            lock=lock,
            reported_by_id=None if by is None else by.pk,
            reported_by=SYSTEM if by is None else str(by)[:200],
            reported_at=timezone.now(),
            result=told,
        )
        store_files(task, checked, by=by)
        tell(task, entry=TaskEntry.Kind.REPORTED, kind=Kind.TASK_REPORTED, by=by, text=told, files=len(checked))
    return task


def confirm_task(*, by: Any, task_id: int, text: str = "", lock: int | None = None) -> Task:
    """Confirm that a reported task is done; never by whoever reported it.

    Raises:
        Task.DoesNotExist, Forbidden; Stale; Invalid: `/text` too_long.
    """
    task = task_for(by=by, task_id=task_id, move=CONFIRM)
    told = said(text)
    with transaction.atomic():
        change(task, CONFIRM, lock=lock, closed_at=timezone.now())
        tell(task, entry=TaskEntry.Kind.CONFIRMED, kind=Kind.TASK_CONFIRMED, by=by, text=told)
    return task


def return_task(*, by: Any, task_id: int, text: str, lock: int | None = None) -> Task:
    """Give a reported task back to its owner with the reason: it is open again, and its deadline stands.

    Raises:
        Task.DoesNotExist, Forbidden; Stale; Invalid: `/text` required, too_long.
    """
    task = task_for(by=by, task_id=task_id, move=RETURN)
    told = said(text, needed=_("Ghi lý do trả lại."))
    with transaction.atomic():
        change(task, RETURN, lock=lock, **NOT_REPORTED)
        tell(task, entry=TaskEntry.Kind.RETURNED, kind=Kind.TASK_RETURNED, by=by, text=told)
    return task


def cancel_task(*, by: Any, task_id: int, text: str, lock: int | None = None) -> Task:
    """Take a task back with the reason; its history and files stay.

    Raises:
        Task.DoesNotExist, Forbidden; Stale; Invalid: `/text` required, too_long.
    """
    task = task_for(by=by, task_id=task_id, move=CANCEL)
    told = said(text, needed=_("Ghi lý do hủy."))
    with transaction.atomic():
        change(task, CANCEL, lock=lock, closed_at=timezone.now())
        tell(task, entry=TaskEntry.Kind.CANCELLED, kind=Kind.TASK_CANCELLED, by=by, text=told)
    return task


def reopen_task(*, by: Any, task_id: int, text: str, lock: int | None = None) -> Task:
    """Open a task again that was done or cancelled, with the reason; its deadline stands until another one is set.

    Raises:
        Task.DoesNotExist, Forbidden; Stale; Invalid: `/text` required, too_long.
    """
    task = task_for(by=by, task_id=task_id, move=REOPEN)
    told = said(text, needed=_("Ghi lý do mở lại."))
    with transaction.atomic():
        change(task, REOPEN, lock=lock, **NOT_REPORTED)
        tell(task, entry=TaskEntry.Kind.REOPENED, kind=Kind.TASK_REOPENED, by=by, text=told)
    return task


def postpone_task(*, by: Any, task_id: int, due_on: date | None, text: str, lock: int | None = None) -> Task:
    """Set another deadline with the reason; what it was stays in the history.

    Raises:
        Task.DoesNotExist, Forbidden; Stale; Invalid: `/due_on` required, before_document, in_past, same; `/text`
        required, too_long.
    """
    task = task_for(by=by, task_id=task_id, move=POSTPONE)
    today = timezone.localdate()
    faults = [
        Fault(f"/{field}", code, deadline_word(field, code))
        for field, code in deadline_faults(due_on, no_deadline=False, document_on=task.document_on, opened_on=today)
    ]
    if due_on is not None and due_on == task.due_on:
        faults.append(Fault("/due_on", "same", _("Đây là thời hạn đang có.")))
    told = _collected(text, _("Ghi lý do đổi thời hạn."), faults)
    if faults:
        raise Invalid(faults)
    before = task.due_on
    with transaction.atomic():
        change(task, POSTPONE, lock=lock, due_on=due_on, no_deadline=False)
        tell(
            task,
            entry=TaskEntry.Kind.POSTPONED,
            kind=Kind.TASK_POSTPONED,
            by=by,
            text=told,
            before=before,
            after=due_on,
        )
    return task


def _told(
    task: Task, text: str, files: Sequence[File[Any]], needed: str, faults: list[Fault] | None = None
) -> tuple[str, list[Any]]:
    """Check text and files together, so that nobody mends one to be told of the other."""
    found = [] if faults is None else faults
    told = _collected(text, needed, found)
    checked = checked_files(task, files, found)
    if found:
        raise Invalid(found)
    return told, checked


def _collected(text: str, needed: str, faults: list[Fault]) -> str:
    try:
        return said(text, needed=needed)
    except Invalid as error:
        faults += error.faults
        return ""
