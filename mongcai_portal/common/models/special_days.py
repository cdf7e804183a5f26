"""Days that are not as their weekday says: days off, and Saturdays worked instead."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from mongcai_portal.common.models.dated import Provenance


class SpecialDay(models.Model):
    """A day of an announced year; `works` True is a day of rest that is worked."""

    day = models.DateField(unique=True)
    works = models.BooleanField(default=False)
    name_vi = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    basis = models.CharField(max_length=200, blank=True)  # the announcement, as whoever entered the day names it
    provenance = models.CharField(max_length=12, choices=Provenance)
    source = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(name_vi=""), name="common_specialday_named")]
        ordering = ["day"]

    def __str__(self) -> str:
        return self.day.isoformat()


class SpecialYear(models.Model):
    """A year whose days off people keep on the page: the portal's own file says nothing of it any more."""

    year = models.PositiveSmallIntegerField(unique=True)
    kept_by = models.CharField(max_length=200)
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(year__gte=2000, year__lte=2100), name="common_specialyear_in_reach"),
            models.CheckConstraint(condition=~Q(kept_by=""), name="common_specialyear_kept_by_someone"),
        ]
        ordering = ["year"]

    def __str__(self) -> str:
        return str(self.year)
