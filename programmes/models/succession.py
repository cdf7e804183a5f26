"""Rows that are never edited: one that was wrong or is planned anew ends with a reason, and another succeeds it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q


class StandingManager(models.Manager[Any]):
    """Rows that stand: an ended one counts nowhere, and stays readable through `records`."""

    def get_queryset(self) -> models.QuerySet[Any]:
        return super().get_queryset().filter(ended_at__isnull=True)


class Succeeded(models.Model):
    """Who recorded a row, which row it succeeds, and when, by whom and why it ended."""

    recorded_at = models.DateTimeField()
    # Empty for what reference files say.
    recorded_by = models.CharField(max_length=200, blank=True)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=200, blank=True)
    end_reason = models.TextField(blank=True)

    # First, so that every reading by relation leaves ended rows out too.
    objects = StandingManager()
    records = models.Manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by="", end_reason="")
                | (Q(ended_at__isnull=False) & ~Q(end_reason="")),
                name="%(app_label)s_%(class)s_ended_with_reason",
            )
        ]
