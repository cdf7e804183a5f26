"""Targets and series as other systems read and write them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from programmes.models import Target
from tests.factories.board import Board, board
from tests.factories.clients import make_caller

pytestmark = pytest.mark.django_db
DAY = "2023-12-31"
END = date(2023, 12, 31)
PLAN: dict[str, Any] = {
    "measure": "poverty.near_poor.count", "unit": "mong-cai", "year": 2024, "value": "0", "unit_code": "household",
    "baseline": {"as_of": "2023-12-31", "value": "57", "source": "mongcai_2024"}, "source": "KL 29/02/2024",
}  # fmt: skip
REVISION = {name: PLAN[name] for name in ("unit_code", "baseline", "source")} | {
    "value": "10",
    "reason": "Kết luận mới",
}


@pytest.fixture
def town() -> Board:
    town = board(2)
    town.observe("poverty.near_poor.count", END, "57")
    return town


@pytest.fixture
def planner(town: Board) -> Any:
    return make_caller("coordinator", scopes=("read", "write"))


def post(caller: Any, path: str, body: Any, **headers: str) -> Any:
    return caller.client.post(f"/api/v1/{path}", body, content_type="application/json", headers=headers)


def rows(answer: Any) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.content
    return list(answer.json()["results"])


def test_a_target_stands_with_its_start_and_what_is_reached(planner: Any) -> None:
    made = post(planner, "targets/", PLAN)
    assert made.status_code == 201, made.content
    (row,) = rows(planner.get("targets/", as_of=DAY))
    assert row["id"] == made.json()["id"]
    assert (row["measure"], row["programme"], row["unit"], row["group"]) == (
        "poverty.near_poor.count", "GNBV", "mong-cai", None,
    )  # fmt: skip
    assert (row["year"], row["value"], row["unit_code"]) == (2024, "0", "household")
    assert row["baseline"] == {"as_of": "2023-12-31", "value": "57", "source": "mongcai_2024"}
    assert row["actual"] == {"as_of": "2023-12-31", "value": "57", "provenance": "sourced"}
    assert (row["status"], row["late"], row["due"], row["way_done"]) == ("on_track", False, "57", "0")
    (later,) = rows(planner.get("targets/", as_of="2025-01-01"))
    assert (later["status"], later["late"]) == ("behind", True)


def test_the_measure_is_judged_by_the_target(planner: Any) -> None:
    post(planner, "targets/", PLAN)
    row = planner.get("measures/poverty.near_poor.count/", as_of=DAY).json()
    assert (row["target"], row["status"]) == ({"year": 2024, "value": "0"}, "on_track")


def test_the_same_plan_again_is_the_one_that_stands(planner: Any) -> None:
    first, again = post(planner, "targets/", PLAN), post(planner, "targets/", PLAN)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    assert Target.records.count() == 1


def test_every_fault_is_named_where_it_stands_in_the_body(planner: Any) -> None:
    wrong = PLAN | {"value": "x", "unit_code": "percent", "baseline": {"value": "57"}, "source": ""}
    answer = post(planner, "targets/", wrong)
    assert answer.status_code == 400
    assert {(one["pointer"], one["code"]) for one in answer.json()["errors"]} == {
        ("/value", "not_a_number"), ("/unit_code", "wrong_unit"), ("/baseline/as_of", "no_baseline"),
        ("/baseline/source", "no_baseline"), ("/source", "required"),
    }  # fmt: skip


def test_an_unknown_member_is_a_fault(planner: Any) -> None:
    assert post(planner, "targets/", PLAN | {"colour": "red"}).status_code == 400
    assert post(planner, "targets/", {name: PLAN[name] for name in PLAN if name != "measure"}).status_code == 400


def test_a_second_plan_for_the_year_is_a_fault(planner: Any) -> None:
    post(planner, "targets/", PLAN)
    answer = post(planner, "targets/", PLAN | {"value": "5"})
    assert (answer.status_code, [one["code"] for one in answer.json()["errors"]]) == (400, ["already_planned"])


def test_a_revision_names_what_it_rests_on(planner: Any) -> None:
    here = f"targets/{post(planner, 'targets/', PLAN).json()['id']}/"
    assert post(planner, f"{here}revise/", REVISION).status_code == 428
    assert post(planner, f"{here}revise/", REVISION, **{"If-Match": '"old.tag"'}).status_code == 412
    tag = planner.get(here)["ETag"]
    made = post(planner, f"{here}revise/", REVISION, **{"If-Match": tag})
    assert made.status_code == 200, made.content
    versions = made.json()["versions"]
    assert [(one["value"], one["end_reason"]) for one in versions] == [("10", ""), ("0", "Kết luận mới")]
    assert versions[0]["revises"] == versions[1]["id"]
    # Who read it before is too late.
    assert post(planner, f"{here}revise/", REVISION | {"value": "20"}, **{"If-Match": tag}).status_code == 412
    assert post(planner, f"{here}revise/", REVISION | {"value": "20"}, **{"If-Match": "*"}).status_code == 409
    assert [row.value for row in Target.objects.all()] == [10]


def test_a_withdrawn_target_is_no_longer_listed_and_stays_readable(planner: Any) -> None:
    here = f"targets/{post(planner, 'targets/', PLAN).json()['id']}/"
    answer = post(planner, f"{here}withdraw/", {"reason": "Ghi nhầm năm"}, **{"If-Match": planner.get(here)["ETag"]})
    assert (answer.status_code, answer.json()["standing"]) == (200, False)
    assert rows(planner.get("targets/", as_of=DAY)) == []
    assert planner.get(here).json()["versions"][0]["end_reason"] == "Ghi nhầm năm"


@pytest.mark.parametrize(
    ("query", "found"),
    [({"programme": "GNBV"}, 1), ({"programme": "NTM"}, 0), ({"year": "2024"}, 1), ({"year": "2030"}, 0),
     ({"status": "on_track"}, 1), ({"status": "behind"}, 0), ({"measure": "ocop.recognised.count"}, 0)],
)  # fmt: skip
def test_targets_are_filtered(planner: Any, query: dict[str, str], found: int) -> None:
    post(planner, "targets/", PLAN)
    assert len(rows(planner.get("targets/", as_of=DAY, **query))) == found


@pytest.mark.parametrize(
    "query", [{"programme": "ABC"}, {"year": "24"}, {"status": "fine"}, {"unit": "atlantis"}, {"x": "1"}]
)
def test_a_filter_that_does_not_exist_is_an_error(planner: Any, query: dict[str, str]) -> None:
    assert planner.get("targets/", as_of=DAY, **query).status_code == 400


def test_who_may_not_plan_is_refused_and_a_commune_sees_its_own_only(town: Board, planner: Any) -> None:
    post(planner, "targets/", PLAN)
    theirs = post(planner, "targets/", PLAN | {"unit": "xa-2"}).json()["id"]
    officer = make_caller("commune_officer", scopes=("read", "write"), units=["xa-1"])
    assert post(officer, "targets/", PLAN | {"year": 2025}).status_code == 403
    assert officer.get(f"targets/{theirs}/").status_code == 404
    assert [row["unit"] for row in rows(officer.get("targets/", as_of=DAY))] == ["mong-cai"]


def test_a_series_tells_what_is_known_planned_and_projected(town: Board, planner: Any) -> None:
    for year, value in ((2021, "60"), (2022, "68"), (2023, "76")):
        town.observe("income.rural.per_capita", date(year, 12, 31), value)
    town.aim("income.rural.per_capita", 2025, "85", start="76")
    found = rows(planner.get("measures/income.rural.per_capita/series/", as_of=DAY))
    assert [(row["as_of"], row["kind"]) for row in found] == [
        ("2021-12-31", "known"), ("2022-12-31", "known"), ("2023-12-31", "known"), ("2025-12-31", "planned"),
        ("2025-12-31", "projected"),
    ]  # fmt: skip
    assert (found[2]["value"], found[3]["value"], found[4]["value"][:4]) == ("76", "85", "92.0")
    text = planner.get("measures/income.rural.per_capita/series/", as_of=DAY, format="csv").getvalue().decode()
    assert "2025-12-31,projected,92" in text


def test_sources_that_differ_are_told_and_none_is_chosen(town: Board, planner: Any) -> None:
    town.observe("income.rural.per_capita", END, "76.611")
    town.observe("income.rural.per_capita", END, "75.2", source="niên giám")
    row = planner.get("measures/income.rural.per_capita/", as_of=DAY).json()
    assert (row["value"], row["reason"], row["sources_differ"]) == (None, "sources_differ", True)
    found = planner.get("measures/income.rural.per_capita/explanation/", as_of=DAY).json()
    assert {(one["source"], one["value"]) for one in found["observations"]} == {
        ("review", "76.611"), ("niên giám", "75.2"),
    }  # fmt: skip


def test_what_communes_entered_is_told_beside_what_was_printed(town: Board, planner: Any) -> None:
    for unit, income, people in zip(town.communes, ("60", "90"), ("1000", "3000"), strict=True):
        town.observe("income.commune.per_capita", END, income, area=unit)
        town.observe("population.resident.count", END, people, area=unit)
    town.observe("income.rural.per_capita", END, "76.611")
    found = planner.get("measures/income.rural.per_capita/explanation/", as_of=DAY).json()
    assert (found["measure"]["value"], found["measure"]["computed_value"]) == ("76.611", "82.5")
    assert (found["gathered"]["how"], found["gathered"]["value"]) == ("mean", "82.5")
    assert [(one["unit"], one["people"]) for one in found["gathered"]["parts"]] == [("xa-1", 1000), ("xa-2", 3000)]
    assert (found["programme"], found["breakthrough"]) == ("NTM", "income")
