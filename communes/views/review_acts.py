"""What is done about a round's results: meeting, posting, complaint, refusal and decision."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from communes.forms.reviews import AnswerForm, ComplaintForm, DecisionForm, MeetingForm, PostingForm, RefusalForm
from communes.models import Complaint, HouseholdReview, ReviewRound
from communes.presenters.review_decisions import decision_page
from communes.scope import scope_of
from communes.selectors.reviews.households import fallen_out
from communes.selectors.reviews.rounds import (
    VillageState,
    decidable_from,
    district_state,
    find_round,
    procedure_spec,
    round_window,
    village_states,
)
from communes.services import reviews as services
from communes.services.households import note_views
from communes.services.reviews import Decided
from communes.views.review_papers import review_letter, review_looked_at
from communes.views.reviews import DECIDE, REVIEW, refusals, round_heading
from mongcai_portal.accounts.decorators import require
from mongcai_portal.common.errors import Invalid, Stale
from mongcai_portal.common.templatetags.portal import date_vi
from mongcai_portal.common.views.doors import at_fields


def act(
    request: HttpRequest,
    form: Any,
    write: Callable[[dict[str, Any]], Any],
    *,
    done: str,
    back: str,
    page: dict[str, Any],
) -> HttpResponse:
    """Show a form, or store it: every fault at its field, a window that came second told so."""
    if request.method == "POST":
        form.is_valid()
        try:
            write(form.cleaned_data)
        except Invalid as error:
            _at_fields(form, error)
        except Stale as error:
            messages.error(request, str(error))
            return redirect(back)
        else:
            messages.success(request, done)
            return redirect(back)
    context = {"form": form, "fields": list(form), "back": back, **page}
    return render(request, "communes/review_form.html", context, status=422 if form.errors else 200)


def _at_fields(form: Any, error: Invalid) -> None:
    """Put faults at their fields; one that could not be read has its own fault already."""
    unreadable = set(form.errors)
    kept = [fault for fault in error.faults if fault.pointer.lstrip("/") not in unreadable]
    at_fields(form, Invalid(kept))


def _village(request: HttpRequest, round_id: int, village_id: int) -> tuple[ReviewRound, VillageState]:
    round_ = find_round(scope_of(request.user), round_id)
    for state in village_states(round_, timezone.localdate()):
        if state.village_id == village_id:
            return round_, state
    raise Http404


def round_url(round_: ReviewRound) -> str:
    return reverse("review_round", args=[round_.pk])


def _sheet_url(review: HouseholdReview) -> str:
    return reverse("review_sheet", args=[review.round_id, review.pk])


def posted(request: HttpRequest) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


@require(REVIEW)
@require_http_methods(["GET", "POST"])
@refusals
def review_meeting(request: HttpRequest, round_id: int, village_id: int) -> HttpResponse:
    """Record the meeting of a village."""
    round_, state = _village(request, round_id, village_id)
    form = MeetingForm(*posted(request), initial={"held_on": timezone.localdate()})
    if not (request.method == "POST" and "agreeing" in request.POST):
        form.fields.pop("review_again")  # asked for only once the share turned out too small

    def write(data: dict[str, Any]) -> Any:
        names = ("held_on", "present", "agreeing")
        return services.record_meeting(
            by=request.user,
            round_id=round_.pk,
            village_id=village_id,
            chaired_by=data.get("chaired_by", ""),
            minutes=request.FILES.get("minutes"),
            review_again=bool(data.get("review_again")),
            **{name: data.get(name) for name in names},
        )

    answer = act(
        request,
        form,
        write,
        done=_("Đã ghi biên bản họp dân."),
        back=round_url(round_),
        page={
            **round_heading(round_),
            "heading": _("Ghi biên bản họp dân"),
            "lead": state.name,
            "action": _("Ghi biên bản"),
            "act_icon": "users",
        },
    )
    return answer


@require(REVIEW)
@require_http_methods(["GET", "POST"])
@refusals
def review_posting(request: HttpRequest, round_id: int, village_id: int) -> HttpResponse:
    """Record a public posting of a village's results, the first or the second."""
    round_, state = _village(request, round_id, village_id)
    second = state.facts.first is not None
    form = PostingForm(*posted(request), initial={"posted_on": timezone.localdate()})
    spec = procedure_spec(round_.procedure)
    days = spec.number("second_posting" if second else "posting")
    return act(
        request,
        form,
        lambda data: services.post_results(
            by=request.user,
            round_id=round_.pk,
            village_id=village_id,
            posted_on=data.get("posted_on"),
            place=data.get("place", ""),
            second=second,
        ),
        done=_("Đã ghi niêm yết."),
        back=round_url(round_),
        page={
            **round_heading(round_),
            "heading": _("Ghi niêm yết lần hai") if second else _("Ghi niêm yết"),
            "lead": _("%(village)s · niêm yết %(n)s ngày làm việc, tính từ ngày kế tiếp.")
            % {"village": state.name, "n": days},
            "lead_provenance": spec.provenance("second_posting" if second else "posting"),
            "action": _("Ghi niêm yết"),
            "act_icon": "file-text",
        },
    )


@require(REVIEW)
@require_http_methods(["GET", "POST"])
@refusals
def review_complaint(request: HttpRequest, round_id: int, review_id: int) -> HttpResponse:
    """Record a complaint about a household's result."""
    review = review_looked_at(request, round_id, review_id)
    form = ComplaintForm(*posted(request), initial={"received_on": timezone.localdate()})
    days = procedure_spec(review.round.procedure).number("recheck")
    return act(
        request,
        form,
        lambda data: services.record_complaint(
            by=request.user,
            review_id=review.pk,
            received_on=data.get("received_on"),
            text=data.get("text", ""),
        ),
        done=_("Đã ghi khiếu nại. Phúc tra hộ rồi trả lời."),
        back=_sheet_url(review),
        page={
            **round_heading(review.round),
            "heading": _("Ghi khiếu nại"),
            "lead": _("Hộ %(code)s · phúc tra trong %(n)s ngày làm việc.") % {"code": review.household.code, "n": days},
            "lead_provenance": procedure_spec(review.round.procedure).provenance("recheck"),
            "action": _("Ghi khiếu nại"),
            "act_icon": "message",
        },
    )


@require(REVIEW)
@require_http_methods(["GET", "POST"])
@refusals
def review_answer(request: HttpRequest, round_id: int, review_id: int) -> HttpResponse:
    """Answer the open complaint about a household."""
    review = review_looked_at(request, round_id, review_id)
    complaint = review.complaints.filter(answered_on__isnull=True).first()
    if complaint is None:
        raise Complaint.DoesNotExist
    form = AnswerForm(*posted(request), initial={"answered_on": timezone.localdate()})
    return act(
        request,
        form,
        lambda data: services.answer_complaint(
            by=request.user,
            complaint_id=complaint.pk,
            answered_on=data.get("answered_on"),
            outcome=data.get("outcome", ""),
            answer=data.get("answer", ""),
        ),
        done=_("Đã trả lời khiếu nại. Niêm yết lần hai ở thôn."),
        back=round_url(review.round),
        page={
            **round_heading(review.round),
            "heading": _("Trả lời khiếu nại"),
            "lead": _("Hộ %(code)s · nhận ngày %(day)s, hạn phúc tra %(due)s.")
            % {
                "code": review.household.code,
                "day": date_vi(complaint.received_on),
                "due": date_vi(complaint.due_on),
            },
            "quoted": complaint.text,
            "action": _("Ghi trả lời"),
            "act_icon": "check",
        },
    )


@require(DECIDE)
@require_http_methods(["GET", "POST"])
@refusals
def review_refusal(request: HttpRequest, round_id: int, review_id: int) -> HttpResponse:
    """Record the written refusal of a request; once recorded, show it as a letter."""
    review = review_looked_at(request, round_id, review_id)
    if request.method == "GET" and hasattr(review, "refusal"):
        return review_letter(request, review)
    form = RefusalForm(*posted(request), initial={"refused_on": timezone.localdate()})
    return act(
        request,
        form,
        lambda data: services.refuse(
            by=request.user,
            review_id=review.pk,
            refused_on=data.get("refused_on"),
            **{name: data.get(name, "") for name in ("number", "signer", "reasons")},
        ),
        done=_("Đã ghi văn bản trả lời."),
        back=_sheet_url(review),
        page={
            **round_heading(review.round),
            "heading": _("Từ chối giấy đề nghị bằng văn bản"),
            "lead": _("Hộ %(code)s · đề nghị ngày %(day)s.")
            % {"code": review.household.code, "day": date_vi(review.requested_on)},
            "action": _("Ghi văn bản"),
            "act_icon": "ban",
        },
    )


@require(DECIDE)
@require_http_methods(["GET", "POST"])
@refusals
def review_decision(request: HttpRequest, round_id: int) -> HttpResponse:
    """Record the decision of the chairman of the commune's People's Committee."""
    round_ = find_round(scope_of(request.user), round_id)
    today = timezone.localdate()
    form = DecisionForm(*posted(request), initial={"decided_on": today})
    if form.is_bound:
        form.is_valid()  # who had left, and whether it is late, is said of the day that was typed
    day = getattr(form, "cleaned_data", {}).get("decided_on") or today
    spec = procedure_spec(round_.procedure)
    first = decidable_from(village_states(round_, today), district_state(round_, spec))
    due = round_window(round_, spec).last
    left = list(fallen_out(round_, day))
    note_views(by=request.user, household_ids=[one.household_id for one in left])
    if not left:
        form.fields.pop("without_gone")
    if max(day, today) <= due:
        form.fields.pop("late_reason")
    return act(
        request,
        form,
        lambda data: services.decide(
            by=request.user,
            round_id=round_.pk,
            decided=Decided(
                number=data.get("number", ""),
                decided_on=data.get("decided_on"),
                signer=data.get("signer", ""),
                late_reason=data.get("late_reason", ""),
                without_gone=bool(data.get("without_gone")),
            ),
            scan=request.FILES.get("scan"),
        ),
        done=_("Đã ghi quyết định; kết quả phân loại đã vào sổ hộ."),
        back=round_url(round_),
        page=round_heading(round_) | decision_page(first, due=due, day=day, today=today, left=left),
    )
