"""Load the world of one day in a fixed number of queries, in sets; calculators then ask the database nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, F, OuterRef, Subquery
from django.utils import timezone

from communes.models import Unit, UnitGroup, UnitVersion
from communes.scope import Scope
from communes.selectors.poverty_area import AreaDay, area_days, ground_of, published_day
from communes.selectors.poverty_cohort import area_cohort
from indicators.models import Attainment, CriteriaSet, Level, Norm, Recognition
from indicators.selectors.freshness import late_of, waiting_results
from mongcai_portal.common.models import Provenance, in_force_q
from programmes.measures.facts import (
    HOME_AREA,
    AttainmentFact,
    GroupFact,
    LevelFact,
    Place,
    RecognitionFact,
    RegisterFact,
    ReportFact,
    SetFact,
    World,
    last_of,
)
from programmes.selectors.figures import figures_and_plans
from programmes.selectors.money_counts import money_fact
from programmes.selectors.ocop_counts import Places, ocop_fact
from programmes.selectors.reporting import Reporting, reporting

_SET_COLUMNS = ("pk", "code", "name_vi", "name_en", "decision", "first_year", "last_year", "status")


def year_before(day: date) -> date:
    """Return the same day of the year before (28/02 for 29/02)."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def load_world(
    as_of: date,
    area: str = HOME_AREA,
    *,
    group: str | None = None,
    known: Reporting | None = None,
    seen: frozenset[int] | None = frozenset(),
    trend: bool = False,
    earlier: date | None = None,
    only: Collection[str] | None = None,
) -> World:
    """Load what all measures of an area and day read: ten queries (nine when `known` is given).

    One more while evaluations are still to be done: what rests on them says since when it is late. Thirteen more where
    the register of households has counted, one where units of OCOP products or of money have ended, and one where
    populations are known, for the incomes that communes reported.

    Args:
        seen: the units whose households the reader looks after (None: all); of others few households are not told.
        trend: also count the households at the ends of the phase's years, one query each.
        earlier: the day that changes of ratios are told since; None: a year before.
        only: codes of the measures that are asked for; registers that none of them counts are not read. None: all.

    Raises:
        Unit.DoesNotExist: no such area on the day.
        UnitGroup.DoesNotExist: no such group.
    """
    places = _places(as_of)
    home = next((place for place in places.values() if place.uid == area), None)
    if home is None:
        raise Unit.DoesNotExist(area)
    groups = _groups(as_of)
    if group is not None and group not in groups:
        raise UnitGroup.DoesNotExist(group)
    levels, phase, years = _levels(as_of)
    known = known or reporting()
    reports = known.approved()
    earlier = earlier or year_before(as_of)
    attainments = _attainments(reports, (as_of, earlier))

    inside = _inside(places, home.id)
    figures, plans = figures_and_plans(inside, as_of, reports)

    lain = Places(as_of, places.keys())
    stored = [fact for facts in attainments.values() for fact in facts]
    return World(
        as_of=as_of,
        earlier=earlier,
        area=home,
        places=places,
        levels=levels,
        phase=phase,
        phase_years=years,
        groups=groups,
        recognitions=_recognitions(as_of),
        reports=reports,
        attainments=attainments,
        observed=figures.pop(home.id, {}),
        targets=plans.pop(home.id, {}),
        of_units=figures,
        plans=plans,
        group_asked=group,
        computed_at=max((fact.computed_at for fact in stored), default=None),
        data_up_to=max((fact.data_up_to for fact in stored), default=None),
        in_area=inside,
        late=late_of(waiting_results()) if known.waiting_evaluations else {},
        register=_register(as_of, area, years, seen, trend=trend) if _asks(only, "poverty.") else None,
        ocop=ocop_fact(as_of, lain) if _asks(only, "ocop.") else None,
        money=money_fact(as_of, years[0] if years else as_of.year, lain) if _asks(only, "money.") else None,
    )


def _asks(only: Collection[str] | None, family: str) -> bool:
    """Whether any of the measures that are asked for is counted from the register of a family of codes."""
    return only is None or any(code.startswith(family) for code in only)


def _register(
    as_of: date, area: str, phase_years: tuple[int, int] | None, seen: frozenset[int] | None, *, trend: bool
) -> RegisterFact | None:
    """Return what the register of households says; None where it says nothing of the day."""
    today = timezone.localdate()
    day = published_day(as_of, today)
    before = date(day.year - 1, 12, 31)
    since = date(phase_years[0] - 1, 12, 31) if phase_years else before
    ends = {date(year, 12, 31) for year in range(since.year, day.year)} if trend else set()
    found = area_days(area, {day, before, since, *ends}, seen=seen)
    now = found.get(day, ())
    if not now:
        return None
    headline, first, earlier = (_country(found.get(one, ())) for one in (day, since, before))
    cohort = None
    if headline and first and first.day < headline.day:
        cohort = area_cohort(first, headline, seen=seen, today=today)
    standards = {one.standard.code for one in now}
    return RegisterFact(
        day,
        headline,
        tuple(one for one in now if one is not headline),
        earlier,
        cohort,
        ground_of(day, standards),
        tuple(one for one in (_country(found.get(end, ())) for end in sorted(ends)) if one is not None),
    )


def _country(days: Iterable[AreaDay]) -> AreaDay | None:
    """Return what is said under the country's standard of the year; the next year's, too, may count by then."""
    return next((one for one in days if not one.standard.area), None)


def refuse_foreign(uid: str, in_area: frozenset[int], scope: Scope) -> None:
    """Refuse an area that is not the reader's: the figures of the town are everyone's, a commune's are its own.

    Args:
        in_area: the area and everything under it.

    Raises:
        Unit.DoesNotExist: the area is neither the town, nor one of the reader's units, nor a place that holds one.
    """
    if not (uid == HOME_AREA or scope.all_units or scope.unit_ids & in_area):
        raise Unit.DoesNotExist(uid)


def _places(day: date) -> dict[int, Place]:
    rows = UnitVersion.objects.filter(in_force_q(day)).values_list(
        "unit_id", "unit__uid", "name_vi", "name_en", "kind", "parent_id", "sort_key", "tile_row", "tile_column",
        "valid_from", "valid_to",
    )  # fmt: skip
    return {row[0]: Place._make(row) for row in rows}


def _inside(places: Mapping[int, Place], area_id: int) -> frozenset[int]:
    """Return the area and everything under it."""
    children: dict[int | None, list[int]] = defaultdict(list)
    for place in places.values():
        children[place.parent_id].append(place.id)
    found, queue = {area_id}, [area_id]
    while queue:
        for child in children[queue.pop()]:
            if child not in found:
                found.add(child)
                queue.append(child)
    return frozenset(found)


def _groups(day: date) -> dict[str, GroupFact]:
    heads: dict[str, tuple[Any, ...]] = {}
    members: dict[str, set[int]] = defaultdict(set)
    # One row a member, also for a group without any.
    rows = UnitGroup.objects.order_by("pk").values_list(
        "members__unit_id", "members__valid_from", "members__valid_to", "code", "name_vi", "name_en", "provenance",
        "source", "note", "valid_from", "valid_to",
    )  # fmt: skip
    for member_id, member_from, member_to, code, *head in rows:
        heads[code] = tuple(head)
        if member_id is not None and _covers(member_from, member_to, day):
            members[code].add(member_id)
    return {
        code: GroupFact(code, *head, _covers(*head[-2:], day), frozenset(members[code])) for code, head in heads.items()
    }


def _covers(first: date | None, last: date | None, day: date) -> bool:
    return (first is None or first <= day) and (last is None or day <= last)


def _levels(day: date) -> tuple[tuple[LevelFact, ...], str, tuple[int, int] | None]:
    """Return the levels of the phase in force, with their sets.

    The phase in force is the one whose published sets rule the year, else the last that did: its figures stay readable
    until the next phase's sets are published. A level without a published set is kept: it can be recognised, and what
    evaluation would find is unknown.
    """
    unverified = (
        Norm.objects.filter(
            version__indicator__criterion__criteria_set=OuterRef("sets__pk"), provenance=Provenance.UNVERIFIED
        )
        .order_by()
        .values("version__indicator__criterion__criteria_set")
        .annotate(n=Count("pk"))
        .values("n")
    )
    heads: dict[int, Level] = {}
    sets: dict[int, list[SetFact]] = defaultdict(list)
    # One row a set, also for a level without any.
    rows = Level.objects.order_by("phase", "rank", "sets__pk").annotate(
        **{f"set_{name}": F(f"sets__{name}") for name in _SET_COLUMNS}, unverified=Subquery(unverified)
    )
    for row in rows:
        heads[row.pk] = row
        if row.set_pk is not None:
            sets[row.pk].append(
                SetFact(
                    row.set_pk,
                    row.set_code,
                    row.set_name_vi,
                    row.set_name_en,
                    row.set_decision,
                    row.set_first_year,
                    row.set_last_year,
                    row.set_status == CriteriaSet.Status.PUBLISHED,
                    row.unverified or 0,
                )
            )
    years: dict[str, tuple[int, int]] = {}
    for pk, level in heads.items():
        published = [s for s in sets[pk] if s.published]
        if published:
            low, high = years.get(level.phase, (9999, 0))
            years[level.phase] = (
                min([low, *(s.first_year for s in published)]),
                max([high, *(s.last_year for s in published)]),
            )
    ruling = [phase for phase, (low, high) in years.items() if low <= day.year <= high]
    past = [phase for phase, (low, _) in years.items() if low <= day.year]
    phase = max(ruling or past or list(years), key=lambda p: years[p], default="")
    facts = [
        LevelFact(level.code, level.phase, level.rank, level.name_vi, level.name_en, tuple(sets[pk]))
        for pk, level in heads.items()
        if level.phase == phase
    ]
    return tuple(sorted(facts, key=lambda fact: fact.rank)), phase, years.get(phase)


def _recognitions(day: date) -> dict[int, tuple[RecognitionFact, ...]]:
    found: dict[int, list[RecognitionFact]] = defaultdict(list)
    rows = Recognition.objects.filter(decided_on__lte=day).order_by("decided_on", "pk")
    for row in rows.values_list(
        "pk", "unit_id", "level__code", "level__phase", "level__rank", "level__name_vi", "level__name_en",
        "decision_number", "decided_on", "date_precision", "signer", "expires_on", "withdrawn_on",
        "withdrawal_decision", "provenance", "source", "note",
    ):  # fmt: skip
        found[row[1]].append(RecognitionFact._make(row))
    return {pk: tuple(rows) for pk, rows in found.items()}


def _attainments(
    reports: Mapping[int, Sequence[ReportFact]], days: Iterable[date]
) -> dict[tuple[int, int], tuple[AttainmentFact, ...]]:
    """Return what is stored for the last approved period of each unit by each of the days."""
    wanted = set()
    for rows in reports.values():
        for day in days:
            last = last_of(rows, day)
            if last is not None:
                wanted.add((last.unit_id, last.period_id))
    found: dict[tuple[int, int], list[AttainmentFact]] = defaultdict(list)
    rows = Attainment.objects.filter(period__in={period for _, period in wanted}).order_by("pk").values_list(
        "pk", "unit_id", "period_id", "criteria_set_id", "outcome", "criteria_met", "criteria_total",
        "indicators_met", "indicators_total", "rests_on_unverified", "rests_on_judgement", "computed_at", "data_up_to",
    )  # fmt: skip
    for row in rows:
        if row[1:3] in wanted:
            found[row[1:3]].append(AttainmentFact._make(row))
    return {key: tuple(facts) for key, facts in found.items()}
