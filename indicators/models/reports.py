"""Reports: one per unit and period, their values, and what the offices said of them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from communes.models import Office, Unit
from indicators.models.archive import HistoryImport
from indicators.models.criteria import CriteriaSet, DataElement, DerivedFigure
from indicators.querysets import ReportQuerySet
from indicators.rules.reporting import REPORTING_KINDS as REPORTING_KINDS


class Period(models.Model):
    """A reporting period (kỳ báo cáo) that the coordinator opened; `due_on` ends at 24:00 in Asia/Ho_Chi_Minh."""

    code = models.CharField(max_length=7, unique=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    due_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="indicators_period_in_order"),
            models.CheckConstraint(condition=Q(due_on__gte=F("ends_on")), name="indicators_period_due_after_end"),
        ]
        ordering = ["ends_on", "starts_on"]

    def __str__(self) -> str:
        return self.code


class Report(models.Model):
    """A unit's report for a period; `status` is that of the current revision, `approved_revision` is what counts."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("đang nhập")
        SUBMITTED = "submitted", _("chờ thẩm định")
        RETURNED = "returned", _("bị trả lại")
        VERIFIED = "verified", _("đã thẩm định")
        APPROVED = "approved", _("đã phê duyệt")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="reports")
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="reports")
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    revision = models.PositiveSmallIntegerField(default=1)
    approved_revision = models.PositiveSmallIntegerField(null=True, blank=True)
    # Raised by every move; a move names the one it saw, and finds out when another window was first.
    lock = models.PositiveIntegerField(default=1)
    illustrative = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    # When the commune first submitted it, whatever was returned and sent again afterwards: in time or late.
    submitted_first_at = models.DateTimeField(null=True, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "period"], name="indicators_report_once"),
            models.CheckConstraint(
                condition=Q(approved_revision__isnull=True) | Q(approved_revision__lte=F("revision")),
                name="indicators_report_approved_revision_exists",
            ),
            models.CheckConstraint(
                condition=~Q(status="approved") | Q(approved_revision__isnull=False, approved_revision=F("revision")),
                name="indicators_report_approved_is_current",
            ),
        ]
        indexes = [models.Index(fields=["status", "period"])]

    def __str__(self) -> str:
        return f"{self.unit_id}:{self.period_id}"


class ReportRevision(models.Model):
    """One pass of a report through the workflow: who submitted and approved it, and why it was reopened."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveSmallIntegerField()
    opened_by = models.CharField(max_length=200)
    opened_at = models.DateTimeField()
    reason = models.TextField(blank=True)
    submitted_by_id = models.BigIntegerField(null=True, blank=True)
    submitted_by = models.CharField(max_length=200, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.CharField(max_length=200, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    # Brought from the archive: nobody submitted or verified it on the portal, and it says so wherever it is shown.
    imported_from = models.ForeignKey(
        HistoryImport, on_delete=models.PROTECT, null=True, blank=True, related_name="revisions"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="indicators_revision_once"),
            models.CheckConstraint(
                condition=Q(imported_from__isnull=True)
                | Q(number=1, submitted_at__isnull=True, approved_at__isnull=False),
                name="indicators_revision_imported_is_first_and_approved",
            ),
            models.CheckConstraint(
                condition=Q(number=1) | ~Q(reason=""), name="indicators_revision_reopened_with_reason"
            ),
        ]
        ordering = ["report", "number"]

    def __str__(self) -> str:
        return f"{self.report_id}/{self.number}"


class ReportedValue(models.Model):
    """One cell: a value (zero included), `no_data`, or `not_applicable` with a reason. No row: not entered yet."""

    class State(models.TextChoices):
        VALUE = "value", _("có số liệu")
        NO_DATA = "no_data", _("chưa có số liệu")
        NOT_APPLICABLE = "not_applicable", _("không áp dụng")

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="values")
    revision = models.PositiveSmallIntegerField()
    element = models.ForeignKey(DataElement, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=14, choices=State)
    number = models.DecimalField(max_digits=15, decimal_places=4, null=True, blank=True)
    boolean = models.BooleanField(null=True, blank=True)
    choice = models.CharField(max_length=80, blank=True)
    reason = models.TextField(blank=True)
    note = models.TextField(blank=True)
    lock = models.PositiveIntegerField(default=1)
    entered_by = models.CharField(max_length=200)
    entered_at = models.DateTimeField()
    # Where the register of households gave it, and what it rests on: standard, day, and the households counted.
    derived_from = models.CharField(max_length=40, choices=DerivedFigure, blank=True)
    basis = models.JSONField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(derived_from="", basis__isnull=True)
                | Q(derived_from__in=DerivedFigure.values, basis__isnull=False, state="value", number__isnull=False),
                name="indicators_value_derived_with_its_basis",
            ),
            models.UniqueConstraint(
                fields=["report", "revision", "element", "part"], name="indicators_value_one_fact_one_value"
            ),
            models.CheckConstraint(
                condition=(
                    Q(state="value", number__isnull=False, boolean__isnull=True, choice="")
                    | Q(state="value", number__isnull=True, boolean__isnull=False, choice="")
                    | (Q(state="value", number__isnull=True, boolean__isnull=True) & ~Q(choice=""))
                    | Q(state__in=["no_data", "not_applicable"], number__isnull=True, boolean__isnull=True, choice="")
                ),
                name="indicators_value_states_never_collapse",
            ),
            models.CheckConstraint(
                condition=~Q(state="not_applicable") | ~Q(reason=""), name="indicators_value_not_applicable_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(number__isnull=True) | Q(number__gte=0), name="indicators_value_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id}:{self.element_id}:{self.part}"


class Verdict(models.Model):
    """What the sector office says of one element of one revision."""

    class State(models.TextChoices):
        OPEN = "open", _("chờ thẩm định")
        VERIFIED = "verified", _("đã thẩm định")
        RETURNED = "returned", _("trả lại")

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="verdicts")
    revision = models.PositiveSmallIntegerField()
    element = models.ForeignKey(DataElement, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    reason = models.TextField(blank=True)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "revision", "element"], name="indicators_verdict_once"),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(reason=""), name="indicators_verdict_returned_with_reason"
            ),
        ]
        indexes = [models.Index(fields=["state", "report"])]

    def __str__(self) -> str:
        return f"{self.report_id}:{self.element_id}:{self.state}"


class Judgement(models.Model):
    """The sector office's own judgement of an element under one set, where no norm is known."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="judgements")
    revision = models.PositiveSmallIntegerField()
    element = models.ForeignKey(DataElement, on_delete=models.PROTECT, related_name="+")
    criteria_set = models.ForeignKey(CriteriaSet, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, choices=[("met", _("đạt")), ("not_met", _("chưa đạt"))])
    office = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["report", "revision", "element", "criteria_set"], name="indicators_judgement_once"
            ),
            models.CheckConstraint(condition=Q(outcome__in=["met", "not_met"]), name="indicators_judgement_met_or_not"),
        ]

    def __str__(self) -> str:
        return f"{self.report_id}:{self.element_id}:{self.outcome}"
