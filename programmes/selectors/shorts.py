"""Recognised units whose figures fall short of a level, and the indicators that keep them from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from indicators.models import IndicatorResult, Outcome, VersionPart
from programmes.measures.facts import World
from programmes.selectors.criteria_cells import Cells, CriterionCell, Key
from programmes.selectors.slips import Slip

SETTLED = (Outcome.MET, Outcome.NOT_APPLICABLE)


class Gap(NamedTuple):
    """An indicator that keeps a unit from a level, and how far it is away."""

    code: str
    name_vi: str
    name_en: str
    unit: str
    outcome: str
    gap: Decimal | None
    comparison: str  # of the part whose norm decided
    norm: Decimal | None
    unverified: bool
    judged: bool


@dataclass(frozen=True, slots=True)
class Short:
    """A recognised unit whose figures fall short of a level, or slipped from it.

    `open_now`: the criteria of the level's set that are not met now. `gaps`: the first indicators behind them and how
    many there are; None where they were not asked for.
    """

    unit_id: int
    level: str
    slip: Slip | None
    open_now: tuple[CriterionCell, ...]
    gaps: tuple[Gap, ...] | None = None


def last_periods(world: World, unit_ids: Iterable[int]) -> dict[int, int]:
    found = {pk: world.last_report(pk, world.as_of) for pk in unit_ids}
    return {pk: report.period_id for pk, report in found.items() if report}


def shorts_of(
    world: World, apart: Mapping[str, Collection[int]], slips: Iterable[Slip], cells: Cells, *, told: slice
) -> tuple[Short, ...]:
    """Return who falls short: first what slipped, then what was never met; the gaps of those that are told."""
    sets = {level.code: level.published_set.id for level in world.levels if level.published_set}
    slipped = {(slip.recognition.unit_id, slip.level): slip for slip in slips if slip.slipped}
    last = last_periods(world, {pk for units in apart.values() for pk in units})
    open_now = {
        # Of units in the matrix every criterion was read, the met ones too.
        (pk, level): tuple(c for c in cells.get((pk, last[pk], sets[level]), ()) if c.outcome not in SETTLED)
        for level, units in apart.items()
        for pk in sorted(units, key=lambda pk: world.places[pk].sort_key)
    }
    found = [
        Short(*key, slipped.get(key), open_now.get(key, ()))
        for key in {**dict.fromkeys(slipped), **{key: None for key, own in open_now.items() if own}}
    ]
    gaps = _gaps({(one.unit_id, last[one.unit_id], sets[one.level]) for one in found[told] if one.open_now})
    found[told] = [
        replace(one, gaps=gaps.get((one.unit_id, last[one.unit_id], sets[one.level]), ())) if one.open_now else one
        for one in found[told]
    ]
    return tuple(found)


def _gaps(wanted: Collection[Key]) -> dict[Key, tuple[Gap, ...]]:
    """Return the indicators that keep units from attaining: one query, none when there is no such unit."""
    if not wanted:
        return {}
    part = VersionPart.objects.filter(version=OuterRef("version"), part__code=OuterRef("norm__part"))
    rows = (
        IndicatorResult.objects.filter(
            unit__in={key[0] for key in wanted},
            period__in={key[1] for key in wanted},
            version__indicator__criterion__criteria_set__in={key[2] for key in wanted},
        )
        .exclude(outcome__in=SETTLED)
        .annotate(comparison=Coalesce(Subquery(part.values("comparison")[:1]), "version__comparison"))
        .order_by("version__indicator__criterion__number", "version__indicator__position")
        .values_list(
            "unit_id",
            "period_id",
            "version__indicator__criterion__criteria_set_id",
            "version__indicator__code",
            "version__name_vi",
            "version__name_en",
            "version__unit",
            "outcome",
            "gap",
            "comparison",
            "norm__number",
            "rests_on_unverified",
            "rests_on_judgement",
        )
    )
    found: dict[Key, list[Gap]] = defaultdict(list)
    for row in rows:
        if row[:3] in wanted:
            found[row[:3]].append(Gap._make(row[3:]))
    return {key: tuple(own) for key, own in found.items()}
