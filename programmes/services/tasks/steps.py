"""Steps of a task: added by its owner or by who assigns, settled by its owner."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from communes.scope import scope_of
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.services.record import SYSTEM
from mongcai_portal.common.errors import Fault, Forbidden, Invalid, Stale
from programmes.models import Task, TaskEntry, TaskStep
from programmes.rules.tasks import OPEN, STEP, STEP_TEXT
from programmes.services.tasks.assigning import MOST_STEPS
from programmes.services.tasks.guard import line, party_of, task_for, tell, too_long


def add_step(*, by: Any, task_id: int, text: str, due_on: date | None = None) -> TaskStep:
    """Add a step at the end; the same text again gives the step that stands.

    Raises:
        Task.DoesNotExist; Forbidden: neither owner nor who assigns; Stale: not open any more; Invalid: `/step`
        required, too_long, too_many; `/step_due_on` after_task, before_task.
    """
    rows = Task.objects.select_related("owner", "unit")
    task: Task = (rows if by is None else rows.visible_to(scope_of(by))).get(pk=task_id)
    party = party_of(task, by)
    if not (party.owns or party.assigns):
        raise Forbidden(_("Tài khoản này không có quyền thực hiện thao tác đó."))
    stored = line(text)
    if known := task.steps.filter(text=stored).first():
        return known
    faults = []
    if not stored:
        faults.append(Fault("/step", "required", _("Ghi nội dung của bước.")))
    if len(stored) > STEP_TEXT:
        faults.append(too_long("step", STEP_TEXT))
    if task.steps.count() >= MOST_STEPS:
        faults.append(Fault("/step", "too_many", _("Một nhiệm vụ có tối đa %(n)s bước.") % {"n": MOST_STEPS}))
    if due_on is not None and task.due_on is not None and due_on > task.due_on:
        faults.append(Fault("/step_due_on", "after_task", _("Hạn của bước không thể sau thời hạn của nhiệm vụ.")))
    if due_on is not None and due_on < task.assigned_on:
        faults.append(Fault("/step_due_on", "before_task", _("Hạn của bước không thể trước ngày giao nhiệm vụ.")))
    if faults:
        raise Invalid(faults)
    try:
        with transaction.atomic():
            _hold(task)
            last = task.steps.aggregate(last=Max("number"))["last"] or 0
            made = TaskStep.objects.create(task=task, number=last + 1, text=stored, due_on=due_on)
            tell(task, entry=TaskEntry.Kind.STEP_ADDED, kind=Kind.TASK_STEPPED, by=by, text=f"{last + 1}. {stored}")
    except IntegrityError:
        raise Stale(_("Các bước vừa được sửa ở cửa sổ khác; hãy xem lại rồi thêm.")) from None
    return made


def settle_step(*, by: Any, task_id: int, number: int, done: bool) -> TaskStep:
    """Mark a step as done, or as not done after all; the same again changes nothing.

    Raises:
        Task.DoesNotExist, TaskStep.DoesNotExist, Forbidden; Stale: not open any more.
    """
    task = task_for(by=by, task_id=task_id, move=STEP)
    step: TaskStep = task.steps.get(number=number)
    if (step.done_at is not None) == done:
        return step
    changes = {"done_by": SYSTEM if by is None else str(by)[:200], "done_at": timezone.now()}
    with transaction.atomic():
        _hold(task)
        rows = TaskStep.objects.filter(pk=step.pk, done_at__isnull=done)
        if rows.update(**(changes if done else {"done_by": "", "done_at": None})) == 1:
            entry = TaskEntry.Kind.STEP_DONE if done else TaskEntry.Kind.STEP_UNDONE
            kind = Kind.TASK_STEP_DONE if done else Kind.TASK_STEP_UNDONE
            tell(task, entry=entry, kind=kind, by=by, text=f"{step.number}. {step.text}")
    step.refresh_from_db()
    return step


def _hold(task: Task) -> None:
    """Take the task's row until the transaction ends, while it is open: nobody reports it between."""
    if Task.objects.filter(pk=task.pk, status=OPEN).update(lock=F("lock") + 1) != 1:
        now = Task.objects.get(pk=task.pk).get_status_display()
        raise Stale(
            _("Chỉ sửa các bước khi nhiệm vụ đang thực hiện; trạng thái hiện nay: %(status)s.") % {"status": now}
        )
