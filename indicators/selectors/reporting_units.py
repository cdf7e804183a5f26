"""Who reports for a period, and why another unit of the same days does not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q

from communes.models import UnitSuccession, UnitVersion
from communes.scope import Scope
from indicators.models import Period, Report
from indicators.rules.reporting import ENDED, NOT_A_COMMUNE, REPORTS, duty
from indicators.selectors.layout import layout_for
from indicators.selectors.units import LISTED

_ORDER = (REPORTS, NOT_A_COMMUNE, ENDED)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A unit before or after, as it was called at the step."""

    step: UnitSuccession
    version: UnitVersion | None


@dataclass(frozen=True, slots=True)
class ReportingUnit:
    """A unit that existed in the period: whether it reports, and the units it came from or went into within it."""

    version: UnitVersion
    duty: str
    predecessors: tuple[Neighbour, ...]
    successors: tuple[Neighbour, ...]
    report: Report | None

    @property
    def uid(self) -> str:
        return str(self.version.unit.uid)


@dataclass(frozen=True, slots=True)
class WhoReports:
    """The units of a period; `decisions` are those of the criteria sets that judge it."""

    period: Period
    decisions: tuple[str, ...]
    rows: tuple[ReportingUnit, ...]

    @property
    def changed(self) -> bool:
        """Whether the map changed within the period."""
        return any(row.predecessors or row.successors for row in self.rows)


def who_reports(period: Period, scope: Scope) -> WhoReports:
    """Return every unit of the period that the reader sees, those that report first: five queries.

    A commune that exists on the last day reports for the whole period; a unit that ended before does not (its successor
    reports its territory), and a ward does not (the sets judge communes).
    """
    versions = _versions(period)
    steps = list(
        # On the first day itself nothing changes within the period.
        UnitSuccession.objects.filter(effective_on__gt=period.starts_on, effective_on__lte=period.ends_on).order_by(
            "effective_on", "pk"
        )
    )
    reports = {r.unit_id: r for r in Report.objects.filter(period=period).visible_to(scope)}
    rows = []
    for unit_id, known in versions.items():
        if not scope.sees_unit(unit_id):
            continue
        now = next((v for v in known if v.holds_on(period.ends_on)), None)
        rows.append(
            ReportingUnit(
                now or known[-1],
                duty(now.kind if now else None, ended=True),
                tuple(
                    Neighbour(s, _called(versions, s.predecessor_id, s, before=True))
                    for s in steps
                    if s.successor_id == unit_id
                ),
                tuple(
                    Neighbour(s, _called(versions, s.successor_id, s, before=False))
                    for s in steps
                    if s.predecessor_id == unit_id
                ),
                reports.get(unit_id),
            )
        )
    rows.sort(key=lambda row: (_ORDER.index(row.duty), row.version.sort_key, row.uid))
    decisions = tuple(dict.fromkeys(words.decision for words in layout_for(period).sets.values()))
    return WhoReports(period, decisions, tuple(rows))


def reporting_unit(report: Report, scope: Scope) -> ReportingUnit | None:
    """Return the unit of a report when the map changed for it within the period, else None: one query then."""
    steps = UnitSuccession.objects.filter(
        successor=report.unit_id, effective_on__gt=report.period.starts_on, effective_on__lte=report.period.ends_on
    )
    if not steps.exists():
        return None
    found = who_reports(report.period, scope)
    return next((row for row in found.rows if row.version.unit_id == report.unit_id), None)


def _versions(period: Period) -> dict[int, list[UnitVersion]]:
    rows = UnitVersion.objects.filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=period.ends_on),
        Q(valid_to__isnull=True) | Q(valid_to__gte=period.starts_on),
        kind__in=LISTED,
    ).select_related("unit")
    found: dict[int, list[UnitVersion]] = {}
    for row in sorted(rows, key=lambda v: (v.valid_from is not None, v.valid_from)):
        found.setdefault(row.unit_id, []).append(row)
    return found


def _called(
    versions: dict[int, list[UnitVersion]], unit_id: int, step: UnitSuccession, *, before: bool
) -> UnitVersion | None:
    day = step.effective_on - timedelta(days=1) if before else step.effective_on
    return next((v for v in versions.get(unit_id, ()) if v.holds_on(day)), None)
