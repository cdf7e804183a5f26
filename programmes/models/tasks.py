"""Tasks (nhiệm vụ): what a conclusion, a directive or a figure asks of an office, its steps, history and evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communes.models import Office, Unit
from mongcai_portal.common.models import AppendOnlyModel, Provenance, StoredFile
from mongcai_portal.common.text import search_key
from programmes.models.core import Programme
from programmes.models.difficulties import Difficulty
from programmes.rules.tasks import CANCELLED, DONE, OPEN, REPORTED

if TYPE_CHECKING:
    from communes.scope import Scope


class TaskQuerySet(models.QuerySet[Any]):
    """Tasks, as each reader may see them."""

    def visible_to(self, scope: Scope) -> Self:
        """Those of the reader's units, and those that are given for the whole town."""
        return self if scope.all_units else self.filter(Q(unit__isnull=True) | Q(unit__in=scope.unit_ids))

    def search(self, text: str) -> Self:
        """Tasks whose title, text and document hold every word, with or without tone marks."""
        found = self
        for word in search_key(text).split():
            found = found.filter(search_key__contains=word)
        return found


class Task(models.Model):
    """A task with one owner and, unless none was set, one deadline, which ends at 24:00 of its day.

    `unit` None: given for the whole town. What it came from is a measure, a criterion of a commune, a difficulty, or
    none of them. Where its text was read and where owner and deadline come from are two marks: a source may print one
    without the other. `programme` None: no single programme's; a task of a difficulty is of the difficulty's.
    """

    class Status(models.TextChoices):
        OPEN = OPEN, _("đang thực hiện")
        REPORTED = REPORTED, pgettext_lazy("task", "đã báo cáo")
        DONE = DONE, _("hoàn thành")
        CANCELLED = CANCELLED, pgettext_lazy("task", "đã hủy")

    class Origin(models.TextChoices):
        CONCLUSION = "conclusion", _("kết luận hội nghị")
        DIRECTIVE = "directive", _("văn bản chỉ đạo")
        SLIPPING = "slipping", _("tiêu chí tụt chuẩn")
        LATE_TARGET = "late_target", _("chỉ tiêu chậm tiến độ")
        DIFFICULTY = "difficulty", _("tồn tại, khó khăn")
        OTHER = "other", pgettext_lazy("task", "việc khác")

    # Of the form it was assigned with: the same form sent twice is one task.
    token = models.CharField(max_length=32, unique=True)
    title_vi = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    origin = models.CharField(max_length=12, choices=Origin)
    document = models.CharField(max_length=100, blank=True)
    document_on = models.DateField(null=True, blank=True)
    owner = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="tasks")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="tasks")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, null=True, blank=True, related_name="tasks")
    measure = models.CharField(max_length=80, blank=True)
    level = models.CharField(max_length=40, blank=True)
    criterion = models.PositiveSmallIntegerField(null=True, blank=True)
    difficulty = models.ForeignKey(Difficulty, on_delete=models.PROTECT, null=True, blank=True, related_name="tasks")
    assigned_on = models.DateField()
    due_on = models.DateField(null=True, blank=True)
    no_deadline = models.BooleanField(default=False)
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    text_provenance = models.CharField(max_length=12, choices=Provenance)
    text_source = models.CharField(max_length=80, blank=True)
    plan_provenance = models.CharField(max_length=12, choices=Provenance)
    assigned_by = models.CharField(max_length=200)
    assigned_at = models.DateTimeField()
    # Who reported last: that person never confirms.
    reported_by_id = models.BigIntegerField(null=True, blank=True)
    reported_by = models.CharField(max_length=200, blank=True)
    reported_at = models.DateTimeField(null=True, blank=True)
    result = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    lock = models.PositiveIntegerField(default=1)
    search_key = models.TextField()

    objects = TaskQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(title_vi="") & ~Q(token=""), name="programmes_task_titled"),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True, no_deadline=True) | Q(due_on__isnull=False, no_deadline=False),
                name="programmes_task_deadline_or_none",
            ),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True) | Q(due_on__gte=F("assigned_on")),
                name="programmes_task_due_after_assigned",
            ),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True) | Q(document_on__isnull=True) | Q(due_on__gte=F("document_on")),
                name="programmes_task_due_after_document",
            ),
            models.CheckConstraint(
                condition=Q(level="", criterion__isnull=True)
                | (~Q(level="") & Q(criterion__gt=0, unit__isnull=False, measure="")),
                name="programmes_task_one_cause",
            ),
            models.CheckConstraint(
                condition=(Q(difficulty__isnull=True) & ~Q(origin="difficulty"))
                | Q(difficulty__isnull=False, programme__isnull=False, origin="difficulty", measure="", level=""),
                name="programmes_task_of_a_difficulty",
            ),
            models.CheckConstraint(
                condition=Q(status=OPEN, reported_at__isnull=True, closed_at__isnull=True, reported_by="", result="")
                | (
                    Q(status__in=[REPORTED, DONE], reported_at__isnull=False)
                    & ~Q(reported_by="")
                    & ~Q(result="")
                    & (Q(status=REPORTED, closed_at__isnull=True) | Q(status=DONE, closed_at__isnull=False))
                )
                | Q(status=CANCELLED, closed_at__isnull=False),
                name="programmes_task_status_whole",
            ),
        ]
        indexes = [models.Index(fields=["status", "due_on"]), models.Index(fields=["owner", "status"])]

    def __str__(self) -> str:
        return self.title_vi


class TaskStep(models.Model):
    """A numbered step of a task, and by whom and when it was done."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="steps")
    number = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=500)
    due_on = models.DateField(null=True, blank=True)
    done_by = models.CharField(max_length=200, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "number"], name="programmes_taskstep_numbered_once"),
            models.CheckConstraint(condition=Q(number__gt=0) & ~Q(text=""), name="programmes_taskstep_says_what"),
            models.CheckConstraint(
                condition=Q(done_by="", done_at__isnull=True) | (~Q(done_by="") & Q(done_at__isnull=False)),
                name="programmes_taskstep_done_whole",
            ),
        ]
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.task_id}:{self.number}"


class TaskEntry(AppendOnlyModel):
    """One line of a task's history: who did or said what, and when; it is only ever added to."""

    class Kind(models.TextChoices):
        ASSIGNED = "assigned", pgettext_lazy("task", "giao nhiệm vụ")
        PROGRESS = "progress", _("cập nhật tiến độ")
        REPORTED = "reported", _("báo cáo kết quả")
        RETURNED = "returned", pgettext_lazy("task", "trả lại")
        CONFIRMED = "confirmed", _("xác nhận hoàn thành")
        CANCELLED = "cancelled", pgettext_lazy("task", "hủy nhiệm vụ")
        REOPENED = "reopened", pgettext_lazy("task", "mở lại")
        POSTPONED = "postponed", _("đổi thời hạn")
        STEP_ADDED = "step_added", _("thêm bước")
        STEP_DONE = "step_done", _("xong một bước")
        STEP_UNDONE = "step_undone", _("mở lại một bước")
        FILED = "filed", _("đính kèm tệp")

    # What has a history is not deleted.
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=12, choices=Kind)
    text = models.TextField(blank=True)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            # A return, an end before its time and a new deadline say why; progress and results say what.
            models.CheckConstraint(
                condition=~Q(text="")
                | ~Q(kind__in=["progress", "reported", "returned", "cancelled", "reopened", "postponed"]),
                name="programmes_taskentry_says_why",
            ),
        ]
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.task_id}:{self.kind}"


class TaskFile(StoredFile):
    """Evidence of a task: a file that was checked by its content."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="files")

    class Meta(StoredFile.Meta):
        constraints = [
            *StoredFile.Meta.constraints,
            models.UniqueConstraint(fields=["task", "sha256"], name="programmes_taskfile_once"),
        ]
        ordering = ["stored_at", "pk"]
