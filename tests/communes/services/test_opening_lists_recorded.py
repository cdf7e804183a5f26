"""A list by which the register begins is recorded whole or not at all, once and no more, and counts follow."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communes.models import (
    Classification,
    Household,
    OpeningListContent,
    OpeningListFile,
    OpeningListScan,
    PovertyStandard,
)
from communes.scope import scope_of
from communes.selectors.opening_lists import recorded_lists
from communes.selectors.poverty_counts import poverty_count
from communes.selectors.poverty_flows import poverty_flows
from communes.services.households import end_household, move_household
from communes.services.households.keys import rotate_keys
from communes.services.opening_lists import (
    check_again,
    checking,
    discard_list,
    read_scan,
    record_list,
    recording,
    send_list,
)
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common import ciphers
from mongcai_portal.common.errors import Forbidden, Stale
from tests.factories.classifications import make_classification
from tests.factories.files import upload
from tests.factories.households import make_household
from tests.factories.opening_lists import DECIDED, ON, file_of, given, make_years, sent
from tests.factories.registers import Registry
from tests.factories.world import fresh, make_person

pytestmark = pytest.mark.django_db

POOR = ("H1", "Chủ Hộ Một", "Thôn Một", "Hộ nghèo")
NEAR = ("H2", "Chủ Hộ Hai", "Thôn Hai", "Cận nghèo")


@pytest.fixture
def standard(registry: Registry) -> PovertyStandard:
    """Three households of the commune and one of the ward, and a standard."""
    for village, code, head in (
        ("thon-1", "H1", "Chủ Hộ Một"), ("thon-2", "H2", "Chủ Hộ Hai"), ("thon-1", "H3", "Chủ Hộ Ba"),
        ("thon-tra-co", "W1", "Chủ Hộ Phường"),
    ):  # fmt: skip
        make_household(registry.villages[village], code, head)
    return make_years()


def said() -> dict[str, str]:
    return dict(Classification.objects.values_list("household__code", "status"))


def cells(row: OpeningListFile) -> list[tuple[int, str, str]]:
    """Row, field and code of each fault."""
    return [(one["row"], one["field"], one["code"]) for one in row.faults]


# --- What stands against it ------------------------------------------------------------------------------------------


def test_what_a_round_decided_is_not_begun_by_a_list(registry: Registry, standard: PovertyStandard) -> None:
    household = Household.objects.get(code="H1")
    make_classification(household, standard, valid_from=date(2023, 12, 10), effective_year=2024, round_held=2023)
    row = sent(registry.officer, POOR, NEAR)
    assert cells(row) == [(4, "status", "by_round")]
    assert row.faults[0]["told"] == {"number": "12/QĐ-UBND", "day": "2023-12-10"}
    other = make_years("other")
    assert sent(registry.officer, POOR, NEAR, over={"standard": other.code}).status == "ready"


def test_a_household_that_another_list_made_something_else_on_that_day_is_a_fault(
    registry: Registry, standard: PovertyStandard
) -> None:
    record_list(by=registry.officer, list_id=sent(registry.officer, POOR).pk)
    row = sent(registry.officer, ("H1", "Chủ Hộ Một", None, "Cận nghèo"), NEAR)
    assert cells(row) == [(4, "status", "day_taken")]


def test_who_is_poor_already_and_not_named_stays_so_and_is_told(registry: Registry, standard: PovertyStandard) -> None:
    first = sent(registry.officer, POOR, over={"year": 2022, "on": date(2022, 1, 5), "decided_on": date(2022, 1, 5)})
    record_list(by=registry.officer, list_id=first.pk)
    row = sent(registry.officer, NEAR)
    assert (row.status, row.counts["kept"]) == ("ready", 1)
    record_list(by=registry.officer, list_id=row.pk)
    assert said() == {"H1": "poor", "H2": "near_poor"}


# --- Recording -------------------------------------------------------------------------------------------------------


def test_a_recorded_list_says_what_its_decision_says(registry: Registry, standard: PovertyStandard) -> None:
    row = record_list(by=registry.officer, list_id=sent(registry.officer, POOR, NEAR).pk)
    assert (row.status, row.ended_by, row.counts["new"]) == ("recorded", "can-bo", 2)
    stored = Classification.objects.get(household__code="H1")
    assert (stored.status, stored.origin, stored.valid_from, stored.effective_year, stored.round_held) == (
        "poor", "opening_list", ON, 2023, 2022,
    )  # fmt: skip
    assert (stored.decision_number, stored.decided_by, stored.provenance) == ("45/QĐ-UBND", "Chủ tịch Thử", "sourced")
    assert not OpeningListContent.objects.exists()
    kinds = list(AuditEvent.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["opening_list.checked", "household.classified", "household.classified", "opening_list.recorded"]
    event = AuditEvent.objects.get(kind="opening_list.recorded")
    assert (event.object_label, event.unit_uid) == ("45/QĐ-UBND", "hai-son") and event.details["counts"]["poor"] == 1
    assert "Chủ Hộ" not in str(event.details)


def test_who_is_not_on_the_list_is_not_classified_never_not_poor(registry: Registry, standard: PovertyStandard) -> None:
    record_list(by=registry.officer, list_id=sent(registry.officer, POOR, NEAR).pk)
    count = poverty_count(ON, standard.code, units=[registry.unit.pk])
    assert (count.households, count.poor, count.near_poor, count.not_poor, count.unclassified) == (3, 1, 1, 0, 1)
    assert poverty_count(ON - timedelta(days=1), standard.code, units=[registry.unit.pk]).poor == 0


def test_flows_open_with_what_the_list_says(registry: Registry, standard: PovertyStandard) -> None:
    record_list(by=registry.officer, list_id=sent(registry.officer, POOR, NEAR).pk)
    flows = poverty_flows(ON, date(2023, 12, 31), standard.code)
    assert {key[1]: (account.opening, account.closing) for key, account in flows.accounts.items()} == {
        "poor": (1, 1), "near_poor": (1, 1),
    }  # fmt: skip


def test_a_list_that_says_not_poor_takes_the_household_out(registry: Registry, standard: PovertyStandard) -> None:
    first = sent(registry.officer, POOR, over={"year": 2022, "on": date(2022, 1, 5), "decided_on": date(2022, 1, 5)})
    record_list(by=registry.officer, list_id=first.pk)
    row = sent(registry.officer, ("H1", "Chủ Hộ Một", None, "Không nghèo"))
    record_list(by=registry.officer, list_id=row.pk)
    count = poverty_count(ON, standard.code, units=[registry.unit.pk])
    assert (count.poor, count.not_poor) == (0, 1)


def test_a_second_press_changes_nothing(registry: Registry, standard: PovertyStandard) -> None:
    row = sent(registry.officer, POOR)
    record_list(by=registry.officer, list_id=row.pk)
    events = AuditEvent.objects.count()
    assert record_list(by=registry.officer, list_id=row.pk).status == "recorded"
    assert (Classification.objects.count(), AuditEvent.objects.count()) == (1, events)


def test_the_same_list_sent_again_changes_nothing(registry: Registry, standard: PovertyStandard) -> None:
    file = file_of(POOR, NEAR).read()

    def send() -> OpeningListFile:
        return send_list(by=registry.officer, given=given(), file=upload("a.xlsx", file))

    row = send()
    assert send().pk == row.pk  # while it waits it is that one
    record_list(by=registry.officer, list_id=row.pk)
    # Even after a round has decided on them.
    household = Household.objects.get(code="H1")
    make_classification(household, standard, valid_from=date(2023, 12, 10), effective_year=2024, round_held=2023)
    again = send()
    assert again.pk != row.pk and (again.status, again.counts["new"], again.counts["same"]) == ("ready", 0, 2)
    record_list(by=registry.officer, list_id=again.pk)
    assert Classification.objects.filter(origin="opening_list").count() == 2


def test_a_check_that_changes_when_it_is_recorded_is_told_with_what_it_stores(
    registry: Registry, standard: PovertyStandard, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = sent(registry.officer, POOR, NEAR)
    end_household(by=registry.officer, household_id=Household.objects.get(code="H2").pk, on=ON, because="moved_out")

    def fails(*args: Any, **more: Any) -> None:
        raise RuntimeError("the log is full")

    with monkeypatch.context() as patched:
        patched.setattr(checking, "tell", fails)
        with pytest.raises(RuntimeError):
            record_list(by=registry.officer, list_id=row.pk)
    row.refresh_from_db()
    assert (row.status, row.faults) == ("ready", [])  # neither without the other
    with pytest.raises(Stale):
        record_list(by=registry.officer, list_id=row.pk)
    told = AuditEvent.objects.filter(kind="opening_list.checked").order_by("pk")
    assert [one.details["status"] for one in told] == ["ready", "faulty"]


def test_a_register_that_changed_since_the_check_stops_the_list(registry: Registry, standard: PovertyStandard) -> None:
    row = sent(registry.officer, POOR, NEAR)
    end_household(by=registry.officer, household_id=Household.objects.get(code="H2").pk, on=ON, because="moved_out")
    with pytest.raises(Stale):
        record_list(by=registry.officer, list_id=row.pk)
    row.refresh_from_db()
    assert (row.status, cells(row)) == ("faulty", [(5, "code", "not_there")])
    assert not Classification.objects.exists()


def test_another_household_than_was_shown_is_never_recorded(registry: Registry, standard: PovertyStandard) -> None:
    row = sent(registry.officer, (None, *POOR[1:]))
    Household.objects.filter(code="H1").update(code="GONE")
    Household.objects.get(code="GONE").members.all().delete()
    make_household(registry.village, "H9", "Chủ Hộ Một")
    with pytest.raises(Stale):
        record_list(by=registry.officer, list_id=row.pk)
    row.refresh_from_db()
    assert row.status == "ready" and not Classification.objects.exists()
    record_list(by=registry.officer, list_id=row.pk)
    assert said() == {"H9": "poor"}


def test_what_fails_in_the_middle_leaves_nothing(
    registry: Registry, standard: PovertyStandard, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = sent(registry.officer, POOR, NEAR)

    def fails(*args: Any, **more: Any) -> None:
        raise RuntimeError("the log is full")

    monkeypatch.setattr(recording, "tell", fails)
    with pytest.raises(RuntimeError):
        record_list(by=registry.officer, list_id=row.pk)
    row.refresh_from_db()
    assert row.status == "ready" and OpeningListContent.objects.filter(owner=row).exists()
    assert not Classification.objects.exists() and poverty_count(ON, standard.code).poor == 0


def test_a_round_that_decides_meanwhile_comes_first(
    registry: Registry, standard: PovertyStandard, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = sent(registry.officer, POOR)
    stored = recording.record_opening_list

    def store(**more: Any) -> int:
        household = Household.objects.get(code="H1")
        make_classification(household, standard, valid_from=date(2023, 12, 10), effective_year=2024, round_held=2023)
        return stored(**more)

    monkeypatch.setattr(recording, "record_opening_list", store)
    with pytest.raises(Stale):
        record_list(by=registry.officer, list_id=row.pk)
    row.refresh_from_db()
    assert row.status == "ready" and not Classification.objects.exists()


def test_a_discarded_list_leaves_only_that_it_was_there(registry: Registry, standard: PovertyStandard) -> None:
    row = send_list(
        by=registry.officer, given=given(), file=file_of(("X", *POOR[1:])), scan=upload("quyet-dinh.pdf")
    )  # fmt: skip
    assert row.faults and read_scan(by=registry.coordinator, list_id=row.pk).name == "quyet-dinh.pdf"
    row = discard_list(by=registry.officer, list_id=row.pk)
    assert (row.status, row.faults) == ("discarded", [])
    assert not OpeningListContent.objects.exists() and not OpeningListScan.objects.exists()
    for act in (record_list, check_again, discard_list):
        with pytest.raises(Stale):
            act(by=registry.officer, list_id=row.pk)


def test_the_scan_is_for_who_keeps_the_households(registry: Registry, standard: PovertyStandard) -> None:
    row = send_list(by=registry.officer, given=given(), file=file_of(POOR), scan=upload("quyet-dinh.pdf"))
    record_list(by=registry.officer, list_id=row.pk)
    assert read_scan(by=registry.officer, list_id=row.pk).owner == row
    with pytest.raises(OpeningListScan.DoesNotExist):
        read_scan(by=registry.stranger, list_id=row.pk)
    with pytest.raises(Forbidden):
        read_scan(by=registry.leader, list_id=row.pk)


def test_placeholders_are_marked_so(registry: Registry, standard: PovertyStandard) -> None:
    Household.objects.filter(code="H1").update(illustrative=True)
    record_list(by=registry.officer, list_id=sent(registry.officer, POOR).pk)
    assert Classification.objects.get().provenance == "illustrative"


def test_a_household_that_moved_since_is_of_the_commune_of_that_day(
    registry: Registry, standard: PovertyStandard
) -> None:
    household = Household.objects.get(code="H1")
    move_household(by=None, household_id=household.pk, on=date(2023, 3, 1), village="thon-tra-co")
    record_list(by=registry.officer, list_id=sent(registry.officer, POOR).pk)
    assert poverty_count(ON, standard.code, units=[registry.unit.pk]).poor == 1
    assert poverty_count(date(2023, 3, 1), standard.code, units=[registry.ward.pk]).poor == 1


def test_a_list_that_waits_goes_under_the_newest_key(
    registry: Registry, standard: PovertyStandard, settings: Any
) -> None:
    settings.DATA_KEYS, settings.DATA_KEYS_FILE = ("a" * 64,), None
    row = sent(registry.officer, POOR)
    settings.DATA_KEYS = ("b" * 64, "a" * 64)
    assert rotate_keys().keys == (ciphers.name_of("b" * 64),)
    settings.DATA_KEYS = ("b" * 64,)
    record_list(by=registry.officer, list_id=row.pk)
    assert said() == {"H1": "poor"}


def test_a_long_list_costs_the_queries_of_a_short_one(registry: Registry, standard: PovertyStandard) -> None:
    rows = [(f"N{n}", f"Người Thử {n}", "Thôn Một", "Hộ nghèo") for n in range(40)]
    for code, head, _village, _status in rows:
        make_household(registry.village, code, head)

    def cost(*some: tuple[str, ...]) -> tuple[int, int]:
        with CaptureQueriesContext(connection) as sending:
            row = sent(registry.officer, *some)
        with CaptureQueriesContext(connection) as recording_:
            record_list(by=registry.officer, list_id=row.pk)
        assert row.status == "ready"
        return len(sending), len(recording_)

    cost(*rows[:1])  # the first one reads what the officer may, and begins the counts
    assert cost(*rows[1:2]) == cost(*rows[2:])


def test_what_was_recorded_is_read_from_the_register(registry: Registry, standard: PovertyStandard) -> None:
    record_list(by=registry.officer, list_id=sent(registry.officer, POOR, NEAR).pk)
    (found,) = recorded_lists(scope_of(fresh(registry.officer)))
    assert (found.number, found.on, found.effective_year, dict(found.counts)) == (
        "45/QĐ-UBND", ON, 2023, {"poor": 1, "near_poor": 1},
    )  # fmt: skip
    assert found.file is not None and found.file.decided_on == DECIDED
    assert recorded_lists(scope_of(fresh(registry.stranger))) == []
    assert recorded_lists(scope_of(make_person("phong", "leader"))) == []
    assert len(recorded_lists(scope_of(fresh(registry.coordinator)))) == 1
