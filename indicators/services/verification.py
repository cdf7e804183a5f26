"""What sector offices do: verify their elements, judge where no norm is known, or send cells back with reasons."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communes.scope import Scope
from indicators.models import Judgement, Report, Verdict
from indicators.rules.evaluate import evaluate_indicator
from indicators.rules.types import MET, NOT_MET, UNDETERMINED, UnitData
from indicators.selectors.data import unit_data
from indicators.selectors.definitions import Definitions, contexts, definitions_for
from indicators.services.guard import Seen, move, report_for, tell
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.common.errors import Fault, Forbidden, Invalid, step

Judgements = Mapping[str, str | Mapping[str, str]]


def verify(
    *,
    by: Any,
    report_id: int,
    elements: Sequence[str] | None = None,
    judgements: Judgements | None = None,
    lock: int | None = None,
    seen: Seen | None = None,
) -> Report:
    """Verify elements (thẩm định); None means every open one of the caller's offices.

    `judgements`: element → outcome, or element → {set code: outcome}, only where no norm is known. The report is
    verified when no element is open or returned.

    Raises:
        Report.DoesNotExist, Forbidden (another office's element), Stale; Invalid: unknown elements, elements that are
        not waiting, judgements where a norm decides. Every fault is named and nothing is stored.
    """
    report, scope = report_for(by=by, report_id=report_id, permission="reports.verify")
    definitions = definitions_for(report.period)
    with transaction.atomic():
        move(report, "verify", lock=lock, seen=seen)
        verdicts = _verdicts(report)
        chosen = _chosen(report, scope, definitions, verdicts, elements)
        judged = _judgements(report, definitions, chosen, judgements or {})
        moment, name = timezone.now(), str(by)
        Verdict.objects.filter(pk__in=[v.pk for v in chosen.values()]).update(
            state=Verdict.State.VERIFIED, by=name, at=moment
        )
        Judgement.objects.filter(
            report=report, revision=report.revision, element__in=[v.element_id for v in chosen.values()]
        ).delete()
        Judgement.objects.bulk_create(
            Judgement(
                report=report,
                revision=report.revision,
                element_id=chosen[element].element_id,
                criteria_set_id=set_id,
                outcome=outcome,
                office_id=chosen[element].office_id,
                by=name,
                at=moment,
            )
            for (element, set_id), outcome in judged.items()
        )
        waiting = [v for code, v in verdicts.items() if code not in chosen and v.state != Verdict.State.VERIFIED]
        if not waiting:
            Report.objects.filter(pk=report.pk).update(status=Report.Status.VERIFIED)
        tell(
            report,
            kind=Kind.REPORT_VERIFIED,
            by=by,
            elements=sorted(chosen),
            judgements=_by_set(judged, definitions),
        )
    report.refresh_from_db()
    return report


def send_back(
    *, by: Any, report_id: int, returns: Mapping[str, str], lock: int | None = None, seen: Seen | None = None
) -> Report:
    """Send elements back (trả lại), each with its reason; the other offices' verdicts stay.

    Raises:
        Report.DoesNotExist, Forbidden, Stale; Invalid: nothing named, an unknown element, a missing reason.
    """
    report, scope = report_for(by=by, report_id=report_id, permission="reports.send_back")
    definitions = definitions_for(report.period)
    with transaction.atomic():
        move(report, "send_back", lock=lock, seen=seen)
        verdicts = _verdicts(report)
        faults = [
            Fault(step(code), "required", _("Ghi lý do trả lại để xã biết cần sửa gì."))
            for code, reason in returns.items()
            if not reason.strip()
        ]
        faults += _unknown(returns, verdicts)
        if not returns:
            faults.append(Fault("/elements", "required", _("Chọn ít nhất một số liệu để trả lại.")))
        if faults:
            raise Invalid(faults)
        _require_offices(scope.acts_for_office, definitions, returns)
        moment, name = timezone.now(), str(by)
        rows = []
        for code, reason in returns.items():
            verdict = verdicts[code]
            verdict.state, verdict.reason, verdict.by, verdict.at = Verdict.State.RETURNED, reason.strip(), name, moment
            rows.append(verdict)
        Verdict.objects.bulk_update(rows, ["state", "reason", "by", "at"])
        Judgement.objects.filter(
            report=report, revision=report.revision, element__in=[v.element_id for v in rows]
        ).delete()
        tell(report, kind=Kind.REPORT_SENT_BACK, by=by, reasons={k: v.strip() for k, v in returns.items()})
    report.refresh_from_db()
    return report


def _verdicts(report: Report) -> dict[str, Verdict]:
    rows = (
        Verdict.objects.filter(report=report, revision=report.revision)
        .select_related("element")
        .defer("element__name_vi", "element__name_en", "element__unit", "element__scale")
    )
    return {row.element.code: row for row in rows}


def _unknown(codes: Sequence[str] | Mapping[str, str], verdicts: Mapping[str, Verdict]) -> list[Fault]:
    return [
        Fault(step(code), "unknown_element", _("Không có số liệu “%(code)s” trong báo cáo này.") % {"code": code})
        for code in codes
        if code not in verdicts
    ]


def _require_offices(
    may: Callable[[int], bool], definitions: Definitions, codes: Sequence[str] | Mapping[str, str]
) -> None:
    office = {e.code: e.office_id for e in definitions.elements}
    if any(not may(office[code]) for code in codes if code in office):
        raise Forbidden(_("Có số liệu thuộc phòng ban khác; mỗi phòng ban chỉ thẩm định phần của mình."))


def _chosen(
    report: Report,
    scope: Scope,
    definitions: Definitions,
    verdicts: dict[str, Verdict],
    elements: Sequence[str] | None,
) -> dict[str, Verdict]:
    office = {e.code: e.office_id for e in definitions.elements}
    if elements is None:
        chosen = {
            code: v
            for code, v in verdicts.items()
            if v.state == Verdict.State.OPEN and scope.verifies_for_office(office.get(code, 0))
        }
        if not chosen:
            raise Invalid([Fault("/elements", "nothing_open", _("Không còn số liệu nào chờ phòng ban này thẩm định."))])
        return chosen
    faults = _unknown(elements, verdicts)
    if not elements:
        faults.append(Fault("/elements", "required", _("Chọn ít nhất một số liệu.")))
    if faults:
        raise Invalid(faults)
    _require_offices(scope.verifies_for_office, definitions, elements)
    faults = [
        Fault(step(code), "returned", _("Số liệu này đang trả lại xã, chờ xã trình lại."))
        for code in elements
        if verdicts[code].state == Verdict.State.RETURNED
    ]
    if faults:
        raise Invalid(faults)
    return {code: verdicts[code] for code in elements}


def _by_set(judged: Mapping[tuple[str, int], str], definitions: Definitions) -> dict[str, dict[str, str]]:
    """Return the judgements as the audit trail tells them: element → {set code: outcome}."""
    codes = {s.id: s.code for s in definitions.sets}
    told: dict[str, dict[str, str]] = {}
    for (element, set_id), outcome in judged.items():
        told.setdefault(element, {})[codes[set_id]] = outcome
    return told


def _judgements(
    report: Report, definitions: Definitions, chosen: Mapping[str, Verdict], judgements: Judgements
) -> dict[tuple[str, int], str]:
    """Return {(element, set id): outcome} after checking that no norm decides there."""
    if not judgements:
        return {}
    context = contexts([report.unit_id], report.period.ends_on, definitions.commune_groups)[report.unit_id]
    data = unit_data(report, report.revision, report.period.ends_on.year)
    bare = UnitData(data.year, data.cells)
    sets = {s.code: s for s in definitions.sets}
    faults: list[Fault] = []
    result: dict[tuple[str, int], str] = {}
    for element, given in judgements.items():
        if element not in chosen:
            faults.append(Fault(step(element), "not_chosen", _("Chỉ đánh giá được số liệu đang thẩm định lần này.")))
            continue
        undecided = {
            s.code: s.id
            for s, _c, i in definitions.readers(element)
            if evaluate_indicator(i, criteria_set=s, sets=sets, context=context, data=bare).outcome == UNDETERMINED
        }
        asked = dict.fromkeys(undecided or [""], given) if isinstance(given, str) else dict(given)
        for set_code, outcome in asked.items():
            if set_code not in undecided:
                faults.append(
                    Fault(
                        step(element),
                        "norm_known",
                        _("Chỉ tiêu này đã có mức đạt chuẩn hoặc chưa có số liệu; không cần phòng ban đánh giá."),
                    )
                )
            elif outcome not in (MET, NOT_MET):
                faults.append(Fault(step(element), "invalid", _("Đánh giá chỉ có thể là đạt hoặc chưa đạt.")))
            else:
                result[element, undecided[set_code]] = outcome
    if faults:
        raise Invalid(faults)
    return result
