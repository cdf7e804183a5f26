"""Which reports, results and recognitions a person sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models

if TYPE_CHECKING:
    from communes.scope import Scope


class UnitScopedQuerySet(models.QuerySet[Any]):
    """Rows that belong to a unit: seen by whoever sees the unit."""

    def visible_to(self, scope: Scope) -> Self:
        return self if scope.all_units else self.filter(unit_id__in=scope.unit_ids)


class ReportQuerySet(UnitScopedQuerySet):
    """Reports."""

    def approved(self) -> Self:
        """Reports with an approved revision; a reopened one counts by its approved revision until the next."""
        return self.filter(approved_revision__isnull=False)
