"""The parts of a count of households: by standard, by unit, and, to who looks after them, by ethnicity and area."""

from __future__ import annotations

from collections.abc import Iterable

from communes.models import Unit
from communes.rules.ethnic_groups import ETHNIC_GROUPS
from communes.rules.poverty.classify import POOR
from communes.rules.poverty.disclosure import TOTAL
from communes.scope import Scope
from communes.selectors.directory import name_in, spans_of_names
from communes.selectors.poverty_area import AreaDay
from communes.selectors.poverty_counts import BY_AREA_TYPE, BY_ETHNICITY, PovertyCount, poverty_counts
from mongcai_portal.common.text import sort_key
from programmes.measures.explained import Breakdown, CountedPart
from programmes.measures.facts import World
from programmes.measures.poverty import STATUS_OF, register_day
from programmes.measures.poverty import TOTAL as EVERYONE
from programmes.measures.values import Measure

ESCAPED = "poverty.poor.escaped"
CODES = frozenset({*STATUS_OF, ESCAPED})


def breakdown_of(world: World, measure: Measure, scope: Scope | None) -> Breakdown | None:
    """Return the parts of a figure about households; None for other figures: two queries, eight for who may see all.

    `scope`: units that the reader does not see are left out.
    """
    if measure.code not in CODES or world.register is None or world.register.now is None:
        return None
    day, shown = register_day(world, measure), world.register.now
    absent = tuple(world.places[pk] for pk in sorted(shown.units - shown.counted) if pk in world.places)
    if day is None:
        return Breakdown(None, absent=absent)
    if measure.code == ESCAPED:
        return Breakdown(day, cohort=world.register.cohort, absent=absent)
    status = STATUS_OF[measure.code]
    return Breakdown(
        day,
        by_standard=tuple(_standard(one, status) for one in world.register.beside if one.whole),
        by_unit=_units(day, status, scope),
        by_ethnic_group=_counted(day, status, BY_ETHNICITY) if day.known else (),
        by_area_type=_counted(day, status, BY_AREA_TYPE) if day.known else (),
        absent=absent,
    )


def _standard(day: AreaDay, status: str) -> CountedPart:
    name = day.standard
    return CountedPart(
        name.code, f"{name.name_vi} ({name.decision})", f"{name.name_en} ({name.decision})", day.number(status),
        day.number(EVERYONE),
    )  # fmt: skip


def _units(day: AreaDay, status: str, scope: Scope | None) -> tuple[CountedPart, ...]:
    seen = [unit for unit in day.counted if scope is None or scope.sees_unit(unit)]
    spans, uids = spans_of_names(seen), dict(Unit.objects.filter(pk__in=seen).values_list("pk", "uid"))
    names = {unit: name_in(spans[unit], day.day) for unit in seen if unit in spans}
    seen.sort(key=lambda unit: (sort_key(names[unit].name_vi) if unit in names else "", unit))
    return tuple(
        CountedPart(
            uids[unit], names[unit].name_vi if unit in names else "", names[unit].name_en if unit in names else "",
            day.table[unit, status], day.table[unit, TOTAL],
        )
        for unit in seen
    )  # fmt: skip


def _counted(day: AreaDay, status: str, by: str) -> tuple[CountedPart, ...]:
    found = poverty_counts(day.day, day.standard.code, by=by, units=day.units)
    return tuple(_part(one, status) for one in _ordered(found.values()))


def _ordered(counts: Iterable[PovertyCount]) -> list[PovertyCount]:
    return sorted(counts, key=lambda one: (-one.households, str(one.key)))


def _part(one: PovertyCount, status: str) -> CountedPart:
    code = str(one.key)
    name = ETHNIC_GROUPS.get(code, "")
    return CountedPart(code, name, name, one.poor if status == POOR else one.near_poor, one.households)
