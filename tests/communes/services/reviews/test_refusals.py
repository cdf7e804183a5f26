"""A refusal rests on a finished sheet: where that is opened again, the request is answered anew."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from communes.models import Classification, HouseholdReview, Refusal, ReviewRound
from communes.services import reviews
from mongcai_portal.audit.models import AuditEvent
from tests.factories.registers import faults_of
from tests.factories.reviews import Commune, bring_to, decide, meet, post, typed

pytestmark = pytest.mark.django_db

REFUSED = date(2023, 9, 25)
NEAR_POOR, ABOVE = "1.400.000", "3.500.000"


def ask(commune: Commune, round_: ReviewRound, reason: str, household: str = "F1") -> HouseholdReview:
    return reviews.add_request(
        by=commune.officer, round_id=round_.pk, household=household, reason=reason, on=date(2023, 9, 16)
    )


def fill(commune: Commune, review: HouseholdReview, income: str) -> None:
    """Finish a sheet of a farming household, deprived of nothing."""
    over = {
        "a_score": "180" if income == ABOVE else "130",
        "on": date(2023, 9, 18),
        "income:": income,
        "farming:": "true",
    }
    reviews.save_cells(by=commune.officer, review_id=review.pk, cells=typed(0, **over))
    reviews.finish_sheet(by=commune.officer, review_id=review.pk)


def refuse(commune: Commune, review: HouseholdReview, number: str = "88/UBND") -> Any:
    return reviews.refuse(
        by=commune.officer, review_id=review.pk, number=number, refused_on=REFUSED, signer="Chủ tịch Thử",
        reasons="Thu nhập bình quân của hộ ngoài mức được xét.",
    )  # fmt: skip


def both_refused(commune: Commune) -> tuple[ReviewRound, HouseholdReview, HouseholdReview]:
    """A round with the villages: one request refused after its survey, one without any."""
    round_ = commune.open(kind="monthly", month=9, on=date(2023, 9, 15))
    posted, unsurveyed = ask(commune, round_, "average"), ask(commune, round_, "average", "N2")
    fill(commune, posted, NEAR_POOR)
    refuse(commune, posted)
    refuse(commune, unsurveyed, "89/UBND")
    reviews.submit_round(by=commune.officer, round_id=round_.pk)
    return round_, posted, unsurveyed


def monthly(commune: Commune, reason: str, income: str) -> tuple[ReviewRound, HouseholdReview]:
    """A monthly round with a refused request of F1, in the village of which the meeting is to come."""
    round_ = commune.open(kind="monthly", month=9, on=date(2023, 9, 15))
    review = ask(commune, round_, reason)
    fill(commune, review, income)
    refuse(commune, review)
    reviews.submit_round(by=commune.officer, round_id=round_.pk)
    return round_, review


@pytest.mark.parametrize(("reason", "income"), [("average", NEAR_POOR), ("request_01", ABOVE)])
def test_a_refused_request_is_rechecked_for_a_complaint_and_answered_anew(
    commune: Commune, reason: str, income: str
) -> None:
    round_, review = monthly(commune, reason, income)
    meet(commune, round_, "thon-2", held_on=date(2023, 9, 20))
    post(commune, round_, "thon-2", posted_on=date(2023, 9, 20))
    complaint = reviews.record_complaint(
        by=commune.officer, review_id=review.pk, received_on=date(2023, 9, 22), text="Xem lại thu nhập."
    )
    reviews.reopen_sheet(by=commune.officer, review_id=review.pk, reason="Phúc tra")
    assert not Refusal.objects.exists() and not review.results.exists()
    told = AuditEvent.objects.get(kind="review.unrefused")
    assert (told.object_label, told.details["decision_number"], told.details["decided_on"]) == (
        "F1",
        "88/UBND",
        "2023-09-25",
    )
    fill(commune, review, income)
    reviews.answer_complaint(
        by=commune.officer, complaint_id=complaint.pk, answered_on=REFUSED, outcome="kept", answer="Giữ nguyên."
    )
    post(commune, round_, "thon-2", posted_on=REFUSED, second=True)
    reviews.complete_round(by=commune.officer, round_id=round_.pk)
    day = {"decided_on": date(2023, 9, 29)}
    assert faults_of(lambda: decide(commune, round_, **day)) == {("/households", "unrefused")}
    assert refuse(commune, review, "95/UBND").number == "95/UBND"
    decide(commune, round_, **day)
    found = Classification.objects.get(household=review.household, standard__code="central_2022_2025")
    assert found.status == ("near_poor" if reason == "average" else "not_poor")


def test_a_refused_request_whose_sheet_is_opened_in_a_returned_round_is_unfinished(commune: Commune) -> None:
    round_, review = monthly(commune, "average", NEAR_POOR)
    reviews.return_round(by=commune.officer, round_id=round_.pk, reason="Sửa thu nhập")
    reviews.reopen_sheet(by=commune.officer, review_id=review.pk, reason="Sửa thu nhập")
    submit = lambda: reviews.submit_round(by=commune.officer, round_id=round_.pk)  # noqa: E731
    assert faults_of(submit) == {("/households", "unfinished")}
    fill(commune, review, NEAR_POOR)
    assert submit().status == "submitted"


def test_a_meeting_that_does_not_agree_opens_refused_sheets_and_leaves_what_was_refused_unsurveyed(
    commune: Commune,
) -> None:
    round_, posted, unsurveyed = both_refused(commune)
    meet(commune, round_, "thon-2", held_on=date(2023, 9, 20), agreeing=2, review_again=True)
    posted.refresh_from_db()
    assert posted.finished_at is None
    assert list(Refusal.objects.values_list("review", "number")) == [(unsurveyed.pk, "89/UBND")]


def test_a_complaint_about_what_was_refused_unsurveyed_is_answered_and_the_refusal_stands(commune: Commune) -> None:
    round_, _posted, unsurveyed = both_refused(commune)
    meet(commune, round_, "thon-2", held_on=date(2023, 9, 20))
    post(commune, round_, "thon-2", posted_on=date(2023, 9, 21))
    made = reviews.record_complaint(
        by=commune.officer, review_id=unsurveyed.pk, received_on=date(2023, 9, 22), text="Xin xem lại"
    )

    def answer(outcome: str) -> Any:
        given = {"answered_on": date(2023, 9, 25), "outcome": outcome, "answer": "Đã xem lại."}
        return reviews.answer_complaint(by=commune.officer, complaint_id=made.pk, **given)

    assert faults_of(lambda: answer("changed")) == {("/review", "unfinished")}
    assert answer("kept").answered_on == date(2023, 9, 25)


def test_a_sheet_nobody_refused_is_opened_again_without_a_word_of_refusals(commune: Commune) -> None:
    bring_to(commune, "surveyed")
    reviews.reopen_sheet(by=commune.officer, review_id=commune.review("P1").pk, reason="Sửa thu nhập")
    assert AuditEvent.objects.filter(kind="review.redone").count() == 1
    assert not AuditEvent.objects.filter(kind="review.unrefused").exists()
