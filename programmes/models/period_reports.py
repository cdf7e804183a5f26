"""Period reports (báo cáo giai đoạn), the Word templates they are laid out by, and the documents published."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from communes.models import Unit
from communes.scope import Scope
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.models import StoredFile


class ReportTemplate(StoredFile):
    """A version of the Word template that an office uploaded; versions are only ever added.

    The built-in template is a file of the program and no row: a report without a template is laid out by it.
    """

    number = models.PositiveIntegerField(unique=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta(StoredFile.Meta):
        constraints = [
            *StoredFile.Meta.constraints,
            models.UniqueConstraint(fields=["sha256"], name="programmes_template_same_file_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="programmes_template_from_one"),
        ]
        ordering = ["-number"]


class PeriodReportQuerySet(models.QuerySet["PeriodReport"]):
    """Period reports by who may read them."""

    def visible_to(self, scope: Scope) -> Self:
        """Return what someone may read: of every area who sees every unit, else of the own units only.

        A report names all communes of its area, so who sees some of them does not read it. Drafts and reports that were
        withdrawn are for those who write them.
        """
        rows = self.all() if scope.all_units else self.filter(area__in=scope.unit_ids)
        writes = Permission.DOCUMENTS_EDIT in scope.permissions
        return rows if writes else rows.filter(status=PeriodReport.Status.PUBLISHED)


class PeriodReport(models.Model):
    """A report on an area between two days, both inclusive.

    `figures` is the snapshot that everything of the report is written from (see `programmes.reports`): in a draft the
    one of its last refresh, since publication frozen. `lock` counts the writes, so that a second window is found out.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("period report", "bản nháp")
        PUBLISHED = "published", pgettext_lazy("period report", "đã phát hành")
        WITHDRAWN = "withdrawn", pgettext_lazy("period report", "đã thu hồi")

    area = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField()
    status = models.CharField(max_length=9, choices=Status, default=Status.DRAFT)
    title = models.CharField(max_length=300)
    agency = models.CharField(max_length=200)
    superior = models.CharField(max_length=200, blank=True)
    number = models.CharField(max_length=60, blank=True)
    place = models.CharField(max_length=100, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    signer_title = models.CharField(max_length=200, blank=True)
    signer = models.CharField(max_length=200, blank=True)
    recipients = models.TextField(blank=True)
    remarks = models.TextField(blank=True)
    template = models.ForeignKey(
        ReportTemplate, on_delete=models.PROTECT, null=True, blank=True, related_name="reports"
    )
    figures = models.JSONField()
    refreshed_at = models.DateTimeField()
    created_by = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    published_by = models.CharField(max_length=200, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=200, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawal_reason = models.TextField(blank=True)
    lock = models.PositiveIntegerField(default=1)

    objects = PeriodReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="programmes_periodreport_days_in_order"),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "published", "withdrawn"]), name="programmes_periodreport_status_known"
            ),
            models.CheckConstraint(condition=~Q(title=""), name="programmes_periodreport_titled"),
            # One draft of an area and period: asking for it again finds it.
            models.UniqueConstraint(
                fields=["area", "since", "until"],
                condition=Q(status="draft"),
                name="programmes_periodreport_one_draft",
            ),
            models.CheckConstraint(
                condition=Q(status="draft", published_at__isnull=True)
                | (~Q(status="draft") & Q(published_at__isnull=False) & ~Q(published_by="")),
                name="programmes_periodreport_published_by_someone",
            ),
            models.CheckConstraint(
                condition=(~Q(status="withdrawn") & Q(withdrawn_at__isnull=True))
                | (Q(status="withdrawn", withdrawn_at__isnull=False) & ~Q(withdrawn_by="") & ~Q(withdrawal_reason="")),
                name="programmes_periodreport_withdrawn_with_reason",
            ),
        ]
        ordering = ["-until", "-since", "-pk"]

    def __str__(self) -> str:
        return self.title


class PublishedDocument(StoredFile):
    """The Word file of a report as it was published; it stays when the report is withdrawn."""

    report = models.OneToOneField(PeriodReport, on_delete=models.PROTECT, related_name="document")

    class Meta(StoredFile.Meta):
        pass
