"""Figures and titles of past years brought from the archive: a file, what it would change, and what became of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mongcai_portal.common.models import StoredFile


class HistoryImport(StoredFile):
    """A workbook of past years as it was sent, with its dry run; it is stored whole or not at all, and once.

    `number_format` is declared by who sends it: how numbers are written that stand in cells as text. `faults` and
    `conflicts` name each cell; `plan` holds the checked cells and decisions that confirming would store.
    """

    class Status(models.TextChoices):
        FAULTY = "faulty", _("có lỗi")
        READY = "ready", _("chờ xác nhận")
        APPLIED = "applied", _("đã nhập")
        DISCARDED = "discarded", _("đã bỏ")

    class NumberFormat(models.TextChoices):
        VIETNAMESE = "vi", _("kiểu Việt Nam: 1.234,5")
        ENGLISH = "en", _("kiểu Anh: 1,234.5")

    status = models.CharField(max_length=10, choices=Status)
    number_format = models.CharField(max_length=2, choices=NumberFormat, default=NumberFormat.VIETNAMESE)
    faults = models.JSONField(default=list, blank=True)
    conflicts = models.JSONField(default=list, blank=True)
    plan = models.JSONField(default=dict, blank=True)
    counts = models.JSONField(default=dict, blank=True)
    checked_at = models.DateTimeField()
    decided_by = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta(StoredFile.Meta):
        constraints = [
            *StoredFile.Meta.constraints,
            models.CheckConstraint(
                condition=Q(status__in=["faulty", "ready"], decided_at__isnull=True)
                | Q(status__in=["applied", "discarded"], decided_at__isnull=False),
                name="indicators_historyimport_decided_once",
            ),
            models.CheckConstraint(
                condition=Q(number_format__in=["vi", "en"]), name="indicators_historyimport_format_declared"
            ),
        ]
        ordering = ["-pk"]
