"""Criteria sets and data elements as the law stood on a day, for readers of the whole catalogue."""

from __future__ import annotations

from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from indicators.models import (
    CriteriaSet,
    Criterion,
    DataElement,
    DataElementPart,
    Indicator,
    IndicatorVersion,
    Norm,
    VersionPart,
    ZoneNormRule,
)
from indicators.rules.norms import in_force
from indicators.selectors.definitions import norm_spec
from mongcai_portal.common.models import in_force_q


def criteria_sets(day: date | None = None) -> QuerySet[CriteriaSet]:
    """Return all sets, or those whose decision is in force on the day: one query."""
    rows = CriteriaSet.objects.select_related("level", "prerequisite")
    if day is not None:
        rows = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)
    return rows


def law_day(criteria_set: CriteriaSet, today: date) -> date:
    """Return the day whose versions show a set as it stands, or as it last stood."""
    if criteria_set.valid_to is not None and criteria_set.valid_to < today:
        return criteria_set.valid_to
    return max(criteria_set.valid_from, today)


def criteria_set_by_code(code: str) -> CriteriaSet:
    """Return a set.

    Raises:
        CriteriaSet.DoesNotExist: there is none of this code.
    """
    return criteria_sets().get(code=code)


def criteria_of(criteria_set: CriteriaSet, day: date) -> list[Criterion]:
    """Return the criteria with indicators, and the versions, parts and norms of the day: six queries.

    An indicator has its versions as `in_force`, a version its norms as `norms_in_force`.
    """
    parts = VersionPart.objects.select_related("part").order_by("part__position")
    versions = (
        IndicatorVersion.objects.filter(in_force_q(day))
        .select_related("element")
        .prefetch_related(
            Prefetch("parts", parts), Prefetch("norms", Norm.objects.select_related("entry").order_by("pk"))
        )
    )
    indicators = (
        Indicator.objects.select_related("office", "derived_from_attainment")
        .prefetch_related(Prefetch("versions", versions, to_attr="in_force"))
        .order_by("position", "pk")
    )
    found = list(
        Criterion.objects.filter(criteria_set=criteria_set)
        .prefetch_related(Prefetch("indicators", indicators))
        .order_by("number")
    )
    for version in (v for c in found for i in c.indicators.all() for v in i.in_force):
        holds = {norm.id for norm in in_force((norm_spec(n) for n in version.norms.all()), day)}
        version.norms_in_force = [n for n in version.norms.all() if n.pk in holds]
    return found


def zone_rules(criteria_set: CriteriaSet) -> list[ZoneNormRule]:
    """Return which zones are measured by another region's norms."""
    return list(ZoneNormRule.objects.filter(criteria_set=criteria_set).order_by("zone"))


def data_elements(day: date) -> QuerySet[DataElement]:
    """Return the elements with their parts, and the versions in force on the day that read them (`readers`)."""
    readers = (
        IndicatorVersion.objects.filter(in_force_q(day))
        .select_related("indicator", "indicator__criterion", "indicator__criterion__criteria_set")
        .order_by("indicator__criterion__criteria_set__code", "indicator__criterion__number", "indicator__position")
    )
    return DataElement.objects.select_related("office").prefetch_related(
        Prefetch("parts", DataElementPart.objects.order_by("position")),
        Prefetch("versions", readers, to_attr="readers"),
    )
