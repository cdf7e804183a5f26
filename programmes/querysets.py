"""Which money a person sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models

if TYPE_CHECKING:
    from communes.scope import Scope


class BudgetLineQuerySet(models.QuerySet[Any]):
    """Lines of money: seen by whoever sees their unit. Those of the town itself are for who sees the town."""

    def visible_to(self, scope: Scope) -> Self:
        return self if scope.all_units else self.filter(unit_id__in=scope.unit_ids)

    def serving(self, code: str) -> Self:
        """Lines that serve a programme: its own and those tagged with it, each once."""
        from programmes.models.budget import BudgetTag

        tagged = BudgetTag.objects.filter(programme__code=code).values("line")
        return self.filter(models.Q(programme__code=code) | models.Q(pk__in=tagged))
