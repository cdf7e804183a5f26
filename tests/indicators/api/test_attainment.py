"""Attainment and recognitions as other systems read them."""

from datetime import date

import pytest

from indicators.models import Attainment, Level, Period, Recognition
from indicators.services.evaluation import evaluate
from tests.factories.clients import make_caller, pointers
from tests.factories.world import World, bring_to, make_communes, make_period, make_report, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    world = make_world(communes=3)
    bring_to(world, "approved")
    other = make_report(world, world.communes[-1])
    bring_to(world, "approved", report=other, officer=world.people["other_officer"], changes={("houses", ""): "2"})
    evaluate(None)
    return world


def rows(answer) -> list[dict]:
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def test_attainment_is_one_row_a_unit_set_and_period(world):
    first, last = rows(make_caller("leader").get("attainment/", as_of="2023-12-31"))
    assert (first["unit"], first["set"], first["level"], first["period"]) == ("commune-1", "SMALL", "standard", "2023")
    assert (first["outcome"], first["criteria_met"], first["criteria_total"]) == ("met", 4, 4)
    assert (last["unit"], last["outcome"], last["criteria_met"]) == ("commune-3", "not_met", 3)
    assert first["rests_on_judgement"] is True
    assert first["computed_at"] and first["data_up_to"]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"as_of": "2023-12-31"}, 2),
        ({"as_of": "2023-12-30"}, 0),
        ({"unit": "commune-3"}, 1),
        ({"set": "SMALL", "level": "standard", "period": "2023"}, 2),
        ({"level": "model"}, 0),
        ({"period": "2023", "as_of": "2023-12-30"}, 0),
    ],
)
def test_attainment_is_filtered(world, query, count):
    assert len(rows(make_caller("leader").get("attainment/", **query))) == count


def test_an_earlier_period_is_read_by_name(world):
    earlier = Period.objects.create(
        code="2022", starts_on=date(2022, 1, 1), ends_on=date(2022, 12, 31), due_on=date(2023, 1, 15)
    )
    bring_to(world, "approved", report=make_report(world, period=earlier), changes={("houses", ""): "5"})
    evaluate(None)
    caller = make_caller("leader")
    assert [r["period"] for r in rows(caller.get("attainment/", unit="commune-1"))] == ["2023"]
    assert [r["period"] for r in rows(caller.get("attainment/", unit="commune-1", as_of="2023-06-30"))] == ["2022"]
    (row,) = rows(caller.get("attainment/", unit="commune-1", period="2022"))
    assert row["outcome"] == "not_met"
    assert caller.get(row["explanation_url"]).json()["period"] == "2022"


def test_an_officers_client_sees_its_own_standing_only(world):
    caller = make_caller("commune_officer", units=["commune-1"])
    (row,) = rows(caller.get("attainment/"))
    assert row["unit"] == "commune-1"
    foreign = Attainment.objects.get(unit__uid="commune-3")
    assert caller.get(f"attainment/{foreign.pk}/").status_code == 404
    assert caller.get(f"attainment/{foreign.pk}/explanation/").status_code == 404
    matrix = caller.get("attainment/matrix/", set="SMALL", period="2023").json()
    assert [unit["unit"] for unit in matrix["units"]] == ["commune-1"]
    assert pointers(caller.get("attainment/", unit="commune-3")) == {"/unit": "invalid_choice"}


def test_an_explanation_names_value_norm_gap_and_people(world):
    row = Attainment.objects.get(unit__uid="commune-3")
    detail = make_caller("leader").get(f"attainment/{row.pk}/explanation/").json()
    assert (detail["unit"], detail["outcome"], detail["agrees_with_stored"]) == ("commune-3", "not_met", True)
    assert detail["approved"]["by"] == "coordinator"
    insured, houses = detail["criteria"][1]["indicators"]
    assert houses["outcome"] == "not_met"
    (part,) = houses["parts"]
    assert (part["value"], part["gap"], part["outcome"]) == ("2", "-2", "not_met")
    assert (part["norm"]["value"], part["norm"]["decision"], part["norm"]["provenance"]) == (
        "0",
        "318/QĐ-TTg",
        "sourced",
    )
    assert (houses["entered"]["by"], houses["verified"]["by"]) == ("other_officer", "verifier_all")
    assert insured["unverified"] is True
    assert [p["part"] for p in insured["parts"]] == ["male", "female"]
    roads = detail["criteria"][0]["indicators"][1]
    assert (roads["judged"], roads["parts"][0]["norm"]) == (True, None)


def test_the_matrix_is_units_by_criteria(world):
    matrix = make_caller("leader").get("attainment/matrix/", set="SMALL", period="2023").json()
    assert [c["number"] for c in matrix["criteria"]] == [1, 2, 3, 4]
    first, last = matrix["units"]
    assert first["criteria"] == {"1": "met", "2": "met", "3": "met", "4": "met"}
    assert (last["unit"], last["criteria"]["2"], last["criteria_met"]) == ("commune-3", "not_met", 3)


@pytest.mark.parametrize(
    ("query", "faults"),
    [
        ({}, {"/set": "required", "/period": "required"}),
        ({"set": "X", "period": "1999"}, {"/set": "invalid_choice", "/period": "invalid_choice"}),
        ({"set": "SMALL", "period": "2023", "unit": "x"}, {"/unit": "unknown_parameter"}),
    ],
)
def test_the_matrix_names_what_is_missing(world, query, faults):
    answer = make_caller("leader").get("attainment/matrix/", **query)
    assert answer.status_code == 400
    assert pointers(answer) == faults


def recognise(world, unit: int, level: str, decided_on: str, **more) -> Recognition:
    return Recognition.objects.create(
        unit=world.communes[unit],
        level=Level.objects.get(code=level),
        decided_on=decided_on,
        provenance="sourced",
        **more,
    )


def test_recognitions_hold_from_decision_until_expiry_or_withdrawal(world):
    recognise(world, 0, "standard", "2020-05-01", decision_number="12/QĐ-UBND")
    recognise(world, 1, "standard", "2021-05-01", withdrawn_on="2023-06-01", withdrawal_decision="9/QĐ-UBND")
    recognise(world, 2, "advanced", "2022-05-01", expires_on="2023-05-01")
    caller = make_caller("leader")

    def on(day: date | str, **query) -> list[str]:
        return [r["unit"] for r in rows(caller.get("recognitions/", as_of=day, **query))]

    assert on("2020-04-30") == []
    assert on("2020-05-01") == ["commune-1"]
    assert on("2023-04-30") == ["commune-1", "commune-2", "commune-3"]
    assert on("2023-05-01") == ["commune-1", "commune-2"]
    assert on("2023-06-01") == ["commune-1"]
    assert on("2023-04-30", level="advanced") == ["commune-3"]
    assert on("2023-04-30", unit="commune-2") == ["commune-2"]
    (row,) = rows(caller.get("recognitions/"))
    assert (row["level"], row["decision_number"], row["provenance"]) == ("standard", "12/QĐ-UBND", "sourced")


def test_foreign_recognitions_are_not_listed(world):
    recognise(world, 0, "standard", "2020-05-01")
    assert rows(make_caller("commune_officer", units=["commune-2"]).get("recognitions/")) == []


@pytest.mark.parametrize(
    ("path", "count"),
    [
        ("attainment/", 6),
        ("recognitions/", 3),
        ("attainment/matrix/?set=SMALL&period=2023", 10),
    ],
)
def test_lists_cost_the_same_with_more_rows(world, path, count, django_assert_num_queries):
    caller = make_caller("leader")
    recognise(world, 0, "standard", "2020-05-01")
    assert caller.get(path).status_code == 200
    with django_assert_num_queries(count):
        assert caller.get(path).status_code == 200
    stored = Attainment.objects.get(unit__uid="commune-1")
    for unit in make_communes(world.town, 20, start=10):
        stored.pk, stored.unit = None, unit
        stored.save()
        Recognition.objects.create(
            unit=unit, level=Level.objects.get(code="standard"), decided_on="2020-05-01", provenance="sourced"
        )
    with django_assert_num_queries(count):
        assert caller.get(path).status_code == 200


def test_a_result_of_a_period_that_was_just_opened_is_listed(world):
    caller = make_caller("leader")
    caller.get("attainment/")  # sets and periods are known by now
    stored = Attainment.objects.get(unit__uid="commune-1")
    stored.pk, stored.period = None, make_period("2024")
    stored.save()
    assert [row["period"] for row in rows(caller.get("attainment/", unit="commune-1"))] == ["2024"]


def test_an_explanation_costs_a_fixed_number_of_queries(world, django_assert_max_num_queries):
    row = Attainment.objects.get(unit__uid="commune-1")
    caller = make_caller("leader")
    caller.get(f"attainment/{row.pk}/explanation/")
    with django_assert_max_num_queries(17):
        caller.get(f"attainment/{row.pk}/explanation/")
