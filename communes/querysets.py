"""Which units and households a person sees, and how they look on a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import BooleanField, Case, Exists, ExpressionWrapper, F, OuterRef, Q, Subquery, Value, When

from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common import ciphers
from mongcai_portal.common.models import DatedQuerySet, in_force_q
from mongcai_portal.common.text import search_key
from mongcai_portal.common.workflow import APPROVED

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


class VillageQuerySet(models.QuerySet[Any]):
    """Villages."""

    def of_units(self, unit_ids: Iterable[int]) -> Self:
        """Villages that lie in one of the units now, or lay in it last."""
        from communes.models.villages import VillageVersion

        last = VillageVersion.objects.filter(village=OuterRef("pk")).order_by(F("valid_from").desc(nulls_last=True))
        return self.alias(last_unit=Subquery(last.values("unit_id")[:1])).filter(last_unit__in=list(unit_ids))

    def on(self, day: date) -> Self:
        """Keep the villages that exist on the day, annotated with that day's name, kind, and unit with its kind."""
        from communes.models.units import UnitVersion
        from communes.models.villages import VillageVersion

        version = VillageVersion.objects.filter(in_force_q(day), village=OuterRef("pk"))
        unit = UnitVersion.objects.filter(in_force_q(day), unit=OuterRef("unit_id"))
        return self.annotate(
            **{name: Subquery(version.values(name)[:1]) for name in ("name_vi", "sort_key", "unit_id")},
            village_kind=Subquery(version.values("kind")[:1]),
            unit_uid=Subquery(version.values("unit__uid")[:1]),
            unit_kind=Subquery(unit.values("kind")[:1]),
        ).filter(unit_id__isnull=False)


class HouseholdQuerySet(DatedQuerySet):
    """Households. Without the permission nobody sees any; with it those of the units it is held for."""

    def visible_to(self, scope: Scope) -> Self:
        return self.with_permission(scope, Permission.HOUSEHOLDS_VIEW)

    def with_permission(self, scope: Scope, permission: str) -> Self:
        """Households for whose present village one of the scope's roles has the permission itself."""
        from communes.models.villages import Village

        units = scope.units_with(permission)
        if units is None:
            return self
        return self.filter(village__in=Village.objects.of_units(units)) if units else self.none()

    def standing(self) -> Self:
        """Households that have not left the register."""
        return self.filter(valid_to__isnull=True)

    def search(self, text: str) -> Self:
        """Households whose head, code and address hold every word, with or without tone marks."""
        found = self
        for word in search_key(text).split():
            found = found.filter(search_key__contains=word)
        return found


class PersonQuerySet(models.QuerySet[Any]):
    """People of the register."""

    def visible_to(self, scope: Scope) -> Self:
        """People who are or were members of a household that the scope sees."""
        from communes.models.households import Household

        if scope.units_with(Permission.HOUSEHOLDS_VIEW) is None:
            return self
        return self.filter(memberships__household__in=Household.objects.visible_to(scope)).distinct()

    def with_identity(self, number: str) -> Self:
        """Whoever has this identity number (digits alone), found by its digest: nothing is decrypted."""
        from communes.models.persons import IDENTITY

        return self.filter(identity_index__in=ciphers.keyring().indexes(number, IDENTITY))

    def search(self, text: str) -> Self:
        found = self
        for word in search_key(text).split():
            found = found.filter(search_key__contains=word)
        return found


class ClassificationQuerySet(models.QuerySet[Any]):
    """What households are under standards."""

    def on(self, day: date) -> Self:
        """The answers of a day: of each household and standard the row that began last."""
        from communes.models.classifications import Classification

        later = Classification.objects.filter(
            household=OuterRef("household"), standard=OuterRef("standard"), valid_from__gt=OuterRef("valid_from")
        ).filter(valid_from__lte=day)
        return self.filter(~Exists(later), valid_from__lte=day)

    def of_standing(self, day: date) -> Self:
        """The answers of a day, of households that are in the register on it."""
        return self.on(day).filter(in_force_q(day, "household__"))

    def visible_to(self, scope: Scope) -> Self:
        """Those of households that the scope sees."""
        from communes.models.households import Household

        if scope.units_with(Permission.HOUSEHOLDS_VIEW) is None:
            return self
        return self.filter(household__in=Household.objects.visible_to(scope))


class ReviewRoundQuerySet(models.QuerySet[Any]):
    """Review rounds: those of the units whose households someone looks after."""

    def visible_to(self, scope: Scope) -> Self:
        units = scope.units_with(Permission.HOUSEHOLDS_VIEW)
        return self if units is None else self.filter(unit__in=units)


# Such a household is not surveyed any more, and nothing is decided of it.
REFUSED_UNSURVEYED = Q(refusal__isnull=False, finished_at__isnull=True)


class HouseholdReviewQuerySet(models.QuerySet[Any]):
    """Households in review rounds."""

    def visible_to(self, scope: Scope) -> Self:
        units = scope.units_with(Permission.HOUSEHOLDS_VIEW)
        return self if units is None else self.filter(round__unit__in=units)

    def with_presence(self, day: date) -> Self:
        """Annotate `present`: whether the household lives in the round's unit on the day; and `absence`: why not.

        Who left the unit is not decided on there. `absence` is one of `HouseholdReview.FellOut`; "" of who is present.
        Once the round is decided, both are what its decision kept, whatever the day.
        """
        from communes.models.reviews import HouseholdReview

        stays = _stays_on(day)
        absence = Case(
            When(round__status=APPROVED, then=F("fell_out")),
            When(Exists(_in_the_unit(stays, day)), then=Value("")),
            When(Exists(stays), then=Value(HouseholdReview.FellOut.ELSEWHERE.value)),
            default=Value(HouseholdReview.FellOut.GONE.value),
        )
        rows = self.annotate(absence=absence)
        return rows.annotate(present=ExpressionWrapper(Q(absence=""), output_field=BooleanField()))

    def present_on(self, day: date) -> Self:
        """Those of households that live in the round's unit on the day, whatever its decision kept."""
        return self.filter(Exists(_in_the_unit(_stays_on(day), day)))

    def to_decide(self) -> Self:
        """Those that a decision is about or leaves out: not requests that were refused unsurveyed."""
        return self.filter(~REFUSED_UNSURVEYED)


def _stays_on(day: date) -> models.QuerySet[Any]:
    from communes.models.households import HouseholdStay

    return HouseholdStay.objects.filter(in_force_q(day), household=OuterRef("household"))


def _in_the_unit(stays: models.QuerySet[Any], day: date) -> models.QuerySet[Any]:
    # In one filter: the version of the day is the one that has to lie in the unit.
    return stays.filter(in_force_q(day, "village__versions__"), village__versions__unit=OuterRef("round__unit"))


class HouseholdFileQuerySet(models.QuerySet[Any]):
    """Files of households, and what is declared of their sources."""

    def visible_to(self, scope: Scope) -> Self:
        """Those of the units for which someone brings files; the town's are for who brings them for the town."""
        units = scope.units_with(Permission.HOUSEHOLDS_IMPORT)
        return self if units is None else self.filter(unit__in=units)

    def usable_by(self, scope: Scope) -> Self:
        """Sources: the town's serve every unit."""
        units = scope.units_with(Permission.HOUSEHOLDS_IMPORT)
        return self if units is None else self.filter(Q(unit__in=units) | Q(unit__isnull=True))


class OpeningListQuerySet(models.QuerySet[Any]):
    """Lists that the register begins with: for those who record decisions of the unit."""

    def visible_to(self, scope: Scope) -> Self:
        units = scope.units_with(Permission.HOUSEHOLDS_DECIDE)
        return self if units is None else self.filter(unit__in=units)
