"""Lists of poor and near-poor households that the register begins with, as communes send them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from communes.models.poverty import PovertyStandard
from communes.models.units import Unit
from communes.querysets import OpeningListQuerySet
from communes.rules.poverty.classify import NEAR_POOR, POOR
from mongcai_portal.common.models.files import StoredFile

# The purpose that the workbooks are encrypted for while they wait.
LISTED = "communes.openinglist.content"
# What makes two sendings the same list.
TOLD = ("sha256", "unit", "standard", "effective_year", "on", "decision_number", "decided_on", "decided_by", "whole")


class OpeningListFile(models.Model):
    """A workbook that says who is poor and near poor by the last list that was approved, checked and recorded whole.

    `on`: the day from which its households are so; `effective_year`: the year that it counts for under the standard.
    `whole`: the class of every household of it, empty where a column says it. `layout`: in which sheet, row and columns
    it is read. `resolved`: the digest of which household is what, so that what is recorded is what was shown. Its
    faults (as `rules.register_files.stated.CellFault`) and its content go as soon as it is decided.
    """

    class Status(models.TextChoices):
        FAULTY = "faulty", pgettext_lazy("opening list", "có lỗi")
        READY = "ready", pgettext_lazy("opening list", "chờ xác nhận")
        RECORDED = "recorded", pgettext_lazy("opening list", "đã ghi")
        DISCARDED = "discarded", pgettext_lazy("opening list", "đã bỏ")

    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="opening_lists")
    standard = models.ForeignKey(PovertyStandard, on_delete=models.PROTECT, related_name="opening_lists")
    effective_year = models.PositiveSmallIntegerField()
    on = models.DateField()
    decision_number = models.CharField(max_length=80)
    decided_on = models.DateField()
    decided_by = models.CharField(max_length=200)
    whole = models.CharField(max_length=12, blank=True)
    layout = models.JSONField(default=dict, blank=True)
    status = models.CharField(max_length=10, choices=Status)
    counts = models.JSONField(default=dict, blank=True)
    faults = models.JSONField(default=list, blank=True)
    resolved = models.CharField(max_length=64, blank=True)
    sent_by = models.CharField(max_length=200)
    sent_at = models.DateTimeField()
    checked_at = models.DateTimeField()
    ended_by = models.CharField(max_length=200, blank=True)  # who recorded or discarded it
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = OpeningListQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(name="") & Q(size__gt=0) & ~Q(decision_number="") & ~Q(decided_by=""),
                name="communes_openinglistfile_named",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["faulty", "ready", "recorded", "discarded"]),
                name="communes_openinglistfile_status_known",
            ),
            models.CheckConstraint(
                condition=Q(whole__in=["", POOR, NEAR_POOR]), name="communes_openinglistfile_whole_known"
            ),
            # Nobody is poor by a decision that was not taken yet.
            models.CheckConstraint(
                condition=Q(on__gte=F("decided_on")), name="communes_openinglistfile_decided_before"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["recorded", "discarded"], ended_at__isnull=False)
                | Q(status__in=["faulty", "ready"], ended_at__isnull=True),
                name="communes_openinglistfile_ended_has_its_time",
            ),
            # A double click makes no second list that waits.
            models.UniqueConstraint(
                fields=TOLD, condition=Q(status__in=["faulty", "ready"]), name="communes_openinglistfile_waits_once"
            ),
        ]
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"opening list {self.pk}"


class OpeningListContent(models.Model):
    """The workbook itself, encrypted (`common.ciphers`): it is gone as soon as the list is decided."""

    owner = models.OneToOneField(OpeningListFile, on_delete=models.CASCADE, primary_key=True, related_name="content")
    key = models.CharField(max_length=8, db_index=True)
    sealed = models.BinaryField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(key=""), name="communes_openinglistcontent_keyed")]

    def __str__(self) -> str:
        return f"content of {self.owner_id}"


class OpeningListScan(StoredFile):
    """The scanned decision by which a list was approved."""

    owner = models.OneToOneField(OpeningListFile, on_delete=models.PROTECT, related_name="scan")

    class Meta(StoredFile.Meta):
        constraints = [*StoredFile.Meta.constraints]
