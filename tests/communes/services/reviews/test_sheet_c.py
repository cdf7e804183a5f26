"""Sheet C: typed and saved as the rest of the sheet, kept of poor and near-poor households, and open while that is."""

from __future__ import annotations

from typing import Any

import pytest

from communes.models import HouseholdReview, ReviewRound
from communes.selectors.reviews.sheets import live_result, sheet_form, typed_cells
from communes.services.reviews import CellTyped, finish_sheet, reopen_sheet, save_cells
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common.errors import Forbidden, Stale
from tests.factories.reviews import Commune, bring_to, typed

pytestmark = pytest.mark.django_db

NAMED = {"cause:no_land": "true", "cause:illness": "true", "cause:no_tools": "false"}
SUPPORT = {"need:credit": "true", "received:credit": "false", "received:health": "true"}


@pytest.fixture
def round_(commune: Commune) -> ReviewRound:
    return commune.open()


@pytest.fixture
def review(commune: Commune, round_: ReviewRound) -> HouseholdReview:
    return commune.review("P1")


def save(commune: Commune, review: HouseholdReview, said: dict[str, str]) -> Any:
    cells = [CellTyped(name, raw) for name, raw in said.items()]
    return save_cells(by=commune.officer, review_id=review.pk, cells=cells)


def finished(commune: Commune, review: HouseholdReview, said: dict[str, str], **over: Any) -> HouseholdReview:
    save_cells(by=commune.officer, review_id=review.pk, cells=typed(**over))
    assert not save(commune, review, said).faults
    return finish_sheet(by=commune.officer, review_id=review.pk)


def causes(review: HouseholdReview) -> dict[str, bool]:
    return dict(review.causes.order_by("cause__number").values_list("cause__code", "applies"))


def supports(review: HouseholdReview) -> set[tuple[str, bool | None, bool | None]]:
    return set(review.supports.values_list("kind__code", "needed", "received"))


def test_several_causes_needs_and_support_are_kept_and_what_was_not_answered_is_not_no(
    commune: Commune, review: HouseholdReview
) -> None:
    done = finished(commune, review, {**NAMED, **SUPPORT})
    assert causes(done) == {"no_land": True, "no_tools": False, "illness": True}
    assert supports(done) == {("credit", True, False), ("health", None, True)}


def test_a_near_poor_household_is_described_too(commune: Commune, review: HouseholdReview) -> None:
    done = finished(commune, review, NAMED, deprived=1)
    assert set(done.results.values_list("status", flat=True)) == {"near_poor"} and len(causes(done)) == 3


def test_of_a_household_that_is_neither_nothing_is_kept_and_what_was_typed_stays(
    commune: Commune, review: HouseholdReview
) -> None:
    done = finished(commune, review, {**NAMED, **SUPPORT}, a_score="150", income="2.500.000")
    assert set(done.results.values_list("status", flat=True)) == {"not_poor"}
    assert (causes(done), supports(done)) == ({}, set())
    assert typed_cells(done)["cause:no_land"].value == "true"


def test_who_is_poor_by_the_provinces_standard_alone_is_described(commune: Commune, review: HouseholdReview) -> None:
    done = finished(commune, review, NAMED, a_score="150", income="2.000.000")
    assert set(done.results.values_list("status", flat=True)) == {"not_poor", "poor"}
    assert causes(done)["no_land"]


def test_a_sheet_without_causes_is_finished_all_the_same(commune: Commune, review: HouseholdReview) -> None:
    done = finished(commune, review, {})
    assert done.finished_at is not None and causes(done) == {}


def test_all_causes_may_hold_at_once(commune: Commune, review: HouseholdReview) -> None:
    sheet = sheet_form(review.round)
    done = finished(commune, review, {f"cause:{code}": "true" for code in sheet.lists.causes})
    assert list(causes(done)) == list(sheet.lists.causes) and len(sheet.lists.causes) == 8


@pytest.mark.parametrize(
    ("name", "raw", "code"),
    [
        ("cause:laziness", "true", "unknown_field"),
        ("need:holiday", "true", "unknown_field"),
        ("received:holiday", "true", "unknown_field"),
        ("cause:no_land", "main", "not_yes_or_no"),
        ("need:credit", "1", "not_yes_or_no"),
    ],
)
def test_what_the_form_does_not_list_is_refused_at_its_field_and_the_rest_is_stored(
    commune: Commune, review: HouseholdReview, name: str, raw: str, code: str
) -> None:
    found = save(commune, review, {name: raw, "cause:illness": "true"})
    assert [(fault.pointer, fault.code) for fault in found.faults] == [(f"/{name}", code)]
    assert {cell: one.value for cell, one in typed_cells(review).items()} == {"cause:illness": "true"}


def test_a_cause_that_another_window_changed_is_a_conflict(commune: Commune, review: HouseholdReview) -> None:
    save(commune, review, {"cause:illness": "true"})
    late = [CellTyped("cause:illness", "false", lock=0), CellTyped("cause:no_land", "true", lock=0)]
    found = save_cells(by=commune.officer, review_id=review.pk, cells=late)
    assert [one.name for one in found.conflicts] == ["cause:illness"]
    assert [one.name for one in found.saved] == ["cause:no_land"]


def test_a_closed_sheet_takes_no_causes(commune: Commune, review: HouseholdReview) -> None:
    finished(commune, review, NAMED)
    with pytest.raises(Stale):
        save(commune, review, {"cause:other": "true"})
    assert "other" not in causes(review)


def test_a_decided_round_takes_no_causes(commune: Commune) -> None:
    bring_to(commune, "decided")
    with pytest.raises(Stale):
        save(commune, commune.review("N1"), {"cause:other": "true"})


def test_a_sheet_opened_again_takes_its_causes_back_until_it_is_finished_anew(
    commune: Commune, review: HouseholdReview
) -> None:
    done = finished(commune, review, {**NAMED, **SUPPORT})
    reopen_sheet(by=commune.officer, review_id=done.pk, reason="Ghi nhầm")
    assert (causes(review), supports(review)) == ({}, set())
    save(commune, review, {"cause:no_land": "false"})
    again = finish_sheet(by=commune.officer, review_id=review.pk)
    assert causes(again) == {"no_land": False, "no_tools": False, "illness": True}
    assert supports(again) == {("credit", True, False), ("health", None, True)}


def test_only_who_holds_the_round_types_and_another_commune_does_not_see_it(
    commune: Commune, review: HouseholdReview
) -> None:
    cells = [CellTyped("cause:no_land", "true")]
    with pytest.raises(Forbidden):
        save_cells(by=commune.coordinator, review_id=review.pk, cells=cells)
    with pytest.raises(HouseholdReview.DoesNotExist):
        save_cells(by=commune.stranger, review_id=review.pk, cells=cells)
    assert not typed_cells(review)


def test_the_log_tells_which_fields_were_typed_and_nothing_of_what_they_say(
    commune: Commune, review: HouseholdReview
) -> None:
    finished(commune, review, NAMED)
    events = AuditEvent.objects.filter(object_id=str(review.household_id), kind__startswith="review.")
    assert set(events.values_list("kind", flat=True)) >= {"review.saved", "review.finished"}
    told = str([one.details for one in events])
    assert "cause:illness" in told and "true" not in told and "applies" not in told


def test_what_cannot_be_logged_is_not_kept(commune: Commune, review: HouseholdReview, monkeypatch: Any) -> None:
    save_cells(by=commune.officer, review_id=review.pk, cells=typed())
    save(commune, review, NAMED)
    monkeypatch.setattr(
        "communes.services.reviews.finishing.tell_review", lambda *a, **given: (_ for _ in ()).throw(RuntimeError)
    )
    with pytest.raises(RuntimeError):
        finish_sheet(by=commune.officer, review_id=review.pk)
    assert causes(review) == {}


def test_whether_it_is_asked_follows_the_sheet_as_it_is_typed(review: HouseholdReview) -> None:
    sheet = sheet_form(review.round)
    values = {one.name: one.raw for one in typed(3, income="1400000")}
    found = live_result(sheet, {**values, **NAMED}, None)
    assert found.described and found.description.applying == ("no_land", "illness")
    assert not live_result(sheet, {**values, "a_score:": "150", "income:": "2500000"}, None).described
    assert not live_result(sheet, NAMED, None).described
    assert live_result(sheet, values, None).entered == found.entered, "sheet C is beside what the result rests on"
