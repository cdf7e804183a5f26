"""What sets that were just published change: approved reports are evaluated anew, submitted ones are asked for more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from communes.selectors.directory import names_on
from indicators.models import CriteriaSet, Judgement, Report, ReportedValue, Verdict
from indicators.selectors.definitions import Definitions, ElementDef, definitions_by_period
from indicators.services.evaluation import request_evaluations
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.services import About, record_many
from mongcai_portal.audit.services.record import SYSTEM

Status, State = Report.Status, Verdict.State
# Submitted, so that the commune does not look for what is asked anew: it has to be told.
UNDER_WAY = (Status.SUBMITTED, Status.RETURNED, Status.VERIFIED)


def take_effect(*, by: Any, sets: Sequence[CriteriaSet]) -> dict[int, int]:
    """Let published sets take effect on the reports of their years, in the caller's transaction.

    Approved reports are evaluated anew. A report under way that lacks a figure it is now asked for goes back to its
    commune with the reason; the verdicts on its other figures stay.

    Returns:
        Set id → how many approved reports are evaluated by it, for the sets that have any report in their years.
    """
    if not sets:
        return {}
    years = Q()
    for one in sets:
        years |= Q(period__ends_on__year__gte=one.first_year, period__ends_on__year__lte=one.last_year)
    # Held until the transaction ends: a submission is either seen below, or asked by the new sets.
    if not Report.objects.filter(years).update(lock=F("lock")):
        return {}
    reports = list(Report.objects.filter(years).select_related("unit", "period").order_by("pk"))
    approved = [report for report in reports if report.approved_revision is not None]
    request_evaluations((report.unit_id, report.period_id) for report in approved)
    _ask_for_more([report for report in reports if report.status in UNDER_WAY], sets, by)
    return {
        one.pk: sum(_judges(one, report) for report in approved)
        for one in sets
        if any(_judges(one, report) for report in reports)
    }


def _judges(one: CriteriaSet, report: Report) -> bool:
    return one.first_year <= report.period.ends_on.year <= one.last_year


def _ask_for_more(reports: Sequence[Report], sets: Sequence[CriteriaSet], by: Any) -> None:
    """Send the figures back that reports under way lack: in sets, however many reports there are."""
    if not reports:
        return
    asked = definitions_by_period({report.period_id: report.period for report in reports}.values())
    current: dict[str, Any] = {"report__in": [report.pk for report in reports], "revision": F("report__revision")}
    entered: dict[int, set[tuple[int, str]]] = defaultdict(set)
    cells = ReportedValue.objects.filter(**current).values_list("report_id", "element_id", "part")
    for report_id, element_id, part in cells:
        entered[report_id].add((element_id, part))
    verdicts = {(verdict.report_id, verdict.element_id): verdict for verdict in Verdict.objects.filter(**current)}
    reasons = {pk: _reasons(definitions, sets) for pk, definitions in asked.items()}
    moment, name = timezone.now(), SYSTEM if by is None else str(by)
    new: list[Verdict] = []
    again: list[Verdict] = []
    told: dict[int, dict[str, str]] = defaultdict(dict)
    for report in reports:
        for element in asked[report.period_id].elements:
            verdict = verdicts.get((report.pk, element.id))
            if not _lacks(element, verdict, entered[report.pk]):
                continue
            (new if verdict is None else again).append(
                Verdict(
                    pk=None if verdict is None else verdict.pk,
                    report=report,
                    revision=report.revision,
                    element_id=element.id,
                    office_id=element.office_id,
                    state=State.RETURNED,
                    reason=reasons[report.period_id][element.code],
                    by=name,
                    at=moment,
                )
            )
            told[report.pk][element.code] = reasons[report.period_id][element.code]
    Verdict.objects.bulk_create(new)
    Verdict.objects.bulk_update(again, ["state", "reason", "by", "at"])
    taken_back = {(verdict.report_id, verdict.element_id) for verdict in again}
    if taken_back:
        judged = Judgement.objects.filter(**current).values_list("pk", "report_id", "element_id")
        Judgement.objects.filter(pk__in=[pk for pk, *key in judged if tuple(key) in taken_back]).delete()
    Report.objects.filter(pk__in=list(told)).update(status=Status.RETURNED, lock=F("lock") + 1)
    _tell([report for report in reports if report.pk in told], told, by)


def _lacks(element: ElementDef, verdict: Verdict | None, entered: set[tuple[int, str]]) -> bool:
    """Whether a figure is to be sent back: nobody was asked for it, or it has a cell that was not there before."""
    if verdict is None:
        return True
    return verdict.state != State.RETURNED and any((element.id, cell.part) not in entered for cell in element.cells)


def _reasons(definitions: Definitions, sets: Sequence[CriteriaSet]) -> dict[str, str]:
    """Return why each element is asked for, by its code: in the portal's language, for it is kept and communes read it.

    An element that none of the new sets reads (a figure was lacking before) names them all.
    """
    names = {one.pk: one.name_vi for one in sets}
    readers: dict[str, dict[str, None]] = defaultdict(dict)
    for spec in definitions.sets:
        if spec.id in names:
            for criterion in spec.criteria:
                for indicator in criterion.indicators:
                    readers[indicator.element][names[spec.id]] = None
    with override(settings.LANGUAGE_CODE):
        return {
            element.code: _("Bộ tiêu chí mới ban hành cần thêm số liệu này: %(sets)s.")
            % {"sets": "; ".join(readers.get(element.code) or names.values())}
            for element in definitions.elements
        }


def _tell(reports: Sequence[Report], told: dict[int, dict[str, str]], by: Any) -> None:
    """Write one event for each report, as if its offices had sent the figures back."""
    by_period: dict[int, list[Report]] = defaultdict(list)
    for report in reports:
        by_period[report.period_id].append(report)
    about = []
    for group in by_period.values():
        period = group[0].period
        names = names_on(period.ends_on, [report.unit_id for report in group])
        for report in group:
            unit = names[report.unit_id].name_vi if report.unit_id in names else report.unit.uid
            details = {"revision": report.revision, "reasons": told[report.pk]}
            about.append(About("report", report.pk, f"{unit} · {period.code}", report.unit.uid, details))
    record_many(kind=Kind.REPORT_SENT_BACK, by=by, about=about)
