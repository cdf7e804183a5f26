"""Criteria sets and data elements as other systems read them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.models import CriteriaSet, IndicatorVersion, Level, Norm
from tests.factories.clients import make_caller, pointers
from tests.factories.norms import enter
from tests.factories.world import REGION, World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def test_sets_are_listed_with_their_decision(world):
    (row,) = make_caller("leader").get("criteria-sets/").json()["results"]
    assert (row["code"], row["level"], row["decision"]) == ("SMALL", "standard", "318/QĐ-TTg")
    assert (row["first_year"], row["last_year"], row["status"]) == (2021, 2025, "published")


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({}, 1),
        ({"as_of": "2023-12-31"}, 1),
        ({"as_of": "2026-01-01"}, 0),
        ({"level": "model"}, 0),
        ({"status": "draft"}, 0),
    ],
)
def test_sets_are_filtered(world, query, count):
    assert len(make_caller("leader").get("criteria-sets/", **query).json()["results"]) == count


def test_a_set_is_read_with_its_norms_and_where_they_come_from(world):
    detail = make_caller("leader").get("criteria-sets/SMALL/").json()
    assert detail["as_of"] == "2025-12-31"
    assert [c["number"] for c in detail["criteria"]] == [1, 2, 3, 4]
    (insured, houses) = detail["criteria"][1]["indicators"]
    (version,) = insured["versions"]
    assert (version["element"], version["comparison"]) == ("insured", ">=")
    assert [p["part"] for p in version["parts"]] == ["male", "female"]
    (norm,) = version["norms"]
    assert (norm["value"], norm["provenance"], norm["decision"]) == ("90", "unverified", "318/QĐ-TTg")
    assert houses["versions"][0]["norms"][0]["value"] == "0"
    assert detail["criteria"][0]["indicators"][0]["versions"][0]["norms"][0]["value"] is True


def test_a_norm_entered_by_hand_names_its_decision_and_holds_from_its_day(world):
    enter(world, "1.2", value="70")
    enter(world, "1.2", value="85", valid_from="2024-01-01", decision="13/QĐ-UBND")
    caller = make_caller("leader")
    for day, value, decision, start in (
        ("2023-12-31", "70", "12/QĐ-UBND", None),
        ("2024-01-01", "85", "13/QĐ-UBND", "2024-01-01"),
    ):
        detail = caller.get("criteria-sets/SMALL/", as_of=day).json()
        (norm,) = detail["criteria"][0]["indicators"][1]["versions"][0]["norms"]
        assert (norm["value"], norm["decision"], norm["valid_from"]) == (value, decision, start)
        assert (norm["issued_on"], norm["issuer"], norm["provenance"]) == (
            "2022-06-05",
            "UBND tỉnh Quảng Ninh",
            "sourced",
        )


def test_the_norm_that_held_before_is_not_answered_any_more(world):
    enter(world, "2.1", value="92", region=REGION)
    detail = make_caller("leader").get("criteria-sets/SMALL/").json()
    (norm,) = detail["criteria"][1]["indicators"][0]["versions"][0]["norms"]
    assert (norm["value"], norm["provenance"]) == ("92", "sourced")


def test_the_versions_of_the_day_are_shown(world):
    old = IndicatorVersion.objects.get(indicator__code="1.1")
    IndicatorVersion.objects.filter(pk=old.pk).update(valid_to="2024-02-29")
    old.pk, old.valid_from, old.decision = None, "2024-03-01", "211/QĐ-TTg"
    old.save()
    caller = make_caller("leader")
    for day, decision in (("2024-02-29", "318/QĐ-TTg"), ("2024-03-01", "211/QĐ-TTg")):
        detail = caller.get("criteria-sets/SMALL/", as_of=day).json()
        assert [v["decision"] for v in detail["criteria"][0]["indicators"][0]["versions"]] == [decision]


def test_a_derived_norm_says_what_it_is_derived_from(world):
    version = IndicatorVersion.objects.get(indicator__code="3.1")
    Norm.objects.filter(version=version, part="").delete()
    Norm.objects.create(
        version=version,
        derived_set="SMALL",
        derived_indicator="2.1",
        derived_factor="1.1",
        provenance="sourced",
        decision="319/QĐ-TTg",
    )
    detail = make_caller("leader").get("criteria-sets/SMALL/").json()
    norms = detail["criteria"][2]["indicators"][0]["versions"][0]["norms"]
    derived = next(n for n in norms if n["part"] == "")
    assert derived["value"] is None
    assert derived["derived_from"] == {"set": "SMALL", "indicator": "2.1", "factor": "1.1"}


def test_there_is_no_such_set(world):
    assert make_caller("leader").get("criteria-sets/X/").status_code == 404


def test_elements_say_what_they_are_made_of_and_who_reads_them(world):
    caller = make_caller("leader")
    rows = {row["code"]: row for row in caller.get("data-elements/", as_of="2023-12-31").json()["results"]}
    assert list(rows) == sorted(rows)
    assert [p["part"] for p in rows["insured"]["parts"]] == ["male", "female"]
    assert rows["insured"]["read_by"] == [{"set": "SMALL", "criterion": 2, "indicator": "2.1"}]
    assert caller.get("data-elements/insured/").json()["office"] == "b"
    assert caller.get("data-elements/atlantis/").status_code == 404


@pytest.mark.parametrize(("query", "count"), [({"office": "a"}, 3), ({"set": "SMALL", "as_of": "2023-01-01"}, 6)])
def test_elements_are_filtered(world, query, count):
    assert len(make_caller("leader").get("data-elements/", **query).json()["results"]) == count


def test_faulty_filters_are_named(world):
    answer = make_caller("leader").get("data-elements/", office="x", set="y")
    assert pointers(answer) == {"/office": "invalid_choice", "/set": "invalid_choice"}


def test_lists_and_detail_cost_the_same_with_more_rows(world, django_assert_num_queries):
    caller = make_caller("leader")
    counts = {"criteria-sets/": 3, "data-elements/": 5, "criteria-sets/SMALL/": 9}
    for path, count in counts.items():
        with CaptureQueriesContext(connection) as few:
            caller.get(path)
        assert len(few) == count, (path, len(few))
    set_ = CriteriaSet.objects.get()
    set_.pk, set_.code, set_.level = None, "OTHER", Level.objects.get(code="advanced")
    set_.save()
    with django_assert_num_queries(counts["criteria-sets/"]):
        caller.get("criteria-sets/")
