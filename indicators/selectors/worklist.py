"""The worklist: reports by period with how much is entered, what waits for whom, and what came back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, F, OuterRef, Q, Subquery

from communes.models import Unit, UnitVersion
from communes.scope import Scope
from indicators.models import Period, Report, ReportedValue, ReportRevision, Verdict
from indicators.models.reports import REPORTING_KINDS
from indicators.selectors.comments import ReportMarks, report_marks
from indicators.selectors.definitions import Definitions, definitions_by_period
from indicators.selectors.layout import Name
from mongcai_portal.common.workflow import APPROVED, DRAFT, RETURNED, SUBMITTED, VERIFIED

# What waits longest for the reader comes first.
COORDINATOR_ORDER = {VERIFIED: 0, RETURNED: 1, SUBMITTED: 2, DRAFT: 3, APPROVED: 4}


@dataclass(frozen=True, slots=True)
class Returned:
    """An element that an office sent back."""

    element: str
    name: Name
    reason: str
    office: Name
    by: str


@dataclass(slots=True)
class WorkItem:
    """A report in the list. `entered` never exceeds `total`; `open_mine` counts what waits for the reader's offices."""

    report: Report
    unit: Name
    sort_key: str
    entered: int
    total: int
    elements: int
    verified: int
    open_all: int
    open_mine: int
    returned: list[Returned] = field(default_factory=list)
    submitted_by: str = ""
    reopened_for: str = ""  # why, while the report that was reopened is not approved again
    comments: ReportMarks = ReportMarks()


@dataclass(frozen=True, slots=True)
class Worklist:
    """The reports a person sees under a filter, and what can be filtered by."""

    items: tuple[WorkItem, ...]
    counts: dict[str, int]
    periods: tuple[Period, ...]
    units: tuple[tuple[str, Name], ...]


@dataclass(frozen=True, slots=True)
class WorklistFilter:
    """What the reader asked for; empty texts ask for everything."""

    period: str = ""
    status: str = ""
    unit: str = ""


def worklist(*, scope: Scope, wanted: WorklistFilter) -> Worklist:
    """Return the worklist in a fixed number of queries, however many reports and periods there are."""
    version = (
        UnitVersion.objects.filter(unit=OuterRef("unit"))
        .filter(Q(valid_from__isnull=True) | Q(valid_from__lte=OuterRef("period__ends_on")))
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=OuterRef("period__ends_on")))
    )
    current = ReportRevision.objects.filter(report=OuterRef("pk"), number=OuterRef("revision"))
    everything = list(
        Report.objects.visible_to(scope)
        .select_related("unit", "period")
        .annotate(
            name_vi=Subquery(version.values("name_vi")[:1]),
            name_en=Subquery(version.values("name_en")[:1]),
            sort_key=Subquery(version.values("sort_key")[:1]),
            submitted_by=Subquery(current.values("submitted_by")[:1]),
            reason=Subquery(current.values("reason")[:1]),
            imported_file=Subquery(current.values("imported_from__name")[:1]),
        )
    )
    periods = {r.period_id: r.period for r in everything}
    units = {r.unit.uid: (r.sort_key or "", Name(r.name_vi or r.unit.uid, r.name_en or r.unit.uid)) for r in everything}
    in_filter = [r for r in everything if wanted.period in ("", r.period.code) and wanted.unit in ("", r.unit.uid)]
    shown = [r for r in in_filter if wanted.status in ("", r.status)]
    definitions = definitions_by_period(periods.values())
    entered = entered_counts(shown, definitions)
    verdicts = _verdicts(shown, scope)
    returned = _returned(shown)
    marks = report_marks(shown, scope)
    items = tuple(
        _item(r, definitions[r.period_id], entered.get(r.pk, 0), verdicts.get(r.pk, (0, 0, 0)), returned[r.pk])
        for r in shown
    )
    for item in items:
        item.comments = marks.get(item.report.pk, ReportMarks())
    counts = dict.fromkeys((DRAFT, SUBMITTED, RETURNED, VERIFIED, APPROVED), 0)
    for r in in_filter:
        counts[r.status] += 1
    return Worklist(
        tuple(sorted(items, key=lambda item: item.sort_key)),
        counts,
        tuple(sorted(periods.values(), key=lambda p: p.ends_on, reverse=True)),
        tuple((uid, name) for uid, (_key, name) in sorted(units.items(), key=lambda pair: pair[1][0])),
    )


def _item(
    report: Report, definitions: Definitions, entered: int, verdicts: tuple[int, int, int], returned: list[Returned]
) -> WorkItem:
    total = sum(len(e.cells) for e in definitions.elements)
    verified, open_all, open_mine = verdicts
    return WorkItem(
        report=report,
        unit=Name(report.name_vi or report.unit.uid, report.name_en or report.unit.uid),
        sort_key=report.sort_key or "",
        # A cell that the law no longer asks for stays stored but is not counted.
        entered=min(entered, total),
        total=total,
        elements=len(definitions.elements),
        verified=verified,
        open_all=open_all,
        open_mine=open_mine if report.status in (SUBMITTED, RETURNED) else 0,
        returned=returned,
        submitted_by=report.submitted_by or "",
        reopened_for=(report.reason or "") if report.revision > 1 and report.status != APPROVED else "",
    )


def entered_counts(reports: Iterable[Report], definitions: dict[int, Definitions]) -> dict[int, int]:
    """How many cells of the current revision are entered, by report: one query."""
    asked = {e.id for d in definitions.values() for e in d.elements}
    rows = (
        ReportedValue.objects.filter(
            report__in=[r.pk for r in reports], revision=F("report__revision"), element__in=asked
        )
        .values_list("report")
        .annotate(n=Count("pk"))
    )
    return dict(rows)


def _verdicts(reports: Iterable[Report], scope: Scope) -> dict[int, tuple[int, int, int]]:
    own = Q(state=Verdict.State.OPEN)
    if not scope.all_offices:
        own &= Q(element__office__in=scope.office_ids)
    rows = (
        Verdict.objects.filter(report__in=[r.pk for r in reports], revision=F("report__revision"))
        .values("report")
        .annotate(
            verified=Count("pk", filter=Q(state=Verdict.State.VERIFIED)),
            waiting=Count("pk", filter=Q(state=Verdict.State.OPEN)),
            own=Count("pk", filter=own),
        )
    )
    return {row["report"]: (row["verified"], row["waiting"], row["own"]) for row in rows}


def _returned(reports: Iterable[Report]) -> dict[int, list[Returned]]:
    found: dict[int, list[Returned]] = defaultdict(list)
    for v in (
        Verdict.objects.filter(
            report__in=[r.pk for r in reports if r.status == RETURNED],
            revision=F("report__revision"),
            state=Verdict.State.RETURNED,
        )
        .select_related("element", "element__office")
        .order_by("at", "pk")
    ):
        office = v.element.office
        found[v.report_id].append(
            Returned(
                v.element.code,
                Name(v.element.name_vi, v.element.name_en),
                v.reason,
                Name(office.name_vi, office.name_en),
                v.by,
            )
        )
    return found


def waiting_count(scope: Scope) -> int:
    """How many reports wait for this person: one query (the navigation shows it on every page)."""
    reports = Report.objects.visible_to(scope)
    if "reports.edit" in scope.permissions:
        return reports.filter(unit__in=scope.unit_ids, status__in=[DRAFT, RETURNED]).count()
    if "reports.approve" in scope.permissions:
        return reports.filter(status=VERIFIED).count()
    if "reports.verify" in scope.permissions:
        verdicts = Verdict.objects.filter(
            state=Verdict.State.OPEN, report__status__in=[SUBMITTED, RETURNED], revision=F("report__revision")
        )
        if not scope.all_offices:
            verdicts = verdicts.filter(element__office__in=scope.office_ids)
        return verdicts.values("report").distinct().count()
    return 0


def communes_of(period: Period, scope: Scope) -> list[tuple[Unit, Name]]:
    """Communes of a period's last day that this person sees, in dictionary order."""
    units = Unit.objects.on(period.ends_on).visible_to(scope).filter(kind__in=REPORTING_KINDS).order_by("sort_key")
    return [(unit, Name(unit.name_vi, unit.name_en)) for unit in units]
