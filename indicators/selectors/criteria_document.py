"""A criteria set as a document: all versions of every indicator, every norm with what it was before, the sources."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Prefetch

from indicators.models import (
    CriteriaSet,
    Criterion,
    Indicator,
    IndicatorVersion,
    Norm,
    NormDocument,
    VersionPart,
    ZoneNormRule,
)
from indicators.selectors.catalogue import criteria_sets
from mongcai_portal.common.models import Source


@dataclass(frozen=True, slots=True)
class SetRow:
    """A set in the list, with how much of it is entered."""

    criteria_set: CriteriaSet
    criteria: int
    indicators: int
    unverified: int


@dataclass(frozen=True, slots=True)
class Document:
    """A set on a day. Criteria have `indicators`, those `versions`, those `parts` and `rows` (norms, old ones too)."""

    criteria_set: CriteriaSet
    day: date
    criteria: tuple[Criterion, ...]
    zone_rules: tuple[ZoneNormRule, ...]
    sources: dict[str, Source]
    set_names: dict[str, CriteriaSet]


def set_list() -> list[SetRow]:
    """Return all sets, the newest phase first, lower levels first: four queries."""
    criteria = dict(Criterion.objects.order_by().values_list("criteria_set").annotate(n=Count("pk")))
    indicators = dict(Indicator.objects.order_by().values_list("criterion__criteria_set").annotate(n=Count("pk")))
    unverified = dict(
        Norm.objects.filter(provenance="unverified")
        .order_by()
        .values_list("version__indicator__criterion__criteria_set")
        .annotate(n=Count("pk"))
    )
    return [
        SetRow(one, criteria.get(one.pk, 0), indicators.get(one.pk, 0), unverified.get(one.pk, 0))
        for one in criteria_sets().order_by("-first_year", "level__rank", "pk")
    ]


def document(criteria_set: CriteriaSet, day: date) -> Document:
    """Return a set as a document: nine queries, however large it is."""
    norms = Norm.history.select_related("entry__document", "succession__norm").order_by(
        "part", "region", "year", "commune_group", "valid_from", "superseded_at", "pk"
    )
    versions = (
        IndicatorVersion.objects.select_related("element__office")
        .prefetch_related(
            Prefetch("parts", VersionPart.objects.select_related("part").order_by("part__position")),
            Prefetch("norms", norms, to_attr="rows"),
        )
        .order_by("valid_from", "pk")
    )
    indicators = (
        Indicator.objects.select_related("office", "derived_from_attainment__level")
        .prefetch_related(Prefetch("versions", versions))
        .order_by("position", "pk")
    )
    criteria = tuple(
        Criterion.objects.filter(criteria_set=criteria_set)
        .prefetch_related(Prefetch("indicators", indicators))
        .order_by("number")
    )
    rules = tuple(ZoneNormRule.objects.filter(criteria_set=criteria_set).order_by("zone"))
    codes = {code for c in criteria for i in c.indicators.all() for code in i.sources}
    codes |= {code for rule in rules for code in rule.source.split(", ")}
    return Document(
        criteria_set,
        day,
        criteria,
        rules,
        {source.code: source for source in Source.objects.filter(code__in=codes)},
        {one.code: one for one in criteria_sets()},
    )


def recent_documents() -> list[NormDocument]:
    """Return the scans that norms were last entered from, one a decision: another level of it needs no second scan."""
    rows = NormDocument.objects.filter(entries__isnull=False).distinct().order_by("-stored_at", "-pk")
    return list(rows.prefetch_related("entries")[:12])
