"""`/tasks/`: the board, the list, its file, giving a task and what is done with one."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from programmes.models import Task
from programmes.services.tasks import report_result
from tests.factories.budget import make_programmes
from tests.factories.difficulties import make_difficulty
from tests.factories.files import upload
from tests.factories.tasks import make_overdue, make_task
from tests.factories.windows import BACKEND
from tests.factories.world import World, fresh, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world(communes=2)


@pytest.fixture
def window(world: World) -> Callable[[str], Client]:
    def open_as(person: str) -> Client:
        client = Client()
        client.force_login(world.people[person], backend=BACKEND)
        return client

    return open_as


@pytest.fixture
def by(world: World) -> Any:
    return fresh(world.people["coordinator"])


def html(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[:2000]
    return str(answer.content.decode())


def test_the_board_shows_each_status_and_marks_overdue_by_shape_and_word(by: Any, window: Any, world: World) -> None:
    make_overdue(by, title="Việc quá hạn")
    later = make_task(by, title="Việc đã báo cáo", unit="commune-1")
    report_result(by=fresh(world.people["verifier_a"]), task_id=later.pk, text="Xong")
    page = html(window("leader").get("/tasks/"))
    assert page.count('class="task-card is-overdue"') == 1
    assert "quá hạn 1 ngày" in page and "#alert-triangle" in page
    for word in ("đang thực hiện", "đã báo cáo", "hoàn thành", "đã hủy"):
        assert word in page
    assert "Giao nhiệm vụ" not in page and "Giao nhiệm vụ" in html(window("coordinator").get("/tasks/"))


def test_a_commune_sees_its_own_tasks_and_those_of_the_whole_area(by: Any, window: Any) -> None:
    for title, unit in (("Của xã một", "commune-1"), ("Của xã hai", "commune-2"), ("Của cả phố", "")):
        make_task(by, title=title, unit=unit)
    other = Task.objects.get(title_vi="Của xã hai")
    for query in ("", "?view=list", "?unit=commune-2", "?q=hai"):
        page = html(window("officer").get(f"/tasks/{query}"))
        assert "Của xã hai" not in page and "Xã Thử 2" not in page, query
    page = html(window("officer").get("/tasks/"))
    assert "Của xã một" in page and "Của cả phố" in page
    assert window("officer").get(f"/tasks/{other.pk}/").status_code == 404
    assert window("other_officer").get(f"/tasks/{other.pk}/").status_code == 200


def shown(page: str) -> set[str]:
    return {name for name in ("Rác thôn Hòa", "Đường liên xã", "Nước sạch") if f">{name}</a>" in page}


def test_the_list_is_narrowed_and_searched_without_tone_marks(by: Any, window: Any) -> None:
    make_overdue(by, title="Rác thôn Hòa", unit="commune-1")
    make_task(by, title="Đường liên xã", owner="b", origin="directive", due_on=timezone.localdate())
    make_task(by, title="Nước sạch", due_on=None, no_deadline=True)
    leader = window("leader")
    for query, found in (
        ("", {"Rác thôn Hòa", "Đường liên xã", "Nước sạch"}),
        ("standing=overdue", {"Rác thôn Hòa"}),
        ("standing=due_soon", {"Đường liên xã"}),
        ("standing=undated", {"Nước sạch"}),
        ("office=b", {"Đường liên xã"}),
        ("unit=commune-1", {"Rác thôn Hòa"}),
        ("origin=directive", {"Đường liên xã"}),
        ("status=done", set()),
        ("q=rac+thon+hoa", {"Rác thôn Hòa"}),
        ("q=Hoà", {"Rác thôn Hòa"}),
        ("q=duong&office=a", set()),
        ("standing=nonsense", {"Rác thôn Hòa", "Đường liên xã", "Nước sạch"}),
    ):
        page = html(leader.get(f"/tasks/?view=list&{query}"))
        assert shown(page) == found, query
        assert shown(html(leader.get(f"/tasks/?{query}"))) == (found or set(shown(page))) or "status" in query, query
    page = html(leader.get("/tasks/?view=list"))
    order = [page.index(f">{name}</a>") for name in ("Rác thôn Hòa", "Đường liên xã", "Nước sạch")]
    assert order == sorted(order)  # the nearest deadline first, what has none last


def test_the_file_holds_what_the_list_shows(by: Any, window: Any) -> None:
    make_overdue(by, title="=Rác thôn Hòa", unit="commune-1")
    make_task(by, title="Đường liên xã", owner="b", measure="poverty.poor.count")
    answer = window("officer").get("/tasks/export/?office=a")
    assert answer.status_code == 200
    rows = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    cells = [cell for row in rows for cell in row if cell is not None]
    assert "=Rác thôn Hòa" in cells and "Đường liên xã" not in cells
    assert "quá hạn 1 ngày" in cells and any(str(cell).startswith("Phòng ban: a") for cell in cells)
    whole = window("leader").get("/tasks/export/").content
    assert "Hộ nghèo" in [c for row in load_workbook(io.BytesIO(whole)).active.iter_rows(values_only=True) for c in row]


def typed(page: str, **changes: str) -> dict[str, str]:
    token = page.split('name="token" value="')[1][:32]
    due = (timezone.localdate() + timedelta(days=30)).isoformat()
    given = {"token": token, "title": "Việc mới", "origin": "directive", "owner": "a", "due_on": due}
    return given | changes


def test_a_task_is_given_on_the_page_and_once(window: Any) -> None:
    client = window("coordinator")
    form = typed(html(client.get("/tasks/new/")), steps="Một\nHai", unit="commune-1")
    first = client.post("/tasks/new/", form)
    task = Task.objects.get()
    assert first.status_code == 302 and first["Location"] == f"/tasks/{task.pk}/"
    assert client.post("/tasks/new/", form)["Location"] == first["Location"] and Task.objects.count() == 1
    page = html(client.get(first["Location"]))
    assert "Việc mới" in page and "0/2 bước" in page and "Đã giao nhiệm vụ cho Phòng a" in page


def test_another_task_in_a_form_that_was_sent_already_is_not_taken_for_it(window: Any) -> None:
    client = window("coordinator")
    form = typed(html(client.get("/tasks/new/")))
    client.post("/tasks/new/", form)
    # The browser's Back brings the page and its token back.
    page = html(client.post("/tasks/new/", form | {"title": "Việc khác"}), 422)
    assert f"đã dùng để giao nhiệm vụ số {Task.objects.get().pk}" in page and "Việc khác" in page
    assert form["token"] not in page and "hãy sửa các mục" not in page
    assert client.post("/tasks/new/", typed(page, title="Việc khác")).status_code == 302
    assert sorted(Task.objects.values_list("title_vi", flat=True)) == ["Việc khác", "Việc mới"]


def test_a_list_too_long_for_one_file_is_refused_and_never_cut(
    by: Any, window: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_task(by)
    make_task(by, owner="b")
    monkeypatch.setattr("programmes.views.tasks.MOST_EXPORTED", 1)
    answer = window("leader").get("/tasks/export/", follow=True)
    assert answer.redirect_chain == [("/tasks/", 302)] and "Có hơn 1 dòng" in html(answer)
    assert window("leader").get("/tasks/export/?office=b")["Content-Type"].endswith("sheet")


def test_every_fault_stands_at_its_field_and_nothing_typed_is_lost(window: Any) -> None:
    client = window("coordinator")
    form = typed(
        html(client.get("/tasks/new/")), title="", owner="", due_on="31/02/2025", text="Giữ nguyên", steps="Một"
    )
    page = html(client.post("/tasks/new/", form), 422)
    for word in ("Ghi tên nhiệm vụ.", "Chọn phòng ban chủ trì.", "Hãy nhập một ngày, ví dụ 15/01/2025."):
        assert word in page, word
    # What could not be read gets no second fault for what it was taken as.
    assert "Ghi thời hạn, hoặc đánh dấu" not in page
    assert "Giữ nguyên" in page and form["token"] in page and not Task.objects.exists()


def test_a_slipping_criterion_fills_the_form_in(window: Any) -> None:
    page = html(window("coordinator").get("/tasks/new/?criterion=1&level=standard&unit=commune-1"))
    assert "Khắc phục tiêu chí 1 (Tiêu chí 1)" in page
    assert '<option value="commune-1" selected>' in page and '<option value="slipping" selected>' in page
    assert '<option value="a" selected>' in page or '<option value="b" selected>' in page  # who judges it
    form = typed(page, origin="slipping", unit="commune-1", level="standard", criterion="1")
    assert window("coordinator").post("/tasks/new/", form).status_code == 302
    assert (Task.objects.get().level, Task.objects.get().criterion) == ("standard", 1)


def test_a_measure_fills_the_form_in_and_nonsense_does_not(window: Any) -> None:
    page = html(window("coordinator").get("/tasks/new/?measure=poverty.near_poor.count"))
    assert '<option value="poverty.near_poor.count" selected>' in page and "Hộ cận nghèo" in page
    for query in ("measure=no.such", "criterion=99&level=standard", "criterion=x", "unit=nowhere"):
        page = html(window("coordinator").get(f"/tasks/new/?{query}"))
        assert "Khắc phục" not in page and "Có biện pháp" not in page


def chosen(page: str) -> str:
    """What stands chosen as the programme in the form of a task."""
    select = re.search(r'<select name="programme".*?</select>', page, re.DOTALL)
    assert select, "no such field"
    return "".join(re.findall(r'value="([^"]*)" selected', select[0]))


@pytest.mark.parametrize(
    ("query", "programme"),
    [
        ("measure=poverty.near_poor.count", "GNBV"),
        ("measure=income.ethnic_border_island.per_capita", "NQ06"),
        ("measure=ntm.recognised.standard", "NTM"),
        ("measure=money.all.disbursement_rate", ""),
        ("criterion=1&level=standard&unit=commune-1", "NTM"),
        ("programme=GNBV", "GNBV"),
        ("programme=NOPE", ""),
        ("", ""),
    ],
)
def test_the_form_knows_the_programme_of_what_a_task_comes_from(window: Any, query: str, programme: str) -> None:
    make_programmes()
    assert chosen(html(window("coordinator").get(f"/tasks/new/?{query}"))) == programme


def test_who_gives_a_task_chooses_its_programme(window: Any) -> None:
    make_programmes()
    client = window("coordinator")
    path = "/tasks/new/?measure=poverty.near_poor.count"
    form = typed(html(client.get(path)), measure="poverty.near_poor.count", programme="NTM")
    assert client.post(path, form).status_code == 302
    task = Task.objects.get()
    assert task.programme is not None and task.programme.code == "NTM"
    page = html(client.get(f"/tasks/{task.pk}/"))
    assert '<dt>Chương trình</dt><dd><a href="/programmes/NTM/">' in page
    refused = client.post("/tasks/new/", typed(html(client.get("/tasks/new/")), programme="NOPE"))
    assert refused.status_code == 422 and Task.objects.count() == 1


def test_a_task_of_a_difficulty_is_of_its_programme_and_cannot_be_given_to_another(by: Any, window: Any) -> None:
    make_programmes()
    made = make_difficulty(by, programme="GNBV")
    client = window("coordinator")
    path = f"/tasks/new/?difficulty={made.pk}"
    page = html(client.get(path))
    assert "Chương trình: GNBV" in page and 'name="programme"' not in page
    assert client.post(path, typed(page, difficulty=str(made.pk), programme="NTM")).status_code == 302
    assert Task.objects.get().programme == made.programme


@pytest.mark.parametrize("view", ["", "&view=list"])
@pytest.mark.parametrize(
    ("programme", "found"),
    [("GNBV", {"Hộ nghèo"}), ("general", {"Cán bộ"}), ("NTM", set()), ("", {"Hộ nghèo", "Cán bộ"})],
)
def test_tasks_are_narrowed_to_a_programme_and_to_those_of_none(
    by: Any, window: Any, view: str, programme: str, found: set[str]
) -> None:
    make_programmes()
    make_task(by, title="Hộ nghèo", programme="GNBV")
    make_task(by, title="Cán bộ")
    page = html(window("leader").get(f"/tasks/?programme={programme}{view}"))
    assert {title for title in ("Hộ nghèo", "Cán bộ") if f">{title}</a>" in page} == found
    assert '<option value="GNBV"' in page and '<option value="NQ06"' not in page


def test_the_file_names_each_tasks_programme_and_what_it_was_narrowed_to(by: Any, window: Any) -> None:
    make_programmes()
    make_task(by, title="Hộ nghèo", programme="GNBV")
    make_task(by, title="Cán bộ")
    answers = {code: window("leader").get(f"/tasks/export/?programme={code}") for code in ("", "GNBV")}
    cells = {
        code: list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
        for code, answer in answers.items()
    }
    assert {row[0]: row[1] for row in cells[""] if row[0] in ("Hộ nghèo", "Cán bộ")} == {
        "Hộ nghèo": "GNBV", "Cán bộ": "Việc chung",
    }  # fmt: skip
    assert ("Chương trình: GNBV",) in [row[:1] for row in cells["GNBV"]]
    assert "Cán bộ" not in [row[0] for row in cells["GNBV"]]


@pytest.mark.parametrize("person", ["officer", "verifier_a", "leader", "administrator"])
def test_only_the_coordination_office_finds_the_form(window: Any, person: str) -> None:
    assert window(person).get("/tasks/new/").status_code == 403


def move(client: Client, task: Task, name: str, **more: Any) -> Any:
    task.refresh_from_db()
    return client.post(f"/tasks/{task.pk}/move/", {"move": name, "lock": str(task.lock), "text": "Lời", **more})


def test_a_task_goes_its_way_on_its_page(by: Any, window: Any) -> None:
    task = make_task(by, unit="commune-1", steps=["Một"])
    officer, office = window("officer"), window("coordinator")
    assert officer.post(f"/tasks/{task.pk}/steps/1/", {"done": "1"}).status_code == 302
    assert move(officer, task, "progress").status_code == 302
    assert move(officer, task, "report", files=[upload("a.pdf"), upload("b.png")]).status_code == 302
    assert move(office, task, "return").status_code == 302
    assert move(officer, task, "report").status_code == 302
    page = html(officer.get(f"/tasks/{task.pk}/"))
    assert 'value="confirm"' not in page and "a.pdf" in page and "b.png" in page
    assert move(office, task, "confirm", text="").status_code == 302
    task.refresh_from_db()
    assert task.status == "done"
    assert move(office, task, "reopen").status_code == 302
    assert move(office, task, "cancel").status_code == 302
    page = html(office.get(f"/tasks/{task.pk}/"))
    for word in ("trả lại", "xác nhận hoàn thành", "mở lại", "hủy nhiệm vụ", "xong một bước"):
        assert f"<strong>{word}</strong>" in page, word


def test_what_is_wrong_with_a_move_is_told_and_its_text_stays(by: Any, window: Any) -> None:
    task = make_task(by, unit="commune-1", steps=["Một"])
    page = html(move(window("officer"), task, "report", text="Đã làm xong cả"), 422)
    assert "Chưa xong bước 1." in page and "Đã làm xong cả" in page
    page = html(move(window("coordinator"), task, "postpone", text="", due_on=""), 422)
    assert "Ghi lý do đổi thời hạn." in page and "Ghi thời hạn" in page
    stale = window("coordinator").post(f"/tasks/{task.pk}/move/", {"move": "cancel", "lock": "99", "text": "Giữ"})
    page = html(stale, 409)
    assert "đã được cập nhật ở cửa sổ khác" in page and "Giữ" in page
    assert window("leader").post(f"/tasks/{task.pk}/move/", {"move": "cancel", "text": "x"}).status_code == 403
    assert window("other_officer").post(f"/tasks/{task.pk}/move/", {"move": "x"}).status_code == 404
    assert window("officer").post(f"/tasks/{task.pk}/move/", {"move": "x"}).status_code == 302
    page = html(window("officer").post(f"/tasks/{task.pk}/steps/", {"step": ""}), 422)
    assert "Ghi nội dung của bước." in page
    page = html(window("officer").post(f"/tasks/{task.pk}/files/", {}), 422)
    assert "Chưa chọn tệp." in page
    assert window("officer").post(f"/tasks/{task.pk}/steps/9/", {"done": "1"}).status_code == 404


def test_evidence_is_read_by_those_of_its_place_alone(by: Any, window: Any, world: World) -> None:
    town, own = make_task(by), make_task(by, unit="commune-1")
    for task in (town, own):
        report_result(
            by=fresh(world.people["verifier_a"]), task_id=task.pk, text="Xong", files=[upload("bien-ban.pdf")]
        )
    address = {task.pk: f"/tasks/{task.pk}/files/{task.files.get().pk}/" for task in (town, own)}
    assert window("officer").get(address[own.pk])["Content-Type"] == "application/pdf"
    assert window("officer").get(address[town.pk]).status_code == 404
    assert window("other_officer").get(address[own.pk]).status_code == 404
    assert window("leader").get(f"{address[town.pk]}?download")["Content-Disposition"].startswith("attachment")
    page = html(window("officer").get(f"/tasks/{town.pk}/"))
    assert "bien-ban.pdf" not in page and "dành cho phòng ban" in page
    crossed = f"/tasks/{own.pk}/files/{town.files.get().pk}/"
    assert window("leader").get(crossed).status_code == 404


def test_the_menu_counts_the_open_tasks_of_the_readers_office(by: Any, window: Any) -> None:
    for n in range(3):
        make_task(by, title=f"Việc {n}")
    make_task(by, owner="b")
    counted = '<span>Nhiệm vụ</span><span class="count">3'
    assert counted in html(window("verifier_a").get("/tasks/"))
    assert counted not in html(window("verifier_b").get("/tasks/"))
    assert counted not in html(window("leader").get("/tasks/"))


@pytest.mark.parametrize("path", ["/tasks/", "/tasks/?view=list", "/tasks/export/", "/tasks/{pk}/", "/tasks/new/"])
def test_pages_cost_the_same_whatever_the_number_of_tasks(by: Any, window: Any, path: str) -> None:
    first = make_task(by, unit="commune-1", steps=["Một"])

    def asked() -> int:
        client = window("coordinator")
        client.get("/tasks/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path.format(pk=first.pk)).status_code == 200
        return len([one for one in queries if "SAVEPOINT" not in one["sql"]])

    few = asked()
    for n in range(6):
        make_task(by, title=f"Việc {n}", unit="commune-2", owner="b", steps=["Một", "Hai"])
        make_overdue(by, title=f"Muộn {n}")
    assert asked() == few <= 16
