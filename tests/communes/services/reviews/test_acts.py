"""From finished sheets to the decision: meetings, postings, complaints, the chairman's acts, and what is refused."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from communes.models import Classification, Complaint, HouseholdReview, Posting, ReviewRound, VillageMeeting
from communes.selectors.reviews.rounds import decidable_from, village_states
from communes.services import reviews
from communes.services.reviews import CellTyped
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common.errors import Forbidden, Invalid, Stale
from tests.factories.files import upload
from tests.factories.registers import faults_of
from tests.factories.reviews import DECIDED, MET, POSTED, UNTIL, Commune, bring_to, decide, hand, meet, on, post, survey
from tests.factories.world import fresh

pytestmark = pytest.mark.django_db


def stages(round_: ReviewRound, day: date = date(2023, 12, 1)) -> dict[str, str]:
    return {state.code: state.stage for state in village_states(round_, day)}


def complain(commune: Commune, code: str = "P1", **over: Any) -> Complaint:
    given = {"received_on": date(2023, 11, 8), "text": "Hộ có thu nhập cao hơn.", **over}
    return reviews.record_complaint(by=commune.officer, review_id=commune.review(code).pk, **given)


def answer(commune: Commune, complaint: Complaint, **over: Any) -> Complaint:
    given = {"answered_on": date(2023, 11, 13), "outcome": "kept", "answer": "Đã phúc tra, giữ nguyên.", **over}
    return reviews.answer_complaint(by=commune.officer, complaint_id=complaint.pk, **given)


def test_results_go_to_the_villages_once_every_household_is_surveyed(commune: Commune) -> None:
    round_ = commune.open()
    survey(commune, "P1", 1)
    submit = lambda: reviews.submit_round(by=commune.officer, round_id=round_.pk)  # noqa: E731
    assert faults_of(submit) == {("/households", "unfinished")}
    round_.refresh_from_db()
    assert round_.status == "draft"
    survey(commune, "N1"), survey(commune, "N2")
    assert submit().status == "submitted"
    with pytest.raises(Stale):
        submit()


def test_a_round_without_households_goes_nowhere(commune: Commune) -> None:
    round_ = commune.open(kind="monthly", month=9, on=date(2023, 9, 15))
    assert faults_of(lambda: reviews.submit_round(by=commune.officer, round_id=round_.pk)) == {
        ("/households", "required")
    }


def test_another_window_that_was_first_is_not_overtaken(commune: Commune) -> None:
    round_ = bring_to(commune, "surveyed")
    with pytest.raises(Stale):
        reviews.submit_round(by=commune.officer, round_id=round_.pk, lock=round_.lock - 1)
    assert reviews.submit_round(by=commune.officer, round_id=round_.pk, lock=round_.lock).status == "submitted"


def test_a_meeting_is_recorded_with_its_minutes(commune: Commune) -> None:
    round_ = bring_to(commune, "submitted")
    assert stages(round_) == {"thon-1": "meeting", "thon-2": "meeting"}
    made = meet(commune, round_, "thon-1", present=20, agreeing=10)
    assert (made.agreed, made.counts, made.minutes.paper) == (True, True, "minutes")
    assert stages(round_) == {"thon-1": "posting", "thon-2": "meeting"}
    assert faults_of(lambda: meet(commune, round_, "thon-1")) == {("/village", "met")}


@pytest.mark.parametrize(
    ("over", "faults"),
    [
        ({"agreeing": 9}, {("/agreeing", "under_agreement")}),
        ({"agreeing": 21}, {("/agreeing", "beyond_limits")}),
        ({"agreeing": -1}, {("/agreeing", "beyond_limits")}),
        ({"present": 0, "agreeing": 0}, {("/present", "beyond_limits")}),
        ({"present": None, "agreeing": None}, {("/present", "required"), ("/agreeing", "required")}),
        ({"held_on": date(2023, 10, 9)}, {("/held_on", "too_early")}),
        ({"held_on": date(2023, 12, 2)}, {("/held_on", "in_future")}),
        ({"chaired_by": " "}, {("/chaired_by", "required")}),
        ({"minutes": None}, {("/minutes", "missing")}),
        ({"minutes": upload("bien-ban.docx")}, {("/minutes", "type_not_allowed")}),
    ],
)
def test_a_bad_meeting_is_named_at_its_fields(
    commune: Commune, over: dict[str, Any], faults: set[tuple[str, str]]
) -> None:
    round_ = bring_to(commune, "submitted")
    assert faults_of(lambda: meet(commune, round_, "thon-1", **over)) == faults
    assert not VillageMeeting.objects.exists() and not round_.files.exists()


def test_under_half_sends_the_villages_households_back_and_leaves_the_others_alone(commune: Commune) -> None:
    round_ = bring_to(commune, "submitted")
    meet(commune, round_, "thon-2")
    made = meet(commune, round_, "thon-1", agreeing=9, review_again=True)
    round_.refresh_from_db()
    assert (made.agreed, made.counts, round_.status) == (False, False, "returned")
    assert "9/20" in round_.returned_because
    assert stages(round_) == {"thon-1": "survey", "thon-2": "posting"}
    assert commune.review("P1").finished_at is None and commune.review("N2").finished_at is not None
    for code in ("P1", "N1"):
        survey(commune, code, 2, on=date(2023, 11, 8))
    reviews.submit_round(by=commune.officer, round_id=round_.pk)
    assert stages(round_) == {"thon-1": "meeting", "thon-2": "posting"}
    meet(commune, round_, "thon-1", held_on=date(2023, 11, 9))
    assert stages(round_) == {"thon-1": "posting", "thon-2": "posting"}


def test_a_posting_lasts_three_working_days(commune: Commune) -> None:
    round_ = bring_to(commune, "met")
    made = post(commune, round_, "thon-1")
    assert (made.until, made.second) == (UNTIL, False)
    assert post(commune, round_, "thon-1") == made
    assert stages(round_, UNTIL)["thon-1"] == "posted" and stages(round_, DECIDED)["thon-1"] == "ready"
    later = post(commune, round_, "thon-2", posted_on=date(2023, 11, 9))  # Thursday: Friday, Monday, Tuesday
    assert later.until == date(2023, 11, 14)
    assert decidable_from(village_states(round_, date(2023, 12, 1))) == date(2023, 11, 15)


@pytest.mark.parametrize(
    ("over", "faults"),
    [
        ({"posted_on": date(2023, 11, 5)}, {("/posted_on", "too_early")}),
        ({"posted_on": None}, {("/posted_on", "required")}),
        ({"posted_on": date(2023, 12, 2)}, {("/posted_on", "in_future")}),
        ({"place": ""}, {("/place", "required")}),
        ({"second": True}, {("/village", "nothing_answered")}),
    ],
)
def test_a_bad_posting_is_named_at_its_fields(
    commune: Commune, over: dict[str, Any], faults: set[tuple[str, str]]
) -> None:
    round_ = bring_to(commune, "met")
    assert faults_of(lambda: post(commune, round_, "thon-1", **over)) == faults
    assert not Posting.objects.exists()


def test_nothing_is_posted_before_the_meeting_agreed(commune: Commune) -> None:
    round_ = bring_to(commune, "submitted")
    assert faults_of(lambda: post(commune, round_, "thon-1")) == {("/village", "not_agreed")}


def test_a_complaint_is_rechecked_answered_and_posted_again(commune: Commune) -> None:
    round_ = bring_to(commune, "posted")
    made = complain(commune)
    assert made.due_on == date(2023, 11, 17)  # Wednesday 8: seven working days later
    assert stages(round_)["thon-1"] == "complaints"
    assert faults_of(lambda: complain(commune)) == {("/review", "open")}
    review = commune.review("P1")
    reviews.reopen_sheet(by=commune.officer, review_id=review.pk, reason="Phúc tra")
    assert stages(round_)["thon-1"] == "complaints"  # meeting and posting stand
    assert faults_of(lambda: answer(commune, made)) == {("/review", "unfinished")}
    reviews.save_cells(by=commune.officer, review_id=review.pk, cells=[CellTyped("a_score:", "141")])
    reviews.finish_sheet(by=commune.officer, review_id=review.pk)
    answer(commune, made, outcome="changed")
    assert stages(round_)["thon-1"] == "second_posting"
    assert faults_of(lambda: reviews.complete_round(by=commune.officer, round_id=round_.pk)) == {
        ("/villages/thon-1", "second_posting")
    }
    second = post(commune, round_, "thon-1", posted_on=date(2023, 11, 13), second=True)
    assert second.until == date(2023, 11, 16)
    assert decidable_from(village_states(round_, date(2023, 12, 1))) == date(2023, 11, 17)
    hand(commune, round_, date(2023, 11, 17))
    assert faults_of(lambda: decide(commune, round_)) == {
        ("/decided_on", "before_posting_ends"), ("/decided_on", "before_opinion"),
    }  # fmt: skip
    decide(commune, round_, decided_on=date(2023, 11, 17))
    assert review.household.classifications.get(standard__code="central_2022_2025", valid_from__gt=MET).status == (
        "not_poor"
    )


@pytest.mark.parametrize(
    ("over", "faults"),
    [
        ({"received_on": date(2023, 11, 5)}, {("/received_on", "too_early")}),
        ({"received_on": None}, {("/received_on", "required")}),
        ({"text": " "}, {("/text", "required")}),
        ({"text": "x" * 2001}, {("/text", "too_long")}),
    ],
)
def test_a_bad_complaint_is_named_at_its_fields(
    commune: Commune, over: dict[str, Any], faults: set[tuple[str, str]]
) -> None:
    bring_to(commune, "posted")
    assert faults_of(lambda: complain(commune, **over)) == faults


def test_nothing_is_complained_of_before_it_is_posted(commune: Commune) -> None:
    bring_to(commune, "met")
    assert ("/review", "not_posted") in faults_of(lambda: complain(commune))


@pytest.mark.parametrize(
    ("over", "faults"),
    [
        ({"answered_on": date(2023, 11, 7)}, {("/answered_on", "too_early")}),
        ({"outcome": "maybe"}, {("/outcome", "required")}),
        ({"answer": ""}, {("/answer", "required")}),
    ],
)
def test_a_bad_answer_is_named_at_its_fields(
    commune: Commune, over: dict[str, Any], faults: set[tuple[str, str]]
) -> None:
    bring_to(commune, "posted")
    complaint = complain(commune)
    assert faults_of(lambda: answer(commune, complaint, **over)) == faults


def test_the_round_goes_to_the_chairman_when_every_posting_is_over(commune: Commune) -> None:
    round_ = bring_to(commune, "posted")
    with on(UNTIL):
        assert faults_of(lambda: reviews.complete_round(by=commune.officer, round_id=round_.pk)) == {
            ("/villages/thon-1", "posted"), ("/villages/thon-2", "posted"),
        }  # fmt: skip
    with on(DECIDED):
        assert reviews.complete_round(by=commune.officer, round_id=round_.pk).status == "verified"


def test_the_decision_classifies_every_household_under_both_standards(commune: Commune) -> None:
    round_ = bring_to(commune, "decided")
    assert round_.status == "approved" and round_.decision.scan.paper == "decision"
    rows = Classification.objects.filter(valid_from=DECIDED).select_related("household", "standard")
    assert {(row.household.code, row.standard.code, row.status, row.effective_year) for row in rows} == {
        (code, standard, status, 2024)
        for code, status in (("P1", "near_poor"), ("N1", "poor"), ("N2", "near_poor"))
        for standard in ("central_2022_2025", "quang_ninh_2023_2025")
    }
    assert {(row.decision_number, row.decided_by, row.round_held) for row in rows} == {
        ("215/QĐ-UBND", "Chủ tịch Thử", 2023)
    }
    event = AuditEvent.objects.get(kind="review.decided")
    assert (event.details["decision_number"], event.details["households"]) == ("215/QĐ-UBND", 3)


@pytest.mark.parametrize(
    ("over", "faults"),
    [
        ({"number": ""}, {("/number", "required")}),
        ({"signer": " "}, {("/signer", "required")}),
        ({"decided_on": UNTIL}, {("/decided_on", "before_posting_ends"), ("/decided_on", "before_opinion")}),
        ({"decided_on": date(2023, 12, 2)}, {("/decided_on", "in_future")}),
        ({"decided_on": None}, {("/decided_on", "required")}),
        ({"scan": None}, {("/scan", "missing")}),
    ],
)
def test_a_bad_decision_is_named_at_its_fields_and_classifies_nobody(
    commune: Commune, over: dict[str, Any], faults: set[tuple[str, str]]
) -> None:
    round_ = bring_to(commune, "completed")
    before = Classification.objects.count()
    assert faults_of(lambda: decide(commune, round_, **over)) == faults
    round_.refresh_from_db()
    assert round_.status == "verified" and Classification.objects.count() == before


def test_a_decision_on_a_day_on_which_a_household_was_classified_otherwise_stores_nothing(commune: Commune) -> None:
    round_ = bring_to(commune, "completed")
    other = commune.households["P1"].classifications.get()
    other.pk, other.valid_from = None, DECIDED
    other.save()
    with pytest.raises(Invalid) as caught:
        decide(commune, round_)
    assert {(fault.pointer, fault.code) for fault in caught.value.faults} == {("/decided_on", "day_taken")}
    assert "P1" in str(caught.value)
    round_.refresh_from_db()
    assert round_.status == "verified" and not hasattr(round_, "decision") and not round_.files.filter(paper="decision")


def test_a_decision_is_taken_once_and_nothing_changes_after_it(commune: Commune) -> None:
    round_ = bring_to(commune, "decided")
    with pytest.raises(Stale):
        decide(commune, round_, number="216/QĐ-UBND", decided_on=date(2023, 11, 13))
    for act in (
        lambda: complain(commune),
        lambda: reviews.return_round(by=commune.officer, round_id=round_.pk, reason="Nhầm"),
        lambda: reviews.reopen_sheet(by=commune.officer, review_id=commune.review("P1").pk, reason="Nhầm"),
        lambda: post(commune, round_, "thon-1", posted_on=date(2023, 11, 14), second=True),
    ):
        with pytest.raises((Stale, Invalid)):
            act()


def test_a_round_is_returned_before_its_decision_with_a_reason(commune: Commune) -> None:
    round_ = bring_to(commune, "completed")
    back = lambda reason: reviews.return_round(by=commune.officer, round_id=round_.pk, reason=reason)  # noqa: E731
    assert faults_of(lambda: back(" ")) == {("/reason", "required")}
    assert (back("Thiếu chữ ký biên bản").status, back) and ReviewRound.objects.get().status == "returned"
    reviews.reopen_sheet(by=commune.officer, review_id=commune.review("P1").pk, reason="Sửa thu nhập")
    # Its village is to meet again; the other one's meeting and posting stand.
    assert stages(round_) == {"thon-1": "survey", "thon-2": "ready"}


def ask(commune: Commune, round_: ReviewRound) -> HouseholdReview:
    return reviews.add_request(
        by=commune.officer, round_id=round_.pk, household="F1", reason="request_01", on=date(2023, 9, 20)
    )


def refuse(commune: Commune, review: HouseholdReview, **over: Any) -> Any:
    given = {
        "number": "88/UBND", "refused_on": date(2023, 11, 8), "signer": "Chủ tịch Thử",
        "reasons": "Thu nhập bình quân của hộ cao hơn chuẩn.", **over,
    }  # fmt: skip
    return reviews.refuse(by=commune.officer, review_id=review.pk, **given)


def test_a_request_that_is_not_granted_is_refused_in_writing_before_the_decision(commune: Commune) -> None:
    round_ = commune.open()
    review = ask(commune, round_)
    for code, deprived in (("P1", 1), ("N1", 4), ("N2", 0)):
        survey(commune, code, deprived)
    survey(commune, "F1", 0, a_score="180", **{"income:": "3500000"})
    reviews.submit_round(by=commune.officer, round_id=round_.pk)
    for village in commune.villages:
        meet(commune, round_, village)
        post(commune, round_, village)
    hand(commune, round_)
    assert faults_of(lambda: decide(commune, round_)) == {("/households", "unrefused")}
    assert faults_of(lambda: refuse(commune, review, reasons=" ")) == {("/reasons", "required")}
    made = refuse(commune, review)
    assert refuse(commune, review) == made
    assert faults_of(lambda: refuse(commune, review, number="89/UBND")) == {("/review", "refused")}
    decide(commune, round_)
    assert review.household.classifications.get(standard__code="central_2022_2025").status == "not_poor"


def test_a_request_may_be_refused_unsurveyed_and_its_household_is_not_classified(commune: Commune) -> None:
    round_ = commune.open()
    review = ask(commune, round_)
    refuse(commune, review, refused_on=date(2023, 9, 25))
    for code in ("P1", "N1", "N2"):
        survey(commune, code, 3)
    assert reviews.submit_round(by=commune.officer, round_id=round_.pk).status == "submitted"
    assert not review.household.classifications.exists()


def test_what_the_sheet_grants_or_nobody_asked_for_is_not_refused(commune: Commune) -> None:
    round_ = commune.open()
    review = ask(commune, round_)
    survey(commune, "F1", 3)
    assert faults_of(lambda: refuse(commune, review)) == {("/review", "granted")}
    assert faults_of(lambda: refuse(commune, commune.review("P1"))) == {("/review", "no_request")}


def test_a_household_that_no_standard_can_say_anything_of_stops_the_decision(commune: Commune) -> None:
    from communes.models import ReviewResult

    round_ = bring_to(commune, "completed")
    ReviewResult.objects.filter(review=commune.review("P1")).update(status="undetermined", reason="list_not_entered")
    assert faults_of(lambda: decide(commune, round_)) == {("/households", "undetermined")}


def test_papers_are_kept_once_and_checked(commune: Commune) -> None:
    commune.open()
    review = commune.review("P1")
    keep = lambda file, paper="sheet": reviews.keep_paper(  # noqa: E731
        by=commune.officer, review_id=review.pk, paper=paper, file=file
    )
    first = keep(upload("phieu.png"))
    assert keep(upload("phieu.png")) == first
    assert faults_of(lambda: keep(None)) == {("/file", "missing")}
    assert faults_of(lambda: keep(upload("phieu.docx"))) == {("/file", "type_not_allowed")}


@pytest.mark.parametrize("who", ["coordinator", "stranger", "leader"])
def test_nobody_else_acts(commune: Commune, who: str) -> None:
    round_ = bring_to(commune, "met")
    by = fresh(getattr(commune, who))
    village, review = commune.villages["thon-1"].pk, commune.review("P1").pk
    acts = (
        lambda: reviews.post_results(by=by, round_id=round_.pk, village_id=village, posted_on=POSTED, place="x"),
        lambda: reviews.return_round(by=by, round_id=round_.pk, reason="x"),
        lambda: reviews.complete_round(by=by, round_id=round_.pk),
        lambda: reviews.record_complaint(by=by, review_id=review, received_on=POSTED, text="x"),
        lambda: reviews.refuse(by=by, review_id=review, number="1", refused_on=POSTED, signer="x", reasons="x"),
        lambda: reviews.keep_paper(by=by, review_id=review, paper="sheet", file=upload("a.png")),
    )
    expected = Forbidden if who == "coordinator" else (ReviewRound.DoesNotExist, HouseholdReview.DoesNotExist)
    for act in acts:
        with pytest.raises(expected):
            act()
