"""Poor and near-poor households of one commune or ward, as its page shows them: what the published counts give."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from communes.models import ReviewRound, Unit, UnitVersion
from communes.rules.poverty.classify import NEAR_POOR, POOR
from communes.scope import Scope
from communes.selectors.poverty_area import KINDS, AreaDay, Ground, area_days, ground_of, published_day
from communes.selectors.poverty_published import ALL, seen_by
from communes.selectors.reviews.rounds import open_rounds

COUNTED = (POOR, NEAR_POOR)


@dataclass(frozen=True, slots=True)
class ClassCount:
    """A class of households on a day, and on the end of the year before under the same standard.

    `number`, `before` None: the reader may not see how many, or of the earlier day nothing is said under the standard
    (`compared` False). `of`, `of_before` None: there is nothing to take a rate of.
    """

    status: str
    number: int | None
    of: int | None
    before: int | None
    of_before: int | None
    compared: bool


@dataclass(frozen=True, slots=True)
class StandardCount:
    """What the register says of the unit under one standard."""

    now: AreaDay
    classes: tuple[ClassCount, ...]


@dataclass(frozen=True, slots=True)
class UnitHouseholds:
    """What the register says of a unit on a published day, and its rounds.

    `held`: the reader looks after its households; `rounds` (open now) are for them alone. `recounting`: something
    changed that its villages' counts do not hold yet.
    """

    day: date
    before: date
    standards: tuple[StandardCount, ...]
    ground: Ground | None
    held: bool
    rounds: tuple[ReviewRound, ...]
    recounting: bool


def unit_households(scope: Scope, unit: Unit, as_of: date, *, today: date) -> UnitHouseholds | None:
    """Return it; None where the unit is no commune or ward of that day.

    Ten queries at most, whatever the number of households, standards and rounds. The numbers are those of the
    measures: cells of the published table of all units (`communes.selectors.poverty_area`), for the same days.
    """
    if not UnitVersion.objects.in_force(as_of).filter(unit=unit, kind__in=KINDS).exists():
        return None
    seen = seen_by(scope)
    held = seen is None or unit.pk in seen
    day = published_day(as_of, today)
    before = date(day.year - 1, 12, 31)
    found = area_days(unit.uid, {day, before}, seen=seen)
    now = [one for one in found.get(day, ()) if one.whole]
    earlier = {one.standard.code: one for one in found.get(before, ()) if one.whole}
    return UnitHouseholds(
        day=day,
        before=before,
        standards=tuple(
            StandardCount(one, tuple(_class(one, earlier.get(one.standard.code), status) for status in COUNTED))
            for one in now
        ),
        ground=ground_of(day, {one.standard.code for one in now}) if now else None,
        held=held,
        rounds=open_rounds(scope, unit.pk) if held else (),
        recounting=any(one.stale_since for one in now),
    )


def _class(now: AreaDay, earlier: AreaDay | None, status: str) -> ClassCount:
    return ClassCount(
        status=status,
        number=now.number(status),
        of=now.number(ALL) if now.complete else None,
        before=earlier.number(status) if earlier else None,
        of_before=earlier.number(ALL) if earlier and earlier.complete else None,
        compared=earlier is not None,
    )
