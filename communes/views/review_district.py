"""The district in rounds that ask it: what was sent to its chairman, and the opinion given."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from communes.forms.reviews import DistrictReportForm, OpinionForm
from communes.models import ReviewRound
from communes.rules.reviews.procedure import DISTRICT
from communes.scope import scope_of
from communes.selectors.reviews.rounds import DistrictState, district_state, find_round, procedure_spec
from communes.services import reviews as services
from communes.views.review_acts import act, posted, round_url
from communes.views.reviews import REVIEW, refusals, round_heading
from mongcai_portal.accounts.decorators import require
from mongcai_portal.common.templatetags.portal import date_vi


def _asking(request: HttpRequest, round_id: int) -> tuple[ReviewRound, DistrictState]:
    """Return the round and where it stands; a round without the step has no such page."""
    round_ = find_round(scope_of(request.user), round_id)
    state = district_state(round_, procedure_spec(round_.procedure))
    if state is None:
        raise ReviewRound.DoesNotExist
    return round_, state


@require(REVIEW)
@require_http_methods(["GET", "POST"])
@refusals
def review_district(request: HttpRequest, round_id: int) -> HttpResponse:
    """Record that the result was sent to the chairman of the district."""
    round_, _state = _asking(request, round_id)
    spec = procedure_spec(round_.procedure)
    form = DistrictReportForm(*posted(request), initial={"sent_on": timezone.localdate()})
    return act(
        request,
        form,
        lambda data: services.report_to_district(
            by=request.user, round_id=round_.pk, sent_on=data.get("sent_on"), number=data.get("number", "")
        ),
        done=_("Đã ghi báo cáo gửi Chủ tịch UBND cấp huyện."),
        back=round_url(round_),
        page={
            **round_heading(round_),
            "heading": _("Ghi báo cáo gửi Chủ tịch UBND cấp huyện"),
            "lead": _("Cấp huyện trả lời trong %(n)s ngày làm việc, tính từ ngày kế tiếp.")
            % {"n": spec.number(DISTRICT)},
            "lead_provenance": spec.provenance(DISTRICT),
            "action": _("Ghi báo cáo"),
            "act_icon": "send",
        },
    )


@require(REVIEW)
@require_http_methods(["GET", "POST"])
@refusals
def review_opinion(request: HttpRequest, round_id: int) -> HttpResponse:
    """Record the opinion of the chairman of the district."""
    round_, state = _asking(request, round_id)
    report = state.report
    sent = _("Báo cáo số %(number)s gửi ngày %(day)s, hạn trả lời: hết ngày %(due)s.")
    told = {"number": report.number, "day": date_vi(report.sent_on), "due": date_vi(state.due)} if report else {}
    form = OpinionForm(*posted(request), initial={"answered_on": timezone.localdate()})
    return act(
        request,
        form,
        lambda data: services.record_opinion(
            by=request.user,
            round_id=round_.pk,
            answered_on=data.get("answered_on"),
            **{name: data.get(name, "") for name in ("number", "opinion")},
        ),
        done=_("Đã ghi ý kiến của Chủ tịch UBND cấp huyện."),
        back=round_url(round_),
        page={
            **round_heading(round_),
            "heading": _("Ghi ý kiến của Chủ tịch UBND cấp huyện"),
            "lead": sent % told if report else _("Chưa ghi báo cáo gửi Chủ tịch UBND cấp huyện."),
            "action": _("Ghi ý kiến"),
            "act_icon": "message",
        },
    )
