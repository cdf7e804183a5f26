"""`/api/v1/difficulties/`: scoped, filtered, ordered, and one with its history and tasks."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from programmes.models import Difficulty
from programmes.services.difficulties import Proposed, change_difficulty, resolve_difficulty, withdraw_difficulty
from programmes.services.tasks import report_result
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


# --- As of a day ----------------------------------------------------------------------------------------------------


def settled(world: World) -> Difficulty:
    """The entry of 2022-H2, settled on 4 May 2023 (typed today)."""
    made = Difficulty.objects.get(text="Giải ngân chậm")
    by = fresh(world.people["coordinator"])
    return resolve_difficulty(by=by, difficulty_id=made.pk, text="Đã cấp vốn.", resolved_on=date(2023, 5, 4))


@pytest.mark.parametrize(
    ("day", "status", "resolution", "resolved_on"),
    [("2023-05-03", "open", "", None), ("2023-05-04", "resolved", "Đã cấp vốn.", "2023-05-04")],
)
def test_an_entry_is_told_as_it_stood_on_the_day(
    world: World, leader: Client, day: str, status: str, resolution: str, resolved_on: str | None
) -> None:
    made = settled(world)
    (row,) = leader.get(PATH, {"as_of": day}).json()["results"]
    assert (row["status"], row["resolution"], row["resolved_on"]) == (status, resolution, resolved_on)
    assert (row["closed_at"] is None) is (status == "open")
    one = leader.get(f"{PATH}{made.pk}/", {"as_of": day}).json()
    assert {name: one[name] for name in row} == row and one["entries"] == []
    found = {asked: texts(leader.get(PATH, {"as_of": day, "status": asked})) for asked in ("open", "resolved")}
    assert [asked for asked, rows in found.items() if rows] == [status]


def test_an_entry_is_there_from_the_end_of_its_period_or_from_its_writing(world: World, leader: Client) -> None:
    assert texts(leader.get(PATH, {"as_of": "2022-12-30"})) == []
    assert texts(leader.get(PATH, {"as_of": "2022-12-31"})) == ["Giải ngân chậm"]
    assert len(texts(leader.get(PATH, {"as_of": "2023-12-31"}))) == 3
    today = timezone.localdate()
    made = make_difficulty(fresh(world.people["coordinator"]), text="Của năm nay", period=f"{today.year}")
    day_before = (today - timedelta(days=1)).isoformat()
    assert leader.get(f"{PATH}{made.pk}/", {"as_of": day_before}).status_code == 404
    assert leader.get(f"{PATH}{made.pk}/", {"as_of": today.isoformat()}).status_code == 200
    Difficulty.objects.filter(pk=made.pk).update(written_at=timezone.now() - timedelta(days=1))
    assert leader.get(f"{PATH}{made.pk}/", {"as_of": day_before}).status_code == 200


def test_what_was_withdrawn_is_withdrawn_on_every_day(world: World, leader: Client) -> None:
    made = Difficulty.objects.get(text="Giải ngân chậm")
    withdraw_difficulty(by=fresh(world.people["coordinator"]), difficulty_id=made.pk, text="Ghi nhầm.")
    (row,) = leader.get(PATH, {"as_of": "2022-12-31"}).json()["results"]
    assert row["status"] == "withdrawn"


def test_tasks_of_an_entry_are_those_given_by_the_day(world: World, leader: Client) -> None:
    made, by = Difficulty.objects.get(text="Thiếu nước sạch"), fresh(world.people["coordinator"])
    given = timezone.localdate() - timedelta(days=3)
    task = make_task(by, title="Nối ống", difficulty=made.pk, origin="difficulty", assigned_on=given)
    report_result(by=fresh(world.people["verifier_a"]), task_id=task.pk, text="Đã nối.")

    def told(day: date) -> list[tuple[str, str]]:
        one = leader.get(f"{PATH}{made.pk}/", {"as_of": day.isoformat()}).json()
        return [(row["title"], row["status"]) for row in one["tasks"]]

    assert told(given - timedelta(days=1)) == []
    assert told(given) == [("Nối ống", "open")]
    assert told(timezone.localdate()) == [("Nối ống", "reported")]


@pytest.mark.parametrize("path", ["", "1/"])
def test_what_is_no_day_is_refused(leader: Client, path: str) -> None:
    answer = leader.get(f"{PATH}{path}", {"as_of": "2023-02-30"})
    assert answer.status_code == 400
    assert [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]] == [("/as_of", "not_a_date")]


def test_the_list_costs_the_same_whatever_the_number_of_entries(
    world: World, leader: Client, django_assert_max_num_queries: Any
) -> None:
    by = fresh(world.people["coordinator"])
    for n in range(10):
        make_difficulty(by, text=f"Việc {n}", unit="commune-1")
    with django_assert_max_num_queries(7):
        assert len(texts(leader.get(PATH))) == 13
    with django_assert_max_num_queries(7):
        assert len(texts(leader.get(PATH, {"as_of": "2024-12-31"}))) == 13
