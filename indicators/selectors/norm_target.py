"""What a norm is the level of: an indicator version or a part of it, with the levels known now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from communes.models import UnitVersion
from indicators.models import CriteriaSet, IndicatorVersion, Norm, ZoneNormRule
from indicators.rules.types import PartSpec
from indicators.selectors.definitions import CellDef, part_specs


@dataclass(frozen=True, slots=True)
class Place:
    """How narrow a level is."""

    region: str = ""
    year: int | None = None
    group: str = ""


@dataclass(frozen=True, slots=True)
class NormTarget:
    """A version's judged part, what a level of it may be, and the rows that hold now, the narrowest last."""

    version: IndicatorVersion
    part: str
    asked: CellDef
    comparison: str
    norms: tuple[Norm, ...]
    regions: tuple[str, ...]
    groups: tuple[str, ...]

    @property
    def criteria_set(self) -> CriteriaSet:
        return self.version.indicator.criterion.criteria_set

    @property
    def first_day(self) -> date:
        """When the version begins to judge: a decree signed in 2022 rules 2021, too."""
        return max(self.version.valid_from or date.min, date(self.criteria_set.first_year, 1, 1))

    @property
    def last_day(self) -> date:
        ends = [self.criteria_set.valid_to, self.version.valid_to, date(self.criteria_set.last_year, 12, 31)]
        return min(day for day in ends if day is not None)

    @property
    def years(self) -> tuple[int, ...]:
        return tuple(range(self.first_day.year, self.last_day.year + 1))

    def current(self, place: Place, valid_from: date | None) -> Norm | None:
        """The row that a level of this place and day would take the place of."""
        wanted = (place.region, place.year, place.group, valid_from)
        return next((n for n in self.norms if (n.region, n.year, n.commune_group, n.valid_from) == wanted), None)


def judged_parts(version: IndicatorVersion) -> dict[str, PartSpec]:
    """Return what of a version a norm is for, by the norm's part: men and women share that of the whole.

    The version needs `element` and `parts` with their `part` loaded. Nothing, when it is taken from attainment.
    """
    if version.indicator.derived_from_attainment_id is not None:
        return {}
    specs = part_specs(version, sorted(version.parts.all(), key=lambda one: one.part.position))
    return {spec.code if spec.kind == "component" else "": spec for spec in specs}


def cell_of_part(version: IndicatorVersion, code: str, spec: PartSpec) -> CellDef:
    """Return how a level of the part is written."""
    if code:
        part = next(one.part for one in version.parts.all() if one.part.code == code)
        return CellDef(code, spec.kind, part.name_vi, part.name_en, part.value_type, part.unit, tuple(part.scale))
    element = version.element
    scale = tuple(version.scale or element.scale)
    return CellDef("", "whole", element.name_vi, element.name_en, version.value_type, version.unit, scale)


def norm_target(version_id: int, part: str) -> NormTarget:
    """Return what a norm may be entered for: six queries.

    Raises:
        IndicatorVersion.DoesNotExist: no such version, or it judges no such part by a norm.
    """
    version = (
        IndicatorVersion.objects.select_related(
            "element",
            "indicator__office",
            "indicator__criterion__criteria_set__level",
        )
        .prefetch_related("parts__part")
        .get(pk=version_id)
    )
    parts = judged_parts(version)
    if part not in parts:
        raise IndicatorVersion.DoesNotExist(f"{version_id}:{part}")
    criteria_set = version.indicator.criterion.criteria_set
    of_set = Norm.objects.filter(version__indicator__criterion__criteria_set=criteria_set)
    places = list(of_set.values_list("region", "commune_group").distinct())
    regions = {region for region, _group in places} | {criteria_set.default_region}
    regions |= set(ZoneNormRule.objects.filter(criteria_set=criteria_set).values_list("region", flat=True))
    regions |= set(UnitVersion.objects.filter(kind="commune").values_list("region", flat=True).distinct())
    norms = Norm.objects.filter(version=version, part=part).select_related("entry__document")
    return NormTarget(
        version=version,
        part=part,
        asked=cell_of_part(version, part, parts[part]),
        comparison=parts[part].comparison,
        norms=tuple(sorted(norms, key=lambda n: (n.region, n.year or 0, n.commune_group, n.valid_from or date.min))),
        regions=tuple(sorted(regions - {""})),
        groups=tuple(
            sorted(({group for _region, group in places} | {g["code"] for g in criteria_set.commune_groups}) - {""})
        ),
    )
