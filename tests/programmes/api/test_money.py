"""Programmes and money as other systems read and write them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from programmes.models import BudgetLine, LegalBasis
from programmes.services.budget import enter_move
from tests.factories.budget import labour_rule, make_line, make_programmes, money
from tests.factories.clients import make_caller, pointers
from tests.factories.world import World, make_communes, make_world

pytestmark = pytest.mark.django_db
BODY = {
    "programme": "NTM", "component": 1, "unit": "commune-1", "year": 2023, "source": "province",
    "shared_with": ["NQ06"], "amount": "1500000000", "on": "2023-01-15", "document": "12/QĐ-UBND",
}  # fmt: skip


@pytest.fixture
def world() -> World:
    make_programmes()
    return make_world()


def results(answer: Any) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.content
    return list(answer.json()["results"])


def test_programmes_and_what_one_rests_on(world):
    caller = make_caller("leader")
    rows = {row["code"]: row for row in results(caller.get("programmes/"))}
    assert (rows["NTM"]["components_total"], rows["NQ06"]["components_provenance"]) == (2, "missing")
    one = caller.get("programmes/NTM/").json()
    assert [part["number"] for part in one["components"]] == [1, 2]
    assert one["legal"][0]["issued_on"] == "2021-07-28" and one["statements"][0]["provenance"] == "unverified"
    assert one["successors"][0]["programme"] == "NEXT" and one["predecessors"] == []
    assert caller.get("programmes/NOPE/").status_code == 404


def test_what_is_common_to_all_programmes_stands_with_each(world):
    LegalBasis.objects.create(
        position=1, text="Nghị định 27/2022/NĐ-CP", issued_on=date(2022, 4, 19), provenance="unverified"
    )
    caller = make_caller("leader")
    for code in ("NTM", "GNBV"):
        one = caller.get(f"programmes/{code}/").json()
        assert one["common_legal"] == [
            {"text": "Nghị định 27/2022/NĐ-CP", "issued_on": "2022-04-19", "provenance": "unverified", "source": ""}
        ]
        assert [row["text"] for row in one["legal"]] == [f"Nghị quyết của {code}"]


@pytest.mark.parametrize(
    ("day", "codes"),
    [
        ("2020-12-31", []),
        ("2021-01-01", ["NTM", "GNBV", "NQ06"]),
        ("2025-12-31", ["NTM", "GNBV", "NQ06"]),
        ("2026-01-01", ["NQ06", "NEXT"]),
    ],
)
def test_programmes_of_a_day_are_those_in_their_term(world, day, codes):
    caller = make_caller("leader")
    assert [row["code"] for row in results(caller.get("programmes/", as_of=day))] == codes
    there = {code: caller.get(f"programmes/{code}/", as_of=day).status_code for code in ("NTM", "NEXT")}
    assert there == {code: 200 if code in codes else 404 for code in there}


@pytest.mark.parametrize("path", ["programmes/", "programmes/NTM/"])
def test_programmes_of_what_is_no_day_are_refused(world, path):
    assert pointers(make_caller("leader").get(path, as_of="2023")) == {"/as_of": "not_a_date"}


def test_lines_with_their_amounts_of_a_day(world):
    make_line(world.commune, planned=1_000, allocated=800, disbursed=300, shared_with=("NQ06",))
    caller = make_caller("leader")
    (row,) = results(caller.get("budget-lines/", year="2023"))
    assert (row["planned"], row["allocated"], row["disbursed"], row["rate"]) == (1_000, 800, 300, "30")
    assert (row["programme"], row["component"], row["unit"], row["shared_with"]) == ("NTM", 1, "commune-1", ["NQ06"])
    (row,) = results(caller.get("budget-lines/", as_of="2023-01-01"))
    assert (row["planned"], row["rate"]) == (0, None)
    assert len(results(caller.get("budget-lines/", programme="NQ06"))) == 1
    assert results(caller.get("budget-lines/", programme="GNBV")) == []
    assert pointers(caller.get("budget-lines/", programme="NOPE")) == {"/programme": "invalid_choice"}


def test_an_entry_says_by_which_rule_its_working_days_were_converted(world):
    labour_rule(300_000, date(2021, 1, 1))
    labour_rule(350_000, date(2023, 7, 1))
    line = make_line(world.commune, source="people_labour", planned=100)
    caller = make_caller("leader")

    def entries() -> tuple[list[dict[str, Any]], int]:
        with CaptureQueriesContext(connection) as found:
            answer = caller.get(f"budget-lines/{line.pk}/")
        return answer.json()["entries"], len(found)

    entries()
    (first,), few = entries()
    assert (first["amount"], first["quantity"]) == (30_000_000, "100")
    assert first["rule"] == {
        "dong": 300_000, "valid_from": "2021-01-01", "basis": "NQ 10/2021", "provenance": "sourced",
    }  # fmt: skip
    for day in (1, 2, 3):
        enter_move(by=None, line_id=line.pk, move=money("10", kind="disbursed", on=date(2023, 7, day)))
    found, many = entries()
    assert [entry["rule"]["dong"] for entry in found] == [300_000, 350_000, 350_000, 350_000]
    assert many == few
    plain = make_line(world.commune, planned=1_000)
    (entry,) = caller.get(f"budget-lines/{plain.pk}/").json()["entries"]
    assert (entry["quantity"], entry["rule"]) == (None, None)


def test_totals_count_a_shared_amount_once(world):
    make_line(world.commune, planned=1_000, shared_with=("NQ06", "GNBV"))
    make_line(world.communes[1], planned=500)
    rows = {row["key"]: row for row in results(make_caller("leader").get("budget-lines/totals/", by="programme"))}
    assert {key: row["planned"] for key, row in rows.items()} == {
        "NTM": 1_500, "NQ06": 1_000, "GNBV": 1_000, "total": 1_500,
    }  # fmt: skip
    assert rows["total"]["shared"] == 1_000
    for by, keys in {"unit": {"commune-1", "commune-2"}, "source": {"province"}, "component": {"NTM.1"}}.items():
        found = {row["key"] for row in results(make_caller("leader").get("budget-lines/totals/", by=by))}
        assert found == keys | {"total"}, by
    answer = make_caller("leader").get("budget-lines/totals/", by="colour")
    assert pointers(answer) == {"/by": "invalid_choice"}


def test_a_line_is_entered_moved_and_carried_over(world):
    caller = make_caller("coordinator", scopes=("read", "write"))
    made = caller.client.post("/api/v1/budget-lines/", BODY, content_type="application/json")
    assert made.status_code == 201, made.content
    path, tag = made["Location"], made["ETag"]
    for name, amount, expected in (("allocate", "1200000000", "allocated"), ("disburse", "900000000", "disbursed")):
        answer = caller.client.post(
            f"{path}{name}/", {"amount": amount, "on": "2023-03-01"}, content_type="application/json",
            headers={"If-Match": tag},
        )  # fmt: skip
        assert answer.status_code == 200, answer.content
        assert answer.json()[expected] == int(amount)
        tag = answer["ETag"]
    assert len(answer.json()["entries"]) == 3
    answer = caller.client.post(
        f"{path}carry-over/", {"amount": "600000000", "on": "2024-01-31"}, content_type="application/json",
        headers={"If-Match": tag},
    )  # fmt: skip
    assert (answer.json()["year"], answer.json()["carried_over"]) == (2024, 600_000_000)


def test_a_write_must_name_the_version_it_has_seen(world):
    line = make_line(world.commune, allocated=500)
    caller = make_caller("coordinator", scopes=("read", "write"))
    path, body = f"/api/v1/budget-lines/{line.pk}/disburse/", {"amount": "1", "on": "2023-03-01"}
    assert caller.client.post(path, body, content_type="application/json").status_code == 428
    old = caller.get(f"budget-lines/{line.pk}/")["ETag"]
    first = caller.client.post(path, body, content_type="application/json", headers={"If-Match": old})
    assert first.status_code == 200
    again = caller.client.post(path, body, content_type="application/json", headers={"If-Match": old})
    assert again.status_code == 412
    line.refresh_from_db()
    assert line.disbursed == 1


@pytest.mark.parametrize(
    ("over", "fault"),
    [
        ({"amount": "1.500.000"}, ("/amount", "not_a_number")),
        ({"amount": "1500000.5"}, ("/amount", "not_whole")),
        ({"amount": "1,5"}, ("/amount", "not_a_number")),
        ({"unit": "nowhere"}, ("/unit", "unknown")),
        ({"source": "x"}, ("/source", "unknown")),
        ({"component": None}, ("/component", "required")),
        ({"colour": "red"}, ("/colour", "unknown_field")),
        ({"on": "2999-01-01"}, ("/on", "in_future")),
    ],
)
def test_what_is_wrong_with_a_body_is_named(world, over, fault):
    caller = make_caller("coordinator", scopes=("read", "write"))
    answer = caller.client.post("/api/v1/budget-lines/", {**BODY, **over}, content_type="application/json")
    assert answer.status_code == 400 and fault in pointers(answer).items(), answer.content
    assert not BudgetLine.objects.exists()


def test_overspending_and_disbursement_before_allocation_are_refused_by_name(world):
    line = make_line(world.commune, planned=1_000)
    caller = make_caller("coordinator", scopes=("read", "write"))

    def sent(amount: str) -> Any:
        return caller.client.post(
            f"/api/v1/budget-lines/{line.pk}/disburse/", {"amount": amount, "on": "2023-03-01"},
            content_type="application/json", headers={"If-Match": "*"},
        )  # fmt: skip

    assert pointers(sent("1")) == {"/amount": "before_allocation"}
    caller.client.post(
        f"/api/v1/budget-lines/{line.pk}/allocate/", {"amount": "10", "on": "2023-03-01"},
        content_type="application/json", headers={"If-Match": "*"},
    )  # fmt: skip
    assert pointers(sent("11")) == {"/amount": "overspent"}


def test_a_commune_reads_its_own_lines_and_writes_none(world):
    own, other = make_line(world.commune), make_line(world.communes[1])
    caller = make_caller("commune_officer", scopes=("read", "write"), units=[world.commune.uid])
    assert [row["id"] for row in results(caller.get("budget-lines/"))] == [own.pk]
    assert caller.get(f"budget-lines/{other.pk}/").status_code == 404
    body = {"amount": "1", "on": "2023-03-01"}
    answer = caller.client.post(
        f"/api/v1/budget-lines/{own.pk}/plan/", body, content_type="application/json", headers={"If-Match": "*"}
    )
    assert answer.status_code == 403


def test_a_list_costs_the_same_with_two_lines_and_with_twenty(world):
    caller = make_caller("leader")

    def cost() -> int:
        with CaptureQueriesContext(connection) as found:
            caller.get("budget-lines/")
        return len(found)

    make_line(world.commune, shared_with=("NQ06",))
    make_line(world.communes[1])
    cost()
    few = cost()
    for unit in make_communes(world.town, 9, start=10):
        make_line(unit, shared_with=("NQ06", "GNBV"))
        make_line(unit, component=2, on=date(2023, 1, 5))
    assert cost() == few
