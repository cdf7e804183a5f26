"""Who has seen a household: the report tables and lists that name it are told of, those that do not are not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communes.models import Classification, Household, HouseholdReview, Refusal, Unit
from communes.scope import scope_of
from communes.selectors.household_lists import lists_seen_of
from communes.selectors.household_seen import Seen, seen_by
from communes.selectors.reviews.postings import posted_households
from communes.services.households import (
    ListRead,
    end_household,
    move_household,
    note_file,
    note_list,
    register_household,
)
from communes.services.poverty_tables import TablesAsked, release_tables
from communes.services.reviews.villages import open_posting_list
from mongcai_portal.audit.services import record
from tests.factories.households import make_village
from tests.factories.poverty_tables import SECOND, make_known
from tests.factories.registers import Registry, entry
from tests.factories.reviews import bring_to, make_commune, on
from tests.factories.windows import BACKEND
from tests.factories.world import fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def known(registry: Registry) -> Registry:
    make_known(registry)
    Classification.objects.update(recorded_at=timezone.now())
    return registry


def export(registry: Registry, *tables: int, unit: str = "hai-son", year: int = 2023) -> None:
    release_tables(by=registry.coordinator, asked=TablesAsked("standard", year, unit, tables))


def seen(user: Any, code: str) -> list[Seen]:
    return seen_by(scope_of(user), Household.objects.get(code=code).pk, limit=9)


def tables(registry: Registry, code: str) -> list[int | None]:
    return [one.table for one in seen(registry.coordinator, code)]


def test_a_table_is_told_of_to_the_households_of_its_class_on_its_day(known: Registry) -> None:
    export(known, 1, 12, 14, 15)
    assert [(one.who, one.table) for one in seen(known.coordinator, "falls")] == [("dieu-phoi", 15)]
    assert tables(known, "escapes") == [14]
    assert tables(known, "leaps") == tables(known, "leaves") == []


def test_the_class_is_that_of_the_years_last_day(known: Registry) -> None:
    export(known, 14, 15, year=2022)
    assert (tables(known, "falls"), tables(known, "leaps"), tables(known, "new")) == ([14], [15], [])


def test_tables_without_lists_and_those_of_other_units_are_not_told_of(known: Registry) -> None:
    export(known, 1, 12, 13)
    export(known, 14, 15, unit="tra-co")
    assert tables(known, "stays") == []
    assert tables(known, "goes") == [14], "it lived in the ward on the day"
    export(known, 15, unit="")
    assert tables(known, "stays") == [15], "all units are its unit, too"


def test_a_decision_recorded_after_the_table_changes_nothing_of_what_stood_in_it(known: Registry) -> None:
    export(known, 15)
    Classification.objects.filter(household__code="falls", valid_from=SECOND).update(
        recorded_at=timezone.now(), status="not_poor"
    )
    assert tables(known, "falls") == []
    assert tables(known, "stays") == [15]


def test_each_printing_of_the_villages_list_is_told_of_to_whom_it_names(db: Any) -> None:
    with on(date(2023, 11, 8)):
        commune = make_commune()
        round_ = bring_to(commune, "posted")
        for _twice in range(2):
            open_posting_list(by=commune.officer, round_id=round_.pk, village_id=commune.villages["thon-1"].pk)
        found = {code: [(one.who, one.posting) for one in seen(commune.coordinator, code)] for code in ("N1", "N2")}
    assert found == {"N1": [("can-bo", True)] * 2, "N2": []}


def test_a_villages_list_is_told_of_to_none_whom_it_left_out(db: Any) -> None:
    with on(date(2023, 11, 8)):
        commune = make_commune()
        make_village(Unit.objects.get(uid="tra-co"), "khu-9")
        round_ = bring_to(commune, "posted")
        posting = {"round_id": round_.pk, "village_id": commune.villages["thon-1"].pk}
        HouseholdReview.objects.filter(household=commune.households["P1"]).update(
            reason="request_01", requested_on=date(2023, 9, 20)
        )
        Refusal.objects.create(
            review=commune.review("P1"), number="88/UBND", refused_on=date(2023, 11, 7), signer="Chủ tịch Thử",
            reasons="Vượt chuẩn", recorded_by="Cán bộ", recorded_at=timezone.now(),
        )  # fmt: skip
        open_posting_list(by=commune.officer, **posting)
        move_household(by=None, household_id=commune.households["N1"].pk, on=date(2023, 11, 6), village="khu-9")
        open_posting_list(by=commune.officer, **posting)
        assert posted_households(round_, posting["village_id"], date(2023, 11, 6)) == []
        found = {code: [one.posting for one in seen(commune.coordinator, code)] for code in ("P1", "N1")}
    assert found == {"P1": [], "N1": []}


def test_who_left_after_the_villages_list_was_posted_is_told_of_it(db: Any) -> None:
    with on(date(2023, 11, 8)):
        commune = make_commune()
        round_ = bring_to(commune, "posted")
        end_household(by=None, household_id=commune.households["N1"].pk, on=date(2023, 11, 7), because="moved_out")
        village = commune.villages["thon-1"].pk
        _round, _state, day = open_posting_list(by=commune.officer, round_id=round_.pk, village_id=village)
        named = {one.head for one in posted_households(round_, village, day)}
        told = [one.posting for one in seen(commune.coordinator, "N1")]
    assert day == date(2023, 11, 6) and named == {"Chủ Hộ P1", "Chủ Hộ N1"} and told == [True]


def test_the_page_names_table_and_list(client: Any, known: Registry) -> None:
    export(known, 15)
    client.force_login(fresh(known.coordinator), backend=BACKEND)
    number = Household.objects.get(code="falls").pk
    html = client.get(f"/households/{number}/seen/").content.decode()
    assert "biểu 15, danh sách hộ" in html


# --- Lists and files, by where the household stood -------------------------------------------------------------------


def list_read(user: Any, **over: Any) -> None:
    note_list(by=fresh(user), read=ListRead(**{"units": ("hai-son",), "shown": 1, **over}))


def listed(registry: Registry, household: Household) -> list[str]:
    return [one.who for one in lists_seen_of(scope_of(registry.coordinator), household.pk, size=9).lists]


def test_a_list_is_told_by_where_the_register_showed_the_household_when_it_was_read(registry: Registry) -> None:
    household = register_household(by=registry.officer, entry=entry())
    list_read(registry.officer)
    list_read(registry.stranger, units=("tra-co",))
    assert listed(registry, household) == ["can-bo"]
    # Dated back, recorded now: the lists of until now showed it where it was.
    move_household(
        by=None, household_id=household.pk, on=date(2023, 6, 1), village="thon-tra-co",
        address="",
    )  # fmt: skip
    list_read(registry.coordinator, units=("tra-co",))
    list_read(registry.leader)
    assert listed(registry, household) == ["dieu-phoi", "can-bo"]


def test_a_list_of_another_day_is_told_by_where_it_stood_then(registry: Registry) -> None:
    household = register_household(by=registry.officer, entry=entry())
    move_household(by=None, household_id=household.pk, on=date(2023, 6, 1), village="thon-tra-co", address="")
    list_read(registry.officer, asked={"as_of": "2023-05-31"})
    list_read(registry.stranger, asked={"as_of": "2023-06-01"})
    list_read(registry.leader, units=("",), asked={"as_of": "2021-05-31"})
    assert listed(registry, household) == ["can-bo"]


def test_a_list_read_before_a_household_was_entered_cannot_have_shown_it(registry: Registry) -> None:
    list_read(registry.stranger)
    household = register_household(by=registry.officer, entry=entry())
    list_read(registry.officer)
    assert listed(registry, household) == ["can-bo"]


def test_who_has_left_stands_in_lists_of_who_has_left(registry: Registry) -> None:
    household = register_household(by=registry.officer, entry=entry())
    list_read(registry.stranger, asked={"state": "gone"})
    end_household(by=None, household_id=household.pk, on=date(2023, 6, 1), because="moved_out")
    list_read(registry.leader)
    list_read(registry.officer, asked={"state": "gone"})
    assert listed(registry, household) == ["can-bo"]


def test_files_of_before_and_of_the_api_are_told_of(registry: Registry) -> None:
    household = register_household(by=registry.officer, entry=entry())
    about = {"obj_type": "household_export", "obj_id": "", "unit_uid": "", "format": "xlsx", "numbers": False}
    record(kind="households.exported", by=registry.coordinator, **about)
    note_file(by=registry.officer, read=ListRead(("hai-son",), {}, 1), kind="csv")
    note_file(by=registry.officer, read=ListRead(("tra-co",), {}, 1), kind="csv")
    found = seen_by(scope_of(registry.coordinator), household.pk, limit=9)
    assert [(one.who, one.file) for one in found] == [("can-bo", "csv"), ("dieu-phoi", "xlsx")]


def test_the_lists_cost_the_same_however_many_were_read(registry: Registry) -> None:
    household = register_household(by=registry.officer, entry=entry())

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            listed(registry, household)
        return len(asked)

    list_read(registry.officer)
    cost()
    before = cost()
    for n in range(30):
        list_read(registry.officer, asked={"of_class": f"{n}"})
    assert cost() == before
