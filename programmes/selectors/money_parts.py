"""The lines behind a figure of money as its reader sees them, and the texts that the money rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from django.db.models import F, Q

from communes.scope import Scope
from programmes.measures.explained import LegalFact, MoneyPart, MoneyParts
from programmes.measures.facts import World
from programmes.measures.money import FAMILY, lines_of
from programmes.measures.values import Measure
from programmes.models import FundingSource, LegalBasis
from programmes.rules.budget import LineSum, Total, total
from programmes.selectors.budget import UnitName, unit_names


def money_parts_of(world: World, measure: Measure, scope: Scope | None) -> tuple[MoneyParts | None, int]:
    """Return the parts of a figure of money and how many lines the reader may not see; None for other figures.

    Three queries. Mobilised money is no part of it.
    """
    if not measure.code.startswith(FAMILY):
        return None, 0
    year = world.as_of.year
    lines = [one.line for one in lines_of(world, measure.programme, year) if not one.line.mobilised]
    seen = [one for one in lines if scope is None or scope.sees_unit(one.unit)]
    parts = MoneyParts(
        year=year,
        total=total(seen),
        by_source=_by_source(seen),
        by_unit=_by_unit(seen, world),
        legal=_legal(measure.programme),
    )
    return parts, len(lines) - len(seen)


def _sums(lines: Iterable[LineSum], key: Callable[[LineSum], int]) -> dict[int, Total]:
    found: dict[int, list[LineSum]] = {}
    for one in lines:
        found.setdefault(key(one), []).append(one)
    return {pk: total(rows) for pk, rows in found.items()}


def _by_source(lines: list[LineSum]) -> tuple[MoneyPart, ...]:
    """In the order of the capital tables."""
    sums = _sums(lines, lambda one: one.source)
    rows = FundingSource.objects.filter(pk__in=sums).order_by("position")
    return tuple(MoneyPart(one.code, one.name_vi, one.name_en, "", sums[one.pk]) for one in rows)


def _by_unit(lines: list[LineSum], world: World) -> tuple[MoneyPart, ...]:
    """Communes and wards by name, the town's own money last."""
    sums = _sums(lines, lambda one: one.unit)
    names = unit_names(sums, min(world.as_of, date(world.as_of.year, 12, 31)))

    def place(unit: UnitName) -> tuple[bool, str, str]:
        return unit.kind not in ("commune", "ward"), unit.sort_key, unit.uid

    units = sorted((names[pk] for pk in sums), key=place)
    return tuple(MoneyPart(one.uid, one.name_vi, one.name_en, one.kind, sums[one.id]) for one in units)


def _legal(programme: str) -> tuple[LegalFact, ...]:
    """The programme's own texts, then those of all."""
    rows = LegalBasis.objects.filter(Q(programme__code=programme) | Q(programme__isnull=True))
    rows = rows.order_by(F("programme").asc(nulls_last=True), "position")
    return tuple(LegalFact(*row) for row in rows.values_list("text", "issued_on", "provenance"))
