"""Recognitions: legal acts, which can expire or be withdrawn, and what they rested on when they were recorded.

A record is never edited: one that was typed wrongly is annulled with a reason, and succeeded by a right one.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from communes.models import Unit, UnitVersion
from indicators.models.archive import HistoryImport
from indicators.models.criteria import Level
from indicators.querysets import UnitScopedQuerySet
from mongcai_portal.common.models import Provenance, StoredFile


class RecognitionQuerySet(UnitScopedQuerySet):
    """Recognitions."""

    def in_force(self, day):  # type: ignore[no-untyped-def]
        """Decided by the day, and neither expired nor withdrawn on it, whenever it was typed in.

        A title ends with its unit: afterwards it is history, which a successor does not inherit.
        """
        return self._unended(day).filter(Exists(UnitVersion.objects.in_force(day).filter(unit=OuterRef("unit"))))

    def past(self, day):  # type: ignore[no-untyped-def]
        """Neither expired nor withdrawn by the day, and yet over: the unit no longer exists."""
        return self._unended(day).exclude(Exists(UnitVersion.objects.in_force(day).filter(unit=OuterRef("unit"))))

    def _unended(self, day):  # type: ignore[no-untyped-def]
        return self.filter(
            Q(expires_on__isnull=True) | Q(expires_on__gt=day),
            Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=day),
            decided_on__lte=day,
        )

    def expired(self, day):  # type: ignore[no-untyped-def]
        """Expired by the day, without having been withdrawn before."""
        return self.filter(
            Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=day), decided_on__lte=day, expires_on__lte=day
        )

    def withdrawn(self, day):  # type: ignore[no-untyped-def]
        """Withdrawn by the day."""
        return self.filter(decided_on__lte=day, withdrawn_on__lte=day)


class StandingRecognitions(models.Manager.from_queryset(RecognitionQuerySet)):  # type: ignore[misc]
    """Records that stand: an annulled one counts nowhere, on no date."""

    def get_queryset(self):  # type: ignore[no-untyped-def]
        return super().get_queryset().filter(annulled_at__isnull=True)


class Recognition(models.Model):
    """The province's decision that a unit meets a level. An unknown decision number stays empty and is marked so."""

    class Precision(models.TextChoices):
        DAY = "day", _("ngày")
        YEAR = "year", _("năm")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="recognitions")
    level = models.ForeignKey(Level, on_delete=models.PROTECT, related_name="+")
    decision_number = models.CharField(max_length=60, blank=True)
    decided_on = models.DateField()
    # Sources that name only the year: `decided_on` is then that year's last day.
    date_precision = models.CharField(max_length=4, choices=Precision, default=Precision.DAY)
    signer = models.CharField(max_length=200, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    withdrawn_on = models.DateField(null=True, blank=True)
    withdrawal_decision = models.CharField(max_length=60, blank=True)
    withdrawal_reason = models.TextField(blank=True)
    provenance = models.CharField(max_length=12, choices=Provenance)
    source = models.CharField(max_length=80, blank=True)
    note = models.TextField(blank=True)
    recorded_by = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField(null=True, blank=True)
    imported_from = models.ForeignKey(
        HistoryImport, on_delete=models.PROTECT, null=True, blank=True, related_name="recognitions"
    )
    # The record that this one puts right.
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by")
    annulled_at = models.DateTimeField(null=True, blank=True)
    annulled_by = models.CharField(max_length=200, blank=True)
    annulment_reason = models.TextField(blank=True)

    # First, so that every reading by relation leaves annulled records out too.
    objects = StandingRecognitions()
    records = RecognitionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "level", "decided_on"],
                condition=Q(annulled_at__isnull=True),
                name="indicators_recognition_once",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=F("decided_on")),
                name="indicators_recognition_withdrawn_after",
            ),
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True) | Q(expires_on__gt=F("decided_on")),
                name="indicators_recognition_expires_after",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=False) | Q(withdrawal_decision="", withdrawal_reason=""),
                name="indicators_recognition_withdrawal_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(annulled_at__isnull=True, annulled_by="", annulment_reason="")
                | (Q(annulled_at__isnull=False) & ~Q(annulment_reason="")),
                name="indicators_recognition_annulled_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}:{self.level_id}"


class ConditionState(models.TextChoices):
    """How a condition of recognition stood by the file that the decision rests on."""

    MET = "met", _("đáp ứng")
    NOT_MET = "not_met", _("không đáp ứng")
    UNKNOWN = "unknown", _("chưa rõ")


class RecognitionBasis(models.Model):
    """What a recognition rested on when it was recorded: the conditions of QĐ 18/2022/QĐ-TTg, and what figures said.

    `outcome` is that of the level's set by the last approved period ending by the decision; empty without one. Where
    figures or a condition speak against the decision, the recorder said why it was recorded all the same.
    """

    recognition = models.OneToOneField(Recognition, on_delete=models.CASCADE, related_name="basis")
    satisfaction = models.CharField(max_length=8, choices=ConditionState)
    no_debt = models.CharField(max_length=8, choices=ConditionState)
    security = models.CharField(max_length=8, choices=ConditionState)
    outcome = models.CharField(max_length=14, blank=True)
    period = models.CharField(max_length=7, blank=True)
    criteria_met = models.PositiveSmallIntegerField(default=0)
    criteria_total = models.PositiveSmallIntegerField(default=0)
    open_criteria = models.JSONField(default=list, blank=True)  # [[number, outcome], …]
    difference_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(satisfaction="met", no_debt="met", security="met", outcome__in=["", "met"])
                | ~Q(difference_reason=""),
                name="indicators_recognitionbasis_difference_explained",
            ),
            models.CheckConstraint(
                condition=Q(
                    satisfaction__in=ConditionState.values,
                    no_debt__in=ConditionState.values,
                    security__in=ConditionState.values,
                ),
                name="indicators_recognitionbasis_conditions_answered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recognition_id}:{self.outcome}"


class RecognitionScan(StoredFile):
    """The signed paper of a recognition or of its withdrawal, scanned."""

    class Act(models.TextChoices):
        RECOGNITION = "recognition", _("quyết định công nhận")
        WITHDRAWAL = "withdrawal", _("quyết định thu hồi")

    recognition = models.ForeignKey(Recognition, on_delete=models.PROTECT, related_name="scans")
    act = models.CharField(max_length=12, choices=Act)

    class Meta(StoredFile.Meta):
        constraints = [
            *StoredFile.Meta.constraints,
            models.UniqueConstraint(fields=["recognition", "act"], name="indicators_recognitionscan_once"),
        ]
