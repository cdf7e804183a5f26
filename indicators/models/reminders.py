"""Reminders: one a day for a report and a person, whoever asks and however often."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communes.models import Unit
from indicators.models.reports import Period


class Reminder(models.Model):
    """That an officer was reminded on a day of a report that is not submitted: on the page, and by a letter."""

    class Kind(models.TextChoices):
        DUE_SOON = "due_soon", _("sắp đến hạn")
        OVERDUE = "overdue", _("quá hạn")

    class Mail(models.TextChoices):
        WAITING = "waiting", _("chờ gửi")
        SENT = "sent", _("đã gửi")
        SKIPPED = "skipped", _("không gửi")
        FAILED = "failed", _("gửi không được")

    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    day = models.DateField()
    asked_by = models.CharField(max_length=200, blank=True)  # empty: the daily run
    created_at = models.DateTimeField()
    dismissed_at = models.DateTimeField(null=True, blank=True)

    address = models.EmailField(blank=True)
    mail = models.CharField(max_length=8, choices=Mail, default=Mail.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    taken_by = models.CharField(max_length=36, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["period", "unit", "recipient", "kind", "day"], name="indicators_reminder_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(mail="sent", sent_at__isnull=False) | (~Q(mail="sent") & Q(sent_at__isnull=True)),
                name="indicators_reminder_sent_has_its_time",
            ),
            models.CheckConstraint(
                condition=~Q(mail__in=["skipped", "failed"]) | ~Q(error=""), name="indicators_reminder_unsent_says_why"
            ),
        ]
        indexes = [models.Index(fields=["mail", "next_try_at"]), models.Index(fields=["recipient", "dismissed_at"])]

    def __str__(self) -> str:
        return f"{self.unit_id}:{self.period_id}:{self.recipient_id}:{self.day}"
