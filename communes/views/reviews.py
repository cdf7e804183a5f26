"""`/households/reviews/`: review rounds, opening one, and one with its steps and villages."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from communes.forms.reviews import OpenForm, ReasonForm, RequestForm
from communes.models import Complaint, Household, HouseholdReview, ReviewFile, ReviewRound, Unit, UnitVersion
from communes.presenters.review_decisions import late_words, left_lines, other_area
from communes.presenters.review_terms import average_note, next_report, reports_of, terms_of
from communes.presenters.review_words import look_of, status_word
from communes.presenters.reviews import (
    due_words,
    next_of,
    round_title,
    status_chip,
    steps_of,
    unit_title,
    village_view,
)
from communes.rules.poverty.classify import STATUSES
from communes.rules.reviews.requests import AVERAGE
from communes.scope import scope_of
from communes.selectors.reviews.households import fallen_out, outcomes
from communes.selectors.reviews.rounds import (
    average_standards,
    district_state,
    find_round,
    procedure_spec,
    round_standards,
    round_window,
    rounds,
    unit_names,
    village_states,
)
from communes.services import reviews as services
from communes.services.households import note_views
from communes.services.reviews.guard import may_for_unit
from mongcai_portal.accounts.decorators import require
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.errors import Invalid, Stale
from mongcai_portal.common.files import serve_file
from mongcai_portal.common.models import in_force_q
from mongcai_portal.common.templatetags.portal import localname
from mongcai_portal.common.views.doors import at_fields, refusing
from mongcai_portal.common.workflow import APPROVED, EDITABLE, SUBMITTED, VERIFIED

VIEW, REVIEW, DECIDE = Permission.HOUSEHOLDS_VIEW, Permission.HOUSEHOLDS_REVIEW, Permission.HOUSEHOLDS_DECIDE
LINES = 40
LEFT_LINES = 20
refusals = refusing(
    ReviewRound.DoesNotExist, HouseholdReview.DoesNotExist, Complaint.DoesNotExist, ReviewFile.DoesNotExist,
    Unit.DoesNotExist, Household.DoesNotExist,
)  # fmt: skip


@require(VIEW)
@require_GET
def review_list(request: HttpRequest) -> HttpResponse:
    """List the rounds that the reader sees, the newest first."""
    scope, today = scope_of(request.user), timezone.localdate()
    page = Paginator(rounds(scope), LINES).get_page(request.GET.get("page"))
    found = list(page.object_list)
    names: dict[tuple[int, date], UnitVersion] = {}
    for day in {one.opened_on for one in found}:
        of_day = unit_names(day, [one.unit_id for one in found if one.opened_on == day])
        names |= {(unit, day): version for unit, version in of_day.items()}
    lines = []
    for one in found:
        spec = procedure_spec(one.procedure)
        last = round_window(one, spec).last
        text, pressing = due_words(last, today) if one.status != APPROVED else ("", "")
        lines.append(
            {
                "round": one,
                "title": round_title(one),
                "unit": unit_title(names.get((one.unit_id, one.opened_on))),
                "chip": status_chip(one),
                "last": last,
                "due_text": text,
                "pressing": pressing,
                "report": next_report(one, spec, today),
                "decision": getattr(one, "decision", None),
            }
        )
    context = {"page_obj": page, "lines": lines, "may_open": request.user.has_perm(REVIEW)}
    return render(request, "communes/review_list.html", context)


@require(REVIEW)
@require_http_methods(["GET", "POST"])
@refusals
def review_open(request: HttpRequest) -> HttpResponse:
    """Open a round for a commune."""
    today = timezone.localdate()
    units = _units(request, today)
    form = OpenForm(
        request.POST if request.method == "POST" else None,
        units=units,
        initial={"held_in": today.year, "on": today, "month": str(today.month)},
    )
    if request.method == "POST":
        good = form.is_valid()
        data = form.cleaned_data
        unit = Unit.objects.filter(uid=data.get("unit") or "").first()
        try:
            if not good or unit is None:
                raise Unit.DoesNotExist
            made = services.open_round(
                by=request.user,
                unit=unit,
                kind=data["kind"],
                held_in=data["held_in"] or 0,
                month=int(data["month"]) if data["month"] else None,
                on=data["on"],
            )
        except Unit.DoesNotExist:
            if "unit" not in form.errors:
                form.add_error("unit", _("Chọn xã, phường của đợt rà soát."))
        except Invalid as error:
            at_fields(form, error)
        else:
            n = made.reviews.count()
            told = ngettext("Đã mở đợt rà soát với %(n)s hộ.", "Đã mở đợt rà soát với %(n)s hộ.", n) % {"n": n}
            messages.success(request, told)
            return redirect("review_round", round_id=made.pk)
    return _form_page(request, form, "open")


def _units(request: HttpRequest, today: date) -> list[tuple[str, str]]:
    """The communes and wards whose households the reader may review."""
    units = scope_of(request.user).units_with(REVIEW)
    rows = UnitVersion.objects.filter(in_force_q(today), kind__in=["commune", "ward", "special_zone"])
    rows = rows if units is None else rows.filter(unit__in=units)
    return [(row.unit.uid, unit_title(row)) for row in rows.select_related("unit").order_by("sort_key")]


@require(VIEW)
@require_GET
@refusals
def review_round(request: HttpRequest, round_id: int) -> HttpResponse:
    """Show a round: its steps, what is next and by when, its villages, what it came to so far."""
    round_ = find_round(scope_of(request.user), round_id)
    return render(request, "communes/review_round.html", _round_context(request, round_))


def _round_context(request: HttpRequest, round_: ReviewRound, *, faults: list[str] | None = None) -> dict[str, Any]:
    today = timezone.localdate()
    spec = procedure_spec(round_.procedure)
    states = village_states(round_, today)
    listed = round_.reviews.count()
    window = round_window(round_, spec)
    decision = getattr(round_, "decision", None)
    left = list(fallen_out(round_)[: LEFT_LINES + 1])
    note_views(by=request.user, household_ids=[one.household_id for one in left[:LEFT_LINES]])
    now = unit_names(decision.decided_on if decision else today, [round_.unit_id]).get(round_.unit_id)
    may_act = may_for_unit(request.user, round_.unit_id, REVIEW)
    may_decide = may_for_unit(request.user, round_.unit_id, DECIDE)
    standards = round_standards(round_)
    counted = outcomes(round_)
    district = district_state(round_, spec)
    coming = next_of(round_, window, states, listed=listed, today=today, district=district)
    chairmans = round_.status == VERIFIED and (district is None or district.answered_on)
    return {
        **round_heading(round_),
        "steps": steps_of(round_, spec, states, listed=listed, district=district),
        "next": coming,
        "may_next": may_decide if chairmans else may_act,
        "window": window,
        "villages": [village_view(round_, state, may_act=may_act) for state in states],
        "standards": [
            {
                "standard": one,
                "name": localname(one),
                "counts": [
                    (status_word(status), *look_of(status), counted.get(one.pk, {}).get(status, 0))
                    for status in STATUSES
                ],
                "average": counted.get(one.pk, {}).get(AVERAGE, 0),
            }
            for one in standards
        ],
        "terms": terms_of(spec),
        "reports": reports_of(round_, spec, today),
        "average_note": average_note(spec),
        "district": district.report if district else None,
        "may_act": may_act,
        "may_add": may_act and round_.status in EDITABLE,
        "may_return": may_act and round_.status in (SUBMITTED, VERIFIED),
        "listed": listed,
        "decision": decision,
        "late": late_words(decision, window) if decision else "",
        "left": left_lines(left[:LEFT_LINES]),
        "left_more": len(left) > LEFT_LINES,
        "other_area": other_area(round_, now),
        "faults": faults or [],
    }


def round_heading(round_: ReviewRound) -> dict[str, Any]:
    """What every page of a round shows above: its name, unit and status."""
    version = unit_names(round_.opened_on, [round_.unit_id]).get(round_.unit_id)
    return {"round": round_, "title": round_title(round_), "unit": unit_title(version), "chip": status_chip(round_)}


@require(REVIEW)
@require_POST
@refusals
def review_move(request: HttpRequest, round_id: int) -> HttpResponse:
    """Take a round to the villages (`submit`), to the chairman (`complete`), or back (`return`)."""
    find_round(scope_of(request.user), round_id)
    lock = request.POST.get("lock", "")
    given: dict[str, Any] = {"by": request.user, "round_id": round_id}
    given["lock"] = int(lock) if lock.isascii() and lock.isdigit() and len(lock) < 10 else None
    name = request.POST.get("move", "")
    try:
        if name == "submit":
            services.submit_round(**given)
            messages.success(request, _("Đã chốt phiếu. Ghi biên bản họp dân và niêm yết ở từng thôn."))
        elif name == "complete":
            services.complete_round(**given)
            messages.success(request, _("Đã trình Chủ tịch UBND xã. Ghi quyết định khi văn bản được ký."))
        elif name == "return":
            form = ReasonForm(request.POST)
            form.is_valid()
            services.return_round(**given, reason=form.cleaned_data.get("reason", ""))
            messages.success(request, _("Đã trả lại để rà soát lại. Mở phiếu của hộ cần sửa."))
        else:
            messages.error(request, _("Không có lựa chọn này."))
    except Stale as error:
        messages.error(request, str(error))
    except Invalid as error:
        round_ = find_round(scope_of(request.user), round_id)
        context = _round_context(request, round_, faults=[str(fault.message) for fault in error.faults])
        return render(request, "communes/review_round.html", context, status=422)
    return redirect("review_round", round_id=round_id)


@require(REVIEW)
@require_http_methods(["GET", "POST"])
@refusals
def review_request(request: HttpRequest, round_id: int) -> HttpResponse:
    """Take a household that asks for a review into the round."""
    round_ = find_round(scope_of(request.user), round_id)
    sent = request.method == "POST"
    average = bool(round_.month and average_standards(round_))
    form = RequestForm(
        request.POST if sent else None,
        request.FILES if sent else None,
        average=average,
        initial={"on": timezone.localdate(), "household": request.GET.get("household", "")},
    )
    if sent:
        form.is_valid()
        data = form.cleaned_data
        try:
            made = services.add_request(
                by=request.user,
                round_id=round_id,
                household=data.get("household", ""),
                reason=data.get("reason", ""),
                on=data.get("on"),
                paper=request.FILES.get("paper"),
            )
        except Invalid as error:
            at_fields(form, error)
        except Stale as error:
            messages.error(request, str(error))
            return redirect("review_round", round_id=round_id)
        else:
            messages.success(request, _("Đã đưa hộ %(code)s vào đợt.") % {"code": made.household.code})
            return redirect("review_sheet", round_id=round_id, review_id=made.pk)
    note = average_note(procedure_spec(round_.procedure)) if average else ""
    return _form_page(request, form, "request", round_=round_, note=note)


@require(VIEW)
@require_GET
@refusals
def review_file(request: HttpRequest, round_id: int, file_id: int) -> Any:
    """A paper of a round, shown within a page where a browser can show it, or with `?download` to be kept."""
    row = services.read_paper(by=request.user, round_id=round_id, file_id=file_id)
    return serve_file(row, inline="download" not in request.GET)


def _form_page(
    request: HttpRequest,
    form: Any,
    act: str,
    *,
    round_: ReviewRound | None = None,
    note: str = "",
    status: int = 200,
) -> HttpResponse:
    texts = {
        "open": (
            _("Mở đợt rà soát"),
            _("Đợt định kỳ rà soát các hộ đang nghèo, cận nghèo; đợt thường xuyên chỉ nhận hộ có giấy đề nghị."),
            _("Mở đợt"),
            "plus",
        ),
        "request": (
            _("Thêm hộ có giấy đề nghị"),
            _("Mẫu 01: đề nghị xét hộ nghèo, cận nghèo. Mẫu 04: đề nghị thoát nghèo, thoát cận nghèo."),
            _("Đưa vào danh sách"),
            "plus",
        ),
    }
    heading, lead, action, icon = texts[act]
    context = {"form": form, "heading": heading, "lead": lead, "action": action, "act_icon": icon, "fields": list(form)}
    context["note"] = note
    if round_ is not None:
        context |= round_heading(round_)
    return render(request, "communes/review_form.html", context, status=422 if form.errors else status)
