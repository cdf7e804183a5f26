"""Opening a round: its window, standards and list; and requests that come into it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from communes.models import HouseholdReview, ReviewRound, ReviewTerm, Unit
from communes.services.households import end_household, move_household
from communes.services.review_procedures import load_procedures
from communes.services.reviews import add_request, open_round
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common.errors import Forbidden, Invalid, Stale
from tests.factories.files import upload
from tests.factories.households import make_village
from tests.factories.registers import faults_of
from tests.factories.reviews import OPENED, Commune, bring_to
from tests.factories.world import fresh

pytestmark = pytest.mark.django_db

REQUEST = {"household": "F1", "reason": "request_01", "on": date(2023, 9, 20)}


def ask(commune: Commune, round_: ReviewRound, **over: Any) -> HouseholdReview:
    return add_request(by=commune.officer, round_id=round_.pk, **{**REQUEST, **over})


def test_the_yearly_round_lists_who_is_poor_or_near_poor_and_classifies_for_the_next_year(commune: Commune) -> None:
    round_ = commune.open()
    listed = {one.household.code: (one.reason, one.before) for one in round_.reviews.select_related("household")}
    assert listed == {
        "P1": ("register", {"central_2022_2025": "poor"}),
        "N1": ("register", {"central_2022_2025": "near_poor"}),
        "N2": ("register", {"central_2022_2025": "near_poor"}),
    }
    standards = {(one.standard.code, one.effective_year) for one in round_.standards.select_related("standard")}
    assert standards == {("central_2022_2025", 2024), ("quang_ninh_2023_2025", 2024)}
    assert (round_.status, round_.area_type, round_.form.code) == ("draft", "rural", "tt07_2021")
    event = AuditEvent.objects.get(kind="review.opened")
    assert (event.unit_uid, event.details["households"]) == ("hai-son", 3)


def test_the_same_round_is_opened_once(commune: Commune) -> None:
    assert commune.open() == commune.open()
    assert faults_of(lambda: commune.open(on=date(2023, 9, 6))) == {("/held_in", "already_open")}
    assert ReviewRound.objects.count() == 1


def test_a_household_that_left_the_register_is_not_listed(commune: Commune) -> None:
    household = commune.households["N1"]
    end_household(by=None, household_id=household.pk, on=date(2023, 8, 1), because="moved_out")
    assert {one.household.code for one in commune.open().reviews.select_related("household")} == {"P1", "N2"}


def test_a_monthly_round_reviews_those_who_ask_by_the_standards_of_its_year(commune: Commune) -> None:
    round_ = commune.open(kind="monthly", month=6, on=date(2023, 6, 15))
    assert not round_.reviews.exists()
    standards = {(one.standard.code, one.effective_year) for one in round_.standards.select_related("standard")}
    assert standards == {("central_2022_2025", 2023), ("quang_ninh_2023_2025", 2023)}
    assert commune.open(kind="monthly", month=7, on=date(2023, 7, 15)) != round_


@pytest.mark.parametrize(
    ("over", "fault"),
    [
        ({"on": date(2023, 8, 31)}, ("/on", "outside_window")),
        ({"on": None}, ("/on", "required")),
        ({"on": date(2023, 12, 2)}, ("/on", "in_future")),
        ({"kind": "weekly"}, ("/kind", "unknown")),
        ({"kind": "monthly"}, ("/month", "required")),
        ({"kind": "monthly", "month": 9, "on": date(2023, 9, 14)}, ("/on", "outside_window")),
        ({"held_in": 1999}, ("/held_in", "beyond_limits")),
    ],
)
def test_a_round_is_refused_at_the_field(commune: Commune, over: dict[str, Any], fault: tuple[str, str]) -> None:
    assert faults_of(lambda: commune.open(**over)) == {fault}
    assert not ReviewRound.objects.exists()


def test_without_a_procedure_or_standard_no_round_is_opened(commune: Commune) -> None:
    early = {"held_in": 2014, "on": date(2014, 9, 5)}
    assert faults_of(lambda: commune.open(**early)) == {
        ("/on", "no_procedure"), ("/held_in", "no_standard"),
    }  # fmt: skip


def test_only_who_reviews_the_commune_opens_its_round(commune: Commune) -> None:
    given = {"unit": commune.unit, "kind": "yearly", "held_in": 2023, "on": OPENED}
    with pytest.raises(Unit.DoesNotExist):
        open_round(by=fresh(commune.stranger), **given)
    with pytest.raises(Unit.DoesNotExist):
        open_round(by=fresh(commune.leader), **given)
    with pytest.raises(Forbidden):
        open_round(by=fresh(commune.coordinator), **given)


def test_a_household_that_asks_is_listed_with_its_request(commune: Commune) -> None:
    round_ = commune.open()
    review = ask(commune, round_, paper=upload("mau-01.pdf"))
    assert (review.reason, review.requested_on, review.village) == (
        "request_01", date(2023, 9, 20), commune.villages["thon-2"],
    )  # fmt: skip
    assert review.files.get().paper == "request"
    assert ask(commune, round_) == review
    assert faults_of(lambda: ask(commune, round_, on=date(2023, 9, 21))) == {("/household", "already_listed")}


@pytest.mark.parametrize(
    ("over", "fault"),
    [
        ({"household": ""}, ("/household", "required")),
        ({"household": "X9"}, ("/household", "unknown")),
        ({"household": "P1"}, ("/household", "already_listed")),
        ({"reason": "register"}, ("/reason", "unknown")),
        ({"reason": "request_04"}, ("/reason", "not_poor")),
        ({"on": None}, ("/on", "required")),
        ({"on": date(2023, 12, 24)}, ("/on", "in_future")),
        ({"paper": upload("mau.docx")}, ("/paper", "type_not_allowed")),
    ],
)
def test_a_request_is_refused_at_the_field(commune: Commune, over: dict[str, Any], fault: tuple[str, str]) -> None:
    round_ = commune.open()
    assert faults_of(lambda: ask(commune, round_, **over)) == {fault}


def test_a_request_is_of_the_commune_that_the_household_lived_in_on_its_day(commune: Commune) -> None:
    round_ = commune.open()
    make_village(Unit.objects.get(uid="tra-co"), "khu-1", "Khu Một")
    move_household(by=None, household_id=commune.households["F1"].pk, on=date(2023, 10, 1), village="khu-1")
    assert faults_of(lambda: ask(commune, round_, on=date(2023, 10, 2))) == {("/household", "unknown")}
    assert ask(commune, round_, on=date(2023, 9, 30)).village == commune.villages["thon-2"]


def test_a_poor_household_may_ask_to_be_recognised_as_having_left_poverty(commune: Commune) -> None:
    round_ = commune.open(kind="monthly", month=9, on=date(2023, 9, 15))
    review = ask(commune, round_, household="P1", reason="request_04")
    assert review.before == {"central_2022_2025": "poor"}


def test_once_the_results_went_to_the_villages_no_household_is_added(commune: Commune) -> None:
    round_ = bring_to(commune, "submitted")
    with pytest.raises(Stale):
        ask(commune, round_)


def test_a_round_of_another_commune_does_not_exist(commune: Commune) -> None:
    round_ = commune.open()
    with pytest.raises(ReviewRound.DoesNotExist):
        add_request(by=fresh(commune.stranger), round_id=round_.pk, **REQUEST)
    with pytest.raises(Forbidden):
        add_request(by=fresh(commune.coordinator), round_id=round_.pk, **REQUEST)


def test_the_procedure_is_loaded_again_and_again_and_keeps_its_marks(commune: Commune) -> None:
    assert not load_procedures(by=None)
    assert ReviewTerm.objects.get(code="yearly_from").provenance == "sourced"
    assert ReviewTerm.objects.get(code="posting").provenance == "unverified"


@pytest.mark.parametrize(
    ("term", "code"),
    [
        ("{code: posting, number: 0, unit: working_days, provenance: sourced}", "beyond_limits"),
        ("{code: posting, number: 3, unit: days, provenance: sourced}", "unknown_unit"),
        ("{code: yearly_from, month_day: '13-01', provenance: sourced}", "not_a_day"),
        ("{code: coffee, number: 1, unit: days, provenance: sourced}", "unknown_code"),
        ("{code: posting, number: 3, unit: working_days, provenance: sourced, source: nowhere}", "unknown_source"),
    ],
)
def test_a_faulty_procedure_is_refused_with_its_missing_terms(db: Any, tmp_path: Any, term: str, code: str) -> None:
    head = "code: x, decision: 1/QĐ, name_vi: x, name_en: x, provenance: sourced"
    file = tmp_path / "procedures.yaml"
    file.write_text(f"procedures:\n- {{{head}, terms: [{term}]}}\n", encoding="utf-8")
    with pytest.raises(Invalid) as caught:
        load_procedures(by=None, file=file)
    codes = {one.code for one in caught.value.faults}
    assert {code, "missing"} <= codes
