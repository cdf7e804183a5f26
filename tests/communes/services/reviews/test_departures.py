"""Households that leave the register while their round goes on, and those whom quick screening ends."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from communes.models import Classification, HouseholdReview, ReviewRound, Unit
from communes.scope import scope_of
from communes.selectors.reviews.households import LEFT, OPEN, ReviewFilter, fallen_out, find_review, review_counts
from communes.selectors.reviews.households import reviews as listed
from communes.selectors.reviews.rounds import village_states
from communes.services import reviews
from communes.services.households import end_household, move_household
from communes.services.reviews import CellTyped
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common.errors import Invalid
from tests.factories.households import make_village
from tests.factories.registers import faults_of
from tests.factories.reviews import DECIDED, SURVEYED, Commune, bring_to, decide, hand, meet, post, survey

pytestmark = pytest.mark.django_db

SCREENED = [
    CellTyped("screening:", "screened_out"),
    CellTyped("surveyor:", "Rà Soát Viên"),
    CellTyped("surveyed_on:", SURVEYED.isoformat()),
]


def leave(commune: Commune, code: str, on: date) -> None:
    household = commune.households[code]
    household.refresh_from_db()
    end_household(by=commune.officer, household_id=household.pk, on=on, because="moved_out", lock=household.lock)


def screen(commune: Commune, review: HouseholdReview) -> HouseholdReview:
    reviews.save_cells(by=commune.officer, review_id=review.pk, cells=SCREENED)
    return reviews.finish_sheet(by=commune.officer, review_id=review.pk)


def years(code: str) -> set[int]:
    return set(Classification.objects.filter(household__code=code).values_list("effective_year", flat=True))


def test_who_left_after_the_survey_is_not_decided_on_and_holds_nobody_up(commune: Commune) -> None:
    round_ = bring_to(commune, "completed")
    before = years("N1")
    leave(commune, "N1", date(2023, 11, 8))
    decide(commune, round_, without_gone=True)
    assert years("N1") == before
    assert 2024 in years("P1")
    told = AuditEvent.objects.get(kind="review.decided").details
    assert (told["households"], told["gone"]) == (2, 1)


def test_who_leaves_after_the_decision_is_decided_on(commune: Commune) -> None:
    round_ = bring_to(commune, "completed")
    leave(commune, "N1", date(2023, 11, 30))
    assert date(2023, 11, 30) > DECIDED
    decide(commune, round_)
    assert 2024 in years("N1")
    assert "gone" not in AuditEvent.objects.get(kind="review.decided").details


def test_who_left_unsurveyed_needs_no_sheet(commune: Commune) -> None:
    round_ = commune.open()
    survey(commune, "P1", 1)
    survey(commune, "N1", 4)
    assert review_counts(round_)[OPEN] == 1
    leave(commune, "N2", date(2023, 11, 1))
    assert review_counts(round_)[OPEN] == 0
    assert not listed(round_, ReviewFilter(state=OPEN))
    gone = next(one for one in listed(round_, ReviewFilter()) if one.household.code == "N2")
    assert gone.present is False  # type: ignore[attr-defined]
    assert reviews.submit_round(by=commune.officer, round_id=round_.pk).status == "submitted"
    for state in village_states(round_, date(2023, 11, 2)):
        meet(commune, round_, state.code)
        post(commune, round_, state.code)
    round_ = hand(commune, round_)
    decide(commune, round_, without_gone=True)
    assert 2024 not in years("N2") and commune.review("N2").fell_out == "gone"


def move(commune: Commune, code: str, village: str, on: date) -> None:
    move_household(by=None, household_id=commune.households[code].pk, on=on, village=village)


def to_the_chairman(commune: Commune, round_: ReviewRound) -> ReviewRound:
    reviews.submit_round(by=commune.officer, round_id=round_.pk)
    for state in village_states(round_, date(2023, 12, 1)):
        meet(commune, round_, state.code)
        post(commune, round_, state.code)
    return hand(commune, round_)


def test_who_comes_back_after_the_decision_opens_no_sheet_of_its_round(commune: Commune) -> None:
    make_village(Unit.objects.get(uid="tra-co"), "khu-9")
    round_ = commune.open()
    survey(commune, "P1", 1)
    survey(commune, "N1", 4)
    move(commune, "N2", "khu-9", date(2023, 11, 1))
    decide(commune, to_the_chairman(commune, round_), without_gone=True)
    move(commune, "N2", "thon-2", date(2023, 11, 20))
    round_.refresh_from_db()
    review = find_review(scope_of(commune.officer), round_.pk, commune.review("N2").pk)
    assert review.absence == review.fell_out == "elsewhere"  # type: ignore[attr-defined]
    assert [one.household.code for one in fallen_out(round_)] == ["N2"]
    counts = review_counts(round_)
    assert (counts[OPEN], counts[LEFT]) == (0, 1) and not listed(round_, ReviewFilter(state=OPEN))
    assert {state.code: state.stage for state in village_states(round_, date(2023, 12, 1))} == {"thon-1": "ready"}


def test_a_decision_of_a_day_before_someone_left_unsurveyed_names_the_household(commune: Commune) -> None:
    round_ = commune.open()
    survey(commune, "P1", 1)
    survey(commune, "N1", 4)
    leave(commune, "N2", date(2023, 11, 15))
    round_ = to_the_chairman(commune, round_)
    with pytest.raises(Invalid) as caught:
        decide(commune, round_)
    assert [(fault.pointer, fault.code) for fault in caught.value.faults] == [("/households", "unfinished")]
    assert "N2" in str(caught.value) and "10/11/2023" in str(caught.value)
    assert not Classification.objects.filter(effective_year=2024).exists()
    decide(commune, round_, decided_on=date(2023, 11, 15), without_gone=True)
    assert commune.review("N2").fell_out == "gone"


def test_a_request_refused_unsurveyed_is_not_among_those_who_left_anywhere(commune: Commune) -> None:
    round_ = commune.open()
    asked = reviews.add_request(
        by=commune.officer, round_id=round_.pk, household="F1", reason="request_01", on=date(2023, 9, 20)
    )
    for code, deprived in (("P1", 1), ("N1", 4), ("N2", 0)):
        survey(commune, code, deprived)
    reviews.refuse(
        by=commune.officer, review_id=asked.pk, number="12/UBND", refused_on=date(2023, 9, 25), signer="Chủ tịch Thử",
        reasons="Hộ có xe ô tô.",
    )  # fmt: skip
    round_ = to_the_chairman(commune, round_)
    leave(commune, "F1", date(2023, 11, 8))
    for _time in ("before the decision", "after it"):
        assert not fallen_out(round_)
        assert review_counts(round_)[LEFT] == len(listed(round_, ReviewFilter(state=LEFT))) == 0
        if round_.status == "verified":
            decide(commune, round_)
            round_.refresh_from_db()
    assert "gone" not in AuditEvent.objects.get(kind="review.decided").details
    assert commune.review("F1").fell_out == ""


def test_quick_screening_does_not_end_the_review_of_who_is_on_the_list(commune: Commune) -> None:
    commune.open()
    assert faults_of(lambda: screen(commune, commune.review("N1"))) == {("/screening:", "needs_survey")}


def test_a_request_that_screening_ends_is_answered_in_writing_before_the_decision(commune: Commune) -> None:
    round_ = commune.open()
    asked = reviews.add_request(
        by=commune.officer, round_id=round_.pk, household="F1", reason="request_01", on=date(2023, 9, 20)
    )
    for code, deprived in (("P1", 1), ("N1", 4), ("N2", 0)):
        survey(commune, code, deprived)
    screen(commune, asked)
    reviews.submit_round(by=commune.officer, round_id=round_.pk)
    for state in village_states(round_, date(2023, 12, 1)):
        meet(commune, round_, state.code)
        post(commune, round_, state.code)
    round_ = hand(commune, round_)
    assert faults_of(lambda: decide(commune, round_)) == {("/households", "unrefused")}
    answer: dict[str, Any] = {"number": "12/UBND", "refused_on": date(2023, 11, 3), "signer": "Chủ tịch Thử"}
    reviews.refuse(by=commune.officer, review_id=asked.pk, reasons="Hộ có xe ô tô.", **answer)
    decide(commune, round_)
    found = Classification.objects.filter(household__code="F1", effective_year=2024)
    assert {(one.status, one.reason) for one in found} == {("undetermined", "screened_out")}
