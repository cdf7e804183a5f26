"""The grid unit × period: who has to report by the map of each period's last day, and how far each one is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from communes.models import UnitVersion
from communes.scope import Scope
from indicators.models import Period, Report
from indicators.models.reports import REPORTING_KINDS
from indicators.rules.completeness import Cell, Ratio, ReportFacts, cell_of, completeness, timeliness
from indicators.selectors.definitions import definitions_by_period
from indicators.selectors.layout import Name
from indicators.selectors.periods import archived
from indicators.selectors.worklist import entered_counts
from mongcai_portal.common.periods import parse_period
from mongcai_portal.common.workflow import EDITABLE

WIDEST = 12  # columns of one page: a year of months


@dataclass(frozen=True, slots=True)
class Line:
    """A unit, its cells in the order of the periods, and the reports behind them (None: not opened)."""

    unit_id: int
    uid: str
    name: Name
    sort_key: str
    cells: tuple[Cell, ...]
    reports: tuple[Report | None, ...]
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def completeness(self) -> Ratio:
        return completeness(self.cells)

    @property
    def timeliness(self) -> Ratio:
        return timeliness(self.cells)


@dataclass(frozen=True, slots=True)
class Column:
    """A period with its totals; `timed` unless the archive alone brought it."""

    period: Period
    completeness: Ratio
    timeliness: Ratio
    illustrative: bool
    timed: bool = True


@dataclass(frozen=True, slots=True)
class Grid:
    """Lines in dictionary order, columns in the order of time, and the totals of all."""

    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    completeness: Ratio
    timeliness: Ratio


@dataclass(frozen=True, slots=True)
class PeriodChoice:
    """The periods shown, and which others may be asked for."""

    shown: tuple[Period, ...]
    everything: tuple[Period, ...]
    kinds: tuple[str, ...]
    kind: str
    until: str
    older: str
    newer: str


def choose_periods(*, kind: str = "", until: str = "", widest: int = WIDEST) -> PeriodChoice:
    """Return up to `widest` periods of a kind (all) that end with the one asked for (the newest): one query."""
    every = list(Period.objects.order_by("ends_on", "-starts_on"))
    kinds = {period.pk: parse_period(period.code).kind for period in every}
    known = [k for k in ("year", "half", "quarter", "month") if k in kinds.values()]
    chosen = kind if kind in known else ""
    rows = [period for period in every if chosen in ("", kinds[period.pk])]
    codes = [period.code for period in rows]
    end = codes.index(until) + 1 if until in codes else len(rows)
    start = max(0, end - widest)
    return PeriodChoice(
        shown=tuple(rows[start:end]),
        everything=tuple(reversed(every)),
        kinds=tuple(known),
        kind=chosen,
        until=codes[end - 1] if rows else "",
        older=codes[start - 1] if start else "",
        newer=codes[min(end + widest, len(rows)) - 1] if end < len(rows) else "",
    )


def completeness_grid(*, scope: Scope, periods: Sequence[Period], now: datetime | None = None) -> Grid:
    """Return the grid of the units that the scope sees, in a fixed number of queries."""
    moment, zone = now or timezone.now(), timezone.get_default_timezone()
    reports = list(Report.objects.visible_to(scope).filter(period__in=list(periods)).select_related("period"))
    by_key = {(report.unit_id, report.period_id): report for report in reports}
    facts = _facts(reports)
    # Asked of all reports, not of those seen: an officer's own one may be the only typed or imported one.
    untimed = set(Period.objects.filter(archived(), pk__in=[p.pk for p in periods]).values_list("pk", flat=True))
    lines = []
    for unit_id, versions in _versions(scope, periods).items():
        required = [any(v.holds_on(p.ends_on) and v.kind in REPORTING_KINDS for v in versions) for p in periods]
        own = [by_key.get((unit_id, period.pk)) for period in periods]
        if not any(required) and not any(own):
            continue
        cells = tuple(
            cell_of(
                required=must,
                report=facts[report.pk] if report else None,
                due_on=period.due_on,
                now=moment,
                zone=zone,
                timed=period.pk not in untimed,
            )
            for period, must, report in zip(periods, required, own, strict=True)
        )
        last = versions[-1]
        name = Name(last.name_vi, last.name_en)
        lines.append(
            Line(unit_id, last.unit.uid, name, last.sort_key, cells, tuple(own), last.valid_from, last.valid_to)
        )
    lines.sort(key=lambda line: (line.sort_key, line.uid))
    columns = [
        _column(period, [line.cells[at] for line in lines], timed=period.pk not in untimed)
        for at, period in enumerate(periods)
    ]
    return Grid(
        tuple(columns),
        tuple(lines),
        sum((column.completeness for column in columns), Ratio()),
        sum((column.timeliness for column in columns), Ratio()),
    )


def _column(period: Period, cells: Iterable[Cell], *, timed: bool) -> Column:
    found = list(cells)
    made = [cell for cell in found if cell.illustrative]
    opened = [cell for cell in found if cell.complete or cell.percent is not None]
    return Column(period, completeness(found), timeliness(found), bool(made) and len(made) >= len(opened), timed)


def _facts(reports: Sequence[Report]) -> dict[int, ReportFacts]:
    definitions = definitions_by_period({report.period_id: report.period for report in reports}.values())
    totals = {pk: sum(len(e.cells) for e in found.elements) for pk, found in definitions.items()}
    typing = [report for report in reports if report.status in EDITABLE]
    entered = entered_counts(typing, definitions)
    return {
        report.pk: ReportFacts(
            status=report.status,
            approved=report.approved_revision is not None,
            entered=entered.get(report.pk, 0),
            total=totals[report.period_id],
            submitted_at=report.submitted_first_at,
            illustrative=report.illustrative,
        )
        for report in reports
    }


def _versions(scope: Scope, periods: Sequence[Period]) -> dict[int, list[UnitVersion]]:
    """Versions during the periods of the units that report by then, or did report: by unit, in order of time."""
    if not periods:
        return {}
    first, last = min(p.ends_on for p in periods), max(p.ends_on for p in periods)
    reported = Report.objects.filter(period__in=list(periods)).values("unit")
    rows = UnitVersion.objects.filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=last),
        Q(unit__in=reported) | (Q(kind__in=REPORTING_KINDS) & (Q(valid_to__isnull=True) | Q(valid_to__gte=first))),
    ).select_related("unit")
    if not scope.all_units:
        rows = rows.filter(unit__in=scope.unit_ids)
    found: dict[int, list[UnitVersion]] = defaultdict(list)
    for row in rows:
        found[row.unit_id].append(row)
    for versions in found.values():
        versions.sort(key=lambda v: (v.valid_from is not None, v.valid_from or first))
    return found
