"""Which units a person sees, and how they look on a day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import OuterRef, Subquery

from mongcai_portal.common.models import in_force_q

if TYPE_CHECKING:
    from communes.scope import Scope

VERSION_FIELDS = ("name_vi", "name_en", "kind", "official_code", "region", "sort_key", "tile_row", "tile_column")


class UnitQuerySet(models.QuerySet[Any]):
    """Units, with the version of a day as annotations."""

    def on(self, day: date) -> Self:
        """Keep the units that exist on the day, annotated with that day's name, kind, code, region and parent uid."""
        from communes.models.units import UnitVersion

        version = UnitVersion.objects.filter(in_force_q(day), unit=OuterRef("pk"))
        return (
            self.filter(in_force_q(day, "versions__"))
            .distinct()
            .annotate(
                **{name: Subquery(version.values(name)[:1]) for name in VERSION_FIELDS},
                parent_id=Subquery(version.values("parent_id")[:1]),
                parent_uid=Subquery(version.values("parent__uid")[:1]),
            )
        )

    def visible_to(self, scope: Scope) -> Self:
        return self if scope.all_units else self.filter(pk__in=scope.unit_ids)
