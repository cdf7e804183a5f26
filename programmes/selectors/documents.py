"""Period reports as pages and the API show them: the list, one with what moved since, the versions of the template."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, QuerySet
from django.utils import timezone

from communes.models import UnitVersion
from communes.scope import Scope
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common.models import holds
from mongcai_portal.common.versions import version_of
from programmes.measures.facts import HOME_AREA
from programmes.models import PeriodReport, ReportTemplate
from programmes.reports import snapshot
from programmes.reports.ground import Ground
from programmes.reports.registry import Figure
from programmes.reports.snapshot import Moved

TOLD, MOST = 20, 1000  # events that are named beside a figure, and that are looked at

# Which events change a figure, by what the figure rests on (`Figure.rests`).
CAUSES: dict[str, tuple[Kind, ...]] = {
    "reports": (
        Kind.REPORT_APPROVED, Kind.REPORT_REOPENED, Kind.REPORT_IMPORTED, Kind.UNIT_CHANGED,
    ),
    "norms": (Kind.NORM_ENTERED, Kind.CRITERIA_PUBLISHED),
    "recognitions": (Kind.RECOGNITION_ISSUED, Kind.RECOGNITION_WITHDRAWN, Kind.RECOGNITION_ANNULLED),
    # Of households only whole rounds and files: what was done to one household stands in no report.
    "households": (
        Kind.REVIEW_DECIDED, Kind.HOUSEHOLDS_IMPORTED, Kind.HOUSEHOLDS_UNDONE, Kind.OPENING_LIST_RECORDED,
    ),
    "statistics": (
        Kind.STATISTIC_ENTERED, Kind.STATISTIC_CORRECTED, Kind.STATISTIC_WITHDRAWN, Kind.REFERENCE_LOADED,
    ),
    "targets": (Kind.TARGET_SET, Kind.TARGET_REVISED, Kind.TARGET_WITHDRAWN, Kind.REFERENCE_LOADED),
    "tasks": (
        Kind.TASK_ASSIGNED, Kind.TASK_REPORTED, Kind.TASK_RETURNED, Kind.TASK_CONFIRMED, Kind.TASK_CANCELLED,
        Kind.TASK_REOPENED, Kind.TASK_POSTPONED,
    ),
    "ocop": (Kind.OCOP_RECOGNISED, Kind.OCOP_WITHDRAWN, Kind.OCOP_ANNULLED),
    "budget": (
        Kind.BUDGET_LINE_ENTERED, Kind.BUDGET_MOVED, Kind.BUDGET_TAGGED, Kind.BUDGET_IMPORTED, Kind.BUDGET_UNDONE,
        Kind.BUDGET_RULE_ENTERED,
    ),
    "difficulties": (
        Kind.DIFFICULTY_WRITTEN, Kind.DIFFICULTY_CHANGED, Kind.DIFFICULTY_RESOLVED, Kind.DIFFICULTY_WITHDRAWN,
        Kind.DIFFICULTY_REOPENED,
    ),
}  # fmt: skip


def reports_for(scope: Scope) -> QuerySet[PeriodReport]:
    """Return the reports that someone may read, the newest period first: one query, without their figures."""
    return PeriodReport.objects.visible_to(scope).select_related("area", "template", "document").defer("figures")


def report_seen(scope: Scope, report_id: int) -> PeriodReport:
    """Return one report.

    Raises:
        PeriodReport.DoesNotExist: there is none, or it is not the reader's.
    """
    found = PeriodReport.objects.visible_to(scope).select_related("area", "template", "document")
    return found.get(pk=report_id)


def templates() -> QuerySet[ReportTemplate]:
    """Return all uploaded versions of the template, the newest first."""
    return ReportTemplate.objects.all()


def report_version(report: PeriodReport) -> str:
    """Return the version of a report: it changes with every write."""
    return version_of(report.pk, report.lock)


@dataclass(frozen=True, slots=True)
class Area:
    """A place that a report can be of."""

    uid: str
    name_vi: str
    name_en: str
    kind: str
    valid_to: date | None = None


def areas(scope: Scope) -> tuple[Area, ...]:
    """Return the town and its communes and wards by their last names, as far as someone sees them: one query.

    A report of a past period is of what was there then; whether it was is asked when the period is known.
    """
    rows = UnitVersion.objects.exclude(kind="province").order_by(F("valid_from").asc(nulls_first=True))
    if not scope.all_units:
        rows = rows.filter(unit__in=scope.unit_ids)
    found = {}
    for uid, name_vi, name_en, kind, key, valid_to in rows.values_list(
        "unit__uid", "name_vi", "name_en", "kind", "sort_key", "valid_to"
    ):
        found[uid] = (uid != HOME_AREA, key, uid, Area(uid, name_vi, name_en, kind, valid_to))
    return tuple(area for *_order, area in sorted(found.values(), key=lambda one: one[:3]))


def area_names(asked: Iterable[tuple[int, date]]) -> dict[tuple[int, date], Area]:
    """Return what units were on days, by unit and day: one query."""
    wanted = set(asked)
    spans = UnitVersion.objects.filter(unit__in={unit for unit, _day in wanted}).values_list(
        "unit_id", "unit__uid", "name_vi", "name_en", "kind", "valid_from", "valid_to"
    )
    found = {}
    for unit, uid, name_vi, name_en, kind, first, last in spans:
        for day in {day for one, day in wanted if one == unit and holds(first, last, day)}:
            found[unit, day] = Area(uid, name_vi, name_en, kind)
    return found


# --- What moved since -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that moved since publication, and the events since then that move such figures, newest first."""

    moved: Moved
    events: tuple[AuditEvent, ...]


@dataclass(frozen=True, slots=True)
class Since:
    """What moved since a report was published, and as of when that was looked at."""

    changes: tuple[Change, ...]
    at: Any


def changed_since(report: PeriodReport, *, today: date) -> Since:
    """Hold what is now against what was published; one query for the events, none when nothing moved.

    Events of other places than the report's are not told: its readers need not see those.

    Raises:
        Unit.DoesNotExist: the area is no longer there on the last day of the period.
    """
    ground = Ground(report.since, report.until, report.area.uid, today)
    moved = snapshot.moved(report.figures, snapshot.take(ground))
    at = timezone.now()
    if not moved or report.published_at is None:
        return Since((), at)
    kinds = {kind for one in moved for family in one.figure.rests for kind in CAUSES.get(family, ())}
    inside = {"", *(ground.world.places[pk].uid for pk in ground.world.in_area)}
    found = AuditEvent.objects.filter(kind__in=kinds, at__gte=report.published_at, unit_uid__in=inside)
    events = list(found.order_by("-id")[:MOST])
    return Since(tuple(Change(one, _causes(one.figure, events)) for one in moved), at)


def _causes(figure: Figure, events: Iterable[AuditEvent]) -> tuple[AuditEvent, ...]:
    """The events that can have moved a figure: of its families, and of its measure and commune where it is of one."""
    kinds = {kind.value for family in figure.rests for kind in CAUSES.get(family, ())}
    found = [
        event
        for event in events
        if event.kind in kinds
        and (not figure.unit or event.unit_uid in ("", figure.unit))
        and _of_measure(event, figure)
    ]
    return tuple(found[:TOLD])


def _of_measure(event: AuditEvent, figure: Figure) -> bool:
    """Whether an event is of the figure's measure, as far as both are of one."""
    code = event.details.get("measure") if isinstance(event.details, dict) else None
    return code is None or not figure.measures or code in figure.measures
