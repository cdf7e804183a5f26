"""`/api/v1/households/statistics/`: counts for who may not see households, small numbers left out."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communes.models import CountedVillage
from tests.factories.classifications import make_counted, make_standard, make_standard_year
from tests.factories.clients import ApiCaller, make_caller, pointers
from tests.factories.registers import Registry

pytestmark = pytest.mark.django_db

AGGREGATE = ("households.aggregate",)
PATH = "households/statistics/"


@pytest.fixture(autouse=True)
def counted(registry: Registry) -> Registry:
    make_standard_year(make_counted(registry))
    return registry


@pytest.fixture
def outsider() -> ApiCaller:
    return make_caller("leader", scopes=AGGREGATE)


def numbers(answer: Any, year: int = 2022) -> dict[tuple[str | None, str], int | None]:
    assert answer.status_code == 200, answer.content
    rows = [row for row in answer.json()["results"] if row["year"] == year]
    assert all(row["suppressed"] is (row["households"] is None) for row in rows)
    return {(row["unit"], row["status"]): row["households"] for row in rows}


def test_who_looks_after_households_reads_every_number() -> None:
    found = numbers(make_caller("coordinator", scopes=AGGREGATE).get(PATH, standard="standard", year=2022))
    assert {key: found[key] for key in found if key[0] in ("hai-son", None)} == {
        ("hai-son", "poor"): 2, ("hai-son", "near_poor"): 7, ("hai-son", "others"): 9, ("hai-son", "total"): 18,
        (None, "poor"): 8, (None, "near_poor"): 15, (None, "others"): 9, (None, "total"): 32,
    }  # fmt: skip


def test_an_outsider_reads_no_small_number_and_none_that_gives_it_back(outsider: ApiCaller) -> None:
    found = numbers(outsider.get(PATH, standard="standard", year=2022))
    assert found["hai-son", "poor"] is None
    missing = [key for key, value in found.items() if value is None]
    assert {unit for unit, one in missing if one == "poor"} != {"hai-son"}, "its column gives it back"
    assert {one for unit, one in missing if unit == "hai-son"} != {"poor"}, "its line gives it back"


def test_asking_for_one_unit_or_class_gives_rows_of_the_same_table(outsider: ApiCaller) -> None:
    whole = numbers(outsider.get(PATH, standard="standard", year=2022))
    one = numbers(outsider.get(PATH, standard="standard", year=2022, unit="hai-son"))
    poor = numbers(outsider.get(PATH, standard="standard", year=2022, status="poor"))
    assert one == {key: value for key, value in whole.items() if key[0] == "hai-son"} and len(one) == 4
    assert poor == {key: value for key, value in whole.items() if key[1] == "poor"} and len(poor) == 3
    assert numbers(outsider.get(PATH, standard="standard", unit="nowhere")) == {}


def test_a_commune_reads_its_own_numbers_and_no_others() -> None:
    caller = make_caller("commune_officer", units=["hai-son"], scopes=AGGREGATE)
    found = numbers(caller.get(PATH, standard="standard", year=2022))
    assert {unit for unit, _one in found} == {"hai-son"} and found["hai-son", "poor"] == 2
    assert numbers(caller.get(PATH, standard="standard", year=2022, unit="tra-co")) == {}


def test_a_row_says_the_day_the_standard_and_the_name(outsider: ApiCaller) -> None:
    row = outsider.get(PATH, standard="standard", year=2022, unit="tra-co").json()["results"][0]
    assert (row["as_of"], row["standard"], row["unit"], row["status"]) == ("2022-12-31", "standard", "tra-co", "poor")
    assert row["unit_name"]
    (*_units, last) = outsider.get(PATH, standard="standard", year=2022).json()["results"]
    assert (last["unit"], last["unit_name"], last["status"]) == (None, None, "total")


def test_a_standard_that_classified_nobody_has_no_rows_rather_than_no_poor(outsider: ApiCaller) -> None:
    make_standard("other")
    assert outsider.get(PATH, standard="other").json()["results"] == []


@pytest.mark.parametrize(
    ("asked", "at"),
    [
        ({}, ["/standard"]),
        ({"standard": "nowhere"}, ["/standard"]),
        ({"standard": "standard", "year": "1999"}, ["/year"]),
        ({"standard": "standard", "year": "2022x", "status": "rich"}, ["/status", "/year"]),
        ({"standard": "standard", "village": "thon-1"}, ["/village"]),
    ],
)
def test_every_fault_of_what_is_asked_is_named(outsider: ApiCaller, asked: dict[str, str], at: list[str]) -> None:
    answer = outsider.get(PATH, **asked)
    assert answer.status_code == 400 and sorted(pointers(answer)) == at


@pytest.mark.parametrize("scopes", [("read",), ("households.identified",), ("read", "write")])
def test_a_token_without_the_scope_is_refused(scopes: tuple[str, ...]) -> None:
    assert make_caller("leader", scopes=scopes).get(PATH, standard="standard").status_code == 403


def test_the_table_leaves_out_the_same_numbers(outsider: ApiCaller) -> None:
    answer = outsider.get(PATH, standard="standard", year=2022, format="csv")
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert len(rows) == 13 and sum(row[6] == "" for row in rows[1:]) >= 4


def test_the_queries_do_not_grow_with_the_units(outsider: ApiCaller, counted: Registry) -> None:
    outsider.get(PATH, standard="standard", year=2022)
    with CaptureQueriesContext(connection) as queries:
        outsider.get(PATH, standard="standard", year=2022)
    assert len(queries) <= 10


def test_a_number_says_since_when_it_lacks_what_the_register_holds(outsider: ApiCaller) -> None:
    asked = {"standard": "standard", "year": 2022}
    assert {row["outdated_since"] for row in outsider.get(PATH, **asked).json()["results"]} == {None}
    since = timezone.now()
    CountedVillage.objects.filter(village__code="thon-1").update(stale_since=since)
    rows = outsider.get(PATH, **asked).json()["results"]
    late = {row["unit"] for row in rows if row["outdated_since"]}
    assert late == {"hai-son", None} and {row["unit"] for row in rows} == {"hai-son", "tra-co", None}
    assert {datetime.fromisoformat(row["outdated_since"]) for row in rows if row["unit"] in late} == {since}
    assert {row["outdated_since"] for row in rows if row["unit"] == "tra-co"} == {None}
