"""Values that the register of households gives: written into reports by the portal, never typed.

A derived cell is a fact of the register, which decisions of the chairman make; the report shows it. So it follows the
register in whatever state the report is, where a typed value would wait for `reopen`: an approved report keeps what was
typed, and what was derived stays as new as the register. Each change has its row in the history, and an event.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from communes.models import VillageVersion
from communes.selectors.poverty_area import PoorRate, poor_rate, rates_told
from indicators.models import DataElement, Report, ReportedValue, ValueChange
from indicators.selectors.definitions import definitions_for
from indicators.services.evaluation import request_evaluation
from indicators.services.guard import hold, tell
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.services.record import SYSTEM
from mongcai_portal.common.numbers import plain
from mongcai_portal.common.workflow import EDITABLE

State = ReportedValue.State


def on_households_counted(*, village_ids: Iterable[int], since: date, **_signal: Any) -> None:
    """Receive `communes.signals.households_counted`: bring derived cells of the units' reports up to the register."""
    elements = list(DataElement.objects.exclude(derived_from=""))
    if not elements:
        return
    units = VillageVersion.objects.filter(village__in=list(village_ids)).values("unit")
    reports = Report.objects.filter(period__ends_on__gte=since)
    touched = set(reports.filter(unit__in=units).values_list("pk", flat=True))
    for pk in sorted(touched | _settled_by_others(reports.exclude(pk__in=touched), elements)):
        _derive(pk, elements)


def _settled_by_others(reports: QuerySet[Report], elements: Sequence[DataElement]) -> set[int]:
    """Return the reports being typed whose rate may be told no longer, or again, because other units' counts changed.

    Three queries for each day that the reports are of, and each element.
    """
    typed = reports.filter(status__in=EDITABLE)
    found = set()
    for day in set(typed.values_list("period__ends_on", flat=True)):
        of_day = typed.filter(period__ends_on=day)
        for element in elements:
            told = rates_told(day, element.derived_standard)
            cells = ReportedValue.objects.filter(
                report=OuterRef("pk"), revision=OuterRef("revision"), element=element, part=""
            ).exclude(derived_from="")
            has = of_day.annotate(has=Exists(cells)).values_list("pk", "unit_id", "has")
            found |= {pk for pk, unit, has_it in has if has_it != (unit in told)}
    return found


def derive_report(report_id: int) -> int:
    """Write what the register says into a report that was just opened or reopened; return how many cells changed."""
    elements = list(DataElement.objects.exclude(derived_from=""))
    return _derive(report_id, elements) if elements else 0


def _derive(report_id: int, elements: Sequence[DataElement]) -> int:
    changed = 0
    with transaction.atomic():
        # The report first, as everyone who writes its cells: what is read after this stays so.
        hold(Report(pk=report_id))
        report = Report.objects.select_related("unit", "period").get(pk=report_id)
        asked = {element.code for element in definitions_for(report.period).elements}
        for element in elements:
            if element.code in asked:
                changed += _derive_cell(report, element)
    return changed


def _derive_cell(report: Report, element: DataElement) -> int:
    found = poor_rate(report.unit_id, report.period.ends_on, element.derived_standard)
    if found is not None and found.illustrative and not report.illustrative:
        found = None  # placeholders say nothing of a report that somebody means
    revisions = {report.revision, report.approved_revision or report.revision}
    rows = {
        row.revision: row
        for row in ReportedValue.objects.filter(report=report, element=element, part="", revision__in=revisions)
    }
    changed = [
        revision
        for revision in sorted(revisions)
        if _write(report, element, revision, rows.get(revision), found, timezone.now())
    ]
    if report.approved_revision in changed:
        request_evaluation(unit_id=report.unit_id, period_id=report.period_id)
    return len(changed)


def _write(
    report: Report,
    element: DataElement,
    revision: int,
    row: ReportedValue | None,
    found: PoorRate | None,
    moment: datetime,
) -> bool:
    """Write one cell of one revision; return whether it became another one."""
    open_now = revision == report.revision and report.status in EDITABLE
    derived = row is not None and bool(row.derived_from)
    if not open_now and not derived:
        return False  # what was typed into a report that is on its way or approved is the commune's
    if found is None:
        # The register does not say it any more: to be typed where that can be done, otherwise what it said last.
        if row is None or not derived or not open_now:
            return False
        row.delete()
        _told(report, element, revision, None, moment, None)
        return True
    basis = {
        "standard": found.standard,
        "as_of": found.day.isoformat(),
        "poor": found.poor,
        "near_poor": found.near_poor,
        "households": found.households,
        "at_most": found.few,
    }
    if row is not None and derived and (row.number, row.basis) == (found.percent, basis):
        return False
    typed = _text(row) if row is not None and not derived else None
    same_number = row is not None and derived and row.number == found.percent
    wanted = row or ReportedValue(
        report=report, revision=revision, element=element, lock=secrets.randbelow(2**30) + 1, note=""
    )
    if row is not None:
        wanted.lock += 1
    wanted.state, wanted.number, wanted.boolean, wanted.choice, wanted.reason = State.VALUE, found.percent, None, "", ""
    wanted.derived_from, wanted.basis = element.derived_from, basis
    wanted.entered_by, wanted.entered_at = SYSTEM, moment
    wanted.save()
    if not same_number:
        _told(report, element, revision, wanted, moment, typed)
    return not same_number


def _text(row: ReportedValue) -> str:
    return str(row.state) if row.number is None else plain(row.number)


def _told(
    report: Report,
    element: DataElement,
    revision: int,
    row: ReportedValue | None,
    moment: datetime,
    typed: str | None,
) -> None:
    """Keep what the cell is now, and tell that it was written: `typed` is what somebody had typed there before.

    The event has no number of the register: two of them, one taken off the other, would tell of single households.
    """
    ValueChange.objects.create(
        report=report,
        revision=revision,
        element=element,
        state=State.VALUE if row else ValueChange.CLEARED,
        number=row.number if row else None,
        note=row.note if row else "",
        by=SYSTEM,
        at=moment,
    )
    cell = {"element": element.code, "part": "", "before": typed, "after": None}
    tell(report, kind=Kind.REPORT_VALUES_SAVED, by=None, cells=[cell], derived_from=element.derived_from)
