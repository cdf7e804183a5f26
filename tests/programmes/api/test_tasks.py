"""`/api/v1/tasks/`: scoped, filtered, ordered, and one with all that is kept of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from programmes.services.tasks import report_result
from tests.factories.budget import make_programmes
from tests.factories.clients import make_caller
from tests.factories.files import upload
from tests.factories.tasks import make_overdue, make_task
from tests.factories.world import World, fresh, make_world

pytestmark = pytest.mark.django_db
PATH = "/api/v1/tasks/"


@pytest.fixture
def world() -> World:
    world = make_world(communes=2)
    make_programmes()
    by = fresh(world.people["coordinator"])
    make_overdue(by, title="Rác thôn Hòa", unit="commune-1", level="standard", criterion=1, origin="slipping")
    make_task(by, title="Đường liên xã", unit="commune-2", owner="b", measure="poverty.poor.count", programme="GNBV")
    make_task(by, title="Nước sạch", title_en="Clean water", due_on=None, no_deadline=True)
    return world


@pytest.fixture
def leader(world: World) -> Client:
    return make_caller("leader").client


def titles(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [row["title"] for row in answer.json()["results"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["Rác thôn Hòa", "Đường liên xã", "Nước sạch"]),
        ({"office": "b"}, ["Đường liên xã"]),
        ({"unit": "commune-1"}, ["Rác thôn Hòa"]),
        ({"programme": "GNBV"}, ["Đường liên xã"]),
        ({"programme": "NTM"}, []),
        ({"status": "done"}, []),
        ({"standing": "overdue"}, ["Rác thôn Hòa"]),
        ({"standing": "undated"}, ["Nước sạch"]),
        ({"origin": "slipping"}, ["Rác thôn Hòa"]),
        ({"q": "duong lien xa"}, ["Đường liên xã"]),
        ({"ordering": "-id"}, ["Nước sạch", "Đường liên xã", "Rác thôn Hòa"]),
        ({"ordering": "due_on"}, ["Rác thôn Hòa", "Đường liên xã", "Nước sạch"]),
    ],
)
def test_the_list_is_filtered_and_ordered(leader: Client, query: dict[str, str], found: list[str]) -> None:
    assert titles(leader.get(PATH, query)) == found


@pytest.mark.parametrize(
    "query", [{"programme": "z"}, {"office": "z"}, {"unit": "nowhere"}, {"status": "x"}, {"ordering": "x"}, {"x": "1"}]
)
def test_what_names_nothing_is_refused(leader: Client, query: dict[str, str]) -> None:
    answer = leader.get(PATH, query)
    assert answer.status_code == 400
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [f"/{next(iter(query))}"]


def test_a_row_says_all_of_it(leader: Client) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    row = leader.get(PATH).json()["results"][0]
    told = {
        "office": "a", "unit": "commune-1", "criterion": {"level": "standard", "number": 1}, "measure": "",
        "due_on": yesterday.isoformat(), "no_deadline": False, "status": "open", "standing": "overdue",
        "steps_done": 0, "steps_total": 0, "text_provenance": "sourced", "plan_provenance": "sourced",
    }  # fmt: skip
    assert told.items() <= row.items()
    assert [one["programme"] for one in leader.get(PATH).json()["results"]] == [None, "GNBV", None]
    english = leader.get(PATH, headers={"Accept-Language": "en"}).json()["results"]
    assert [one["title"] for one in english] == ["Rác thôn Hòa", "Đường liên xã", "Clean water"]


def test_a_commune_reads_its_own_and_the_whole_areas(world: World) -> None:
    officer = make_caller("commune_officer", units=["commune-1"]).client
    assert titles(officer.get(PATH)) == ["Rác thôn Hòa", "Nước sạch"]
    other = leader_ids(world)["Đường liên xã"]
    assert officer.get(f"{PATH}{other}/").status_code == 404


def leader_ids(world: World) -> dict[str, int]:
    return {row["title"]: row["id"] for row in make_caller("leader").client.get(PATH).json()["results"]}


def test_one_has_its_steps_history_and_files(world: World) -> None:
    by, ids = fresh(world.people["verifier_a"]), leader_ids(world)
    for title in ("Rác thôn Hòa", "Nước sạch"):
        report_result(by=by, task_id=ids[title], text="Xong", files=[upload("bien-ban.pdf")])
    leader = make_caller("leader").client
    one = leader.get(f"{PATH}{ids['Rác thôn Hòa']}/").json()
    assert [entry["kind"] for entry in one["entries"]] == ["reported", "assigned"]
    assert (one["status"], one["standing"], one["result"], one["reported_by"]) == (
        "reported", "late", "Xong", "verifier_a",
    )  # fmt: skip
    assert [file["name"] for file in one["files"]] == ["bien-ban.pdf"]
    officer = make_caller("commune_officer", units=["commune-1"]).client
    assert officer.get(f"{PATH}{ids['Nước sạch']}/").json()["files"] is None


def test_the_list_costs_the_same_whatever_the_number_of_tasks(
    world: World, leader: Client, django_assert_max_num_queries: Any
) -> None:
    by = fresh(world.people["coordinator"])
    for n in range(10):
        make_task(by, title=f"Việc {n}", unit="commune-1", steps=["Một"])
    with django_assert_max_num_queries(6):
        assert len(titles(leader.get(PATH))) == 13
