"""One unit on a day with all that is known of it: standing, titles, reports, groups, zones, lineage."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery

from communes.models import Unit, UnitGroupMember, UnitVersion, UnitZone
from communes.scope import Scope
from communes.selectors.lineage import Lineage, lineage_of, unit_of
from indicators.models import (
    Attainment,
    CriteriaSet,
    Criterion,
    Level,
    Recognition,
    Report,
    ReportRevision,
)
from indicators.rules.freshness import Late
from indicators.rules.reporting import REPORTING_KINDS
from indicators.rules.standing import stand
from indicators.rules.types import Standing
from indicators.selectors.data import unit_data
from indicators.selectors.definitions import contexts
from indicators.selectors.freshness import waiting_for
from indicators.selectors.layout import Layout, layout_for
from indicators.selectors.watch import Watch, watched
from mongcai_portal.common.models import Source

if TYPE_CHECKING:
    from indicators.models import Period


@dataclass(frozen=True, slots=True)
class Computed:
    """What the last approved report by the day gives at every published level: the rules run before the reader."""

    report: Report
    layout: Layout
    standings: tuple[Standing, ...]
    stored: dict[int, Attainment]
    criteria: dict[int, Criterion]
    pending: bool
    late: Late | None

    @property
    def period(self) -> Period:
        return self.report.period

    @property
    def agrees(self) -> bool:
        """Whether what is stored says the same at every level."""
        return all(
            (row := self.stored.get(s.spec.id)) is not None
            and (row.outcome, row.criteria_met, row.indicators_met) == (s.outcome, s.criteria_met, s.indicators_met)
            for s in self.standings
        )


@dataclass(frozen=True, slots=True)
class CommunePage:
    """A unit as its page shows it. `version` is None on a day on which it does not exist; `nearest` never is."""

    unit: Unit
    day: date
    today: date
    days: tuple[date, ...]
    version: UnitVersion | None
    nearest: UnitVersion
    versions: tuple[UnitVersion, ...]
    zones: tuple[UnitZone, ...]
    memberships: tuple[UnitGroupMember, ...]
    children: tuple[Unit, ...]
    code_holders: tuple[UnitVersion, ...]  # other units that had this one's code before
    lineage: Lineage
    levels: tuple[Level, ...]  # of the phase that rules the figures, each with `published`
    computed: Computed | None
    acts: tuple[Recognition, ...]
    past_acts: tuple[Recognition, ...]  # of predecessors, decided while they were this unit's past
    watched: tuple[Watch, ...]  # recognitions that need attention by the figures
    reports: tuple[Report, ...]
    hidden: frozenset[str] = field(default_factory=frozenset)  # sections that the reader holds no permission for

    @property
    def reports_on_criteria(self) -> bool:
        return self.version is not None and self.version.kind in REPORTING_KINDS


def commune_page(uid: str, day: date | None, *, scope: Scope, today: date) -> CommunePage:
    """Return a unit on a day (None: the last with approved figures of its own, else the nearest to today it exists on).

    A fixed number of queries, whatever is stored.

    Raises:
        Unit.DoesNotExist: no such unit, or not the reader's to see.
    """
    unit = unit_of(uid, scope)
    # The open start sorts first on one database and last on the other.
    versions = tuple(sorted(unit.versions.all(), key=lambda v: v.valid_from or date.min))
    reports = _reports(unit) if "reports.view" in scope.permissions else ()
    days = tuple(sorted({r.period.ends_on for r in reports if r.approved_revision is not None}, reverse=True))
    on = day or (days[0] if days else _clamped(today, versions))
    version = next((v for v in versions if v.holds_on(on)), None)
    past = [v for v in versions if v.valid_from is None or v.valid_from <= on]
    lineage = lineage_of(unit.pk, scope)
    acts, past_acts = _acts(unit.pk, lineage.past, on) if "recognitions.view" in scope.permissions else ((), ())
    report = next((r for r in reports if r.approved_revision is not None and r.period.ends_on <= on), None)
    may_see = "attainment.view" in scope.permissions
    return CommunePage(
        unit=unit,
        day=on,
        today=today,
        days=days,
        version=version,
        nearest=version or (past[-1] if past else versions[0]),
        versions=versions,
        zones=tuple(sorted(unit.zones.all(), key=lambda z: (z.valid_from or date.min, z.zone))),
        memberships=tuple(sorted(unit.memberships.all(), key=lambda m: (m.valid_from or date.min, m.group.code))),
        children=_children(unit, on, scope) if version is None or version.kind not in REPORTING_KINDS else (),
        code_holders=_code_holders(unit, version),
        lineage=lineage,
        levels=_ladder((report.period.ends_on if report else on).year),
        computed=_computed(report) if report is not None and may_see and version is not None else None,
        acts=acts,
        past_acts=past_acts,
        watched=watched(acts, on) if version is not None and may_see else (),
        reports=reports,
        hidden=frozenset(
            p for p in ("reports.view", "recognitions.view", "attainment.view") if p not in scope.permissions
        ),
    )


def _clamped(day: date, versions: Iterable[UnitVersion]) -> date:
    """The day, or the nearest one on which a version holds."""
    known = list(versions)
    if any(v.holds_on(day) for v in known):
        return day
    first, last = known[0].valid_from, known[-1].valid_to
    if last is not None and last < day:
        return last
    return first if first is not None and first > day else day


def _reports(unit: Unit) -> tuple[Report, ...]:
    """All reports of a unit, the newest period first, with who approved them and when: one query."""
    approved = ReportRevision.objects.filter(report=OuterRef("pk"), number=OuterRef("approved_revision"))
    return tuple(
        Report.objects.filter(unit=unit)
        .select_related("period", "unit")
        .annotate(
            approved_at=Subquery(approved.values("approved_at")[:1]),
            approved_by=Subquery(approved.values("approved_by")[:1]),
            imported_file=Subquery(approved.values("imported_from__name")[:1]),
        )
        .order_by("-period__ends_on", "-period__starts_on")
    )


def _acts(unit_id: int, past: dict[int, date], day: date) -> tuple[tuple[Recognition, ...], tuple[Recognition, ...]]:
    """The decisions by the day about the unit itself, and about its predecessors in their own time: one query."""
    title = Source.objects.filter(code=OuterRef("source")).values("title")[:1]
    rows = list(
        Recognition.objects.filter(unit__in=[unit_id, *past], decided_on__lte=day)
        .select_related("level", "unit")
        .annotate(source_title=Subquery(title))
        .order_by("decided_on", "level__rank", "pk")
    )
    own = tuple(row for row in rows if row.unit_id == unit_id)
    return own, tuple(row for row in rows if row.unit_id != unit_id and row.decided_on < past[row.unit_id])


def _children(unit: Unit, day: date, scope: Scope) -> tuple[Unit, ...]:
    rows = UnitVersion.objects.in_force(day).filter(parent=unit).values("unit")
    return tuple(Unit.objects.on(day).visible_to(scope).filter(pk__in=rows).order_by("sort_key"))


def _code_holders(unit: Unit, version: UnitVersion | None) -> tuple[UnitVersion, ...]:
    """Official codes are used again: return who had the unit's code before it."""
    if version is None or not version.official_code:
        return ()
    rows = UnitVersion.objects.filter(official_code=version.official_code, valid_to__isnull=False).exclude(unit=unit)
    return tuple(rows.select_related("unit").order_by("valid_to", "pk"))


def _ladder(year: int) -> tuple[Level, ...]:
    """Return the levels of the phase whose published sets rule a year, else of the last that did: two queries."""
    published = CriteriaSet.objects.filter(status=CriteriaSet.Status.PUBLISHED).order_by("pk")
    levels = list(
        Level.objects.order_by("phase", "rank").prefetch_related(Prefetch("sets", published, to_attr="published"))
    )
    years: dict[str, tuple[int, int]] = {}
    for level in levels:
        for one in level.published:
            low, high = years.get(level.phase, (9999, 0))
            years[level.phase] = (min(low, one.first_year), max(high, one.last_year))
    ruling = [phase for phase, (low, high) in years.items() if low <= year <= high]
    past = [phase for phase, (low, _high) in years.items() if low <= year]
    phase = max(ruling or past or list(years), key=lambda p: years[p], default="")
    return tuple(level for level in levels if level.phase == phase)


def _computed(report: Report) -> Computed | None:
    """Run the rules over a report's approved revision: seven queries when the law is known to the process."""
    if report.approved_revision is None:
        return None
    layout = layout_for(report.period)
    sets = layout.definitions.sets
    if not sets:
        return None
    data = unit_data(report, report.approved_revision, report.period.ends_on.year)
    context = contexts([report.unit_id], report.period.ends_on, layout.definitions.commune_groups)[report.unit_id]
    pending, late = waiting_for(report.unit_id, report.period_id)
    rows: QuerySet[Attainment] = Attainment.objects.filter(unit=report.unit_id, period=report.period)
    computed = Computed(
        report=report,
        layout=layout,
        standings=stand(sets, context=context, data=data),
        stored={row.criteria_set_id: row for row in rows},
        criteria={c.pk: c for c in Criterion.objects.filter(criteria_set__in=[s.id for s in sets])},
        pending=pending,
        late=late,
    )
    return computed
