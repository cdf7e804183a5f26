"""Counts stand beside the register: whatever happens to households, they are what counting anew gives."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from communes.models import (
    Classification,
    CountedVillage,
    Household,
    HouseholdCount,
    HouseholdMember,
    HouseholdStay,
    PovertyStandard,
    Unit,
)
from communes.services.classification import OpeningList, classify_many, record_opening_list
from communes.services.counts import count_households, count_stale, count_villages, keep, mark_stale, prove_counts
from communes.services.counts.prove import CountDifference, prove_job
from communes.services.households import MemberEntry, correct_person, register_household
from communes.services.poverty import load_poverty
from communes.services.units import load_units
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common import jobs
from mongcai_portal.common.errors import Invalid
from tests.communes.services.test_household_histories import PLAN, act
from tests.factories.classifications import decision, make_classification, make_standard, sheet
from tests.factories.households import make_household, make_version
from tests.factories.registers import START, Registry, entry, someone
from tests.indicators.test_constraints import refused

pytestmark = pytest.mark.django_db

LATER = date(2022, 12, 10)
CLASSES = st.lists(
    st.tuples(st.integers(0, 9), st.sampled_from(["poor", "near_poor", "not_poor"]), st.integers(-30, 60)), max_size=6
)


def asked(when: date) -> Counter[tuple[int, int | None, str, str]]:
    """What one finds by asking every household."""
    found: Counter[tuple[int, int | None, str, str]] = Counter()
    for household in Household.objects.in_force(when):
        village = HouseholdStay.objects.in_force(when).get(household=household).village_id
        head = HouseholdMember.objects.in_force(when).select_related("person").get(household=household, relation="head")
        group = head.person.ethnicity
        found[village, None, "", group] += 1
        for row in Classification.objects.on(when).filter(household=household):
            found[village, row.standard_id, row.status, group] += 1
    return found


def told(when: date) -> Counter[tuple[int, int | None, str, str]]:
    rows = HouseholdCount.objects.in_force(when)
    return Counter({(r.village_id, r.standard_id, r.status, r.ethnicity): r.households for r in rows})


@pytest.fixture
def standard(registry: Registry) -> PovertyStandard:
    found = make_standard()
    found.years.create(effective_year=2022, provenance="sourced", round_provenance="missing")
    return found


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(plan=PLAN, classes=CLASSES)
def test_whatever_happens_the_counts_are_those_of_asking_every_household(
    registry: Registry, standard: PovertyStandard, plan: Any, classes: Any
) -> None:
    with transaction.atomic():
        for code, group in (("A", "01"), ("B", "09"), ("C", "")):
            people = tuple(
                MemberEntry(
                    relation="other_relative" if n else "head", person=someone(f"{code}{n}", None, ethnicity=group)
                )
                for n in range(3)
            )
            register_household(by=None, entry=entry(code=code, members=people))
        day = START
        for at, (step, a, b, many, later) in enumerate(plan):
            day = max(day + timedelta(days=later), START)
            deed = act(step, a, b, many, day, at)
            try:
                if deed is not None:
                    deed()
            except Invalid:
                continue
        day = START
        for at, (which, status, later) in enumerate(classes):
            day = max(day + timedelta(days=later), START)
            household = list(Household.objects.order_by("pk"))[which % Household.objects.count()]
            opening = OpeningList(number=f"{at}", on=day, standard=standard.code, effective_year=2022)
            try:
                record_opening_list(by=None, statuses={household.pk: status}, opening=opening)
            except Invalid:
                continue
        edges = set(HouseholdCount.objects.values_list("valid_from", flat=True))
        edges |= set(Household.objects.values_list("valid_from", flat=True)) | {day}
        for edge in edges:
            for when in (edge - timedelta(days=1), edge, edge + timedelta(days=1)):
                assert told(when) == asked(when), when
        assert prove_counts()[1] == []
        transaction.set_rollback(True)


def test_another_ethnic_group_of_the_head_is_counted_at_once(registry: Registry) -> None:
    household = register_household(by=None, entry=entry())
    assert told(START) == {(registry.village.pk, None, "", "09"): 1}
    head = household.members.get(relation="head").person
    correct_person(by=None, household_id=household.pk, person_id=head.pk, changes={"ethnicity": "01"})
    assert told(START) == {(registry.village.pk, None, "", "01"): 1}


def test_a_merger_of_communes_changes_no_count(registry: Registry) -> None:
    household = make_household(registry.village, "H9")
    count_households([household.pk])
    rows = list(HouseholdCount.objects.values())
    registry.village.versions.update(valid_to=date(2023, 12, 31))
    make_version(registry.village, registry.ward, valid_from=date(2024, 1, 1))
    count_villages([registry.village.pk])
    assert list(HouseholdCount.objects.values()) == rows


def test_counting_again_writes_nothing(registry: Registry, standard: PovertyStandard) -> None:
    household = make_household(registry.village, "H9")
    make_classification(household, standard)
    assert count_villages([registry.village.pk]) == 2
    assert count_villages([registry.village.pk]) == 0


def test_counting_costs_the_same_for_a_hundred_households(registry: Registry) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as found:
            count_villages([registry.village.pk])
        return len(found)

    make_household(registry.village, "M0")
    cost()
    make_household(registry.village, "M1")
    few = cost()
    for n in range(2, 40):
        make_household(registry.village, f"M{n}")
    assert cost() == few


def test_what_was_left_for_later_and_what_was_never_counted_is_counted(registry: Registry) -> None:
    make_household(registry.village, "H9")
    assert count_stale() == 1
    make_household(registry.village, "H10")
    mark_stale([registry.village.pk])
    assert CountedVillage.objects.get(village=registry.village).stale_since
    assert count_stale() == 1 and count_stale() == 0
    assert told(START) == {(registry.village.pk, None, "", ""): 2}


def test_a_stream_leaves_its_villages_to_be_counted(registry: Registry) -> None:
    load_units(by=None)
    load_poverty(by=None)
    household = make_household(registry.village, "H9")
    count_households([household.pk])
    assert classify_many(by=None, surveys=[(household.pk, sheet())], decision=decision()) == {"near_poor": 1}
    assert CountedVillage.objects.get(village=registry.village).stale_since
    assert count_stale() == 1
    assert prove_counts()[1] == []
    assert sum(told(LATER).values()) == 2


# --- The proof -------------------------------------------------------------------------------------------------------


def test_the_proof_names_every_difference_and_changes_nothing(
    registry: Registry, standard: PovertyStandard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keep, "CHUNK", 1)
    household = make_household(registry.village, "H9")
    make_classification(household, standard)
    elsewhere = make_household(registry.villages["thon-2"], "H10")
    count_households([household.pk, elsewhere.pk])
    assert prove_counts() == (2, [])
    HouseholdCount.objects.filter(standard=standard).update(households=7)
    HouseholdCount.objects.filter(village=elsewhere.village).delete()
    HouseholdCount.objects.create(
        village=registry.villages["thon-tra-co"], ethnicity="01", valid_from=START, households=3
    )
    before = list(HouseholdCount.objects.order_by("pk").values())
    villages, found = prove_counts()
    assert villages == 3
    assert found == [
        CountDifference(registry.village.pk, standard.pk, "poor", "", LATER, (None, 7), (None, 1)),
        CountDifference(elsewhere.village_id, None, "", "", START, None, (None, 1)),
        CountDifference(registry.villages["thon-tra-co"].pk, None, "", "01", START, (None, 3), None),
    ]
    assert list(HouseholdCount.objects.order_by("pk").values()) == before
    event = AuditEvent.objects.filter(kind="recheck.done").order_by("-pk")[0]
    assert (event.object_type, event.details) == ("household_counts", {"villages": 3, "differences": 3})


def test_the_proof_runs_every_night_as_background_work(registry: Registry) -> None:
    entry_of = django_settings.CELERY_BEAT_SCHEDULE["recheck-households"]
    assert (entry_of["task"], entry_of["args"]) == ("common.tasks.ask_job", ["recheck_households"])
    kind = jobs.find("recheck_households")
    assert kind is not None
    make_household(registry.village, "H9")
    steps: list[tuple[int, int | None]] = []
    result = prove_job(lambda done, total=None: steps.append((done, total)))  # type: ignore[arg-type]
    assert result == {"villages": 1, "differences": 0} and steps[-1] == (1, 1)
    assert not kind.alarming(result) and kind.alarming({"villages": 1, "differences": 2})
    assert "2" in kind.told({"villages": 1, "differences": 2})


# --- What the database keeps -----------------------------------------------------------------------------------------


def test_the_database_keeps_one_number_a_cell_and_day(registry: Registry, standard: PovertyStandard) -> None:
    def make(**over: Any) -> Any:
        fields = {"village": registry.village, "valid_from": START, "households": 1, "ethnicity": "01"}
        return lambda: HouseholdCount.objects.create(**{**fields, **over})

    of_standard = {"standard": standard, "status": "poor"}
    make()(), make(**of_standard)()
    assert refused(make(), "communes_householdcount_all_once")
    assert refused(make(**of_standard), "communes_householdcount_once")
    for over in ({"status": "poor"}, {"standard": standard}, {"standard": standard, "status": "rich"}):
        assert refused(make(ethnicity="02", **over), "communes_householdcount_of_a_standard")
    assert refused(make(ethnicity="02", households=0), "communes_householdcount_not_empty")
    backwards = {"ethnicity": "02", "valid_to": START - timedelta(days=1)}
    assert refused(make(**backwards), "communes_householdcount_dates_in_order")


def test_the_real_map_is_counted_by_the_units_of_the_day(db: Any) -> None:
    load_units(by=None)
    load_poverty(by=None)
    assert Unit.objects.filter(uid="hai-son").exists() and count_stale() == 0
