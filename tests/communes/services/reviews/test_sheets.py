"""Survey sheets: fields saved one by one, safe against a second window, and what finishing makes of them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from communes.models import (
    HouseholdReview,
    PovertyStandard,
    ReviewRound,
    ScoreItem,
    ScoreOption,
    ScoreTable,
    SurveyForm,
)
from communes.selectors.reviews.sheets import live_result, sheet_form, typed_cells
from communes.services.reviews import CellTyped, finish_sheet, reopen_sheet, save_cells
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common.errors import Forbidden, Stale
from tests.factories.poverty import CODES
from tests.factories.registers import faults_of
from tests.factories.reviews import SURVEYED, Commune, bring_to, survey, typed
from tests.factories.world import fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_(commune: Commune) -> ReviewRound:
    return commune.open()


@pytest.fixture
def review(commune: Commune, round_: ReviewRound) -> HouseholdReview:
    return commune.review("P1")


def save(commune: Commune, review: HouseholdReview, *cells: CellTyped) -> Any:
    return save_cells(by=commune.officer, review_id=review.pk, cells=cells)


def values(review: HouseholdReview) -> dict[str, str]:
    return {name: cell.value for name, cell in typed_cells(review).items()}


def results(review: HouseholdReview) -> dict[str, tuple[str, str]]:
    return {one.standard.code: (one.status, one.reason) for one in review.results.select_related("standard")}


def test_a_field_is_stored_in_plain_words_and_the_same_again_changes_nothing(
    commune: Commune, review: HouseholdReview
) -> None:
    first = save(commune, review, CellTyped("income:", "1.400.000"), CellTyped("surveyed_on:", "10/10/2023"))
    assert values(review) == {"income:": "1400000", "surveyed_on:": "2023-10-10"}
    again = save(commune, review, CellTyped("income:", "1400000"))
    assert [(one.lock, one.unchanged) for one in first.saved] == [(1, False), (1, False)]
    assert [(one.lock, one.unchanged) for one in again.saved] == [(1, True)]
    event = AuditEvent.objects.get(kind="review.saved")
    assert event.details["fields"] == ["income:", "surveyed_on:"]
    assert "1400000" not in str(event.details)


def test_a_field_that_another_window_changed_is_a_conflict_and_others_are_stored(
    commune: Commune, review: HouseholdReview
) -> None:
    save(commune, review, CellTyped("answer:water", "true", lock=0))
    found = save(
        commune, review, CellTyped("answer:water", "false", lock=0), CellTyped("answer:toilet", "true", lock=0)
    )
    assert [(one.name, one.value, one.lock) for one in found.conflicts] == [("answer:water", "true", 1)]
    assert values(review) == {"answer:water": "true", "answer:toilet": "true"}
    save(commune, review, CellTyped("answer:water", "false", lock=1))
    assert values(review)["answer:water"] == "false"


def test_an_emptied_field_keeps_its_lock(commune: Commune, review: HouseholdReview) -> None:
    save(commune, review, CellTyped("income:", "900000", lock=0))
    save(commune, review, CellTyped("income:", "", lock=1))
    assert [one.lock for one in save(commune, review, CellTyped("income:", "800000", lock=0)).conflicts] == [2]
    assert values(review) == {"income:": ""}


@pytest.mark.parametrize(
    ("name", "raw", "code"),
    [
        ("income:", "chín trăm", "not_a_number"),
        ("income:", "-5", "negative"),
        ("income:", "1.500", "ambiguous"),
        ("a_score:", "1000", "beyond_limits"),
        ("a_score:", "12,5", "not_whole"),
        ("answer:water", "maybe", "not_yes_or_no"),
        ("answer:coffee", "true", "unknown_field"),
        ("screening:", "maybe", "unknown"),
        ("surveyed_on:", "31/02/2023", "not_a_date"),
        ("surveyed_on:", "02/12/2023", "in_future"),
        ("surveyor:", "x" * 121, "too_long"),
    ],
)
def test_a_bad_field_is_named_and_the_good_ones_are_stored(
    commune: Commune, review: HouseholdReview, name: str, raw: str, code: str
) -> None:
    found = save(commune, review, CellTyped(name, raw), CellTyped("answer:toilet", "true"))
    assert [(fault.pointer, fault.code) for fault in found.faults] == [(f"/{name}", code)]
    assert values(review) == {"answer:toilet": "true"}


def test_the_live_result_stands_under_every_standard(commune: Commune, review: HouseholdReview) -> None:
    sheet = sheet_form(review.round)
    typing: dict[str, str] = {}

    def now() -> list[tuple[str, str]]:
        return [(said.status, said.reason) for _standard, said in live_result(sheet, typing, None).results]

    assert now() == [("undetermined", "no_income")] * 2
    typing |= {"a_score:": "140"}
    assert now() == [("undetermined", "not_asked"), ("undetermined", "no_score_limit")]
    typing |= {f"answer:{code}": "true" for code in CODES[:3]}
    assert now() == [("poor", ""), ("undetermined", "no_score_limit")]
    typing |= {"income:": "2100001"}
    assert now() == [("poor", ""), ("not_poor", "")]
    typing |= {"a_score:": "141"}
    assert now() == [("not_poor", ""), ("not_poor", "")]


def test_finishing_stores_the_sheet_its_answers_and_results(commune: Commune, round_: ReviewRound) -> None:
    review = survey(commune, "P1", 3)
    assert (review.income, review.a_score, review.b_score, review.surveyed_on) == (1_400_000, 120, 30, SURVEYED)
    assert review.answers.filter(deprived=True).count() == 3 and review.answers.count() == 12
    assert results(review) == {"central_2022_2025": ("poor", ""), "quang_ninh_2023_2025": ("poor", "")}
    again = finish_sheet(by=commune.officer, review_id=review.pk)
    assert again.finished_at == review.finished_at


@pytest.mark.parametrize(
    ("a_score", "deprived", "status"),
    [("140", 3, "poor"), ("140", 2, "near_poor"), ("141", 12, "not_poor"), ("0", 0, "near_poor")],
)
def test_the_borders_of_a_and_b_decide(
    commune: Commune, round_: ReviewRound, a_score: str, deprived: int, status: str
) -> None:
    assert results(survey(commune, "P1", deprived, a_score=a_score))["central_2022_2025"] == (status, "")


def test_what_is_missing_is_named_at_its_field(commune: Commune, review: HouseholdReview) -> None:
    assert faults_of(lambda: finish_sheet(by=commune.officer, review_id=review.pk)) == {
        ("/a_score:", "required"), ("/income:", "required"), ("/surveyor:", "required"), ("/surveyed_on:", "required"),
    }  # fmt: skip


def test_open_answers_that_could_turn_the_result_are_asked_for(commune: Commune, review: HouseholdReview) -> None:
    save(commune, review, *typed(2, **{"answer:info_assets": ""}))
    assert faults_of(lambda: finish_sheet(by=commune.officer, review_id=review.pk)) == {
        ("/answer:info_assets", "required")
    }
    assert not HouseholdReview.objects.get(pk=review.pk).finished_at


def test_a_day_before_the_round_is_refused(commune: Commune, review: HouseholdReview) -> None:
    save(commune, review, *typed(2, on=date(2023, 9, 4)))
    assert faults_of(lambda: finish_sheet(by=commune.officer, review_id=review.pk)) == {("/surveyed_on:", "too_early")}


def test_a_standard_without_a_list_leaves_its_households_undetermined_and_the_sheet_is_finished(
    commune: Commune, round_: ReviewRound
) -> None:
    for standard in PovertyStandard.objects.filter(code__in=["central_2022_2025", "quang_ninh_2023_2025"]):
        PovertyStandard.objects.filter(pk=standard.pk).update(
            form=None, list_provenance="missing", b_least=None, b_provenance="missing"
        )
    review = survey(commune, "P1", 3)
    assert set(results(review).values()) == {("undetermined", "list_not_entered")}


def test_a_finished_sheet_is_closed_and_typing_into_it_is_refused(commune: Commune, round_: ReviewRound) -> None:
    review = survey(commune, "P1", 3)
    with pytest.raises(Stale):
        save(commune, review, CellTyped("income:", "1"))
    assert values(review)["income:"] == "1400000"


def test_a_sheet_is_opened_again_with_a_reason_and_keeps_what_was_typed(commune: Commune, round_: ReviewRound) -> None:
    review = survey(commune, "P1", 3)
    assert faults_of(lambda: reopen_sheet(by=commune.officer, review_id=review.pk, reason=" ")) == {
        ("/reason", "required")
    }
    review = reopen_sheet(by=commune.officer, review_id=review.pk, reason="Ghi nhầm thu nhập")
    assert review.finished_at is None and not review.results.exists() and not review.answers.exists()
    save(commune, review, CellTyped("answer:employment", "false"))
    assert results(finish_sheet(by=commune.officer, review_id=review.pk))["central_2022_2025"] == ("near_poor", "")


def test_only_the_communes_own_officer_types(commune: Commune, review: HouseholdReview) -> None:
    cell = CellTyped("income:", "1")
    with pytest.raises(HouseholdReview.DoesNotExist):
        save_cells(by=fresh(commune.stranger), review_id=review.pk, cells=[cell])
    with pytest.raises(Forbidden):
        save_cells(by=fresh(commune.coordinator), review_id=review.pk, cells=[cell])
    with pytest.raises(HouseholdReview.DoesNotExist):
        save_cells(by=fresh(commune.leader), review_id=review.pk, cells=[cell])


def test_sheets_are_closed_once_the_results_went_to_the_villages(commune: Commune) -> None:
    bring_to(commune, "submitted")
    with pytest.raises(Stale):
        reopen_sheet(by=commune.officer, review_id=commune.review("P1").pk, reason="Nhầm")


@pytest.fixture
def table(commune: Commune) -> ScoreTable:
    """An item table made up for the test: the points of the circular were not to be had."""
    form = SurveyForm.objects.get(code="tt07_2021")
    made = ScoreTable.objects.create(
        form=form, region="dong_bang_song_hong", area_type="rural", provenance="illustrative"
    )
    house = ScoreItem.objects.create(table=made, code="house", position=1, name_vi="Nhà", name_en="House", choose="one")
    goods = ScoreItem.objects.create(table=made, code="goods", position=2, name_vi="Đồ", name_en="Goods", choose="any")
    for item, code, points in ((house, "solid", 100), (house, "weak", 20), (goods, "tv", 30), (goods, "fridge", 15)):
        ScoreOption.objects.create(item=item, code=code, position=1, name_vi=code, name_en=code, points=points)
    return made


def test_with_an_item_table_the_a_score_is_its_sum(table: ScoreTable, commune: Commune) -> None:
    commune.open()
    review = commune.review("P1")
    sheet = sheet_form(review.round)
    assert "a_score:" not in {cell.name for cell in sheet.cells}
    typing = {"item:house": "solid", "option:goods~tv": "true"}
    assert (live_result(sheet, typing, None).a_points, live_result(sheet, typing, None).a_open) == (100, 1)
    filled = [one for one in typed(3) if one.name != "a_score:"]
    choices = {**typing, "option:goods~fridge": "true"}
    save(commune, review, *filled, *(CellTyped(name, raw) for name, raw in choices.items()))
    done = finish_sheet(by=commune.officer, review_id=review.pk)
    assert (done.a_score, done.chosen) == (145, choices)
    assert results(done)["central_2022_2025"] == ("not_poor", "")
