"""Targets: what the town plans a measure to be at the end of a year."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import ExtractYear

from communes.models import Unit, UnitGroup
from mongcai_portal.common.models import Provenance
from programmes.models.succession import Succeeded


class Target(Succeeded):
    """A planned figure (chỉ tiêu kế hoạch) of a measure for the end of a year, and where it starts from; never a norm.

    `area` is the unit that it is planned for; with `group` it is planned over that group's members in the area. A plan
    that is revised ends with its reason and stays readable; the new one names it in `replaces`.
    """

    measure = models.CharField(max_length=80)
    area = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey(UnitGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    year = models.PositiveSmallIntegerField()
    value = models.DecimalField(max_digits=15, decimal_places=4)
    baseline_value = models.DecimalField(max_digits=15, decimal_places=4)
    baseline_on = models.DateField()
    baseline_source = models.CharField(max_length=200)
    provenance = models.CharField(max_length=12, choices=Provenance)
    # The code of a source, or the plan's own number and day.
    source = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)

    class Meta(Succeeded.Meta):
        constraints = [
            *Succeeded.Meta.constraints,
            models.UniqueConstraint(
                fields=["measure", "area", "year"],
                condition=Q(ended_at__isnull=True, group__isnull=True),
                name="programmes_target_one_per_year",
            ),
            models.UniqueConstraint(
                fields=["measure", "area", "group", "year"],
                condition=Q(ended_at__isnull=True, group__isnull=False),
                name="programmes_target_one_per_year_of_a_group",
            ),
            models.CheckConstraint(condition=~Q(baseline_source=""), name="programmes_target_baseline_has_its_source"),
            models.CheckConstraint(
                condition=Q(year__gte=ExtractYear("baseline_on")),
                name="programmes_target_baseline_by_its_year",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure}@{self.year}"
