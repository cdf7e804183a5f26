"""What the pages of programmes show: one call a page, a fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Subquery

from communes.models import Unit
from communes.scope import Scope
from indicators.models import Attainment, Level, Recognition, Report
from indicators.rules.freshness import Late
from indicators.selectors.freshness import late_results
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.models import Source
from programmes.models import FundingSource, LegalBasis, Programme, ProgrammeSuccession
from programmes.rules.budget import LineSum
from programmes.selectors.budget import (
    Asked,
    UnitName,
    line_sums,
    lines_seen,
    sources,
    unit_names,
    years_with_money,
)
from programmes.selectors.difficulties import open_by_programme as difficulties_by_programme
from programmes.selectors.difficulties import open_of_programme
from programmes.selectors.programme_plans import ProgrammePlans, programme_plans, town_plans
from programmes.selectors.targets import PlanRow
from programmes.selectors.tasks import OpenTasks, ProgrammeTasks, programme_tasks
from programmes.selectors.tasks import open_by_programme as tasks_by_programme


@dataclass(frozen=True, slots=True)
class MoneyDay:
    """Which year's money is shown, as it stood on which day; `years` are those with money, newest first."""

    year: int
    day: date
    years: tuple[int, ...]
    today: date

    @property
    def last_day(self) -> date:
        """The last day of the year that was seen: its end, or the day within it."""
        return min(date(self.year, 12, 31), self.day)


def money_day(years: Sequence[int], *, year: int | None, day: date | None, today: date) -> MoneyDay:
    """Return what to show: the year asked for, else the last one with money by the day (without a day: by today)."""
    last = (day or today).year
    chosen = year or next((y for y in years if y <= last), last)
    return MoneyDay(chosen, day or today, tuple(years), today)


@dataclass(frozen=True, slots=True)
class Result:
    """What a commune has reached at the end of a year, beside its money; None and "" where nothing is known."""

    period: str = ""
    outcome: str = ""
    met: int | None = None
    total: int | None = None
    illustrative: bool = False
    late: Late | None = None  # since when the criteria are older than they should be
    level_vi: str = ""
    level_en: str = ""


@dataclass(frozen=True, slots=True)
class ListPage:
    """All programmes with their money of a year."""

    when: MoneyDay
    programmes: tuple[Programme, ...]
    lines: tuple[LineSum, ...]
    sources: tuple[FundingSource, ...]
    components: dict[str, int]
    edits: bool
    plans: tuple[PlanRow, ...] = ()  # of the town, as they stood at the end of the year, or on the day
    tasks: dict[str, OpenTasks] | None = None  # by code; None for who may not see them
    difficulties: dict[str, int] | None = None


@dataclass(frozen=True, slots=True)
class ProgrammePage:
    """One programme: what it is, and its money of a year and of all years. `lines` are of all years."""

    programme: Programme
    when: MoneyDay
    common_legal: tuple[LegalBasis, ...]
    successions: tuple[ProgrammeSuccession, ...]
    titles: dict[str, Source]
    programmes: dict[str, Programme]
    lines: tuple[LineSum, ...]
    sources: tuple[FundingSource, ...]
    units: dict[int, UnitName]
    results: dict[int, Result]
    edits: bool
    difficulties: int | None = None  # open ones; None for who may not see them
    plans: ProgrammePlans | None = None
    tasks: ProgrammeTasks | None = None
    assigns: bool = False


def list_page(scope: Scope, *, year: int | None, day: date | None, today: date) -> ListPage:
    """Return all programmes with their money of a year, and how their targets, tasks and difficulties stand.

    Nine queries, and those of a world where something is planned.
    """
    when = money_day(years_with_money(scope), year=year, day=day, today=today)
    programmes = tuple(Programme.objects.prefetch_related("components").order_by("position"))
    return ListPage(
        when=when,
        programmes=programmes,
        lines=tuple(line_sums(lines_seen(scope, Asked(year=when.year)), when.day)),
        sources=tuple(sources()),
        components={one.code: len(one.components.all()) for one in programmes},
        edits="budget.edit" in scope.permissions,
        plans=town_plans(scope, when.last_day),
        tasks=tasks_by_programme(scope, today),
        difficulties=difficulties_by_programme(scope),
    )


def programme_page(scope: Scope, code: str, *, year: int | None, day: date | None, today: date) -> ProgrammePage:
    """Return one programme with its money: a fixed number of queries.

    Raises:
        Programme.DoesNotExist.
    """
    programme = Programme.objects.prefetch_related("phases", "legal", "thematic", "statements", "components").get(
        code=code
    )
    asked = Asked(programme=code)
    rows = lines_seen(scope, asked)
    when = money_day(years_with_money(scope, asked), year=year, day=day, today=today)
    lines = tuple(line_sums(rows, when.day))
    units = unit_names({line.unit for line in lines if line.year == when.year}, when.last_day)
    steps = ProgrammeSuccession.objects.select_related("predecessor", "successor").order_by("effective_on", "pk")
    return ProgrammePage(
        programme=programme,
        when=when,
        common_legal=tuple(LegalBasis.objects.filter(programme__isnull=True)),
        successions=tuple(one for one in steps if code in (one.predecessor.code, one.successor.code)),
        titles={one.code: one for one in Source.objects.all()},
        programmes={one.code: one for one in Programme.objects.order_by("position")},
        lines=lines,
        sources=tuple(sources()),
        units=units,
        results=results_of(set(units), when.last_day, scope),
        edits="budget.edit" in scope.permissions,
        difficulties=open_of_programme(scope, programme),
        plans=programme_plans(scope, code, when.last_day),
        tasks=programme_tasks(scope, code, today),
        assigns=Permission.TASKS_ASSIGN in scope.permissions,
    )


def results_of(unit_ids: set[int], day: date, scope: Scope) -> dict[int, Result]:
    """Return where units stand on a day: criteria of the lowest level by their last approved report, and the title.

    Two queries, and those of lateness. Both are told only to who may see them.
    """
    criteria: dict[int, Attainment] = {}
    if "attainment.view" in scope.permissions:
        made = Report.objects.filter(unit=OuterRef("unit"), period=OuterRef("period"))
        rows = (
            Attainment.objects.filter(unit__in=unit_ids, period__ends_on__lte=day, criteria_set__level__rank=1)
            .visible_to(scope)
            .select_related("period")
            .annotate(illustrative=Subquery(made.values("illustrative")[:1]))
            .order_by("period__ends_on", "pk")
        )
        criteria = {row.unit_id: row for row in rows}
    titles: dict[int, Level] = {}
    if "recognitions.view" in scope.permissions:
        held = Recognition.objects.in_force(day).filter(unit__in=unit_ids).visible_to(scope).select_related("level")
        titles = {row.unit_id: row.level for row in held.order_by("level__rank", "decided_on")}
    late = late_results() if criteria else {}
    found = {}
    for pk in unit_ids & (criteria.keys() | titles.keys()):
        row, level = criteria.get(pk), titles.get(pk)
        found[pk] = Result(
            period=row.period.code if row else "",
            outcome=row.outcome if row else "",
            met=row.criteria_met if row else None,
            total=row.criteria_total if row else None,
            illustrative=bool(row and row.illustrative),  # type: ignore[attr-defined]
            late=late.get((pk, row.period_id)) if row else None,
            level_vi=level.name_vi if level else "",
            level_en=level.name_en if level else "",
        )
    return found


@dataclass(frozen=True, slots=True)
class UnitMoney:
    """Money of one unit: its lines of all years as they stood on a day, and the programmes they serve."""

    when: MoneyDay
    lines: tuple[LineSum, ...]
    programmes: dict[str, Programme]


def unit_money(scope: Scope, unit: Unit, day: date, today: date) -> UnitMoney | None:
    """Return the money of a unit as it stood on a day; None when the scope sees none of it. Four queries."""
    if "programmes.view" not in scope.permissions or not scope.sees_unit(unit.pk):
        return None
    lines = tuple(line_sums(lines_seen(scope, Asked(unit=unit.uid)), day))
    years = tuple(sorted({line.year for line in lines}, reverse=True))
    programmes = {one.code: one for one in Programme.objects.order_by("position")}
    return UnitMoney(MoneyDay(day.year, day, years, today), lines, programmes)
