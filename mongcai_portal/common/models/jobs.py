"""Long work as rows: what was asked for, how far it is, what came of it; and when beat last sent what it sends."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy


class Job(models.Model):
    """One piece of long work; `kind` names an entry of the registry in `common.jobs`.

    A worker holds a running job for a while (`taken_at`) and holds it anew at every step; a killed one loses it.
    `cancel_asked` is what the running work looks at between two steps. `error` is a code, never another program's
    text: that one is in the server's log.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("job", "chờ chạy")
        RUNNING = "running", pgettext_lazy("job", "đang chạy")
        DONE = "done", pgettext_lazy("job", "đã xong")
        FAILED = "failed", pgettext_lazy("job", "không chạy được")
        CANCELLED = "cancelled", pgettext_lazy("job", "đã hủy")

    kind = models.CharField(max_length=40)
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    asked_by = models.CharField(max_length=200, blank=True)  # empty: the schedule
    asked_at = models.DateTimeField()
    not_before = models.DateTimeField()  # a job that failed waits before its next try
    attempts = models.PositiveSmallIntegerField(default=0)
    taken_at = models.DateTimeField(null=True, blank=True)
    taken_by = models.CharField(max_length=36, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True, blank=True)  # None: not known yet
    cancel_asked = models.BooleanField(default=False)
    cancelled_by = models.CharField(max_length=200, blank=True)
    result = models.JSONField(default=dict, blank=True)
    error = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind"], condition=Q(state__in=["waiting", "running"]), name="common_job_one_open_of_a_kind"
            ),
            # Long work that nobody waits for runs one after another, whatever the number of workers: it never takes
            # more than one process away from what people do wait for.
            models.UniqueConstraint(fields=["state"], condition=Q(state="running"), name="common_job_one_runs"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running"], finished_at__isnull=True)
                | Q(state__in=["done", "failed", "cancelled"], finished_at__isnull=False),
                name="common_job_finished_has_its_time",
            ),
            models.CheckConstraint(condition=~Q(state="failed") | ~Q(error=""), name="common_job_failed_says_why"),
        ]
        indexes = [models.Index(fields=["finished_at"], name="common_job_finished")]
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}: {self.state}"


class ScheduledTask(models.Model):
    """An entry of beat's schedule as beat itself knows it: when it was last sent, and when it will be next."""

    name = models.CharField(max_length=60, primary_key=True)
    last_at = models.DateTimeField(null=True, blank=True)  # None: never yet
    next_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
