"""Which products of OCOP and which money a person sees: those of the own units; OCOP's of their predecessors, too."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.db import models

from communes.models import UnitSuccession

if TYPE_CHECKING:
    from communes.scope import Scope


def with_predecessors(unit_ids: Iterable[int]) -> frozenset[int]:
    """Return units with those that passed wholly into them: whoever looks after a commune looks after its past.

    One query; a unit that was split belongs only to who has all of its parts.
    """
    heirs: dict[int, set[int]] = {}
    for before, after in UnitSuccession.objects.values_list("predecessor_id", "successor_id"):
        heirs.setdefault(before, set()).add(after)
    found, grew = set(unit_ids), True
    while grew:
        more = {unit for unit, after in heirs.items() if unit not in found and after <= found}
        found |= more
        grew = bool(more)
    return frozenset(found)


class OcopQuerySet(models.QuerySet[Any]):
    """Rows that belong to a product or a producer; `unit_path` leads to its unit."""

    unit_path = "unit_id"

    def visible_to(self, scope: Scope) -> Self:
        if scope.all_units:
            return self
        return self.filter(**{f"{self.unit_path}__in": with_predecessors(scope.unit_ids)})

    def with_permission(self, scope: Scope, permission: str) -> Self:
        """Those of units for which one of the scope's roles has the permission itself."""
        units = scope.units_with(permission)
        return self if units is None else self.filter(**{f"{self.unit_path}__in": with_predecessors(units)})


class OcopOfProductQuerySet(OcopQuerySet):
    """Rows that belong to a product."""

    unit_path = "product__unit_id"


class OcopOfRecognitionQuerySet(OcopQuerySet):
    """Rows that belong to a recognition, annulled or not."""

    unit_path = "recognition__product__unit_id"


class BudgetLineQuerySet(models.QuerySet[Any]):
    """Lines of money: seen by whoever sees their unit. Those of the town itself are for who sees the town."""

    def visible_to(self, scope: Scope) -> Self:
        return self if scope.all_units else self.filter(unit_id__in=scope.unit_ids)

    def serving(self, code: str) -> Self:
        """Lines that serve a programme: its own and those tagged with it, each once."""
        from programmes.models.budget import BudgetTag

        tagged = BudgetTag.objects.filter(programme__code=code).values("line")
        return self.filter(models.Q(programme__code=code) | models.Q(pk__in=tagged))
