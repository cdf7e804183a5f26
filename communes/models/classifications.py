"""What a household is under a standard, from a day on, and what that rests on."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from communes.models.households import Household
from communes.models.poverty import PovertyStandard, PovertyStatus, UndeterminedReason
from communes.querysets import ClassificationQuerySet
from communes.rules.poverty import classify, types
from mongcai_portal.common.models import Provenance


class Origin(models.TextChoices):
    """Where a household's status comes from."""

    DECISION = "decision", _("quyết định sau rà soát")
    OPENING_LIST = "opening_list", _("danh sách đầu kỳ")


class Basis(models.TextChoices):
    """What the household was held against the lines by."""

    INCOME = classify.BY_INCOME, _("thu nhập")
    SCORES = classify.BY_SCORES, _("điểm trên phiếu")


class Classification(models.Model):
    """What a household is under one standard from `valid_from` on, until another row of the two begins.

    A row has no last day: of a household and a standard the one that began last is the answer, so there is exactly one
    on every day from the first on, whatever is written between two of them. It counts as long as the household is in
    the register.

    `valid_from` is the day of the decision, or of the opening list. `effective_year` is the year that it counts for,
    `round_held` the year in which its round was held (the round of autumn classifies for the year after). What it rests
    on stands in it as it was that day: `deprived` and `unanswered` are codes of the form's deprivations, None when none
    was asked for; whatever is in neither was answered no. Income is đồng per person per month.
    """

    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="classifications", db_index=False)
    standard = models.ForeignKey(
        PovertyStandard, on_delete=models.PROTECT, related_name="classifications", db_index=False
    )
    valid_from = models.DateField()
    effective_year = models.PositiveSmallIntegerField()
    round_held = models.PositiveSmallIntegerField(null=True, blank=True)
    status = models.CharField(max_length=12, choices=PovertyStatus)
    reason = models.CharField(max_length=20, choices=UndeterminedReason, blank=True)
    average_living = models.BooleanField(null=True, blank=True)  # mức sống trung bình (nông, lâm, ngư, diêm nghiệp)
    origin = models.CharField(max_length=12, choices=Origin)
    basis = models.CharField(max_length=8, choices=Basis, blank=True)
    area_type = models.CharField(max_length=10, blank=True)
    income = models.BigIntegerField(null=True, blank=True)
    form = models.CharField(max_length=60, blank=True)
    a_score = models.PositiveSmallIntegerField(null=True, blank=True)
    b_score = models.PositiveSmallIntegerField(null=True, blank=True)
    deprived = models.JSONField(null=True, blank=True)
    unanswered = models.JSONField(null=True, blank=True)
    screened_out = models.BooleanField(default=False)
    farming = models.BooleanField(null=True, blank=True)
    disagrees = models.BooleanField(default=False)  # income and A score stand on different sides of a line
    rests_on_unverified = models.BooleanField(default=False)
    decision_number = models.CharField(max_length=80)
    decided_by = models.CharField(max_length=200, blank=True)
    provenance = models.CharField(max_length=12, choices=Provenance)
    source = models.CharField(max_length=80, blank=True)
    recorded_at = models.DateTimeField()

    objects = ClassificationQuerySet.as_manager()

    class Meta:
        constraints = [
            # Of two rows the later one is the answer; of one day there is one.
            models.UniqueConstraint(
                fields=["household", "standard", "valid_from"], name="communes_classification_one_a_day"
            ),
            models.CheckConstraint(
                condition=Q(status__in=[classify.POOR, classify.NEAR_POOR, classify.NOT_POOR], reason="")
                | Q(status=classify.UNDETERMINED, reason__in=classify.REASONS),
                name="communes_classification_undetermined_says_why",
            ),
            models.CheckConstraint(
                condition=Q(origin="decision") & (Q(status=classify.UNDETERMINED) | Q(basis__in=Basis.values))
                | Q(origin="opening_list", basis="") & ~Q(status=classify.UNDETERMINED),
                name="communes_classification_rests_on_something",
            ),
            models.CheckConstraint(
                condition=Q(average_living__isnull=True) | Q(average_living=False) | Q(status=classify.NOT_POOR),
                name="communes_classification_average_is_not_poor",
            ),
            models.CheckConstraint(
                condition=Q(round_held__isnull=True)
                | Q(round_held__gte=F("effective_year") - 1, round_held__lte=F("effective_year")),
                name="communes_classification_round_before_or_in_it",
            ),
            models.CheckConstraint(
                condition=Q(area_type__in=["", *types.AREA_TYPES]) & ~Q(decision_number=""),
                name="communes_classification_named",
            ),
        ]
        indexes = [
            # The poor among a million.
            models.Index(
                fields=["standard", "status", "household"],
                condition=~Q(status=classify.NOT_POOR),
                name="communes_classification_class",
            ),
            # What counts rest on that is no decision of a chairman: in a register of real households next to nothing.
            models.Index(
                fields=["standard", "provenance", "valid_from"],
                condition=~Q(provenance="sourced"),
                name="communes_classification_marks",
            ),
            # By which lists the register began: a few thousand rows, soon among a million of decisions.
            models.Index(
                fields=["standard", "valid_from"],
                condition=Q(origin="opening_list"),
                name="communes_classification_listed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household_id}:{self.standard_id}:{self.status}"
