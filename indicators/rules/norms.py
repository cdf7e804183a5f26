"""Which norm row holds for a unit: the narrowest that matches its region, year and group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from indicators.rules.types import IndicatorSpec, NormSpec, SetSpec, UnitContext, Value


def region_for(criteria_set: SetSpec, context: UnitContext) -> str:
    """Return the region whose column measures the unit: a zone override first (QĐ 318/QĐ-TTg), else its own."""
    for zone, region in criteria_set.zone_regions:
        if zone in context.zones:
            return region
    return context.region or criteria_set.default_region


def in_force(norms: Iterable[NormSpec], day: date) -> tuple[NormSpec, ...]:
    """Return the rows that hold on a day: of those of one part, region, year and group the latest begun by then."""
    latest: dict[tuple[str, str, int | None, str], NormSpec] = {}
    for norm in sorted(norms, key=lambda n: n.valid_from or date.min):
        if norm.valid_from is None or norm.valid_from <= day:
            latest[norm.part, norm.region, norm.year, norm.group] = norm
    return tuple(latest.values())


def choose_norm(norms: tuple[NormSpec, ...], *, part: str, region: str, year: int, group: str) -> NormSpec | None:
    """Return the narrowest matching row (region, then year, then group), or None when no level is known.

    A row marked `missing` states that no level is known there: a broader one does not step in for it.
    """
    candidates = [
        norm
        for norm in norms
        if norm.part == part and norm.region in ("", region) and norm.year in (None, year) and norm.group in ("", group)
    ]
    narrowest = max(candidates, key=lambda n: (n.region != "", n.year is not None, n.group != ""), default=None)
    return None if narrowest is None or narrowest.provenance == "missing" else narrowest


def norm_value(
    norm: NormSpec, *, sets: Mapping[str, SetSpec], context: UnitContext, year: int
) -> tuple[Value | None, bool]:
    """Return the level of a norm and whether an unverified row lies under it.

    A derived norm is the factor times the other indicator's norm for the same region and year (model communes:
    at least 1.10 times the advanced income, QĐ 319/QĐ-TTg). That norm may itself be derived; the loader lets no circle
    through.
    """
    unverified = norm.provenance == "unverified"
    if not norm.derived_set:
        return norm.value, unverified
    base_set = sets.get(norm.derived_set)
    base = _indicator(base_set, norm.derived_indicator) if base_set else None
    if base is None or base_set is None or norm.derived_factor is None:
        return None, unverified
    below = choose_norm(
        base.norms, part=norm.part, region=region_for(base_set, context), year=year, group=context.group
    )
    if below is None:
        return None, unverified
    level, doubtful = norm_value(below, sets=sets, context=context, year=year)
    if isinstance(level, bool) or not isinstance(level, Decimal):
        return None, unverified
    return level * norm.derived_factor, unverified or doubtful


def _indicator(criteria_set: SetSpec, code: str) -> IndicatorSpec | None:
    return next((i for c in criteria_set.criteria for i in c.indicators if i.code == code), None)
