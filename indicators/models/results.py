"""What evaluation computed, when, and from what; and the work still to be done, as rows."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communes.models import Unit
from indicators.models.criteria import CriteriaSet, Criterion, IndicatorVersion
from indicators.models.norms import Norm
from indicators.models.reports import Period
from indicators.querysets import EvaluationRequestQuerySet, UnitScopedQuerySet


class Outcome(models.TextChoices):
    """Outcomes of an indicator, a criterion and a set; words of the domain."""

    MET = "met", _("đạt")
    NOT_MET = "not_met", _("chưa đạt")
    NO_DATA = "no_data", _("chưa có số liệu")
    NOT_APPLICABLE = "not_applicable", _("không áp dụng")
    UNDETERMINED = "undetermined", _("chưa xác định")


class Result(models.Model):
    """Common columns: whose, for when, what, and what it rests on."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=14, choices=Outcome)
    rests_on_unverified = models.BooleanField(default=False)
    rests_on_judgement = models.BooleanField(default=False)

    objects = UnitScopedQuerySet.as_manager()

    class Meta:
        abstract = True


class IndicatorResult(Result):
    """The outcome of one indicator version for a unit and period."""

    version = models.ForeignKey(IndicatorVersion, on_delete=models.CASCADE, related_name="+")
    norm = models.ForeignKey(Norm, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    gap = models.DecimalField(max_digits=15, decimal_places=4, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "period", "version"], name="indicators_indicatorresult_once")
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}:{self.version_id}:{self.outcome}"


class CriterionResult(Result):
    """The outcome of one criterion for a unit and period."""

    criterion = models.ForeignKey(Criterion, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "period", "criterion"], name="indicators_criterionresult_once")
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}:{self.criterion_id}:{self.outcome}"


class Attainment(Result):
    """Whether a unit attains a set in a period, by computation (recognition is a separate legal act)."""

    criteria_set = models.ForeignKey(CriteriaSet, on_delete=models.CASCADE, related_name="+")
    criteria_met = models.PositiveSmallIntegerField()
    criteria_total = models.PositiveSmallIntegerField()  # applicable ones
    indicators_met = models.PositiveSmallIntegerField()
    indicators_total = models.PositiveSmallIntegerField()
    computed_at = models.DateTimeField()
    data_up_to = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "period", "criteria_set"], name="indicators_attainment_once"),
            models.CheckConstraint(
                condition=Q(criteria_met__lte=models.F("criteria_total"))
                & Q(indicators_met__lte=models.F("indicators_total")),
                name="indicators_attainment_never_over_all",
            ),
        ]
        indexes = [models.Index(fields=["criteria_set", "period"])]

    def __str__(self) -> str:
        return f"{self.unit_id}:{self.criteria_set_id}:{self.outcome}"


class EvaluationRequest(models.Model):
    """Work to do: evaluate a unit and period. A message may be lost, this row is not; at most one is open.

    `wanted` counts the times it was asked for; a run closes the row only when no one asked again meanwhile.
    """

    # Taken so often it is left alone, open, until it is asked for anew: its figures are then known to be old.
    TRIES: ClassVar = 20

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    period = models.ForeignKey(Period, on_delete=models.CASCADE, related_name="+")
    wanted = models.PositiveIntegerField(default=1)
    requested_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)
    taken_by = models.CharField(max_length=36, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)

    objects = EvaluationRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "period"], condition=Q(done_at__isnull=True), name="indicators_request_one_open"
            )
        ]
        indexes = [models.Index(fields=["done_at", "taken_at"])]

    def __str__(self) -> str:
        return f"{self.unit_id}:{self.period_id}"
