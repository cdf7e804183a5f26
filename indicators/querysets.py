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


class EvaluationRequestQuerySet(models.QuerySet[Any]):
    """Evaluations that were asked for."""

    def waiting(self) -> Self:
        """Not done yet: what rests on them is known to be old."""
        return self.filter(done_at__isnull=True)

    def failed(self) -> Self:
        """Not done, and the last try ended in an error, or all tries are used up."""
        return self.waiting().filter(~models.Q(error="") | models.Q(attempts__gte=self.model.TRIES))


class EvidenceQuerySet(models.QuerySet[Any]):
    """Files beside reported values."""

    def visible_to(self, scope: Scope) -> Self:
        return self if scope.all_units else self.filter(report__unit_id__in=scope.unit_ids)

    def at_revision(self, revision: int) -> Self:
        """Files that a revision shows: attached by then, and not taken away until later."""
        stands = models.Q(until__isnull=True) | models.Q(until__gt=revision)
        return self.filter(stands, since__lte=revision)
