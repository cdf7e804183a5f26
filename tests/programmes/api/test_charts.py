"""The chart of a measure as other systems fetch it: one specification, three files."""

from __future__ import annotations

from datetime import date

import pytest

from tests.factories.board import Board, board
from tests.factories.clients import make_caller, pointers

pytestmark = pytest.mark.django_db
END = "2023-12-31"
INCOME = "income.rural.per_capita"
SVG = f"/api/v1/charts/{INCOME}.svg"


@pytest.fixture
def town() -> Board:
    town = board()
    for year, value in ((2021, "52.3"), (2022, "65.1"), (2023, "76.611")):
        town.observe(INCOME, date(year, 12, 31), value)
    return town


def test_the_picture_and_its_specification_show_what_the_series_says(town: Board) -> None:
    caller = make_caller("leader")
    points = [row["value"] for row in caller.get(f"measures/{INCOME}/series/", as_of=END).json()["results"]]
    made = caller.get(f"charts/{INCOME}.json", as_of=END)
    assert made["Content-Type"] == "application/json"
    known = [row["text"] for row in made.json()["data"]["values"] if row["kind"] == "số đã biết"]
    assert known == ["52,3", "65,1", "76,611"] and {"52.3", "65.1", "76.611"} <= set(points)
    drawing = caller.get(f"charts/{INCOME}.svg", as_of=END)
    assert drawing["Content-Type"].startswith("image/svg+xml") and "76,611" in drawing.content.decode()
    assert f"{INCOME}-{END}.svg" in drawing["Content-Disposition"]
    assert caller.get(f"charts/{INCOME}.png", as_of=END).content.startswith(b"\x89PNG")


def test_it_speaks_the_callers_language(town: Board) -> None:
    made = make_caller("leader").client.get(SVG, {"as_of": END}, headers={"Accept-Language": "en"})
    assert "76.611" in made.content.decode()


def test_who_has_it_already_is_told_so(town: Board) -> None:
    caller = make_caller("leader")
    first = caller.get(f"charts/{INCOME}.svg", as_of=END)
    assert caller.client.get(SVG, {"as_of": END}, headers={"If-None-Match": first["ETag"]}).status_code == 304
    town.observe(INCOME, date(2020, 12, 31), "41")
    again = caller.client.get(SVG, {"as_of": END}, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 200 and again["ETag"] != first["ETag"]


@pytest.mark.parametrize(
    "path",
    ["charts/value_chains.count.svg", "charts/nothing.svg", f"charts/{INCOME}.pdf", f"charts/{INCOME}", "charts/.svg"],
)
def test_what_cannot_be_drawn_is_not_found(town: Board, path: str) -> None:
    assert make_caller("leader").get(path).status_code == 404


def test_unknown_parameters_are_named(town: Board) -> None:
    caller = make_caller("leader")
    assert pointers(caller.get(f"charts/{INCOME}.svg", year="2023", fields="code")) == {
        "/year": "unknown_parameter", "/fields": "unknown_parameter",
    }  # fmt: skip
    assert set(pointers(caller.get(f"charts/{INCOME}.svg", as_of="hôm qua"))) == {"/as_of"}
    assert set(pointers(caller.get(f"charts/{INCOME}.svg", unit="nowhere"))) == {"/unit"}


def test_a_commune_gets_no_chart_of_another_one(town: Board) -> None:
    own, other = town.communes[0].uid, town.communes[1].uid
    caller = make_caller("commune_officer", units=[own])
    assert set(pointers(caller.get(f"charts/{INCOME}.svg", unit=other))) == {"/unit"}


def test_without_the_scope_there_is_none(town: Board) -> None:
    assert make_caller("leader", scopes=("write",)).get(f"charts/{INCOME}.svg").status_code == 403
