"""What programmes planned and what was reached, at the town: for their list, and for the page of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from communes.models import Unit
from communes.scope import Scope
from communes.selectors.poverty_published import seen_by
from mongcai_portal.accounts.permissions import Permission
from programmes.measures.facts import HOME_AREA, World
from programmes.measures.registry import COMMUNES, measures_of
from programmes.measures.values import DONG, Measure, MeasureValue
from programmes.models import Target
from programmes.selectors.measure_names import codes_of
from programmes.selectors.measures import values_in
from programmes.selectors.targets import PlanRow, area_rows, targets_below
from programmes.selectors.world import load_world


@dataclass(frozen=True, slots=True)
class ProgrammePlans:
    """The targets of a programme and the figures that it has no target for, at the town on a day.

    `world` None: there is no town on the day. `below`: how many targets the communes have that the reader sees.
    """

    day: date
    world: World | None = None
    rows: tuple[PlanRow, ...] = ()
    unplanned: tuple[tuple[Measure, MeasureValue], ...] = ()
    below: int = 0


def programme_plans(scope: Scope, programme: str, day: date) -> ProgrammePlans | None:
    """Return what a programme planned and reached by a day; None for who may not see measures.

    As many queries as a world takes of which only the programme's figures are asked for.
    """
    if Permission.MEASURES_VIEW not in scope.permissions:
        return None
    try:
        world = load_world(day, seen=seen_by(scope), only=codes_of(programme))
    except Unit.DoesNotExist:
        return ProgrammePlans(day)
    rows = area_rows(world, programme)
    planned = {row.measure.code for row in rows}
    rest = {one.code: one for one in measures_of(world) if one.programme == programme and _told(one)}
    values = values_in(world, rest.keys() - planned)
    return ProgrammePlans(
        day=day,
        world=world,
        rows=rows,
        unplanned=tuple((rest[value.code], value) for value in values),
        below=targets_below(world, scope, programme),
    )


def _told(measure: Measure) -> bool:
    """Amounts stand among the money, and what is typed for communes alone has no figure of the town."""
    return measure.unit != DONG and measure.typed_for != {COMMUNES}


def town_plans(scope: Scope, day: date) -> tuple[PlanRow, ...]:
    """Return the targets of the town, of every programme, by a day; without any for who may not see measures.

    One query where nothing is planned, else those of a world in which only what is planned is asked for.
    """
    if Permission.MEASURES_VIEW not in scope.permissions:
        return ()
    codes = set(Target.objects.filter(area__uid=HOME_AREA).values_list("measure", flat=True))
    if not codes:
        return ()
    try:
        world = load_world(day, seen=seen_by(scope), only=codes)
    except Unit.DoesNotExist:
        return ()
    return area_rows(world)
