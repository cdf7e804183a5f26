"""Requests to be recognised as a farming household of average living standard, from the request to the decision."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from communes.models import (
    Classification,
    HouseholdReview,
    IncomeLine,
    PovertyStandard,
    ReviewRound,
    ReviewTerm,
    UnitVersion,
)
from communes.selectors.poverty_tables.counted import average_table
from communes.selectors.poverty_tables.extent import extent_of
from communes.selectors.reviews.households import outcomes
from communes.selectors.reviews.postings import posted_households
from communes.services import reviews
from mongcai_portal.audit.models import AuditEvent
from tests.factories.registers import faults_of
from tests.factories.reviews import Commune, decide, meet, post, typed

pytestmark = pytest.mark.django_db

MONTH = {"kind": "monthly", "month": 9, "on": date(2023, 9, 15)}
SURVEYED = date(2023, 9, 18)
MET = date(2023, 9, 20)  # a Wednesday: the posting hangs until Monday 25
DECIDED = date(2023, 9, 26)


def ask(commune: Commune, round_: ReviewRound, **over: Any) -> HouseholdReview:
    given = {"household": "F1", "reason": "average", "on": date(2023, 9, 16), **over}
    return reviews.add_request(by=commune.officer, round_id=round_.pk, **given)


def fill(commune: Commune, income: str = "2.200.000", **over: Any) -> HouseholdReview:
    """Finish the sheet of F1: farming, above the line by its A score, deprived of nothing."""
    given = {"a_score": "150", "on": SURVEYED, "income:": income, "farming:": "true", **over}
    review = commune.review("F1")
    saved = reviews.save_cells(by=commune.officer, review_id=review.pk, cells=typed(0, **given))
    assert (saved.faults, saved.conflicts) == ((), ())
    return reviews.finish_sheet(by=commune.officer, review_id=review.pk)


def to_the_chairman(commune: Commune, round_: ReviewRound) -> None:
    reviews.submit_round(by=commune.officer, round_id=round_.pk)
    meet(commune, round_, "thon-2", held_on=MET)
    post(commune, round_, "thon-2", posted_on=MET)
    reviews.complete_round(by=commune.officer, round_id=round_.pk)


def posted(commune: Commune, round_: ReviewRound) -> list[tuple[str, int]]:
    found = posted_households(round_, commune.villages["thon-2"].pk, MET)
    return [(one.head, len(one.average)) for one in found]


def refuse(commune: Commune, review: HouseholdReview) -> Any:
    return reviews.refuse(
        by=commune.officer, review_id=review.pk, number="88/UBND", refused_on=date(2023, 9, 25), signer="Chủ tịch Thử",
        reasons="Thu nhập bình quân của hộ ngoài mức sống trung bình.",
    )  # fmt: skip


def test_a_request_is_granted_by_the_decision_and_counted_in_table_one(commune: Commune) -> None:
    round_ = commune.open(**MONTH)
    review = ask(commune, round_)
    assert (review.reason, review.requested_on) == ("average", date(2023, 9, 16))
    assert AuditEvent.objects.get(kind="review.requested").details["form"] == "average"
    fill(commune)
    kept = {one.standard.code: (one.status, one.average_living) for one in review.results.select_related("standard")}
    assert kept == {"central_2022_2025": ("not_poor", True), "quang_ninh_2023_2025": ("not_poor", None)}
    assert faults_of(lambda: refuse(commune, review)) == {("/review", "granted")}
    to_the_chairman(commune, round_)
    assert posted(commune, round_) == [("Chủ Hộ F1", 1)]
    decide(commune, round_, decided_on=DECIDED)
    stored = Classification.objects.filter(household=review.household).select_related("standard")
    assert {one.standard.code: one.average_living for one in stored} == {
        "central_2022_2025": True, "quang_ninh_2023_2025": None,
    }  # fmt: skip
    standard = PovertyStandard.objects.get(code="central_2022_2025")
    assert outcomes(round_)[standard.pk]["average"] == 1
    place = UnitVersion.objects.get(unit=commune.unit)
    table = average_table(extent_of(standard, 2023, date(2022, 12, 31), date(2023, 12, 1), place))
    total = table.lines[-1].cells
    # The register says nothing of its livelihood; its review does.
    assert (total["farming"], total["farming_open"], total["average"]) == (1, 3, 1)


@pytest.mark.parametrize(
    ("income", "granted"), [("1.500.000", False), ("1.500.001", True), ("2.250.000", True), ("2.250.001", False)]
)
def test_the_band_of_the_standard_decides(commune: Commune, income: str, granted: bool) -> None:
    round_ = commune.open(**MONTH)
    review = ask(commune, round_)
    fill(commune, income)
    assert review.results.get(standard__code="central_2022_2025").average_living is granted
    to_the_chairman(commune, round_)
    if granted:
        assert decide(commune, round_, decided_on=DECIDED).number == "215/QĐ-UBND"
    else:
        assert faults_of(lambda: decide(commune, round_, decided_on=DECIDED)) == {("/households", "unrefused")}
        refuse(commune, review)
        decide(commune, round_, decided_on=DECIDED)
        assert not Classification.objects.filter(household=review.household, average_living=True).exists()


def test_who_does_not_live_by_farming_is_refused_in_writing(commune: Commune) -> None:
    round_ = commune.open(**MONTH)
    review = ask(commune, round_)
    fill(commune, **{"farming:": "false"})
    to_the_chairman(commune, round_)
    assert faults_of(lambda: decide(commune, round_, decided_on=DECIDED)) == {("/households", "unrefused")}
    assert refuse(commune, review).number == "88/UBND"
    assert posted(commune, round_) == []


def test_who_is_found_near_poor_is_answered_posted_and_classified_so(commune: Commune) -> None:
    round_ = commune.open(**MONTH)
    review = ask(commune, round_)
    fill(commune, "1.400.000", a_score="130")
    refuse(commune, review)
    to_the_chairman(commune, round_)
    assert posted(commune, round_) == [("Chủ Hộ F1", 0)]
    decide(commune, round_, decided_on=DECIDED)
    assert review.household.classifications.get(standard__code="central_2022_2025").status == "near_poor"


def test_another_standard_may_say_near_poor_of_who_is_granted_it(commune: Commune) -> None:
    round_ = commune.open(**MONTH)
    review = ask(commune, round_)
    fill(commune, "2.000.000")  # within the province's line, in the band of the country's
    kept = {one.standard.code: one.status for one in review.results.select_related("standard")}
    assert kept == {"central_2022_2025": "not_poor", "quang_ninh_2023_2025": "near_poor"}
    to_the_chairman(commune, round_)
    assert posted(commune, round_) == [("Chủ Hộ F1", 1)]
    assert decide(commune, round_, decided_on=DECIDED)


def correct_line() -> None:
    lines = IncomeLine.objects.filter(kind="average", area_type="rural", standard__code="central_2022_2025")
    assert lines.update(amount=2_000_000)


@pytest.mark.parametrize("income", ["2.200.000", "1.400.000"])
def test_a_corrected_band_does_not_store_the_opposite_of_what_was_posted(commune: Commune, income: str) -> None:
    round_ = commune.open(**MONTH)
    review = ask(commune, round_)
    fill(commune, income)
    granted = income == "2.200.000"
    if not granted:
        refuse(commune, review)
    to_the_chairman(commune, round_)
    correct_line()
    if granted:
        assert faults_of(lambda: decide(commune, round_, decided_on=DECIDED)) == {("/households", "differs")}
        assert not review.household.classifications.exists()
    else:
        assert decide(commune, round_, decided_on=DECIDED), "the corrected band changes nothing of it"


def test_a_corrected_band_is_nothing_to_who_did_not_ask_for_it(commune: Commune) -> None:
    round_ = commune.open(**MONTH)
    review = ask(commune, round_, reason="request_01")
    fill(commune)
    assert review.results.get(standard__code="central_2022_2025").average_living is True
    refuse(commune, review)
    to_the_chairman(commune, round_)
    correct_line()
    decide(commune, round_, decided_on=DECIDED)
    assert review.household.classifications.get(standard__code="central_2022_2025").average_living is False


def test_the_same_household_that_filed_form_01_is_not_granted_anything(commune: Commune) -> None:
    round_ = commune.open(**MONTH)
    ask(commune, round_, reason="request_01")
    fill(commune)
    to_the_chairman(commune, round_)
    assert posted(commune, round_) == []
    assert faults_of(lambda: decide(commune, round_, decided_on=DECIDED)) == {("/households", "unrefused")}


def test_a_yearly_round_takes_no_such_request(commune: Commune) -> None:
    round_ = commune.open()
    assert faults_of(lambda: ask(commune, round_)) == {("/reason", "other_window")}
    assert not HouseholdReview.objects.filter(reason="average").exists()


def test_without_a_band_in_the_rounds_standards_there_is_nothing_to_ask_for(commune: Commune) -> None:
    round_ = commune.open(**MONTH)
    IncomeLine.objects.filter(kind="average", area_type="rural").delete()
    assert faults_of(lambda: ask(commune, round_)) == {("/reason", "no_average_line")}


@pytest.mark.parametrize(
    ("over", "faults"),
    [
        ({"income:": ""}, {("/income:", "required")}),
        ({"farming:": ""}, {("/farming:", "required")}),
        ({"income:": "", "farming:": ""}, {("/income:", "required"), ("/farming:", "required")}),
        ({"on": date(2023, 9, 14)}, {("/surveyed_on:", "too_early")}),
    ],
)
def test_a_sheet_that_cannot_answer_the_request_is_not_finished(
    commune: Commune, over: dict[str, Any], faults: set[tuple[str, str]]
) -> None:
    review = ask(commune, commune.open(**MONTH))
    household = review.household
    household.farming = True  # what the register says may be another thing on the day of the decision
    household.save()
    assert faults_of(lambda: fill(commune, **over)) == faults
    assert commune.review("F1").finished_at is None


def test_quick_screening_is_enough_with_income_and_livelihood(commune: Commune) -> None:
    review = ask(commune, commune.open(**MONTH))
    cells = typed(
        0, a_score="", on=SURVEYED, **{"screening:": "screened_out", "income:": "2.200.000", "farming:": "true"}
    )
    kept = [one for one in cells if not one.name.startswith("answer:")]
    reviews.save_cells(by=commune.officer, review_id=review.pk, cells=kept)
    reviews.finish_sheet(by=commune.officer, review_id=review.pk)
    assert review.results.get(standard__code="central_2022_2025").average_living is True


@pytest.mark.parametrize(("day", "early"), [(date(2023, 9, 19), True), (date(2023, 9, 20), False)])
def test_it_is_reviewed_from_the_day_of_its_own_window(commune: Commune, day: date, early: bool) -> None:
    review = ask(commune, commune.open(**MONTH))
    ReviewTerm.objects.filter(code="average_from").update(number=20)
    if early:
        assert faults_of(lambda: fill(commune, on=day)) == {("/surveyed_on:", "too_early")}
    else:
        assert fill(commune, on=day).pk == review.pk


def test_other_requests_of_the_round_are_not_bound_by_that_window(commune: Commune) -> None:
    ask(commune, commune.open(**MONTH), reason="request_01")
    ReviewTerm.objects.filter(code="average_from").update(number=20)
    assert fill(commune, on=SURVEYED).finished_at is not None
