"""The law as the rules read it: sets, versions and norms in force on the last day of a period.

Definitions change rarely and are read by every page, so a process keeps them, keyed by the sets' `changed_at`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from communes.models import UnitGroupMember, UnitVersion, UnitZone
from indicators.models import (
    CriteriaSet,
    Criterion,
    DataElement,
    Indicator,
    IndicatorVersion,
    Norm,
    Period,
    VersionPart,
    ZoneNormRule,
)
from indicators.rules.norms import in_force
from indicators.rules.types import CriterionSpec, IndicatorSpec, NormSpec, PartSpec, SetSpec, UnitContext, Value
from mongcai_portal.common.models import in_force_q

Key = tuple[tuple[int, datetime], ...]


@dataclass(frozen=True, slots=True)
class CellDef:
    """One cell of the form: the whole element (part ""), a sex, or a component."""

    part: str
    kind: str
    name_vi: str
    name_en: str
    value_type: str
    unit: str
    scale: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ElementDef:
    """A data element that the period's sets read, and the cells it is typed into."""

    id: int
    code: str
    name_vi: str
    name_en: str
    value_type: str
    unit: str
    scale: tuple[str, ...]
    office_id: int
    office_code: str
    cells: tuple[CellDef, ...]


@dataclass(frozen=True, slots=True)
class Definitions:
    """All that a period is judged by: sets in order of rank, and the elements in the order of the form."""

    sets: tuple[SetSpec, ...]
    elements: tuple[ElementDef, ...]
    # The commune groups that norms tell apart (2026-2030: three of them); empty when no norm does.
    commune_groups: frozenset[str] = frozenset()

    def element(self, code: str) -> ElementDef | None:
        return next((e for e in self.elements if e.code == code), None)

    def readers(self, element: str) -> tuple[tuple[SetSpec, CriterionSpec, IndicatorSpec], ...]:
        """Return where an element is read: set, criterion, indicator."""
        return tuple((s, c, i) for s in self.sets for c in s.criteria for i in c.indicators if i.element == element)


def definitions_for(period: Period) -> Definitions:
    """Return the definitions for a report of this period: one query when they are already known."""
    year = period.ends_on.year
    key: Key = tuple(
        CriteriaSet.objects.filter(status=CriteriaSet.Status.PUBLISHED, first_year__lte=year, last_year__gte=year)
        .order_by("level__rank", "pk")
        .values_list("pk", "changed_at")
    )
    return _load(key, period.ends_on)


def definitions_by_period(periods: Iterable[Period]) -> dict[int, Definitions]:
    """Return the definitions of many periods, by period id: one query when they are already known."""
    published = list(
        CriteriaSet.objects.filter(status=CriteriaSet.Status.PUBLISHED)
        .order_by("level__rank", "pk")
        .values_list("pk", "changed_at", "first_year", "last_year")
    )
    return {
        period.pk: _load(
            tuple((pk, at) for pk, at, first, last in published if first <= period.ends_on.year <= last), period.ends_on
        )
        for period in periods
    }


def published_sets(period: Period) -> tuple[SetSpec, ...]:
    """Return the published sets that apply to the period's year, lower levels first."""
    return definitions_for(period).sets


def elements_for(period: Period) -> tuple[ElementDef, ...]:
    """Return the elements that a report of this period is asked for, in the order of the form."""
    return definitions_for(period).elements


@lru_cache(maxsize=32)
def _load(key: Key, day: date) -> Definitions:
    ids = [pk for pk, _ in key]
    zone_rules: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for rule in ZoneNormRule.objects.filter(criteria_set__in=ids).order_by("zone"):
        zone_rules[rule.criteria_set_id].append((rule.zone, rule.region))
    criteria: dict[int, list[Criterion]] = defaultdict(list)
    for criterion in Criterion.objects.filter(criteria_set__in=ids).order_by("number"):
        criteria[criterion.criteria_set_id].append(criterion)
    versions: dict[int, list[IndicatorVersion]] = defaultdict(list)
    rows = (
        IndicatorVersion.objects.filter(in_force_q(day), indicator__criterion__criteria_set__in=ids)
        .select_related("indicator", "indicator__derived_from_attainment", "element", "element__office")
        .order_by("indicator__criterion__number", "indicator__position")
    )
    for version in rows:
        versions[version.indicator.criterion_id].append(version)
    norms: dict[int, list[Norm]] = defaultdict(list)
    for norm in Norm.objects.filter(version__in=rows).order_by("pk"):
        norms[norm.version_id].append(norm)
    parts: dict[int, list[VersionPart]] = defaultdict(list)
    for part in VersionPart.objects.filter(version__in=rows).select_related("part").order_by("part__position"):
        parts[part.version_id].append(part)

    sets = tuple(
        SetSpec(
            id=s.pk,
            code=s.code,
            level=s.level.code,
            rank=s.level.rank,
            prerequisite=s.prerequisite.code if s.prerequisite else "",
            default_region=s.default_region,
            zone_regions=tuple(zone_rules[s.pk]),
            criteria=tuple(
                CriterionSpec(
                    c.pk,
                    c.number,
                    tuple(_indicator(v, parts[v.pk], norms[v.pk], day) for v in versions[c.pk]),
                )
                for c in criteria[s.pk]
            ),
        )
        for s in CriteriaSet.objects.filter(pk__in=ids)
        .select_related("level", "prerequisite")
        .order_by("level__rank", "pk")
    )
    groups = frozenset(n.group for s in sets for c in s.criteria for i in c.indicators for n in i.norms if n.group)
    return Definitions(sets, _elements(sets), groups)


def _elements(sets: tuple[SetSpec, ...]) -> tuple[ElementDef, ...]:
    """Collect the elements read by the sets; an element read twice is asked once, with the parts of every reader."""
    order: dict[str, set[str]] = {}
    for s in sets:
        for c in s.criteria:
            for i in c.indicators:
                if not i.derived_from_attainment:
                    order.setdefault(i.element, set()).update(p.code for p in i.parts)
    found = {
        e.code: e for e in DataElement.objects.filter(code__in=order).select_related("office").prefetch_related("parts")
    }
    result = []
    for code, part_codes in order.items():
        e = found[code]
        whole = CellDef("", "whole", e.name_vi, e.name_en, e.value_type, e.unit, tuple(e.scale))
        cells = [whole] if "" in part_codes else []
        cells += [
            CellDef(p.code, p.kind, p.name_vi, p.name_en, p.value_type, p.unit, tuple(p.scale))
            for p in e.parts.all()
            if p.code in part_codes
        ]
        result.append(
            ElementDef(
                e.pk,
                e.code,
                e.name_vi,
                e.name_en,
                e.value_type,
                e.unit,
                tuple(e.scale),
                e.office_id,
                e.office.code,
                tuple(cells),
            )
        )
    return tuple(result)


def _indicator(version: IndicatorVersion, parts: list[VersionPart], norms: list[Norm], day: date) -> IndicatorSpec:
    derived: Indicator = version.indicator
    return IndicatorSpec(
        version_id=version.pk,
        code=derived.code,
        element_id=version.element_id,
        element=version.element.code,
        parts=part_specs(version, parts),
        norms=in_force((norm_spec(n) for n in norms), day),
        derived_from_attainment=derived.derived_from_attainment.code if derived.derived_from_attainment else "",
    )


def part_specs(version: IndicatorVersion, parts: list[VersionPart]) -> tuple[PartSpec, ...]:
    """Return the cells a version judges.

    A yes/no element with components is their conjunction, so it is not typed itself; a measured one ("of which from
    central supply") is. An element split by sex is typed for men and women only.
    """
    specs = [PartSpec(p.part.code, p.part.kind, p.part.value_type, p.comparison, tuple(p.part.scale)) for p in parts]
    by_sex = any(p.kind == "sex" for p in specs)
    if by_sex or (specs and version.value_type == "boolean"):
        return tuple(specs)
    whole = PartSpec("", "whole", version.value_type, version.comparison, tuple(version.scale or version.element.scale))
    return (whole, *specs)


def norm_spec(norm: Norm) -> NormSpec:
    """Return a stored norm as the rules read it."""
    value: Value | None = norm.number
    if norm.boolean is not None:
        value = norm.boolean
    elif norm.choice:
        value = norm.choice
    return NormSpec(
        id=norm.pk,
        part=norm.part,
        region=norm.region,
        year=norm.year,
        group=norm.commune_group,
        value=value,
        provenance=norm.provenance,
        decision=norm.decision,
        source=norm.source,
        derived_set=norm.derived_set,
        derived_indicator=norm.derived_indicator,
        derived_factor=Decimal(norm.derived_factor) if norm.derived_factor is not None else None,
        valid_from=norm.valid_from,
    )


def contexts(unit_ids: Iterable[int], day: date, commune_groups: Collection[str]) -> dict[int, UnitContext]:
    """Return what norms depend on, per unit, as it was on the day: two queries for any number of units, or three.

    Args:
        commune_groups: the groups that norms tell apart. A unit counted in two of them is measured as one of neither:
            which norm holds is then not known.
    """
    ids = list(unit_ids)
    groups: dict[int, set[str]] = defaultdict(set)
    if commune_groups:
        members = UnitGroupMember.objects.filter(in_force_q(day), unit__in=ids, group__code__in=list(commune_groups))
        for unit_id, code in members.values_list("unit_id", "group__code"):
            groups[unit_id].add(code)
    zones: dict[int, set[str]] = defaultdict(set)
    for unit_id, zone in UnitZone.objects.filter(in_force_q(day), unit__in=ids).values_list("unit_id", "zone"):
        zones[unit_id].add(zone)
    regions = dict(UnitVersion.objects.filter(in_force_q(day), unit__in=ids).values_list("unit_id", "region"))
    return {
        pk: UnitContext(
            regions.get(pk, ""), frozenset(zones[pk]), next(iter(groups[pk])) if len(groups[pk]) == 1 else ""
        )
        for pk in ids
    }
