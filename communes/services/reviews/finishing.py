"""Finishing a survey sheet: what was typed becomes the household's result; and opening one again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from communes.models import (
    Deprivation,
    HouseholdReview,
    Posting,
    PovertyCause,
    ReviewAnswer,
    ReviewCause,
    ReviewResult,
    ReviewSupport,
    SupportKind,
    UndeterminedReason,
    VillageMeeting,
)
from communes.rules.poverty.classify import (
    NO_INCOME,
    NOT_ASKED,
    SCORE_DISAGREES,
    UNANSWERED,
    UNDETERMINED,
    Classification,
    classify,
)
from communes.rules.poverty.description import is_described
from communes.rules.poverty.survey import SCREENED_OUT, Survey, check
from communes.rules.poverty.types import AVERAGE_LINE
from communes.rules.reviews.procedure import average_from
from communes.rules.reviews.requests import AVERAGE, REQUEST_01
from communes.rules.reviews.sheet import (
    A_SCORE,
    ANSWER,
    FARMING,
    INCOME,
    SCREENING,
    SURVEYED_ON,
    SURVEYOR,
    description_of,
    field_of,
    said_of,
)
from communes.selectors.reviews.rounds import procedure_spec
from communes.selectors.reviews.sheets import SheetForm, facts_of, sheet_form, typed_cells
from communes.services.reviews.guard import actor, day_faults, hold, review_for, tell_review, tell_reviews
from communes.services.reviews.refusals import withdraw_refusals
from communes.services.reviews.sheets import require_open
from communes.services.survey import message_of
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.common.errors import Fault, Invalid, Stale, step
from mongcai_portal.common.workflow import EDITABLE, SUBMITTED

# What the surveyor can still ask for; other reasons lie with the standard.
_CAN_BE_ASKED = {NO_INCOME, NOT_ASKED, UNANSWERED, SCORE_DISAGREES}


def finish_sheet(*, by: Any, review_id: int, sheet: SheetForm | None = None) -> HouseholdReview:
    """Make a sheet's fields the household's result under each standard of the round; once finished it stays.

    Quick screening ends the review of households that ask to be recognised (Mẫu 01), not of those on the list.
    A household that no standard can say anything of because something was not asked is not finished; one that a
    standard cannot classify for reasons of its own (no limit for scores, a list not entered) is, as undetermined.

    Sheet C is kept of a household that is poor or near poor under one of the standards; what was typed into it of
    another one stays typed and is nobody's cause of poverty. An empty sheet C stops nothing: no text at hand demands
    it, and the report says of how many it is empty.

    Args:
        sheet: what the round is filled in by, where the caller fills in many of its sheets (`sheet_form`).

    Raises:
        HouseholdReview.DoesNotExist, Forbidden; Stale: the sheet cannot be typed any more; Invalid: every fault at its
        field: what `survey.check` names, `/income:`, `/farming:` and `/answer:…` required, `/screening:` needs_survey,
        `/surveyor:` required, `/surveyed_on:` required, in_future, too_early (before the round was opened, or before
        requests of average living standard are reviewed in its month).
    """
    review = review_for(by=by, review_id=review_id)
    if review.finished_at is not None:
        return review
    sheet = sheet or sheet_form(review.round)
    with transaction.atomic():
        require_open(review)
        values = {name: cell.value for name, cell in typed_cells(review).items()}
        survey, faults = _survey(values, sheet)
        if not values.get(SURVEYOR):
            faults.append(Fault(step(SURVEYOR), "required", _("Ghi tên rà soát viên.")))
        day = date.fromisoformat(values[SURVEYED_ON]) if values.get(SURVEYED_ON) else None
        since, words = _reviewed_from(review)
        for fault in day_faults(day, SURVEYED_ON, since=since, least=words):
            faults.append(Fault(step(SURVEYED_ON), fault.code, fault.message))
        results: list[Classification] = []
        if survey is not None:
            facts = facts_of(survey, sheet.area_type, review.household.farming)
            results = [classify(facts, standard.spec) for standard in sheet.standards]
            if review.reason == AVERAGE:
                faults += _average_questions(survey, results, sheet)
            else:
                faults += _open_questions(results, sheet)
            unknown = all(found.status == UNDETERMINED for found in results)
            if unknown and survey.screening == SCREENED_OUT and review.reason not in (REQUEST_01, AVERAGE):
                message = _("Hộ đang là hộ nghèo, cận nghèo phải rà soát bằng phiếu B: nhận dạng nhanh không đủ.")
                faults.append(Fault(step(SCREENING), "needs_survey", message))
        if faults or survey is None or day is None:
            raise Invalid(faults)
        _store(review, survey, values, day, by)
        _store_results(review, survey, results, sheet)
        if is_described(found.status for found in results):
            _store_description(review, values, sheet)
        tell_review(review, kind=Kind.REVIEW_FINISHED, by=by)
    review.refresh_from_db()
    return review


def _survey(values: dict[str, str], sheet: SheetForm) -> tuple[Survey | None, list[Fault]]:
    found = check(said_of(values, sheet.table), sheet.form, sheet.table)
    if isinstance(found, Survey):
        return found, []
    return None, [Fault(step(field_of(one.about)), one.code, message_of(one)) for one in found]


def _reviewed_from(review: HouseholdReview) -> tuple[date, str]:
    """Return from when a household is surveyed in its round, and what begins then."""
    opened = review.round.opened_on
    if review.reason == AVERAGE and review.round.month is not None:
        first = average_from(procedure_spec(review.round.procedure), review.round.held_in, review.round.month)
        if first > opened:
            return first, _("Đề nghị xác định hộ có mức sống trung bình được xét từ")
    return opened, _("Đợt rà soát mở từ")


def _average_questions(survey: Survey, results: list[Classification], sheet: SheetForm) -> list[Fault]:
    """What a request of average living standard needs: income, livelihood, and a status where the standard has a band.

    Livelihood is asked of the sheet: what the register says of it may be another thing on the day of the decision.
    """
    faults = []
    if survey.income is None:
        message = _("Ghi thu nhập bình quân: mức sống trung bình xét theo thu nhập.")
        faults.append(Fault(step(INCOME), "required", message))
    if survey.farming is None:
        faults.append(Fault(step(FARMING), "required", _("Ghi hộ có làm nông, lâm, ngư, diêm nghiệp hay không.")))
    with_band = [one for one in results if one.standard.line(sheet.area_type, AVERAGE_LINE) is not None]
    return faults or _open_questions(with_band, sheet)


def _open_questions(results: list[Classification], sheet: SheetForm) -> list[Fault]:
    """What is to be asked yet, when no standard says anything of the household without it."""
    if any(found.status != UNDETERMINED for found in results):
        return []
    faults: dict[str, Fault] = {}
    for found in results:
        if found.reason not in _CAN_BE_ASKED:
            continue
        message = str(UndeterminedReason(found.reason).label).capitalize() + "."
        if found.reason == NO_INCOME:
            name = A_SCORE if sheet.table is None and found.standard.b_least is not None else INCOME
            faults[name] = Fault(step(name), "required", message)
        elif found.deprivation is not None and found.deprivation.deprived is not None:
            for one in found.deprivation.deprived.unanswered:
                faults[one.code] = Fault(step(ANSWER + one.code), "required", _("Chưa trả lời."))
        else:
            for one in sheet.form.deprivations:
                faults[one.code] = Fault(step(ANSWER + one.code), "required", _("Chưa trả lời."))
    return list(faults.values())


def _store(review: HouseholdReview, survey: Survey, values: dict[str, str], day: date, by: Any) -> None:
    chosen = {name: value for name, value in values.items() if name.startswith(("item:", "option:")) and value}
    HouseholdReview.objects.filter(pk=review.pk).update(
        screening=survey.screening,
        income=survey.income,
        a_score=survey.a_score,
        b_score=survey.b_score,
        chosen=chosen,
        farming=survey.farming,
        surveyor=values[SURVEYOR],
        surveyed_on=day,
        finished_at=timezone.now(),
        finished_by=actor(by),
        lock=F("lock") + 1,
    )


def _store_results(review: HouseholdReview, survey: Survey, results: list[Classification], sheet: SheetForm) -> None:
    forget([review.pk])
    ids = dict(Deprivation.objects.filter(form__code=sheet.form.code).values_list("code", "pk"))
    ReviewAnswer.objects.bulk_create(
        ReviewAnswer(review=review, deprivation_id=ids[code], deprived=deprived)
        for code, deprived in survey.answers.items()
    )
    ReviewResult.objects.bulk_create(
        ReviewResult(
            review=review,
            standard_id=standard.pk,
            effective_year=standard.effective_year,
            status=found.status,
            reason=found.reason,
            average_living=found.average_living,
        )
        for standard, found in zip(sheet.standards, results, strict=True)
    )


def _store_description(review: HouseholdReview, values: dict[str, str], sheet: SheetForm) -> None:
    """Keep what sheet C says, each cause and kind of support that was answered."""
    said = description_of(values, sheet.lists)
    causes = dict(PovertyCause.objects.filter(form__code=sheet.form.code).values_list("code", "pk"))
    kinds = dict(SupportKind.objects.filter(form__code=sheet.form.code).values_list("code", "pk"))
    ReviewCause.objects.bulk_create(
        ReviewCause(review=review, cause_id=causes[code], applies=applies) for code, applies in said.causes.items()
    )
    ReviewSupport.objects.bulk_create(
        ReviewSupport(
            review=review, kind_id=kinds[code], needed=said.needed.get(code), received=said.received.get(code)
        )
        for code in sheet.lists.supports
        if code in said.needed or code in said.received
    )


def forget(review_ids: Iterable[int]) -> None:
    """Take back what finished sheets came to, in the caller's transaction; what was typed stays."""
    ids = list(review_ids)
    ReviewAnswer.objects.filter(review__in=ids).delete()
    ReviewResult.objects.filter(review__in=ids).delete()
    ReviewCause.objects.filter(review__in=ids).delete()
    ReviewSupport.objects.filter(review__in=ids).delete()


def reopen_sheet(*, by: Any, review_id: int, reason: str) -> HouseholdReview:
    """Open a finished sheet again; while the round is surveyed, its village's meeting and postings count no more.

    While a complaint about the household is open, the same is its re-check: meeting and first posting stand. What was
    refused by the sheet is to be answered anew.

    Raises:
        HouseholdReview.DoesNotExist, Forbidden; Stale: the round is past that; Invalid: `/reason` required.
    """
    review = review_for(by=by, review_id=review_id)
    if review.finished_at is None:
        return review
    if not reason.strip():
        raise Invalid([Fault("/reason", "required", _("Ghi lý do mở lại phiếu."))])
    recheck = review.complaints.filter(answered_on__isnull=True).exists()
    with transaction.atomic():
        words = _("Chỉ mở lại được phiếu khi đợt đang rà soát hoặc hộ đang có khiếu nại.")
        hold(review.round, {*EDITABLE, SUBMITTED} if recheck else EDITABLE, words)
        if not open_again([review], by=by, reason=reason.strip()):
            raise Stale(_("Phiếu đã được mở lại ở cửa sổ khác."))
        if not recheck:
            void_village(review.round_id, review.village_id)
    review.refresh_from_db()
    return review


def open_again(reviews: list[HouseholdReview], *, by: Any, reason: str) -> int:
    """Open finished sheets, in the caller's transaction; return how many were finished.

    A refusal that rested on a sheet goes with its result: the request is answered anew.
    """
    ids = [one.pk for one in reviews]
    rows = HouseholdReview.objects.filter(pk__in=ids, finished_at__isnull=False)
    done = rows.update(finished_at=None, finished_by="", lock=F("lock") + 1)
    forget(ids)
    tell_reviews(reviews, kind=Kind.REVIEW_REDONE, by=by, reason=reason)
    withdraw_refusals(reviews, by=by)
    return done


def void_village(round_id: int, village_id: int) -> None:
    """Let a village's meeting and postings count no more: its households are reviewed anew."""
    VillageMeeting.objects.filter(round=round_id, village=village_id, counts=True).update(counts=False)
    Posting.objects.filter(round=round_id, village=village_id, counts=True).update(counts=False)
