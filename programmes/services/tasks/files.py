"""Evidence of tasks: checked by its content before anything else is stored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from communes.scope import scope_of
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.common.errors import Fault, Forbidden, Invalid, Stale
from mongcai_portal.common.uploads import CheckedUpload, check_upload
from programmes.models import Task, TaskEntry, TaskFile
from programmes.rules.tasks import ENDED
from programmes.services.tasks.guard import party_of, tell

KINDS = ("pdf", "png", "jpeg", "docx", "xlsx")
MOST_BYTES = 20 * 1024 * 1024
MOST_FILES = 20

Checked = tuple[Any, CheckedUpload]


def checked_files(task: Task, files: Sequence[File[Any]], faults: list[Fault]) -> list[Checked]:
    """Return the files that are not kept yet; what is wrong with each is added to the faults at `/files`."""
    found: list[Checked] = []
    known = set(task.files.values_list("sha256", flat=True)) if files else set()
    kept = len(known)
    for file in files:
        try:
            checked = check_upload(file, kinds=KINDS, max_bytes=MOST_BYTES)
        except ValidationError as error:
            faults += [Fault("/files", str(one.code), one.messages[0]) for one in error.error_list]
            continue
        if checked.sha256 not in known:
            known.add(checked.sha256)
            found.append((file, checked))
    if kept + len(found) > MOST_FILES:
        faults.append(Fault("/files", "too_many", _("Một nhiệm vụ giữ tối đa %(n)s tệp.") % {"n": MOST_FILES}))
    return found


def store_files(task: Task, checked: Sequence[Checked], *, by: Any) -> None:
    """Store checked files, in the caller's transaction."""
    for file, what in checked:
        TaskFile.of(file, what, by=by, task=task).save()


def attach_file(*, by: Any, task_id: int, file: File[Any] | None) -> TaskFile:
    """Attach a file to a task that has not ended; the same file again is left.

    Raises:
        Task.DoesNotExist; Forbidden: neither owner nor who assigns; Stale: ended; Invalid: `/files` what `check_upload`
        names, or too_many.
    """
    rows = Task.objects.select_related("owner", "unit")
    task: Task = (rows if by is None else rows.visible_to(scope_of(by))).get(pk=task_id)
    party = party_of(task, by)
    if not (party.owns or party.assigns):
        raise Forbidden(_("Tài khoản này không có quyền thực hiện thao tác đó."))
    faults: list[Fault] = []
    if file is None:
        faults.append(Fault("/files", "missing", _("Chưa chọn tệp.")))
    checked = checked_files(task, [file] if file is not None else [], faults)
    if faults:
        raise Invalid(faults)
    if not checked:
        assert file is not None
        return TaskFile.objects.get(task=task, sha256=check_upload(file, kinds=KINDS, max_bytes=MOST_BYTES).sha256)
    with transaction.atomic():
        if Task.objects.filter(pk=task.pk).exclude(status__in=ENDED).update(lock=F("lock") + 1) != 1:
            raise Stale(_("Nhiệm vụ đã kết thúc, không thêm tệp được."))
        store_files(task, checked, by=by)
        ((_file, what),) = checked
        tell(task, entry=TaskEntry.Kind.FILED, kind=Kind.TASK_FILED, by=by, text=what.name, sha256=what.sha256)
    return TaskFile.objects.get(task=task, sha256=what.sha256)
