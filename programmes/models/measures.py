"""Observed statistics: figures that someone published."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from communes.models import Unit, UnitGroup
from mongcai_portal.common.models import Provenance
from programmes.models.succession import Succeeded


class ObservedStatistic(Succeeded):
    """A figure as a source printed it, for an area (or a unit group in it) on a date.

    A ratio has numerator and denominator; any other figure has `value`. `printed_vi` is the source's own text. Two
    sources may print two figures for one day: both stand. A wrong one is succeeded by the right one, with the reason.
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
    # The code of a source, or the document as whoever typed the figure names it.
    source = models.CharField(max_length=200)
    note = models.TextField(blank=True)

    class Meta(Succeeded.Meta):
        constraints = [
            *Succeeded.Meta.constraints,
            models.UniqueConstraint(
                fields=["measure", "area", "as_of", "source"],
                condition=Q(ended_at__isnull=True),
                name="programmes_observed_once",
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=False, numerator__isnull=True, denominator__isnull=True)
                | Q(value__isnull=True, numerator__isnull=False, denominator__isnull=False),
                name="programmes_observed_value_or_ratio",
            ),
            models.CheckConstraint(
                condition=Q(numerator__isnull=True)
                | Q(numerator__gte=0, denominator__gte=0, numerator__lte=F("denominator")),
                name="programmes_observed_part_of_the_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure}@{self.as_of}"
