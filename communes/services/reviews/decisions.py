"""The decision of the chairman about a round, which classifies its households."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communes.models import HouseholdReview, ReviewDecision, ReviewRound, UnitVersion
from communes.rules.poverty.classify import UNDETERMINED
from communes.rules.poverty.standards import counting_in
from communes.rules.poverty.survey import SCREENED_OUT
from communes.rules.reviews.procedure import MONTHLY
from communes.rules.reviews.requests import AVERAGE, REQUEST_01, granted
from communes.selectors.poverty import areas_on, poverty_standards
from communes.selectors.reviews.rounds import (
    decidable_from,
    district_state,
    procedure_spec,
    round_standards,
    round_window,
    village_states,
)
from communes.selectors.reviews.sheets import survey_of
from communes.services import classification
from communes.services.reviews.district import opinion_faults
from communes.services.reviews.files import Paper, checked_paper, store_paper
from communes.services.reviews.guard import (
    UNDECIDED,
    actor,
    day_faults,
    hold,
    move,
    plain,
    round_for,
    tell,
    text_faults,
)
from communes.services.reviews.moves import village_faults
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.common.errors import Fault, Invalid
from mongcai_portal.common.models import in_force_q
from mongcai_portal.common.templatetags.portal import date_vi

DECIDE = Permission.HOUSEHOLDS_DECIDE


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A decision as it is typed from the signed paper."""

    number: str
    decided_on: date | None
    signer: str
    late_reason: str = ""  # why it comes after the end of the round's window
    without_gone: bool = False  # that it is not about the households that left the unit is known


def decide(
    *, by: Any, round_id: int, decided: Decided, scan: File[Any] | None, lock: int | None = None
) -> ReviewDecision:
    """Record the decision and let every household of the round be what its posted result says, in one transaction.

    The round's area type and standards decide, as they did on the sheets, whatever its unit is by the day of the
    decision. Who does not live in the unit on that day is not decided on, keeps what was known before, and is reviewed
    where it lives: that is stored once `without_gone` says that it is known. After the end of its window a decision is
    valid, and has its reason.

    Raises:
        ReviewRound.DoesNotExist, Forbidden; Stale; Invalid: `/number`, `/signer` required, too_long; `/decided_on`
        required, in_future, not_there (the unit, on that day), before_posting_ends, before_opinion, other_year (a
        monthly round by the standards of another year), day_taken (a household was classified otherwise on that very
        day); `/late_reason` required, not_late, too_long; `/scan` what is wrong with it; `/without_gone` required;
        `/households` unfinished (in the unit on that day), undetermined, unrefused (requests that are not granted and
        not refused in writing), differs (a sheet would now come to something else than was posted);
        `/villages/<code>`; `/district` not_reported, no_opinion (where the district is asked).
    """
    round_ = round_for(by=by, round_id=round_id, permission=DECIDE)
    number, signer = plain(decided.number), plain(decided.signer)
    faults = text_faults(number, "number", most=60, needed=_("Ghi số quyết định."))
    faults += text_faults(signer, "signer", most=120, needed=_("Ghi người ký."))
    faults += day_faults(decided.decided_on, "decided_on")
    checked = checked_paper(scan, "scan", _("Chọn bản quét của quyết định."), faults)
    states = village_states(round_, timezone.localdate())
    first = decidable_from(states)
    if first is None:
        faults += village_faults(states)
    elif decided.decided_on is not None and decided.decided_on < first:
        message = _("Niêm yết và giải quyết khiếu nại kết thúc trước ngày %(day)s; quyết định không thể sớm hơn.")
        faults.append(Fault("/decided_on", "before_posting_ends", message % {"day": date_vi(first)}))
    faults += _year_faults(round_, decided.decided_on)
    spec = procedure_spec(round_.procedure)
    due = round_window(round_, spec).last
    reason = decided.late_reason.strip()
    faults += _late_faults(decided.decided_on, due, reason)
    day = decided.decided_on or timezone.localdate()
    there = UnitVersion.objects.filter(in_force_q(day), unit=round_.unit_id).exists()
    if not there:
        faults.append(Fault("/decided_on", "not_there", _("Đơn vị này không tồn tại vào ngày đó.")))
    with transaction.atomic():
        # Read once, under the round's row: whoever moves meanwhile is told of, classified and left out as is read here.
        hold(round_, UNDECIDED, _("Đợt rà soát đã có quyết định."))
        about, gone, unfinished = _listed(round_, day)
        faults += opinion_faults(district_state(round_, spec), decided.decided_on)
        if there and not decided.without_gone:
            faults += _gone_faults(gone, day)
        faults += _unfinished_faults(unfinished, day) + _household_faults(about)
        if faults or decided.decided_on is None or scan is None or checked is None:
            raise Invalid(faults)
        move(round_, "approve", lock=lock)
        paper = store_paper(round_, Paper.DECISION, scan, checked, by=by)
        made = ReviewDecision.objects.create(
            round=round_,
            number=number,
            decided_on=decided.decided_on,
            due_on=due,
            late_reason=reason,
            signer=signer,
            scan=paper,
            recorded_by=actor(by),
            recorded_at=timezone.now(),
        )
        _classify(round_, about, made, by)
        told = {"decision_number": number, "decided_on": decided.decided_on, "households": len(about)}
        told |= _leave_out(gone)
        told |= {"until": due, "late_reason": reason} if reason else {}
        tell(round_, kind=Kind.REVIEW_DECIDED, by=by, sha256=checked.sha256, **told)
    return made


def _late_faults(day: date | None, due: date, reason: str) -> list[Fault]:
    """Lateness does not void a decision (QĐ 24/2021/QĐ-TTg names days, and no consequence); it has its reason."""
    if day is None or (day <= due and not reason):
        return []
    if day <= due:
        message = _("Quyết định trong hạn của đợt (hết ngày %(day)s): để trống lý do muộn.") % {"day": date_vi(due)}
        return [Fault("/late_reason", "not_late", message)]
    message = _("Hạn của đợt là hết ngày %(day)s: ghi lý do quyết định muộn.") % {"day": date_vi(due)}
    return text_faults(reason, "late_reason", most=1000, needed=message)


def _listed(
    round_: ReviewRound, day: date
) -> tuple[list[HouseholdReview], list[HouseholdReview], list[HouseholdReview]]:
    """Return the households that live in the unit on the day with a finished sheet, who left it, and without a sheet.

    Requests that were refused unsurveyed are in neither.
    """
    rows = (
        round_.reviews.to_decide()
        .with_presence(day)
        .select_related("household", "refusal")
        .prefetch_related("answers__deprivation", "results__standard")
        .order_by("pk")
    )
    about, gone, unfinished = [], [], []
    for one in rows:
        (gone if not one.present else unfinished if one.finished_at is None else about).append(one)
    return about, gone, unfinished


def _unfinished_faults(unfinished: list[HouseholdReview], day: date) -> list[Fault]:
    """Name the households that lived in the unit on the day and have no sheet, though they may have left it since."""
    codes = sorted(one.household.code for one in unfinished)
    if not codes:
        return []
    message = ngettext(
        "%(n)s hộ ở xã, phường vào ngày %(day)s chưa hoàn thành phiếu: %(codes)s. Trả đợt lại và hoàn thành phiếu của "
        "các hộ này trước khi ghi quyết định.",
        "%(n)s hộ ở xã, phường vào ngày %(day)s chưa hoàn thành phiếu: %(codes)s. Trả đợt lại và hoàn thành phiếu của "
        "các hộ này trước khi ghi quyết định.",
        len(codes),
    )
    return [Fault("/households", "unfinished", message % {**_named(codes), "day": date_vi(day)})]


def _gone_faults(gone: list[HouseholdReview], day: date) -> list[Fault]:
    """Name the households that left the unit by the day, until it is known that the decision is not about them."""
    codes = sorted(one.household.code for one in gone)
    if not codes:
        return []
    message = ngettext(
        "%(n)s hộ không còn ở xã, phường vào ngày %(day)s nên không thuộc quyết định này: %(codes)s. Đánh dấu xác nhận "
        "để ghi quyết định về các hộ còn lại.",
        "%(n)s hộ không còn ở xã, phường vào ngày %(day)s nên không thuộc quyết định này: %(codes)s. Đánh dấu xác nhận "
        "để ghi quyết định về các hộ còn lại.",
        len(codes),
    )
    return [Fault("/without_gone", "required", message % {**_named(codes), "day": date_vi(day)})]


def _leave_out(gone: list[HouseholdReview]) -> dict[str, int]:
    """Keep of the households that left the unit why they are not decided on; return how many, by why."""
    left: dict[str, list[int]] = {}
    for one in gone:
        left.setdefault(one.absence, []).append(one.pk)  # type: ignore[attr-defined]
    for absence, pks in left.items():
        HouseholdReview.objects.filter(pk__in=pks).update(fell_out=absence, lock=F("lock") + 1)
    return {absence: len(pks) for absence, pks in sorted(left.items())}


def _classify(round_: ReviewRound, reviews: list[HouseholdReview], made: ReviewDecision, by: Any) -> None:
    monthly = round_.kind == MONTHLY
    reviewed = classification.Reviewed(
        area_type=round_.area_type,
        # What a monthly round finds counts for the year of its decision; `_year_faults` saw to the standards.
        standards=tuple(
            (one.spec.code, made.decided_on.year if monthly else one.effective_year) for one in round_standards(round_)
        ),
        posted={one.household_id: {found.standard_id: found.status for found in one.results.all()} for one in reviews},
        average={
            one.household_id: {found.standard_id: found.average_living for found in one.results.all()}
            for one in reviews
            if one.reason == AVERAGE
        },
    )
    decision = classification.ReviewDecision(
        number=made.number,
        on=made.decided_on,
        round_held=round_.held_in,
        yearly=not monthly,
        reviewed=reviewed,
        decided_by=made.signer,
        provenance="illustrative" if round_.illustrative else "sourced",
    )
    surveys = ((one.household_id, survey_of(one, round_.form.code)) for one in reviews)
    try:
        classification.record_classifications(by=by, surveys=surveys, decision=decision)
    except Invalid as error:
        codes = {str(one.household_id): one.household.code for one in reviews}
        other = [codes[fault.pointer.split("/")[2]] for fault in error.faults if fault.code == "differs"]
        faults = [_at_the_form(fault, codes) for fault in error.faults if fault.code != "differs"]
        raise Invalid([*faults, *_differing(other)]) from None


def _differing(codes: list[str]) -> list[Fault]:
    if not codes:
        return []
    message = ngettext(
        "%(n)s hộ nay tính ra kết quả khác kết quả đã niêm yết: %(codes)s. Trả đợt lại, hoàn thành lại phiếu của các "
        "hộ này, họp dân và niêm yết lại.",
        "%(n)s hộ nay tính ra kết quả khác kết quả đã niêm yết: %(codes)s. Trả đợt lại, hoàn thành lại phiếu của các "
        "hộ này, họp dân và niêm yết lại.",
        len(codes),
    )
    return [Fault("/households", "differs", message % _named(codes))]


def _at_the_form(fault: Fault, codes: dict[str, str]) -> Fault:
    """Say what the register refuses in the words and fields of the decision's form."""
    place = fault.pointer.split("/")
    if place[1:2] == ["households"] and len(place) > 2:
        message = _("Hộ %(code)s: %(message)s") % {"code": codes.get(place[2], place[2]), "message": fault.message}
        return Fault("/decided_on" if fault.code == "day_taken" else "/households", fault.code, message)
    return Fault(
        {"on": "/decided_on", "decided_by": "/signer"}.get(place[-1], f"/{place[-1]}"), fault.code, fault.message
    )


def _year_faults(round_: ReviewRound, day: date | None) -> list[Fault]:
    """A monthly round is decided by the standards that count for the year of its decision."""
    if day is None or round_.kind != MONTHLY or day.year == round_.held_in:
        return []
    areas = areas_on(day).get(round_.unit_id, frozenset())
    then = {spec.code for spec in counting_in(poverty_standards(), day.year, areas)}
    if then == {one.spec.code for one in round_standards(round_)}:
        return []
    message = _("Năm %(year)s áp dụng chuẩn nghèo khác; hãy mở đợt rà soát của năm đó.") % {"year": day.year}
    return [Fault("/decided_on", "other_year", message)]


def _household_faults(reviews: list[HouseholdReview]) -> list[Fault]:
    unknown, unanswered = [], []
    for one in reviews:
        if hasattr(one, "refusal"):
            continue
        statuses = {result.standard.code: result.status for result in one.results.all()}
        average = {result.standard.code: result.average_living for result in one.results.all()}
        nothing = all(status == UNDETERMINED for status in statuses.values())
        if nothing and not (one.screening == SCREENED_OUT and one.reason == REQUEST_01):
            unknown.append(one.household.code)
        elif nothing or granted(one.reason, one.before, statuses, average) is False:
            unanswered.append(one.household.code)
    faults = []
    if unknown:
        message = ngettext(
            "%(n)s hộ chưa xác định được theo chuẩn nghèo nào: %(codes)s.",
            "%(n)s hộ chưa xác định được theo chuẩn nghèo nào: %(codes)s.",
            len(unknown),
        )
        faults.append(Fault("/households", "undetermined", message % _named(unknown)))
    if unanswered:
        message = ngettext(
            "%(n)s giấy đề nghị không được chấp thuận mà chưa có văn bản trả lời: %(codes)s.",
            "%(n)s giấy đề nghị không được chấp thuận mà chưa có văn bản trả lời: %(codes)s.",
            len(unanswered),
        )
        faults.append(Fault("/households", "unrefused", message % _named(unanswered)))
    return faults


def _named(codes: list[str]) -> dict[str, object]:
    return {"n": len(codes), "codes": ", ".join(codes[:5]) + (", …" if len(codes) > 5 else "")}
