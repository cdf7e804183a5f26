"""Time is a column: rows valid between two inclusive days, either open."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Provenance(models.TextChoices):
    """How far a datum may be trusted; the mark travels with it to every page, export and answer."""

    SOURCED = "sourced", _("có nguồn")
    UNVERIFIED = "unverified", _("chưa đối chiếu")
    MISSING = "missing", _("chưa có")
    ILLUSTRATIVE = "illustrative", _("minh họa")


def in_force_q(day: date, prefix: str = "") -> Q:
    """Return the condition that a dated row (reached by `prefix`) is in force on the day."""
    return (Q(**{f"{prefix}valid_from__isnull": True}) | Q(**{f"{prefix}valid_from__lte": day})) & (
        Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gte": day})
    )


def holds(valid_from: date | None, valid_to: date | None, day: date) -> bool:
    """Whether a span of days, both inclusive and None for open, has the day in it."""
    return (valid_from is None or valid_from <= day) and (valid_to is None or day <= valid_to)


class DatedQuerySet(models.QuerySet[Any]):
    """Rows with `valid_from` and `valid_to`."""

    def in_force(self, day: date) -> Self:
        return self.filter(in_force_q(day))


class Dated(models.Model):
    """A row that holds between `valid_from` and `valid_to`, both inclusive, None for open."""

    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True) | Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="%(app_label)s_%(class)s_dates_in_order",
            )
        ]

    def holds_on(self, day: date) -> bool:
        return holds(self.valid_from, self.valid_to, day)
