"""The district, while there were any: its chairman is sent the result of a round, and gives an opinion on it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from communes.models import DistrictReport, ReviewRound
from communes.selectors.reviews.rounds import (
    DistrictState,
    decidable_from,
    district_state,
    procedure_spec,
    village_states,
)
from communes.services.reviews.guard import actor, day_faults, hold, plain, round_for, tell, text_faults
from communes.services.reviews.moves import village_faults
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.common.errors import Fault, Invalid, Stale
from mongcai_portal.common.templatetags.portal import date_vi
from mongcai_portal.common.workflow import VERIFIED


def report_to_district(*, by: Any, round_id: int, sent_on: date | None, number: str) -> DistrictReport:
    """Record that a round's result was sent to the chairman of the district; the same again changes nothing.

    Raises:
        ReviewRound.DoesNotExist, Forbidden; Stale: the round does not wait for its decision, or another window was
        first; Invalid: `/number` required, too_long; `/sent_on` required, in_future, before_posting_ends;
        `/district` not_asked (a round without this step), reported (already); `/villages/<code>`.
    """
    round_ = round_for(by=by, round_id=round_id)
    state = district_state(round_, procedure_spec(round_.procedure))
    stored, said = state.report if state else None, plain(number)
    if stored is not None and (stored.number, stored.sent_on) == (said, sent_on):
        return stored
    states = village_states(round_, timezone.localdate())
    first = decidable_from(states)
    faults = text_faults(said, "number", most=60, needed=_("Ghi số báo cáo."))
    faults += day_faults(sent_on, "sent_on")
    faults += village_faults(states)
    if first is not None and sent_on is not None and sent_on < first:
        message = _("Niêm yết và giải quyết khiếu nại kết thúc trước ngày %(day)s; báo cáo không thể gửi sớm hơn.")
        faults.append(Fault("/sent_on", "before_posting_ends", message % {"day": date_vi(first)}))
    if state is None:
        faults.append(_not_asked())
    if stored is not None:
        faults.append(Fault("/district", "reported", _("Đã ghi báo cáo gửi Chủ tịch UBND cấp huyện.")))
    if faults or sent_on is None:
        raise Invalid(faults)
    with transaction.atomic():
        hold(round_, {VERIFIED}, _("Chỉ báo cáo cấp huyện khi kết quả đã trình Chủ tịch UBND xã."))
        if DistrictReport.objects.filter(round=round_, counts=True).exists():
            raise Stale(_("Báo cáo gửi Chủ tịch UBND cấp huyện vừa được ghi ở cửa sổ khác."))
        made = DistrictReport.objects.create(
            round=round_, number=said, sent_on=sent_on, recorded_by=actor(by), recorded_at=timezone.now()
        )
        _told_of(round_)
        tell(round_, kind=Kind.REVIEW_REPORTED, by=by, number=said, on=sent_on)
    return made


def record_opinion(*, by: Any, round_id: int, answered_on: date | None, number: str, opinion: str) -> DistrictReport:
    """Record the opinion of the chairman of the district on what was sent; the same again changes nothing.

    It may come after its term: what follows from that is not stated, so that the decision waits for it.

    Raises:
        ReviewRound.DoesNotExist, Forbidden; Stale: as `report_to_district`; Invalid: `/number`, `/opinion` required,
        too_long; `/answered_on` required, in_future, too_early (before it was sent); `/district` not_asked,
        not_reported, answered (already).
    """
    round_ = round_for(by=by, round_id=round_id)
    state = district_state(round_, procedure_spec(round_.procedure))
    stored = state.report if state else None
    given, said = plain(number), opinion.strip()
    if stored and (stored.answered_on, stored.answer_number, stored.opinion) == (answered_on, given, said):
        return stored
    faults = text_faults(given, "number", most=60, needed=_("Ghi số văn bản."))
    sent = stored.sent_on if stored else None
    faults += day_faults(answered_on, "answered_on", since=sent, least=_("Báo cáo gửi cấp huyện"))
    faults += text_faults(said, "opinion", most=4000, needed=_("Ghi nội dung ý kiến."))
    if state is None:
        faults.append(_not_asked())
    elif stored is None:
        faults.append(_not_reported())
    elif stored.answered_on is not None:
        faults.append(Fault("/district", "answered", _("Đã ghi ý kiến của Chủ tịch UBND cấp huyện.")))
    if faults or stored is None:
        raise Invalid(faults)
    with transaction.atomic():
        hold(round_, {VERIFIED}, _("Chỉ ghi ý kiến của cấp huyện khi đợt đang chờ quyết định."))
        waiting = DistrictReport.objects.filter(pk=stored.pk, counts=True, answered_on__isnull=True)
        if not waiting.update(answered_on=answered_on, answer_number=given, opinion=said):
            raise Stale(_("Ý kiến của Chủ tịch UBND cấp huyện đã được xử lý ở cửa sổ khác."))
        _told_of(round_)
        tell(round_, kind=Kind.REVIEW_OPINION, by=by, number=given, on=answered_on)
    stored.refresh_from_db()
    return stored


def opinion_faults(state: DistrictState | None, decided_on: date | None) -> list[Fault]:
    """What is missing of the district before a decision: the report, the opinion, or a day that is not before it."""
    if state is None:
        return []
    report = state.report
    if report is None:
        return [_not_reported()]
    if report.answered_on is None:
        told = {"number": report.number, "day": date_vi(report.sent_on), "due": date_vi(state.due)}
        message = _(
            "Chưa ghi ý kiến của Chủ tịch UBND cấp huyện về báo cáo số %(number)s gửi ngày %(day)s (hạn trả lời: hết "
            "ngày %(due)s): ghi ý kiến trước khi ghi quyết định."
        )
        return [Fault("/district", "no_opinion", message % told)]
    if decided_on is not None and decided_on < report.answered_on:
        message = _("Chủ tịch UBND cấp huyện cho ý kiến ngày %(day)s; quyết định không thể sớm hơn.")
        return [Fault("/decided_on", "before_opinion", message % {"day": date_vi(report.answered_on)})]
    return []


def _not_asked() -> Fault:
    return Fault("/district", "not_asked", _("Đợt này không có bước xin ý kiến Chủ tịch UBND cấp huyện."))


def _not_reported() -> Fault:
    message = _("Chưa ghi báo cáo kết quả rà soát gửi Chủ tịch UBND cấp huyện để xin ý kiến.")
    return Fault("/district", "not_reported", message)


def _told_of(round_: ReviewRound) -> None:
    """Let who saw the round before this not move it unseen."""
    ReviewRound.objects.filter(pk=round_.pk).update(lock=F("lock") + 1)
