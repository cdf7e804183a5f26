"""The matrix of a day: units by the criteria of one level, beside what they were on another date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from communes.models import Unit
from communes.scope import Scope
from indicators.models import Attainment, CriteriaSet, Criterion, CriterionResult, Level, Recognition
from indicators.rules.freshness import Late
from indicators.rules.turning import SAME, turn
from indicators.selectors.attainment import criterion_matrix, latest_attainments
from indicators.selectors.attainment_pages import choose, sets_of_year
from indicators.selectors.freshness import late_results
from indicators.selectors.matrix import with_marks


@dataclass(frozen=True, slots=True)
class TableRow:
    """A unit: its stored attainment and criteria at the chosen level, on both dates, and its recognitions in force."""

    unit: Unit
    attainment: Attainment | None
    recognitions: tuple[Recognition, ...]
    criteria: dict[int, CriterionResult]
    attainment_then: Attainment | None = None
    criteria_then: dict[int, CriterionResult] | None = None
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
    `gone`: how many had one on the other date.
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


def attainment_table(
    day: date, *, scope: Scope, days: tuple[date, ...], level: str = "", compare: date | None = None
) -> Table:
    """Return the matrix of a day, restricted to what the reader may see: nine queries, two more to compare.

    The criteria are those of the set that judged the last period with data by the day, as on a unit's own page.
    """
    sets = sets_of_year(next((end for end in days if end <= day), day).year)
    chosen = choose(sets, level)
    stored = _attainments(day, scope, chosen)
    held: dict[int, list[Recognition]] = {}
    recognised = Recognition.objects.visible_to(scope).in_force(day)
    for act in recognised.select_related("level").order_by("-level__rank", "decided_on"):
        held.setdefault(act.unit_id, []).append(act)
    units = list(Unit.objects.on(day).visible_to(scope).filter(pk__in={*stored, *held}).order_by("sort_key"))
    criteria = criterion_matrix(day, stored, chosen.pk) if chosen else {}
    then: dict[int, Attainment] = {}
    criteria_then: dict[int, dict[int, CriterionResult]] = {}
    if compare is not None and chosen is not None:
        then = _attainments(compare, scope, chosen)
        criteria_then = criterion_matrix(compare, then, chosen.pk)
    late = late_results()
    return Table(
        day=day,
        days=days,
        sets=sets,
        chosen=chosen,
        unpublished=Level.objects.filter(code=level).first()
        if level and all(s.level.code != level for s in sets)
        else None,
        columns=tuple(Criterion.objects.filter(criteria_set=chosen).order_by("number")) if chosen else (),
        rows=tuple(
            TableRow(
                unit,
                stored.get(unit.pk),
                tuple(held.get(unit.pk, ())),
                criteria.get(unit.pk, {}),
                then.get(unit.pk),
                criteria_then.get(unit.pk, {}) if compare is not None else None,
                late.get((unit.pk, stored[unit.pk].period_id)) if unit.pk in stored else None,
            )
            for unit in units
        ),
        compare=compare,
        gone=len(set(then) - {unit.pk for unit in units}),
        off_map=_off_map(day, scope, chosen, units),
    )


def _off_map(day: date, scope: Scope, chosen: CriteriaSet | None, units: list[Unit]) -> int:
    """Count the units with a result by the day that are not on the day's map any more (merged, split): one query."""
    rows = Attainment.objects.visible_to(scope).filter(criteria_set=chosen, period__ends_on__lte=day)
    return rows.exclude(unit__in=[unit.pk for unit in units]).values("unit").distinct().count() if chosen else 0


def _attainments(day: date, scope: Scope, chosen: CriteriaSet | None) -> dict[int, Attainment]:
    """Return what is stored at the set for each unit's last period by the day, with the mark of its report."""
    if chosen is None:
        return {}
    rows = with_marks(latest_attainments(day, scope=scope)).filter(criteria_set=chosen)
    return {row.unit_id: row for row in rows}
