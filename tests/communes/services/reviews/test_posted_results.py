"""What was posted is what is decided: whoever moves, whatever the unit becomes, and however late it is."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps

from communes.models import (
    Classification,
    HouseholdReview,
    IncomeLine,
    ReviewResult,
    ReviewRound,
    Unit,
    UnitVersion,
)
from communes.selectors.descriptions import descriptions_of
from communes.selectors.reviews.households import LEFT, ReviewFilter, fallen_out, outcomes, review_counts
from communes.selectors.reviews.households import reviews as listed
from communes.services import reviews
from communes.services.households import move_household
from communes.services.reviews import decisions
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common.errors import Invalid
from tests.factories.households import make_version, make_village
from tests.factories.registers import faults_of
from tests.factories.reviews import (
    DECIDED,
    SURVEYS,
    Commune,
    bring_to,
    decide,
    hand,
    make_decided,
    meet,
    on,
    post,
    survey,
)
from tests.factories.world import make_unit

pytestmark = pytest.mark.django_db

AFTER_SURVEY = date(2023, 11, 8)
LATE_TODAY = date(2023, 12, 20)
DUE = date(2023, 12, 14)


def move(commune: Commune, code: str, village: str, day: date = AFTER_SURVEY) -> None:
    move_household(by=None, household_id=commune.households[code].pk, on=day, village=village)


def posted(code: str) -> dict[int, str]:
    rows = ReviewResult.objects.filter(review__household__code=code)
    return dict(rows.values_list("standard_id", "status"))


def registered(code: str, day: date = DECIDED) -> dict[int, str]:
    rows = Classification.objects.filter(household__code=code, valid_from=day)
    return dict(rows.values_list("standard_id", "status"))


def undecided(round_: ReviewRound) -> bool:
    """Whether nothing at all of a decision was stored."""
    round_.refresh_from_db()
    stored = hasattr(round_, "decision") or round_.files.filter(paper="decision").exists()
    return (
        round_.status == "verified" and not stored and not Classification.objects.filter(effective_year=2024).exists()
    )


@pytest.mark.parametrize(("here", "there"), [("commune", "ward"), ("ward", "commune")])
def test_who_moved_to_another_unit_is_named_before_the_decision_and_reviewed_there(
    commune: Commune, here: str, there: str
) -> None:
    UnitVersion.objects.filter(unit=commune.unit).update(kind=here)
    other = Unit.objects.get(uid="tra-co")
    UnitVersion.objects.filter(unit=other).update(kind=there)
    make_village(other, "khu-9", "Chín")
    round_ = bring_to(commune, "completed")
    move(commune, "N1", "khu-9")
    with pytest.raises(Invalid) as caught:
        decide(commune, round_)
    assert [(fault.pointer, fault.code) for fault in caught.value.faults] == [("/without_gone", "required")]
    assert "N1" in str(caught.value) and "P1" not in str(caught.value)
    assert undecided(round_) and commune.review("N1").fell_out == ""
    decide(commune, round_, without_gone=True)
    assert commune.review("N1").fell_out == "elsewhere" and registered("N1") == {}
    assert posted("N1") and commune.review("N1").finished_at is not None  # its sheet stays
    for code in ("P1", "N2"):
        assert registered(code) == posted(code) != {}
    told = AuditEvent.objects.get(kind="review.decided").details
    assert (told["households"], told["elsewhere"]) == (2, 1) and "gone" not in told
    asked = reviews.open_round(
        by=commune.stranger, unit=other, kind="monthly", held_in=2023, month=11, on=date(2023, 11, 15)
    )
    taken = reviews.add_request(
        by=commune.stranger, round_id=asked.pk, household="N1", reason="request_01", on=date(2023, 11, 16)
    )
    assert taken.before == {"central_2022_2025": "near_poor"}


@pytest.mark.parametrize("step", ["hold", "move"])
def test_who_moves_while_the_decision_is_recorded_is_named_or_decided_on_and_never_both(
    commune: Commune, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    make_village(Unit.objects.get(uid="tra-co"), "khu-9")
    round_ = bring_to(commune, "completed")
    own = getattr(decisions, step)

    def meanwhile(*given: Any, **named: Any) -> None:
        move(commune, "N1", "khu-9")
        own(*given, **named)

    monkeypatch.setattr(decisions, step, meanwhile)
    if step == "hold":
        assert faults_of(lambda: decide(commune, round_)) == {("/without_gone", "required")}
        return
    decide(commune, round_)
    assert registered("N1") == posted("N1") != {}
    assert commune.review("N1").fell_out == ""
    assert AuditEvent.objects.get(kind="review.decided").details["households"] == 3


def test_the_lists_of_a_round_tell_who_left_before_and_after_the_decision(commune: Commune) -> None:
    make_village(Unit.objects.get(uid="tra-co"), "khu-9")
    round_ = bring_to(commune, "completed")
    move(commune, "N1", "khu-9", date(2023, 11, 20))  # after the day of the decision: of that day it is here
    assert [(one.household.code, one.absence) for one in fallen_out(round_)] == [("N1", "elsewhere")]
    assert not fallen_out(round_, DECIDED)
    assert (review_counts(round_)[LEFT], len(listed(round_, ReviewFilter(state=LEFT)))) == (1, 1)
    decide(commune, round_)
    round_.refresh_from_db()
    assert registered("N1") == posted("N1") != {}
    assert (review_counts(round_)[LEFT], list(fallen_out(round_))) == (0, [])


def test_what_a_round_came_to_counts_who_was_decided_on(commune: Commune) -> None:
    make_village(Unit.objects.get(uid="tra-co"), "khu-9")
    round_ = bring_to(commune, "completed")
    before = {standard: dict(counted) for standard, counted in outcomes(round_).items()}
    assert {tuple(sorted(counted.items())) for counted in before.values()} == {(("near_poor", 2), ("poor", 1))}
    move(commune, "N1", "khu-9")
    for _time in ("before the decision", "after it"):
        assert {tuple(counted.items()) for counted in outcomes(round_).values()} == {(("near_poor", 2),)}
        if round_.status == "verified":
            decide(commune, round_, without_gone=True)
            round_.refresh_from_db()
    assert descriptions_of(commune.households["N1"].pk, DECIDED) == []


def test_who_moved_within_the_unit_is_decided_on(commune: Commune) -> None:
    round_ = bring_to(commune, "completed")
    move(commune, "N1", "thon-2")
    decide(commune, round_)
    assert registered("N1") == posted("N1") != {} and commune.review("N1").fell_out == ""


def test_a_village_that_went_to_another_unit_takes_its_households_along(commune: Commune) -> None:
    round_ = bring_to(commune, "completed")
    village = commune.villages["thon-2"]
    village.versions.update(valid_to=date(2023, 11, 7))
    make_version(village, Unit.objects.get(uid="tra-co"), "Hai", valid_from=AFTER_SURVEY)
    assert faults_of(lambda: decide(commune, round_)) == {("/without_gone", "required")}
    decide(commune, round_, without_gone=True)
    assert (commune.review("N2").fell_out, registered("N2")) == ("elsewhere", {})


def become(unit: Unit, kind: str, since: date) -> None:
    """Let a unit be of another kind from a day on."""
    version = UnitVersion.objects.get(unit=unit)
    UnitVersion.objects.filter(pk=version.pk).update(valid_to=date.fromordinal(since.toordinal() - 1))
    version.pk, version.kind, version.valid_from = None, kind, since
    version.save()


def test_a_unit_that_became_a_ward_decides_by_the_area_that_it_reviewed_by(commune: Commune) -> None:
    round_ = commune.open()
    for code, deprived in SURVEYS.items():
        # Between the limits of A: above the rural one (140), within the urban one (175).
        survey(commune, code, deprived, a_score="150" if code == "N1" else "120")
    reviews.submit_round(by=commune.officer, round_id=round_.pk)
    for village in commune.villages:
        meet(commune, round_, village)
        post(commune, round_, village)
    hand(commune, round_)
    become(commune.unit, "ward", AFTER_SURVEY)
    decide(commune, round_)
    for code in SURVEYS:
        assert registered(code) == posted(code) != {}
    assert "not_poor" in registered("N1").values()
    assert set(Classification.objects.filter(valid_from=DECIDED).values_list("area_type", flat=True)) == {"rural"}


def test_a_unit_that_is_no_more_decides_nothing(commune: Commune) -> None:
    round_ = bring_to(commune, "completed")
    UnitVersion.objects.filter(unit=commune.unit).update(valid_to=AFTER_SURVEY)
    assert faults_of(lambda: decide(commune, round_)) == {("/decided_on", "not_there")}
    assert undecided(round_)


def correct_limit() -> None:
    lines = IncomeLine.objects.filter(standard__code="central_2022_2025", area_type="rural", a_most__isnull=False)
    assert lines.update(a_most=100)


def correct_sheet() -> None:
    HouseholdReview.objects.update(a_score=200, income=9_000_000)


@pytest.mark.parametrize("correct", [correct_limit, correct_sheet])
def test_a_result_that_would_be_another_by_now_is_refused_with_its_households(commune: Commune, correct: Any) -> None:
    round_ = bring_to(commune, "completed")
    correct()
    with pytest.raises(Invalid) as caught:
        decide(commune, round_)
    assert [(fault.pointer, fault.code) for fault in caught.value.faults] == [("/households", "differs")]
    assert all(code in str(caught.value) for code in SURVEYS)
    assert undecided(round_)


def test_a_result_that_was_never_posted_is_not_stored(commune: Commune) -> None:
    round_ = bring_to(commune, "completed")
    ReviewResult.objects.filter(review=commune.review("P1"), standard__code="quang_ninh_2023_2025").delete()
    assert faults_of(lambda: decide(commune, round_)) == {("/households", "differs")}


def test_a_decision_after_the_window_has_its_reason(commune: Commune) -> None:
    round_ = bring_to(commune, "completed")
    with on(LATE_TODAY):
        late = {"decided_on": date(2023, 12, 18)}
        assert faults_of(lambda: decide(commune, round_, **late)) == {("/late_reason", "required")}
        assert faults_of(lambda: decide(commune, round_, **late, late_reason=" ")) == {("/late_reason", "required")}
        assert faults_of(lambda: decide(commune, round_, **late, late_reason="x" * 1001)) == {
            ("/late_reason", "too_long")
        }
        assert undecided(round_)
        made = decide(commune, round_, **late, late_reason=" Chờ phúc tra khiếu nại. ")
    assert (made.due_on, made.late_reason) == (DUE, "Chờ phúc tra khiếu nại.")
    told = AuditEvent.objects.get(kind="review.decided").details
    assert (told["until"], told["late_reason"]) == ("2023-12-14", "Chờ phúc tra khiếu nại.")
    assert registered("P1", date(2023, 12, 18)) == posted("P1") != {}


def test_the_last_day_of_the_window_is_not_late_whenever_it_is_recorded(commune: Commune) -> None:
    round_ = bring_to(commune, "completed")
    with on(LATE_TODAY):
        reason = {"late_reason": "Chờ phúc tra."}
        assert faults_of(lambda: decide(commune, round_, decided_on=DUE, **reason)) == {("/late_reason", "not_late")}
        made = decide(commune, round_, decided_on=DUE)
    assert (made.due_on, made.late_reason) == (DUE, "")


def test_rounds_decided_before_tell_who_had_left_the_register(db: Any) -> None:
    unit = make_unit("hai-son", "Hải Sơn", "commune", None)
    stayed, left = make_decided(unit, "A"), None
    stayed.round.reviews.create(
        household=stayed.household.__class__.objects.create(
            village=stayed.village, code="B", head_name="Chủ Hộ B", size=1, valid_from=date(2022, 1, 1),
            began_as="entered", search_key="b", sort_key="b",
        ),
        village=stayed.village, reason="register", listed_by="Cán bộ", listed_at=stayed.listed_at,
    )  # fmt: skip
    import_module("communes.migrations.0016_decisions_as_posted").tell_who_left(apps, None)
    left = HouseholdReview.objects.get(household__code="B")
    stayed.refresh_from_db()
    assert (stayed.fell_out, left.fell_out) == ("", "gone")
