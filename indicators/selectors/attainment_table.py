"""The matrix of a day: units by the criteria of one level, beside what they were on another date."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import F

from communes.models import UnitVersion
from communes.scope import Scope
from indicators.models import Attainment, CriteriaSet, Criterion, Level, Recognition
from indicators.rules.freshness import Late
from indicators.rules.turning import SAME, turn
from indicators.selectors.attainment import StoredCriterion, criterion_matrix, latest_attainments
from indicators.selectors.attainment_pages import choose, sets_of_year
from indicators.selectors.freshness import late_of, waiting_results
from indicators.selectors.matrix import with_marks

# Rows are light: five hundred units are read for one page, and a model for each would cost more than its reading.


class TableUnit(NamedTuple):
    """A unit by its name of the day."""

    id: int
    uid: str
    name_vi: str
    name_en: str


class Stored(NamedTuple):
    """A unit's stored attainment in its last period."""

    period_id: int
    period: str
    outcome: str
    criteria_met: int
    criteria_total: int
    rests_on_unverified: bool
    rests_on_judgement: bool
    illustrative: bool


class Act(NamedTuple):
    """A recognition in force."""

    level: Level
    provenance: str
    source: str


@dataclass(frozen=True, slots=True)
class TableRow:
    """A unit: its stored attainment and criteria at the chosen level, on both dates, and its recognitions in force."""

    unit: TableUnit
    attainment: Stored | None
    recognitions: tuple[Act, ...]
    criteria: Mapping[int, StoredCriterion]
    attainment_then: Stored | None = None
    criteria_then: Mapping[int, StoredCriterion] | None = None
    late: Late | None = None

    def turned(self, number: int) -> str:
        """How a criterion turned since the other date; the same when there is none."""
        if self.criteria_then is None:
            return SAME
        before, now = self.criteria_then.get(number), self.criteria.get(number)
        return turn(before.outcome if before else None, now.outcome if now else None)


@dataclass(frozen=True, slots=True)
class Table:
    """Units by criteria of one level on a day.

    `compare`: the other date, None when nothing is compared. `unpublished`: the level asked for, when its set is not
    published and another is shown. `off_map`: how many units have a result by the day and are not on its map any more;
    `gone`: how many had one on the other date. `awaited`: an evaluation is still to be done, and what rests on it
    becomes late by the clock.
    """

    day: date
    days: tuple[date, ...]
    sets: tuple[CriteriaSet, ...]
    chosen: CriteriaSet | None
    unpublished: Level | None
    columns: tuple[Criterion, ...]
    rows: tuple[TableRow, ...]
    compare: date | None = None
    gone: int = 0
    off_map: int = 0
    awaited: bool = False


def attainment_table(
    day: date, *, scope: Scope, days: tuple[date, ...], level: str = "", compare: date | None = None
) -> Table:
    """Return the matrix of a day, restricted to what the reader may see: nine queries, two more to compare.

    The criteria are those of the set that judged the last period with data by the day, as on a unit's own page.
    """
    sets = sets_of_year(next((end for end in days if end <= day), day).year)
    chosen = choose(sets, level)
    stored = _attainments(day, scope, chosen)
    held = _recognitions(day, scope)
    units = _units(day, scope, {*stored, *held})
    columns = tuple(Criterion.objects.filter(criteria_set=chosen).order_by("number")) if chosen else ()
    criteria = _criteria(stored, columns, scope) if chosen else {}
    then: dict[int, Stored] = {}
    criteria_then: dict[int, dict[int, StoredCriterion]] = {}
    if compare is not None and chosen is not None:
        then = _attainments(compare, scope, chosen)
        criteria_then = _criteria(then, columns, scope)
    waiting = waiting_results()
    late = late_of(waiting)
    return Table(
        day=day,
        days=days,
        sets=sets,
        chosen=chosen,
        unpublished=Level.objects.filter(code=level).first()
        if level and all(s.level.code != level for s in sets)
        else None,
        columns=columns,
        rows=tuple(
            TableRow(
                unit,
                stored.get(unit.id),
                tuple(held.get(unit.id, ())),
                criteria.get(unit.id, {}),
                then.get(unit.id),
                criteria_then.get(unit.id, {}) if compare is not None else None,
                late.get((unit.id, stored[unit.id].period_id)) if unit.id in stored else None,
            )
            for unit in units
        ),
        compare=compare,
        gone=len(set(then) - {unit.id for unit in units}),
        off_map=_off_map(day, scope, chosen, units),
        awaited=bool(waiting),
    )


def _units(day: date, scope: Scope, wanted: Collection[int]) -> list[TableUnit]:
    """Return the units wanted that are on the day's map, in the order of their names."""
    rows = UnitVersion.objects.in_force(day).order_by("sort_key", "unit_id")
    if not scope.all_units:
        rows = rows.filter(unit__in=scope.unit_ids)
    found = {}
    for row in rows.values_list("unit_id", "unit__uid", "name_vi", "name_en"):
        if row[0] in wanted:
            found.setdefault(row[0], TableUnit(*row))
    return list(found.values())


def _recognitions(day: date, scope: Scope) -> dict[int, list[Act]]:
    """Return what each unit holds on the day, the highest level first."""
    levels: dict[int, Level] = {}
    held: dict[int, list[Act]] = {}
    rows = Recognition.objects.visible_to(scope).in_force(day).order_by("-level__rank", "decided_on")
    names = ("level__code", "level__phase", "level__rank", "level__name_vi", "level__name_en")
    for unit_id, provenance, source, level_id, *of_level in rows.values_list(
        "unit_id", "provenance", "source", "level_id", *names
    ):
        if level_id not in levels:
            values = {name.removeprefix("level__"): value for name, value in zip(names, of_level, strict=True)}
            levels[level_id] = Level(pk=level_id, **values)
        held.setdefault(unit_id, []).append(Act(levels[level_id], provenance, source))
    return held


def _off_map(day: date, scope: Scope, chosen: CriteriaSet | None, units: list[TableUnit]) -> int:
    """Count the units with a result by the day that are not on the day's map any more (merged, split): one query."""
    if chosen is None:
        return 0
    rows = Attainment.objects.visible_to(scope).filter(criteria_set=chosen, period__ends_on__lte=day)
    return len(set(rows.values_list("unit_id", flat=True).distinct()) - {unit.id for unit in units})


def _attainments(day: date, scope: Scope, chosen: CriteriaSet | None) -> dict[int, Stored]:
    """Return what is stored at the set for each unit's last period by the day, with the mark of its report."""
    if chosen is None:
        return {}
    rows = with_marks(latest_attainments(day, scope=scope)).filter(criteria_set=chosen)
    columns = ("unit_id", "period_id", F("period__code"), *Stored._fields[2:])
    return {unit_id: Stored(*row) for unit_id, *row in rows.values_list(*columns)}


def _criteria(
    stored: Mapping[int, Stored], columns: Collection[Criterion], scope: Scope
) -> dict[int, dict[int, StoredCriterion]]:
    last = {unit_id: one.period_id for unit_id, one in stored.items()}
    return criterion_matrix(last, {c.pk: c.number for c in columns}, scope=scope)
