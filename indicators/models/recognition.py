"""Recognitions: legal acts, which can expire or be withdrawn."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from communes.models import Unit, UnitVersion
from indicators.models.criteria import Level
from indicators.querysets import UnitScopedQuerySet
from mongcai_portal.common.models import Provenance


class RecognitionQuerySet(UnitScopedQuerySet):
    """Recognitions."""

    def in_force(self, day):  # type: ignore[no-untyped-def]
        """Decided by the day, and neither expired nor withdrawn on it, whenever it was typed in.

        A title ends with its unit: afterwards it is history, which a successor does not inherit.
        """
        return self.filter(
            Exists(UnitVersion.objects.in_force(day).filter(unit=OuterRef("unit"))),
            Q(expires_on__isnull=True) | Q(expires_on__gt=day),
            Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=day),
            decided_on__lte=day,
        )


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
    provenance = models.CharField(max_length=12, choices=Provenance)
    source = models.CharField(max_length=80, blank=True)
    note = models.TextField(blank=True)

    objects = RecognitionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "level", "decided_on"], name="indicators_recognition_once"),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=F("decided_on")),
                name="indicators_recognition_withdrawn_after",
            ),
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True) | Q(expires_on__gt=F("decided_on")),
                name="indicators_recognition_expires_after",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}:{self.level_id}"
