"""What a unit's attainment page reads: its standing on a day with all that it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from communes.models import Unit
from communes.scope import Scope
from indicators.models import (
    CriteriaSet,
    EvaluationRequest,
    Judgement,
    Level,
    Period,
    Recognition,
    Report,
)
from indicators.selectors.attainment import Explanation, explain
from indicators.selectors.definitions import ElementDef, elements_for
from indicators.selectors.watch import Watch, watched


@dataclass(frozen=True, slots=True)
class UnitPage:
    """One unit on a day at one level; `explanation` is None without an approved report by then.

    `pending`: the stored result differs because its evaluation is still to be done.
    """

    unit: Unit
    day: date
    days: tuple[date, ...]
    sets: tuple[CriteriaSet, ...]
    chosen: CriteriaSet | None
    unpublished: Level | None
    explanation: Explanation | None
    elements: dict[str, ElementDef]
    judgements: dict[str, Judgement]
    recognitions: tuple[Recognition, ...]
    watched: tuple[Watch, ...]
    pending: bool


def days_with_data(scope: Scope, unit_id: int | None = None) -> tuple[date, ...]:
    """Ends of the periods that have an approved report the reader may see, newest first: one query."""
    reports = Report.objects.approved().visible_to(scope)
    if unit_id is not None:
        reports = reports.filter(unit=unit_id)
    return tuple(
        Period.objects.filter(pk__in=reports.values("period")).order_by("-ends_on").values_list("ends_on", flat=True)
        .distinct()
    )  # fmt: skip


def sets_of_year(year: int) -> tuple[CriteriaSet, ...]:
    """Published sets that judge a year, lower levels first."""
    return tuple(
        CriteriaSet.objects.filter(status=CriteriaSet.Status.PUBLISHED, first_year__lte=year, last_year__gte=year)
        .select_related("level")
        .order_by("level__rank", "pk")
    )


def choose(sets: Iterable[CriteriaSet], level: str) -> CriteriaSet | None:
    """The set of a level; the lowest one when the level has none."""
    found = list(sets)
    return next((s for s in found if s.level.code == level), found[0] if found else None)


def unit_page(uid: str, day: date | None, *, scope: Scope, today: date, level: str = "") -> UnitPage:
    """Return one unit with what its standing rests on; a fixed number of queries.

    Raises:
        Unit.DoesNotExist: no such unit on the day, or not the reader's to see.
    """
    head = Unit.objects.visible_to(scope).get(uid=uid)
    days = days_with_data(scope, head.pk)
    on = day or (days[0] if days else today)
    unit = Unit.objects.on(on).visible_to(scope).get(pk=head.pk)
    period_end = next((end for end in days if end <= on), None)
    sets = sets_of_year((period_end or on).year)
    chosen = choose(sets, level)
    asked = Level.objects.filter(code=level).first() if level and all(s.level.code != level for s in sets) else None
    found = explain(unit.pk, chosen.code, on) if chosen else None
    acts = list(
        Recognition.objects.filter(unit=unit.pk, decided_on__lte=on)
        .select_related("level", "unit")
        .order_by("-decided_on", "-level__rank")
    )
    judgements = {}
    if found is not None:
        rows = Judgement.objects.filter(
            report=found.report, revision=found.revision.number, criteria_set=found.criteria_set
        )
        judgements = {row.element.code: row for row in rows.select_related("element", "office")}
    return UnitPage(
        unit=unit,
        day=on,
        days=days,
        sets=sets,
        chosen=chosen,
        unpublished=asked,
        explanation=found,
        elements={e.code: e for e in elements_for(found.period)} if found else {},
        judgements=judgements,
        recognitions=tuple(acts),
        watched=watched(acts, on),
        # Between an approval and its evaluation the stored result is behind for a moment, and that is no fault.
        pending=found is not None
        and not found.agrees
        and EvaluationRequest.objects.filter(unit=unit.pk, period=found.period, done_at__isnull=True).exists(),
    )
