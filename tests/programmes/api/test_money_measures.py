"""Measures of money as other systems read them, and a plan for one."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.factories.board import Board, board
from tests.factories.budget import make_line, make_programmes
from tests.factories.clients import make_caller, pointers

pytestmark = pytest.mark.django_db
DAY = "2023-12-31"
RATE = "money.dtts.disbursement_rate"
PLAN: dict[str, Any] = {
    "measure": RATE, "unit": "mong-cai", "year": 2023, "value": "95", "unit_code": "percent",
    "baseline": {"as_of": "2023-01-01", "value": "0", "source": "KH 12"}, "source": "NQ 05/NQ-HĐND",
}  # fmt: skip


@pytest.fixture
def town() -> Board:
    town = board(2)
    make_programmes()
    first, second = town.communes
    for unit, spent in ((first, 500_000_000), (second, 150_000_000)):
        make_line(unit, allocated=600_000_000, disbursed=spent, shared_with=("NQ06",))
    return town


def by_code(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 200, answer.content
    return {row["code"]: row for row in answer.json()["results"]}


def test_rates_have_dong_above_and_below_and_amounts_are_dong(town: Board) -> None:
    rows = by_code(make_caller("leader").get("measures/", as_of=DAY, page_size=100))
    rate, spent = rows["money.ntm.disbursement_rate"], rows["money.ntm.disbursed"]
    assert (rate["numerator"], rate["denominator"], rate["value"]) == (650_000_000, 2_000_000_000, "32.5")
    assert (rate["unit"], rate["source"], rate["source_as_of"]) == ("percent", "budget_lines", DAY)
    assert (spent["value"], spent["unit"], spent["unit_label"], spent["direction"]) == (
        "650000000", "vnd", "đồng", "neutral",
    )  # fmt: skip
    assert rows["money.all.disbursed"]["value"] == rows["money.nq06.disbursed"]["value"] == "650000000"


def test_no_money_is_null_with_its_reason(town: Board) -> None:
    row = by_code(make_caller("leader").get("measures/", as_of=DAY, code=RATE))[RATE]
    assert (row["value"], row["numerator"], row["status"], row["reason"]) == (None, None, "no_data", "no_money_of_year")


def test_the_figures_are_those_of_the_totals_of_budget_lines(town: Board) -> None:
    caller = make_caller("leader")
    totals = caller.get("budget-lines/totals/", by="programme", year="2023", as_of=DAY).json()["results"]
    rows = by_code(caller.get("measures/", as_of=DAY, page_size=100))
    assert {row["key"] for row in totals} == {"NTM", "NQ06", "total"}
    for found in totals:
        name = "all" if found["key"] == "total" else found["key"].lower()
        assert rows[f"money.{name}.disbursement_rate"]["value"] == found["rate"]
        assert rows[f"money.{name}.disbursed"]["value"] == str(found["disbursed"])
        assert rows[f"money.{name}.allocated"]["value"] == str(found["allocated"])


def test_the_explanation_has_sources_units_and_texts(town: Board) -> None:
    found = make_caller("leader").get("measures/money.ntm.disbursement_rate/explanation/", as_of=DAY).json()
    assert [(one["code"], one["disbursed"]) for one in found["money"]["by_unit"]] == [
        ("xa-1", 500_000_000),
        ("xa-2", 150_000_000),
    ]
    assert [(one["code"], one["planned"], one["lines"]) for one in found["money"]["by_source"]] == [
        ("province", 2_000_000_000, 2)
    ]
    assert [one["text"] for one in found["money"]["legal"]] == ["Nghị quyết của NTM"]
    assert (found["programme"], found["hidden"], found["money"]["year"]) == ("NTM", 0, 2023)


def test_a_communes_client_reads_its_own_commune_and_no_other(town: Board) -> None:
    caller = make_caller("commune_officer", units=["xa-2"])
    code = "money.ntm.disbursement_rate"
    assert caller.get(f"measures/{code}/", as_of=DAY, unit="xa-2").json()["value"] == "15.0"
    refused = caller.get(f"measures/{code}/", as_of=DAY, unit="xa-1")
    assert (refused.status_code, pointers(refused)) == (400, {"/unit": "invalid_choice"})
    behind = caller.get(f"measures/{code}/explanation/", as_of=DAY).json()
    assert [one["code"] for one in behind["money"]["by_unit"]] == ["xa-2"] and behind["hidden"] == 1


def test_a_rate_can_be_planned_and_an_amount_cannot(town: Board) -> None:
    planner = make_caller("coordinator")
    make_line(
        town.communes[0], programme="GNBV", allocated=1_000_000_000, disbursed=960_000_000, shared_with=(),
        on=date(2023, 3, 1),
    )  # fmt: skip
    body = PLAN | {"measure": "money.gnbv.disbursement_rate"}
    made = planner.client.post("/api/v1/targets/", body, content_type="application/json")
    assert made.status_code == 201, made.content
    (row,) = planner.get("targets/", as_of=DAY).json()["results"]
    assert (row["programme"], row["status"], row["actual"]["value"]) == ("GNBV", "reached", "96.0")
    measure = planner.get("measures/money.gnbv.disbursement_rate/", as_of=DAY).json()
    assert (measure["target"], measure["status"]) == ({"year": 2023, "value": "95.0"}, "reached")
    refused = planner.client.post(
        "/api/v1/targets/", PLAN | {"measure": "money.gnbv.disbursed"}, content_type="application/json"
    )
    assert pointers(refused)["/measure"] == "unknown"


def test_a_plan_for_money_of_all_programmes_belongs_to_none(town: Board) -> None:
    planner = make_caller("coordinator")
    body = PLAN | {"measure": "money.all.disbursement_rate"}
    assert planner.client.post("/api/v1/targets/", body, content_type="application/json").status_code == 201
    (row,) = planner.get("targets/", as_of=DAY).json()["results"]
    assert (row["programme"], row["status"]) == ("", "behind")


def test_the_series_has_the_years(town: Board) -> None:
    make_line(town.communes[0], year=2022, allocated=900_000_000, disbursed=900_000_000, on=date(2022, 5, 1))
    found = make_caller("leader").get("measures/money.all.disbursement_rate/series/", as_of=DAY).json()["results"]
    assert [(one["as_of"], one["kind"], one["value"]) for one in found] == [
        ("2022-12-31", "known", "90"),
        (DAY, "known", "32.5"),
    ]
