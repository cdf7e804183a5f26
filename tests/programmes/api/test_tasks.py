"""`/api/v1/tasks/`: scoped, filtered, ordered, and one with all that is kept of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from programmes.rules.tasks import ends_at
from programmes.services.tasks import cancel_task, confirm_task, report_result, return_task, settle_step
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


# --- As of a day ----------------------------------------------------------------------------------------------------


GIVEN = date(2024, 3, 1)


@pytest.fixture
def past(world: World, monkeypatch: pytest.MonkeyPatch) -> int:
    """A task of March 2024: reported on the 5th, returned on the 8th, reported again on the 12th, done on the 20th."""
    office, owner = fresh(world.people["coordinator"]), fresh(world.people["verifier_a"])

    def on(day: int) -> None:
        monkeypatch.setattr(timezone, "now", lambda: datetime(2024, 3, day, 9, tzinfo=ends_at(GIVEN).tzinfo))

    on(1)
    made = make_task(office, title="Kiểm tra nước", document_on=None, due_on=date(2024, 3, 10), steps=["Lấy mẫu"])
    on(5)
    settle_step(by=owner, task_id=made.pk, number=1, done=True)
    report_result(by=owner, task_id=made.pk, text="Đủ 10 mẫu.", files=[upload("bien-ban.pdf")])
    on(8)
    return_task(by=office, task_id=made.pk, text="Thiếu 2 mẫu.")
    on(12)
    report_result(by=owner, task_id=made.pk, text="Đủ 12 mẫu.")
    on(20)
    confirm_task(by=office, task_id=made.pk)
    monkeypatch.undo()
    return made.pk


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("2024-03-01", ("open", "later", "", None, None, 0)),
        ("2024-03-05", ("reported", "settled", "Đủ 10 mẫu.", "2024-03-05", None, 1)),
        ("2024-03-10", ("open", "due_soon", "", None, None, 1)),
        ("2024-03-11", ("open", "overdue", "", None, None, 1)),
        ("2024-03-12", ("reported", "late", "Đủ 12 mẫu.", "2024-03-12", None, 1)),
        ("2024-03-20", ("done", "late", "Đủ 12 mẫu.", "2024-03-12", "2024-03-20", 1)),
    ],
)
def test_the_list_of_a_day_tells_how_a_task_stood_then(past: int, leader: Client, day: str, told: Any) -> None:
    (row,) = leader.get(PATH, {"as_of": day}).json()["results"]
    moments = [row[name] and row[name][:10] for name in ("reported_at", "closed_at")]
    assert (row["status"], row["standing"], row["result"], *moments, row["steps_done"]) == told
    filters = {"as_of": day, "status": told[0]}
    assert titles(leader.get(PATH, filters)) == ["Kiểm tra nước"]
    others = {"open", "reported", "done", "cancelled"} - {told[0]}
    assert [titles(leader.get(PATH, {"as_of": day, "status": other})) for other in others] == [[], [], []]


def test_a_standing_is_asked_for_as_it_was_on_the_day(past: int, leader: Client) -> None:
    for day, standing in (("2024-03-10", "due_soon"), ("2024-03-11", "overdue")):
        found = {one: titles(leader.get(PATH, {"as_of": day, "standing": one})) for one in ("due_soon", "overdue")}
        assert [one for one, rows in found.items() if rows] == [standing], day


def test_before_it_was_given_a_task_is_not_there(past: int, leader: Client) -> None:
    assert titles(leader.get(PATH, {"as_of": "2024-02-29"})) == []
    assert leader.get(f"{PATH}{past}/", {"as_of": "2024-02-29"}).status_code == 404


def test_one_of_a_day_holds_what_there_was_by_then(past: int, leader: Client) -> None:
    first = leader.get(f"{PATH}{past}/", {"as_of": "2024-03-04"}).json()
    assert [entry["kind"] for entry in first["entries"]] == ["assigned"]
    assert (first["files"], first["reported_by"]) == ([], "")
    assert [(step["text"], step["done_by"], step["done_at"]) for step in first["steps"]] == [("Lấy mẫu", "", None)]
    then = leader.get(f"{PATH}{past}/", {"as_of": "2024-03-05"}).json()
    assert [entry["kind"] for entry in then["entries"]] == ["reported", "step_done", "assigned"]
    assert (then["status"], then["reported_by"], len(then["files"])) == ("reported", "verifier_a", 1)
    assert then["steps"][0]["done_by"] == "verifier_a"


def test_today_and_later_are_answered_as_without_a_day(past: int, world: World, leader: Client) -> None:
    cancel_task(by=fresh(world.people["coordinator"]), task_id=leader_ids(world)["Nước sạch"], text="Trùng việc.")
    plain = leader.get(PATH).json()["results"]
    assert {row["status"] for row in plain} == {"open", "done", "cancelled"}
    for day in (timezone.localdate(), timezone.localdate() + timedelta(days=40)):
        assert leader.get(PATH, {"as_of": day.isoformat()}).json()["results"] == plain


@pytest.mark.parametrize("path", ["", "1/"])
def test_what_is_no_day_is_refused(leader: Client, path: str) -> None:
    answer = leader.get(f"{PATH}{path}", {"as_of": "31/12/2023"})
    assert answer.status_code == 400
    assert [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]] == [("/as_of", "not_a_date")]


def test_the_list_costs_the_same_whatever_the_number_of_tasks(
    world: World, leader: Client, django_assert_max_num_queries: Any
) -> None:
    by = fresh(world.people["coordinator"])
    for n in range(10):
        given = timezone.localdate() - timedelta(days=2)
        make_task(by, title=f"Việc {n}", unit="commune-1", steps=["Một"], assigned_on=given)
    with django_assert_max_num_queries(6):
        assert len(titles(leader.get(PATH))) == 13
    with django_assert_max_num_queries(6):
        yesterday = timezone.localdate() - timedelta(days=1)
        assert len(titles(leader.get(PATH, {"as_of": yesterday.isoformat()}))) == 11
