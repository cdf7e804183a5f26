"""`/difficulties/`: the list, its file, an entry, writing one, and the sections of a commune and a programme."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from programmes.models import Difficulty, Task
from programmes.services.difficulties import Proposed, resolve_difficulty, withdraw_difficulty
from tests.factories.budget import make_programmes
from tests.factories.difficulties import make_difficulty
from tests.factories.windows import BACKEND
from tests.factories.world import World, fresh, make_world

pytestmark = pytest.mark.django_db
NAMES = ("Mặt bằng thôn Hòa", "Giải ngân chậm", "Thiếu nước sạch")


@pytest.fixture
def world() -> World:
    made = make_world(communes=2)
    make_programmes()
    return made


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


@pytest.fixture
def three(by: Any) -> list[Difficulty]:
    """One of commune 1, one of commune 2 that is settled, one of the whole town of an earlier year."""
    first = make_difficulty(
        by, text="Mặt bằng thôn Hòa", unit="commune-1", kind="limitation", provenance="illustrative"
    )
    second = make_difficulty(
        by, text="Giải ngân chậm", unit="commune-2", programme="GNBV", office="b", period="2023-Q4",
        proposals=[Proposed("central", "Sửa thông tư."), Proposed("town", "Giao vốn sớm.")],
    )  # fmt: skip
    resolve_difficulty(
        by=by, difficulty_id=second.pk, text="Đã giao vốn.", resolved_on=timezone.localdate() - timedelta(days=1)
    )
    third = make_difficulty(by, text="Thiếu nước sạch", period="2022", proposals=[])
    return [first, second, third]


def html(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[:2000]
    return str(answer.content.decode())


def shown(page: str) -> set[str]:
    return {name for name in NAMES if f">{name}</a>" in page}


def test_the_list_is_narrowed_and_searched_without_tone_marks(three: Any, window: Any) -> None:
    leader = window("leader")
    for query, found in (
        ("", set(NAMES)),
        ("programme=GNBV", {"Giải ngân chậm"}),
        ("unit=commune-1", {"Mặt bằng thôn Hòa"}),
        ("unit=town", {"Thiếu nước sạch"}),
        ("kind=limitation", {"Mặt bằng thôn Hòa"}),
        ("status=resolved", {"Giải ngân chậm"}),
        ("period=2022", {"Thiếu nước sạch"}),
        ("office=b", {"Giải ngân chậm"}),
        ("addressee=central", {"Giải ngân chậm"}),
        ("q=mat+bang+hoa", {"Mặt bằng thôn Hòa"}),
        ("q=sua+thong+tu", {"Giải ngân chậm"}),
        ("kind=nonsense", set(NAMES)),
        ("period=2023-X9", set(NAMES)),
        ("q=khong+co", set()),
    ):
        assert shown(html(leader.get(f"/difficulties/?{query}"))) == found, query
    page = html(leader.get("/difficulties/"))
    assert "minh họa" in page and "2 chưa giải quyết" in page
    order = [page.index(f">{name}</a>") for name in NAMES]
    assert order[2] > max(order[:2])  # the newest period first


def test_who_may_not_write_is_offered_no_form(three: Any, window: Any) -> None:
    for person in ("leader", "administrator"):
        page = html(window(person).get(f"/difficulties/{three[0].pk}/"))
        assert "Ghi kết quả giải quyết" not in page and "/edit/" not in page
        assert window(person).get("/difficulties/new/").status_code == 403
        assert window(person).get(f"/difficulties/{three[0].pk}/edit/").status_code == 403
    assert "Ghi kết quả giải quyết" in html(window("officer").get(f"/difficulties/{three[0].pk}/"))


def test_a_commune_reads_its_own_and_those_of_the_whole_town(three: Any, window: Any) -> None:
    for query in ("", "?unit=commune-2", "?q=giai+ngan"):
        page = html(window("officer").get(f"/difficulties/{query}"))
        assert "Giải ngân chậm" not in page and "Xã Thử 2" not in page, query
    assert shown(html(window("officer").get("/difficulties/"))) == {"Mặt bằng thôn Hòa", "Thiếu nước sạch"}
    assert window("officer").get(f"/difficulties/{three[1].pk}/").status_code == 404
    assert window("officer").get(f"/difficulties/{three[1].pk}/edit/").status_code == 404
    assert window("other_officer").get(f"/difficulties/{three[1].pk}/").status_code == 200


def test_the_file_holds_what_the_list_shows_with_a_line_a_proposal(three: Any, window: Any) -> None:
    answer = window("leader").get("/difficulties/export/?programme=GNBV")
    book = load_workbook(io.BytesIO(answer.content))
    entries, proposals = (list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets)
    cells = [cell for row in entries for cell in row if cell is not None]
    assert "Giải ngân chậm" in cells and "Thiếu nước sạch" not in cells and "Chương trình: GNBV" in cells
    assert "đã giải quyết" in cells and "Đã giao vốn." in cells
    lines = [(row[1], row[2]) for row in proposals if row[2] in ("Sửa thông tư.", "Giao vốn sớm.")]
    assert lines == [("Trung ương", "Sửa thông tư."), ("thành phố", "Giao vốn sớm.")]
    own = load_workbook(io.BytesIO(window("officer").get("/difficulties/export/").content))
    text = "\n".join(str(cell) for sheet in own for row in sheet.iter_rows(values_only=True) for cell in row)
    assert "Mặt bằng thôn Hòa" in text and "Giải ngân chậm" not in text


def test_a_list_too_long_for_one_file_is_refused_and_never_cut(
    three: Any, window: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("programmes.views.difficulties.MOST_EXPORTED", 2)
    answer = window("leader").get("/difficulties/export/?q=a", follow=True)
    assert answer.redirect_chain == [("/difficulties/?q=a", 302)]
    assert "Có hơn 2 dòng" in html(answer)
    assert window("leader").get("/difficulties/export/?programme=NTM")["Content-Type"].endswith("sheet")


def typed(page: str, **changes: str) -> dict[str, str]:
    token = page.split('name="token" value="')[1][:32] if 'name="token"' in page else ""
    given = {
        "token": token, "programme": "NTM", "period": "2023", "unit": "commune-1", "office": "a",
        "kind": "difficulty", "text": "Việc mới", "proposals_0_addressee": "town", "proposals_0_text": "Bố trí vốn",
    }  # fmt: skip
    return given | changes


def test_an_entry_is_written_on_the_page_and_once(window: Any) -> None:
    client = window("officer")
    page = html(client.get("/difficulties/new/?programme=NTM"))
    assert '<option value="commune-1" selected>' in page and "commune-2" not in page  # the own commune alone
    assert '<option value="NTM" selected>' in page
    form = typed(page)
    first = client.post("/difficulties/new/", form)
    made = Difficulty.objects.get()
    assert first.status_code == 302 and first["Location"] == f"/difficulties/{made.pk}/"
    assert client.post("/difficulties/new/", form)["Location"] == first["Location"]
    assert Difficulty.objects.count() == 1
    page = html(client.get(first["Location"]))
    for word in ("Việc mới", "Với thành phố", "Bố trí vốn", "Đã ghi tồn tại, khó khăn.", "chưa nêu"):
        assert word in page, word


def test_another_entry_in_a_form_that_was_sent_already_is_not_taken_for_it(window: Any) -> None:
    client = window("officer")
    form = typed(html(client.get("/difficulties/new/")))
    client.post("/difficulties/new/", form)
    # The browser's Back brings the page and its token back.
    page = html(client.post("/difficulties/new/", form | {"text": "Việc khác"}), 422)
    assert f"đã dùng để ghi nội dung số {Difficulty.objects.get().pk}" in page and "Việc khác" in page
    assert form["token"] not in page and "hãy sửa các mục" not in page
    assert client.post("/difficulties/new/", typed(page, text="Việc khác")).status_code == 302
    assert sorted(Difficulty.objects.values_list("text", flat=True)) == ["Việc khác", "Việc mới"]


def test_every_fault_stands_at_its_field_and_nothing_typed_is_lost(window: Any) -> None:
    client = window("coordinator")
    form = typed(
        html(client.get("/difficulties/new/")), text="", programme="", proposals_0_text="",
        cause_objective="Giữ nguyên",
        proposals_1_addressee="", proposals_1_text="Chưa rõ gửi ai",
    )  # fmt: skip
    page = html(client.post("/difficulties/new/", form), 422)
    for word in ("Ghi tồn tại, khó khăn là gì.", "Chọn chương trình.", "Ghi nội dung kiến nghị."):
        assert word in page, word
    assert "Chọn cấp được kiến nghị." in page.split('id="proposals_1_addressee_error"')[1][:200]
    assert "Giữ nguyên" in page and "Chưa rõ gửi ai" in page and form["token"] in page
    assert not Difficulty.objects.exists()
    page = html(client.post("/difficulties/new/", typed(page, period="2023-H9")), 422)
    assert page.count("field-error") == 1  # what could not be read gets no second fault


def test_an_entry_is_changed_and_a_second_window_keeps_what_it_typed(three: Any, window: Any) -> None:
    client, address = window("coordinator"), f"/difficulties/{three[0].pk}/edit/"
    page = html(client.get(address))
    assert "Mặt bằng thôn Hòa" in page and 'name="lock" value="1"' in page
    assert client.post(address, typed(page, lock="1", text="Mặt bằng thôn Hà")).status_code == 302
    second = typed(page, lock="1", text="Của cửa sổ hai", proposals_0_text="")
    second |= {"proposals_0_addressee": "", "unit": ""}
    page = html(client.post(address, second), 409)
    assert "đã được cập nhật ở cửa sổ khác" in page and "Của cửa sổ hai" in page and 'name="lock" value="2"' in page
    # What the other window wrote is seen before it is written over, beside what was typed here.
    shown = page.split('class="plain stacks differences"')[1].split("</table>")[0]
    for stands, mine in (
        ("Mặt bằng thôn Hà", "Của cửa sổ hai"), ("Xã Xã Thử 1", "Cả địa bàn"), ("thành phố: Bố trí vốn", "không có"),
    ):  # fmt: skip
        assert f">{stands}</td>" in shown and f">{mine}</td>" in shown, stands
    assert shown.count("<tr>") == 4
    three[0].refresh_from_db()
    assert three[0].text == "Mặt bằng thôn Hà"
    page = html(client.get(f"/difficulties/{three[0].pk}/"))
    assert "Trước khi sửa" in page and "Mặt bằng thôn Hòa" in page
    settled = client.get(f"/difficulties/{three[1].pk}/edit/", follow=True)
    assert settled.redirect_chain == [(f"/difficulties/{three[1].pk}/", 302)]


def test_what_was_typed_into_an_entry_that_was_settled_meanwhile_is_not_lost(three: Any, window: Any, by: Any) -> None:
    client, address = window("coordinator"), f"/difficulties/{three[0].pk}/edit/"
    page = html(client.get(address))
    withdraw_difficulty(by=by, difficulty_id=three[0].pk, text="Ghi nhầm")
    page = html(client.post(address, typed(page, lock="1", text="Đã viết rất dài")), 409)
    assert "Đã viết rất dài" in page and "trạng thái hiện nay: đã rút" in page
    assert "Phần đã nhập vẫn còn dưới đây" in page and f'href="/difficulties/{three[0].pk}/" target="_blank"' in page
    three[0].refresh_from_db()
    assert three[0].text == "Mặt bằng thôn Hòa"
    assert window("leader").post(address, typed(page)).status_code == 403
    assert window("other_officer").post(address, typed(page)).status_code == 404


def move(client: Client, row: Difficulty, name: str, **more: Any) -> Any:
    row.refresh_from_db()
    return client.post(f"/difficulties/{row.pk}/move/", {"move": name, "lock": str(row.lock), "text": "Lời", **more})


def test_an_entry_goes_its_way_on_its_page(three: Any, window: Any) -> None:
    officer, row = window("officer"), three[0]
    page = html(move(officer, row, "resolve", text="", resolved_on=""), 422)
    for field, fault in (("text", "Ghi đã giải quyết thế nào."), ("resolved_on", "Ghi ngày giải quyết xong.")):
        assert fault in page.split(f'id="{field}-resolve_error"')[1].split("</div>")[0]
        control = page.split(f'id="{field}-resolve"')[0].rpartition("<")[2] + page.split(f'id="{field}-resolve"')[1]
        assert 'aria-invalid="true"' in control.split(">")[0]
        assert f'aria-describedby="{field}-resolve_error"' in control.split(">")[0]
    assert "Đã giải quyết thế nào" in page.split('for="text-resolve"')[1].split("</label>")[0]
    assert page.count('aria-invalid="true"') == 2  # the forms of other moves have no fault
    page = html(move(officer, row, "resolve", resolved_on="31/02/2023"), 422)
    assert "Hãy nhập một ngày" in page and "Ghi ngày giải quyết xong." not in page
    assert move(officer, row, "resolve", resolved_on="2023-11-05").status_code == 302
    page = html(officer.get(f"/difficulties/{row.pk}/"))
    assert "05/11/2023" in page and "đã giải quyết" in page
    assert move(officer, row, "reopen").status_code == 302
    assert move(officer, row, "withdraw").status_code == 302
    page = html(officer.get(f"/difficulties/{row.pk}/"))
    for word in ("ghi kết quả giải quyết", "mở lại", "rút"):
        assert f"<strong>{word}</strong>" in page, word
    assert officer.post(f"/difficulties/{row.pk}/move/", {"move": "x"}).status_code == 302
    assert window("other_officer").post(f"/difficulties/{row.pk}/move/", {"move": "x"}).status_code == 404
    assert move(window("leader"), three[2], "withdraw").status_code == 403
    stale = officer.post(f"/difficulties/{row.pk}/move/", {"move": "reopen", "lock": "99", "text": "Giữ"})
    page = html(stale, 409)
    assert "đã được cập nhật ở cửa sổ khác" in page and "Giữ" in page
    lost = officer.post(f"/difficulties/{row.pk}/move/", {"move": "resolve", "lock": "1", "text": "Viết rồi"})
    assert "Viết rồi" in html(lost, 409).split("Phần đã nhập, chưa ghi")[1]


def test_a_task_is_given_from_the_page_of_a_difficulty(three: Any, window: Any) -> None:
    client = window("coordinator")
    assert f"/tasks/new/?difficulty={three[0].pk}" in html(client.get(f"/difficulties/{three[0].pk}/"))
    page = html(client.get(f"/tasks/new/?difficulty={three[0].pk}"))
    assert "Khắc phục: Mặt bằng thôn Hòa" in page and '<option value="commune-1" selected>' in page
    assert '<option value="a" selected>' in page and 'name="origin"' not in page
    due = (timezone.localdate() + timedelta(days=30)).isoformat()
    form = {
        "token": page.split('name="token" value="')[1][:32], "difficulty": three[0].pk, "title": "Giải phóng mặt bằng",
        "unit": "commune-1", "owner": "a", "due_on": due,
    }  # fmt: skip
    assert client.post("/tasks/new/", form).status_code == 302
    task = Task.objects.get()
    assert (task.difficulty, task.origin) == (three[0], "difficulty")
    assert "Giải phóng mặt bằng" in html(client.get(f"/difficulties/{three[0].pk}/"))
    assert "Mặt bằng thôn Hòa" in html(window("officer").get(f"/tasks/{task.pk}/"))
    plain = html(client.get("/tasks/new/"))
    assert 'value="difficulty"' not in plain
    assert "Khắc phục" not in html(client.get("/tasks/new/?difficulty=404404"))


def test_the_pages_of_a_commune_and_a_programme_lead_to_what_hinders_them(three: Any, window: Any) -> None:
    page = html(window("leader").get("/units/commune-1/?as_of=2023-12-31"))
    section = page.split('id="difficulties"')[1]
    assert "Mặt bằng thôn Hòa" in section and "1 chưa giải quyết" in section
    assert "/difficulties/?unit=commune-1" in section
    page = html(window("leader").get("/units/commune-2/?as_of=2023-12-31"))
    assert "Mọi nội dung đã ghi đều đã giải quyết." in page.split('id="difficulties"')[1]
    page = html(window("leader").get("/programmes/NTM/"))
    assert "/difficulties/?programme=NTM" in page and "<strong>2</strong>" in page
    assert "<strong>1</strong>" in html(window("other_officer").get("/programmes/NTM/"))


def test_a_commune_without_an_entry_has_no_section(by: Any, window: Any) -> None:
    taken = make_difficulty(by, unit="commune-1")
    withdraw_difficulty(by=by, difficulty_id=taken.pk, text="Ghi nhầm")
    assert 'id="difficulties"' not in html(window("leader").get("/units/commune-1/?as_of=2023-12-31"))


PATHS = (
    "/difficulties/", "/difficulties/export/", "/difficulties/{pk}/", "/difficulties/{pk}/edit/", "/difficulties/new/",
    "/units/commune-1/?as_of=2023-12-31", "/programmes/NTM/",
)  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_pages_cost_the_same_whatever_the_number_of_entries(by: Any, window: Any, path: str) -> None:
    first = make_difficulty(by, unit="commune-1")

    def asked() -> int:
        client = window("coordinator")
        client.get("/difficulties/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path.format(pk=first.pk)).status_code == 200
        return len([one for one in queries if "SAVEPOINT" not in one["sql"]])

    few = asked()
    for n in range(6):
        make_difficulty(by, text=f"Việc {n}", unit="commune-1", office="b", programme="GNBV")
        make_difficulty(by, text=f"Chung {n}", proposals=[Proposed("town", "a"), Proposed("central", "b")])
    assert asked() == few
    if path.startswith("/difficulties/"):
        assert few <= 16
