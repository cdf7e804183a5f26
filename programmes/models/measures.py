"""Observed statistics (figures someone published) and planned targets of measures."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from communes.models import Unit, UnitGroup
from mongcai_portal.common.models import Provenance


class ObservedStatistic(models.Model):
    """A figure as a source printed it, for an area (or a unit group in it) on a date.

    A ratio has numerator and denominator; any other figure has `value`. `printed_vi` is the source's own text.
    """

    measure = models.CharField(max_length=80)
    area = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey(UnitGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    as_of = models.DateField()
    numerator = models.BigIntegerField(null=True, blank=True)
    denominator = models.BigIntegerField(null=True, blank=True)
    value = models.DecimalField(max_digits=15, decimal_places=4, null=True, blank=True)
    printed_vi = models.CharField(max_length=200, blank=True)
    poverty_standard = models.CharField(max_length=80, blank=True)
    provenance = models.CharField(max_length=12, choices=Provenance)
    source = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["measure", "area", "as_of", "source"], name="programmes_observed_once"),
            models.CheckConstraint(
                condition=Q(value__isnull=False, numerator__isnull=True, denominator__isnull=True)
                | Q(value__isnull=True, numerator__isnull=False, denominator__isnull=False),
                name="programmes_observed_value_or_ratio",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure}@{self.as_of}"


class Target(models.Model):
    """A planned figure (chỉ tiêu kế hoạch) of a measure for the end of a year; never a norm."""

    measure = models.CharField(max_length=80)
    area = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    value = models.DecimalField(max_digits=15, decimal_places=4)
    provenance = models.CharField(max_length=12, choices=Provenance)
    source = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["measure", "area", "year"], name="programmes_target_one_per_year")
        ]

    def __str__(self) -> str:
        return f"{self.measure}@{self.year}"
