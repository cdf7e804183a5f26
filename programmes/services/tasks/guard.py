"""One door per task: who may do what to it, who was first, and what is told of it."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from communes.scope import Scope, scope_of
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.audit.services import record
from mongcai_portal.audit.services.record import SYSTEM
from mongcai_portal.common.errors import Fault, Forbidden, Invalid, Stale
from mongcai_portal.common.text import nfc
from programmes.models import Task, TaskEntry
from programmes.rules.tasks import MOVES, OWN_REPORT, WRONG_STATUS, Party, refusal

MOST_TEXT = 4000


def may_assign(scope: Scope) -> bool:
    """Whether someone gives tasks, and settles them."""
    return Permission.TASKS_ASSIGN in scope.permissions


def party_of(task: Task, by: Any) -> Party:
    """Return what someone is before the task: its office's verifier and its commune's officer work for its owner."""
    if by is None:
        return Party(assigns=True, owns=True)
    scope = scope_of(by)
    units = {unit for held, unit in scope.held if Permission.TASKS_REPORT in held and unit is not None}
    reports = Permission.TASKS_REPORT in scope.permissions
    return Party(
        assigns=may_assign(scope),
        owns=reports and (task.owner_id in scope.office_ids or task.unit_id in units),
        reported=task.reported_by_id == by.pk,
    )


def task_for(*, by: Any, task_id: int, move: str) -> Task:
    """Return a task that the person sees and may take this move with.

    Raises:
        Task.DoesNotExist: outside the person's scope.
        Forbidden: visible, but not theirs to do; also: their own report to be confirmed.
        Stale: it is in another status (another window was first).
    """
    rows = Task.objects.select_related("owner", "unit", "programme")
    task: Task = (rows if by is None else rows.visible_to(scope_of(by))).get(pk=task_id)
    why = refusal(move, task.status, party_of(task, by))
    if why == WRONG_STATUS:
        raise _moved_on(task)
    if why == OWN_REPORT:
        raise Forbidden(_("Người báo cáo kết quả không tự xác nhận; cần một người khác xác nhận."))
    if why:
        raise Forbidden(_("Tài khoản này không có quyền thực hiện thao tác đó."))
    return task


def change(task: Task, move: str, *, lock: int | None, **changes: Any) -> None:
    """Compare-and-swap a task for a named move, in the caller's transaction.

    Raises:
        Stale: another window was first (status or lock differs from what this one saw).
    """
    step = MOVES[move]
    rows = Task.objects.filter(pk=task.pk, status__in=step.sources)
    # Without a version that was seen, the one that was read here: nothing is lost between reading and writing.
    rows = rows.filter(lock=task.lock if lock is None else lock)
    if rows.update(lock=F("lock") + 1, status=step.target, **changes) != 1:
        raise _moved_on(Task.objects.get(pk=task.pk))
    task.refresh_from_db()


def _moved_on(task: Task) -> Stale:
    return Stale(
        _("Nhiệm vụ đã được cập nhật ở cửa sổ khác; trạng thái hiện nay: %(status)s.")
        % {"status": task.get_status_display()}
    )


def said(text: str, *, needed: str = "") -> str:
    """Return a text as it is stored; `needed` says what to write where nothing may not stand.

    Raises:
        Invalid: `/text` required, too_long.
    """
    stored = nfc(text).strip()
    if not stored and needed:
        raise Invalid([Fault("/text", "required", needed)])
    if len(stored) > MOST_TEXT:
        raise Invalid([too_long("text", MOST_TEXT)])
    return stored


def too_long(field: str, most: int) -> Fault:
    return Fault(f"/{field}", "too_long", _("Dài quá %(n)s ký tự.") % {"n": most})


def line(text: str) -> str:
    """A line of text as it is stored."""
    return " ".join(nfc(text).split())


def tell(task: Task, *, entry: str, kind: str, by: Any, text: str = "", **details: Any) -> TaskEntry:
    """Add a line to the task's history and write its audit event, in the caller's transaction."""
    made = TaskEntry.objects.create(
        task=task, kind=entry, text=text, by=SYSTEM if by is None else str(by)[:200], at=timezone.now()
    )
    if text:
        details["reason" if entry in ("returned", "cancelled", "reopened", "postponed") else "text"] = text[:500]
    record(
        kind=kind,
        by=by,
        obj_type="task",
        obj_id=task.pk,
        label=task.title_vi,
        unit_uid=task.unit.uid if task.unit else "",
        programme=task.programme.code if task.programme else "",
        office=task.owner.code,
        **details,
    )
    return made
