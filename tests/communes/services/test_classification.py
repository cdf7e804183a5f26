"""Decisions classify households under every standard of their round; the pure rule is the only authority."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from communes.models import Classification, Household, PovertyStandard, Unit
from communes.rules.poverty.classify import classify
from communes.services.classification import (
    OpeningList,
    classify_many,
    many,
    record_classification,
    record_classifications,
    record_opening_list,
    rows,
)
from communes.services.households import end_household, move_household
from communes.services.poverty import load_poverty
from communes.services.units import load_units
from mongcai_portal.audit.models import AuditEvent
from tests.factories.classifications import decision, sheet
from tests.factories.households import make_household, make_village
from tests.factories.poverty import CENTRAL_2022, CODES, FORM, QUANG_NINH, answers
from tests.factories.registers import faults_of

pytestmark = pytest.mark.django_db

MONTHLY = {"yearly": False, "round_held": 2023, "on": date(2023, 6, 20)}


@pytest.fixture(autouse=True)
def loaded(db: Any) -> None:
    load_units(by=None)
    load_poverty(by=None)


def household_in(uid: str, code: str = "H1", **over: Any) -> Household:
    unit = Unit.objects.get(uid=uid)
    return make_household(make_village(unit, f"thon-{code.lower()}"), code, **over)


@pytest.fixture
def rural() -> Household:
    return household_in("hai-son")


def said(household: Household) -> dict[str, tuple[str, str]]:
    found = Classification.objects.filter(household=household)
    return {row.standard.code: (row.status, row.reason) for row in found}


def test_the_round_of_autumn_classifies_for_the_next_year(rural: Household) -> None:
    (row,) = record_classification(by=None, household_id=rural.pk, survey=sheet(), decision=decision())
    assert (row.standard.code, row.status, row.effective_year, row.round_held) == (
        "central_2022_2025", "near_poor", 2023, 2022,
    )  # fmt: skip
    assert (row.valid_from, row.decision_number, row.decided_by) == (date(2022, 12, 10), "12/QĐ-UBND", "Chủ tịch Thử")
    assert (row.origin, row.basis, row.area_type, row.income, row.a_score, row.b_score, row.form) == (
        "decision", "scores", "rural", 1_000_000, 100, None, FORM.code,
    )  # fmt: skip
    assert (row.deprived, row.unanswered) == (sorted(CODES[:2]), [])
    assert row.rests_on_unverified  # the thresholds are not yet compared


def test_two_standards_hold_at_once_and_may_say_two_things(rural: Household) -> None:
    between = sheet(income=1_800_000, a_score=None, answers=answers(3))
    record_classification(by=None, household_id=rural.pk, survey=between, decision=decision(**MONTHLY))
    assert said(rural) == {"central_2022_2025": ("not_poor", ""), "quang_ninh_2023_2025": ("poor", "")}
    assert set(Classification.objects.values_list("effective_year", flat=True)) == {2023}


def test_what_the_data_do_not_allow_is_stored_with_its_reason(rural: Household) -> None:
    scored = sheet(income=None, a_score=100, answers=answers(3))
    record_classification(by=None, household_id=rural.pk, survey=scored, decision=decision(**MONTHLY))
    assert said(rural) == {
        "central_2022_2025": ("poor", ""),
        "quang_ninh_2023_2025": ("undetermined", "no_score_limit"),
    }


def test_a_ward_has_the_urban_line_and_another_province_its_own_standards(rural: Household) -> None:
    ward = household_in("tra-co", "H2")
    low = sheet(income=1_900_000, a_score=None, answers=answers(3))
    for one in (rural, ward):
        record_classification(by=None, household_id=one.pk, survey=low, decision=decision())
    assert said(rural) == {"central_2022_2025": ("not_poor", "")}
    assert said(ward) == {"central_2022_2025": ("poor", "")}


def test_livelihood_comes_from_the_register_where_the_sheet_says_nothing() -> None:
    farmers, others = household_in("hai-son", "H1", farming=True), household_in("hai-son", "H2", farming=False)
    average = sheet(income=2_000_000, a_score=None)
    record_classifications(by=None, surveys=[(farmers.pk, average), (others.pk, average)], decision=decision())
    marks = dict(Classification.objects.values_list("household__code", "average_living"))
    assert marks == {"H1": True, "H2": False}
    third = household_in("hai-son", "H3", farming=True)
    told = sheet(income=2_000_000, a_score=None, farming=False)
    (row,) = record_classification(by=None, household_id=third.pk, survey=told, decision=decision())
    assert (row.farming, row.average_living) == (False, False)


def test_the_same_again_changes_nothing_and_another_result_of_the_day_is_refused(rural: Household) -> None:
    first = record_classification(by=None, household_id=rural.pk, survey=sheet(), decision=decision())
    events = AuditEvent.objects.count()
    again = record_classification(by=None, household_id=rural.pk, survey=sheet(), decision=decision())
    assert again == first and AuditEvent.objects.count() == events
    other = {"by": None, "household_id": rural.pk, "survey": sheet(answers=answers(3))}
    taken = {(f"/households/{rural.pk}", "day_taken")}
    assert faults_of(lambda: record_classification(**other, decision=decision())) == taken
    number = decision(number="13/QĐ-UBND")
    assert faults_of(lambda: record_classification(**{**other, "survey": sheet()}, decision=number)) == taken
    record_classification(**other, decision=decision(on=date(2022, 12, 11)))
    assert Classification.objects.count() == 2


def test_every_fault_is_named_and_nothing_is_stored(rural: Household) -> None:
    gone = household_in("hai-son", "H2")
    end_household(by=None, household_id=gone.pk, on=date(2022, 6, 1), because="moved_out")
    wrong = decision(number=" ", decided_by="x" * 201, on=timezone.localdate() + timedelta(days=1))
    three = [(rural.pk, sheet()), (rural.pk, sheet()), (gone.pk, sheet()), (999_999, sheet())]

    def write(**over: Any) -> Any:
        return lambda: record_classifications(by=None, surveys=three, **over)

    of_households = {
        (f"/households/{rural.pk}", "twice"),
        (f"/households/{gone.pk}", "not_there"),
        ("/households/999999", "not_there"),
    }
    assert faults_of(write(decision=decision())) == of_households
    assert faults_of(write(decision=wrong)) >= {
        ("/decision/number", "required"),
        ("/decision/decided_by", "too_long"),
        ("/decision/on", "in_future"),
    }
    assert faults_of(write(decision=decision(number="x" * 81))) == of_households | {("/decision/number", "too_long")}
    none = decision(round_held=2010, on=date(2022, 12, 10))
    assert (f"/households/{rural.pk}", "no_standard") in faults_of(write(decision=none))
    assert not Classification.objects.exists()
    assert not AuditEvent.objects.filter(kind="household.classified").exists()


def test_a_household_is_judged_where_it_lived_on_the_day(rural: Household) -> None:
    ward = household_in("tra-co", "H2")
    move_household(by=None, household_id=rural.pk, on=date(2023, 1, 5), village=ward.village.code)
    low = sheet(income=1_900_000, a_score=None, answers=answers(3))
    record_classification(by=None, household_id=rural.pk, survey=low, decision=decision())
    record_classification(
        by=None, household_id=rural.pk, survey=low, decision=decision(**{**MONTHLY, "on": date(2023, 1, 20)})
    )
    rows = Classification.objects.filter(standard__code="central_2022_2025").order_by("valid_from")
    assert [(row.area_type, row.status) for row in rows] == [("rural", "not_poor"), ("urban", "poor")]


def test_the_log_says_of_each_household_what_it_became(rural: Household) -> None:
    record_classification(by=None, household_id=rural.pk, survey=sheet(), decision=decision(**MONTHLY))
    event = AuditEvent.objects.get(kind="household.classified")
    assert (event.object_type, event.object_label, event.unit_uid) == ("household", "H1", "hai-son")
    assert event.details["after"] == {"central_2022_2025": "near_poor", "quang_ninh_2023_2025": "near_poor"}
    assert event.details["number"] == "12/QĐ-UBND"


def test_an_opening_list_is_taken_as_it_is(rural: Household) -> None:
    second = household_in("hai-son", "H2")
    opening = OpeningList(
        number="Danh sách 2021", on=date(2022, 1, 1), standard="central_2022_2025", effective_year=2022,
        provenance="illustrative",
    )  # fmt: skip
    statuses = {rural.pk: "poor", second.pk: "not_poor"}
    assert record_opening_list(by=None, statuses=statuses, opening=opening) == 2
    assert record_opening_list(by=None, statuses=statuses, opening=opening) == 0
    row = Classification.objects.get(household=rural)
    assert (row.status, row.origin, row.basis, row.income, row.deprived, row.round_held, row.provenance) == (
        "poor", "opening_list", "", None, None, None, "illustrative",
    )  # fmt: skip


def test_an_opening_list_is_of_a_standard_and_year_that_there_are(rural: Household) -> None:
    def write(statuses: dict[int, str], **over: Any) -> Any:
        fields = {"number": "1", "on": date(2022, 1, 1), "standard": "central_2022_2025", "effective_year": 2022}
        opening = OpeningList(**{**fields, **over})
        return lambda: record_opening_list(by=None, statuses=statuses, opening=opening)

    assert faults_of(write({}, standard="no-such")) == {("/decision/standard", "unknown")}
    assert faults_of(write({}, effective_year=2031)) == {("/decision/effective_year", "not_counting")}
    assert faults_of(write({}, round_held=2019)) == {("/decision/round_held", "other_year")}
    assert faults_of(write({rural.pk: "undetermined"})) == {(f"/households/{rural.pk}", "status")}
    assert faults_of(write({999_999: "poor"})) == {("/households/999999", "not_there")}


def test_a_commune_costs_the_queries_of_one_household(rural: Household) -> None:
    def cost(households: list[Household], day: date) -> int:
        with CaptureQueriesContext(connection) as found:
            record_classifications(
                by=None, surveys=[(one.pk, sheet()) for one in households], decision=decision(on=day)
            )
        return len(found)

    more = [make_household(rural.village, f"M{n}") for n in range(30)]
    assert cost([rural], date(2022, 12, 1)) == cost(more, date(2022, 12, 2))


# --- Very many -------------------------------------------------------------------------------------------------------


def test_a_stream_comes_to_the_same_as_single_decisions(rural: Household, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many, "PORTION", 3)
    monkeypatch.setattr(rows, "KEPT", 2)
    households = [rural, *(make_household(rural.village, f"M{n}", farming=n % 2 == 0) for n in range(9))]
    sheets = [sheet(income=900_000 + 300_000 * (n % 7), a_score=None, answers=answers(n % 5)) for n in range(10)]
    stream = list(zip([one.pk for one in households], sheets, strict=True))
    when = decision(**MONTHLY)
    steps: list[int] = []
    total = classify_many(
        by=None, surveys=iter(stream), decision=when, step=lambda done, total=None: steps.append(done)
    )
    assert steps == [0, 3, 6, 9]
    assert sum(total.values()) == 20
    ones = {}
    for number, survey in stream:
        next_day = decision(**{**MONTHLY, "on": date(2023, 6, 21)})
        record_classification(by=None, household_id=number, survey=survey, decision=next_day)
    for row in Classification.objects.all():
        told = {name: getattr(row, name) for name in rows.TOLD}
        ones.setdefault((row.household_id, row.standard_id), []).append(told)
    assert len(ones) == 20 and all(len(found) == 2 and found[0] == found[1] for found in ones.values())


def test_a_stream_goes_on_where_it_stopped(rural: Household, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many, "PORTION", 2)
    households = [rural, *(make_household(rural.village, f"M{n}") for n in range(4))]
    stream = [(one.pk, sheet()) for one in households]

    def stop(done: int, total: int | None = None) -> None:
        if done == 2:
            raise RuntimeError("killed")

    with pytest.raises(RuntimeError):
        classify_many(by=None, surveys=stream, decision=decision(), step=stop)
    assert Classification.objects.count() == 2
    assert classify_many(by=None, surveys=stream, decision=decision()) == {"near_poor": 3}
    assert classify_many(by=None, surveys=stream, decision=decision()) == {}
    events = AuditEvent.objects.filter(kind="household.classified", object_type="classification")
    assert [event.details["households"] for event in events.order_by("pk")] == [2, 2, 1]


def test_a_stream_with_a_fault_names_it(rural: Household) -> None:
    stream = [(rural.pk, sheet()), (999_999, sheet())]
    assert faults_of(lambda: classify_many(by=None, surveys=stream, decision=decision())) == {
        ("/households/999999", "not_there")
    }
    assert faults_of(lambda: classify_many(by=None, surveys=[], decision=decision(number=""))) == {
        ("/decision/number", "required")
    }
    assert not Classification.objects.exists()


TEXTS = st.text(st.characters(blacklist_characters="\x00", blacklist_categories=("Cs",)), min_size=1, max_size=40)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(number=TEXTS.filter(lambda text: text.strip()), who=TEXTS)
def test_whatever_a_decision_is_called_it_is_stored_as_it_is(rural: Household, number: str, who: str) -> None:
    Classification.objects.all().delete()
    when = decision(number=number, decided_by=who)
    (row,) = record_classification(by=None, household_id=rural.pk, survey=sheet(), decision=when)
    assert (row.decision_number, row.decided_by) == (number.strip(), who.strip())


SHEETS = st.builds(
    sheet,
    income=st.none() | st.sampled_from([1_499_999, 1_500_000, 1_500_001, 2_100_000, 2_100_001, 2_250_000, 9_000_000]),
    a_score=st.none() | st.sampled_from([0, 139, 140, 141, 175]),
    answers=st.dictionaries(st.sampled_from(CODES), st.booleans()),
    screening=st.sampled_from(["", "survey", "screened_out"]),
    farming=st.none() | st.booleans(),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(survey=SHEETS)
def test_what_is_stored_is_what_the_rule_says(rural: Household, survey: Any) -> None:
    Classification.objects.all().delete()
    record_classification(by=None, household_id=rural.pk, survey=survey, decision=decision(**MONTHLY))
    for standard in (CENTRAL_2022, QUANG_NINH):
        said = classify(survey.facts("rural"), standard)
        row = Classification.objects.get(standard=PovertyStandard.objects.get(code=standard.code))
        assert (row.status, row.reason, row.average_living, row.basis, row.rests_on_unverified) == (
            said.status, said.reason, said.average_living, said.basis, said.unverified,
        )  # fmt: skip
