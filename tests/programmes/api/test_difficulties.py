"""`/api/v1/difficulties/`: scoped, filtered, ordered, and one with its history and tasks."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from programmes.models import Difficulty
from programmes.services.difficulties import Proposed, change_difficulty
from tests.factories.budget import make_programmes
from tests.factories.clients import make_caller
from tests.factories.difficulties import make_difficulty, typed_difficulty
from tests.factories.tasks import make_task
from tests.factories.world import World, fresh, make_world

pytestmark = pytest.mark.django_db
PATH = "/api/v1/difficulties/"


@pytest.fixture
def world() -> World:
    world = make_world(communes=2)
    make_programmes()
    by = fresh(world.people["coordinator"])
    make_difficulty(by, text="Mặt bằng thôn Hòa", unit="commune-1", kind="limitation", provenance="illustrative")
    make_difficulty(
        by, text="Giải ngân chậm", unit="commune-2", programme="GNBV", office="b", period="2022-H2",
        proposals=[Proposed("central", "Sửa thông tư.")],
    )  # fmt: skip
    make_difficulty(by, text="Thiếu nước sạch", proposals=[])
    return world


@pytest.fixture
def leader(world: World) -> Client:
    return make_caller("leader").client


def texts(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [row["text"] for row in answer.json()["results"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["Mặt bằng thôn Hòa", "Giải ngân chậm", "Thiếu nước sạch"]),
        ({"programme": "GNBV"}, ["Giải ngân chậm"]),
        ({"unit": "commune-1"}, ["Mặt bằng thôn Hòa"]),
        ({"office": "b"}, ["Giải ngân chậm"]),
        ({"kind": "limitation"}, ["Mặt bằng thôn Hòa"]),
        ({"status": "resolved"}, []),
        ({"period": "2022-H2"}, ["Giải ngân chậm"]),
        ({"addressee": "central"}, ["Giải ngân chậm"]),
        ({"q": "nuoc sach"}, ["Thiếu nước sạch"]),
        ({"ordering": "-id"}, ["Thiếu nước sạch", "Giải ngân chậm", "Mặt bằng thôn Hòa"]),
        ({"ordering": "period"}, ["Giải ngân chậm", "Mặt bằng thôn Hòa", "Thiếu nước sạch"]),
    ],
)
def test_the_list_is_filtered_and_ordered(leader: Client, query: dict[str, str], found: list[str]) -> None:
    assert texts(leader.get(PATH, query)) == found


@pytest.mark.parametrize(
    "query", [{"programme": "z"}, {"unit": "nowhere"}, {"kind": "x"}, {"addressee": "x"}, {"ordering": "x"}, {"x": "1"}]
)
def test_what_names_nothing_is_refused(leader: Client, query: dict[str, str]) -> None:
    answer = leader.get(PATH, query)
    assert answer.status_code == 400
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [f"/{next(iter(query))}"]


def test_a_row_says_all_of_it(leader: Client) -> None:
    row = leader.get(PATH).json()["results"][0]
    told = {
        "programme": "NTM", "unit": "commune-1", "office": "a", "period": "2023", "kind": "limitation",
        "cause_objective": "Giá đất tăng.", "cause_subjective": "Vận động chậm.", "status": "open", "resolution": "",
        "resolved_on": None, "provenance": "illustrative", "source": "",
        "proposals": [{"number": 1, "addressee": "town", "text": "Bố trí vốn bồi thường."}],
    }  # fmt: skip
    assert told.items() <= row.items()


def test_a_commune_reads_its_own_and_the_whole_towns(world: World) -> None:
    officer = make_caller("commune_officer", units=["commune-1"]).client
    assert texts(officer.get(PATH)) == ["Mặt bằng thôn Hòa", "Thiếu nước sạch"]
    other = Difficulty.objects.get(text="Giải ngân chậm")
    assert officer.get(f"{PATH}{other.pk}/").status_code == 404


def test_one_has_its_history_and_the_tasks_that_came_of_it(world: World, leader: Client) -> None:
    by, made = fresh(world.people["coordinator"]), Difficulty.objects.get(text="Mặt bằng thôn Hòa")
    change_difficulty(by=by, difficulty_id=made.pk, typed=typed_difficulty(text="Mặt bằng thôn Hà", unit="commune-1"))
    make_task(by, title="Giải phóng mặt bằng", difficulty=made.pk, origin="difficulty", unit="commune-1")
    one = leader.get(f"{PATH}{made.pk}/").json()
    assert [entry["kind"] for entry in one["entries"]] == ["tasked", "changed", "written"]
    assert one["entries"][1]["before"] == {"text": "Mặt bằng thôn Hòa", "kind": "limitation"}
    assert [(task["title"], task["status"]) for task in one["tasks"]] == [("Giải phóng mặt bằng", "open")]
    assert leader.get("/api/v1/tasks/").json()["results"][0]["difficulty"] == made.pk


def test_the_list_costs_the_same_whatever_the_number_of_entries(
    world: World, leader: Client, django_assert_max_num_queries: Any
) -> None:
    by = fresh(world.people["coordinator"])
    for n in range(10):
        make_difficulty(by, text=f"Việc {n}", unit="commune-1")
    with django_assert_max_num_queries(7):
        assert len(texts(leader.get(PATH))) == 13
