"""The history of a value and the thread about it: as a page of its own, and as the part that a row fetches."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.models import Comment
from indicators.services.comments import comment
from indicators.services.evaluation import evaluate
from indicators.services.reports import reopen
from indicators.services.values import CellInput, save_values
from indicators.services.verification import send_back
from tests.factories.world import World, bring_to, fresh

pytestmark = pytest.mark.django_db

HTMX = {"headers": {"hx-request": "true"}}


def say(world: World, report: Any, who: str, text: str, element: str = "roads") -> Comment:
    return comment(by=fresh(world.people[who]), report_id=report.pk, element=element, text=text, token=uuid4().hex)


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def form_of(page: Any, element: str = "roads") -> dict[str, str]:
    """The fields of the thread's form as the page shows them."""
    html = page.content.decode()
    return dict(re.findall(rf'name="((?:token|upto):{element})" value="([^"]*)"', html))


def test_the_page_tells_every_save_and_what_was_decided(as_person: Any, world: World) -> None:
    report = bring_to(world, "submitted")
    send_back(by=world.people["verifier_b"], report_id=report.pk, returns={"roads": "Thiếu biểu"})
    bring_to(world, "approved", report=report, changes={("roads", ""): "91.5"})
    reopen(by=world.people["coordinator"], report_id=report.pk, reason="Rà soát lại")
    page = as_person("officer").get(f"/reports/{report.pk}/values/roads/")
    groups = page.context["groups"]
    assert [g.revision for g in groups] == [2, 1]
    assert [(x.text, x.before, x.after, x.by) for x in groups[1].lines if x.saved] == [
        ("Nhập", "chưa nhập", "88,5%", "officer"),
        ("Sửa", "88,5%", "91,5%", "officer"),
    ]
    assert [(x.text, x.reason) for x in groups[1].lines if not x.saved] == [
        ("Mở báo cáo", ""),
        ("Trình", ""),
        ("Trả lại", "Thiếu biểu"),
        ("Trình", ""),
        ("Thẩm định", "Đánh giá standard: đạt"),
        ("Phê duyệt", ""),
    ]
    assert [(x.text, x.reason) for x in groups[0].lines] == [("Mở lại báo cáo", "Rà soát lại")]
    assert "88,5%" in text(page) and "đang được tính" in text(page)


def test_states_and_emptied_cells_are_told_in_words(as_person: Any, world: World) -> None:
    report = bring_to(world, "draft")
    officer = fresh(world.people["officer"])
    for cell in (
        CellInput("houses", state="not_applicable", reason="Không có nhà tạm"),
        CellInput("houses"),
        CellInput("houses", raw="0"),
    ):
        save_values(by=officer, report_id=report.pk, cells=[cell], all_or_none=True)
    lines = as_person("officer").get(f"/reports/{report.pk}/values/houses/").context["groups"][0].lines
    assert [(x.text, x.before, x.after) for x in lines if x.saved] == [
        ("Nhập", "chưa nhập", "0"),
        ("Sửa", "0", "không áp dụng"),
        ("Xóa trống", "không áp dụng", "chưa nhập"),
        ("Nhập", "chưa nhập", "0"),
    ]


def test_a_row_fetches_the_same_part_that_the_page_holds(as_person: Any, world: World) -> None:
    report = bring_to(world, "submitted")
    client = as_person("officer")
    part = client.get(f"/reports/{report.pk}/values/roads/", **HTMX).content.decode()
    page = client.get(f"/reports/{report.pk}/values/roads/").content.decode()
    assert "<html" not in part and part.startswith('<div class="trace-panel">')
    assert '<form id="comment-form"' in page and '<form id="comment-form"' not in part
    steps = re.compile(r'<ol class="trace-lines">.*?</ol>', re.S)
    assert steps.findall(part) == steps.findall(page) != []


@pytest.mark.parametrize("path", ["", "verify/"])
def test_every_row_of_entry_and_verification_leads_to_its_history(as_person: Any, world: World, path: str) -> None:
    report = bring_to(world, "submitted")
    page = as_person("coordinator").get(f"/reports/{report.pk}/{path}").content.decode()
    for element in ("plan", "roads", "insured", "houses", "water", "schooling"):
        address = f"/reports/{report.pk}/values/{element}/"
        assert f'hx-get="{address}"' in page and f'<a href="{address}">' in page
    assert page.count('<form id="comment-form"') == 1


def test_the_explanation_of_a_unit_leads_to_the_history(as_person: Any, world: World) -> None:
    report = bring_to(world, "approved")
    evaluate()
    page = as_person("officer").get(f"/attainment/{world.commune.uid}/?as_of=2023-12-31").content.decode()
    assert f'hx-get="/reports/{report.pk}/values/houses/"' in page


def test_a_foreign_report_and_an_unknown_element_are_404(as_person: Any, world: World) -> None:
    report = bring_to(world, "submitted")
    stranger = as_person("other_officer")
    for path in ("values/roads/", "comments/"):
        assert stranger.get(f"/reports/{report.pk}/{path}").status_code == 404
    for path in ("values/roads/comments/", "values/roads/seen/"):
        answer = stranger.post(f"/reports/{report.pk}/{path}", {"text:roads": "x", "token:roads": uuid4().hex})
        assert answer.status_code == 404
    officer = as_person("officer")
    assert officer.get(f"/reports/{report.pk}/values/castles/").status_code == 404
    sent = {"text:castles": "x", "token:castles": uuid4().hex}
    assert officer.post(f"/reports/{report.pk}/values/castles/comments/", sent).status_code == 404
    assert officer.post(f"/reports/{report.pk}/values/roads/seen/", {"upto:roads": "²"}).status_code == 404
    assert not Comment.objects.exists()


def test_a_remark_is_sent_from_the_page_and_sent_again_only_stored_once(as_person: Any, world: World) -> None:
    report = bring_to(world, "submitted")
    client = as_person("officer")
    url = f"/reports/{report.pk}/values/roads/"
    sent = form_of(client.get(url)) | {"text:roads": "Số của <b>biểu 02</b>"}
    for _time in range(2):
        answer = client.post(f"{url}comments/", sent)
        assert (answer.status_code, answer["Location"]) == (302, f"{url}#thread")
    assert Comment.objects.get().text == "Số của <b>biểu 02</b>"
    page = as_person("verifier_b").get(url).content.decode()
    assert "Số của &lt;b&gt;biểu 02&lt;/b&gt;" in page and "<b>biểu 02</b>" not in page


def test_a_remark_sent_from_a_row_comes_back_as_the_part_with_a_new_form(as_person: Any, world: World) -> None:
    report = bring_to(world, "submitted")
    client = as_person("verifier_b")
    url = f"/reports/{report.pk}/values/roads/"
    sent = form_of(client.get(url, **HTMX)) | {"text:roads": "Đề nghị giải thích"}
    answer = client.post(f"{url}comments/", sent, **HTMX)
    assert answer.status_code == 200 and "Đề nghị giải thích" in text(answer)
    assert "<html" not in answer.content.decode()
    assert form_of(answer)["token:roads"] != sent["token:roads"]


def test_a_faulty_remark_is_told_where_it_was_typed_and_nothing_is_lost(as_person: Any, world: World) -> None:
    report = bring_to(world, "submitted")
    client = as_person("officer")
    url = f"/reports/{report.pk}/values/roads/"
    long = "Đ" * 2001
    page = client.post(f"{url}comments/", form_of(client.get(url)) | {"text:roads": long})
    assert page.status_code == 422 and long in page.content.decode() and "2.000 ký tự" in text(page)
    part = client.post(f"{url}comments/", {"text:roads": " ", "token:roads": "no"}, **HTMX)
    assert part.status_code == 422
    assert "data-error" in part.content.decode() and "Ghi nội dung" in text(part) and "thiếu mã" in text(part)
    assert not Comment.objects.exists()


@pytest.mark.parametrize(("who", "may"), [("verifier_b", True), ("verifier_a", False), ("leader", False)])
def test_the_form_is_there_for_those_who_may_write(as_person: Any, world: World, who: str, may: bool) -> None:
    report = bring_to(world, "submitted")
    url = f"/reports/{report.pk}/values/roads/"
    client = as_person(who)
    assert ("text:roads" in client.get(url).content.decode()) is may
    code = client.post(f"{url}comments/", {"text:roads": "x", "token:roads": uuid4().hex}).status_code
    assert code == (302 if may else 403)


def test_the_other_side_is_told_in_its_worklist_and_beside_the_row_until_it_reads(as_person: Any, world: World) -> None:
    report = bring_to(world, "submitted")
    say(world, report, "verifier_b", "Đề nghị giải thích")
    client = as_person("officer")
    assert "1 trao đổi chưa đọc" in text(client.get("/reports/"))
    entry = text(client.get(f"/reports/{report.pk}/"))
    assert "1 ý kiến · chưa đọc" in entry and "1 trao đổi chưa đọc" in entry
    assert "1 trao đổi chờ trả lời" in text(as_person("verifier_b").get("/reports/"))
    url = f"/reports/{report.pk}/values/roads/"
    assert client.post(f"{url}seen/", form_of(client.get(url))).status_code == 302
    assert "chưa đọc" not in text(client.get("/reports/"))
    assert "Xã đã đọc: officer" in text(as_person("verifier_b").get(url))


def test_a_side_is_not_told_of_its_own_remark(as_person: Any, world: World) -> None:
    report = bring_to(world, "submitted")
    say(world, report, "officer", "Giải thích thêm")
    assert "chưa đọc" not in text(as_person("officer").get("/reports/"))
    assert "1 trao đổi chưa đọc" in text(as_person("verifier_b").get("/reports/"))
    assert "Chờ trả lời: Phòng b" in text(as_person("officer").get(f"/reports/{report.pk}/values/roads/"))


def test_the_threads_of_a_report_stand_on_one_page_the_unread_first(as_person: Any, world: World) -> None:
    report = bring_to(world, "submitted")
    client = as_person("officer")
    assert "Chưa có trao đổi nào" in text(client.get(f"/reports/{report.pk}/comments/"))
    say(world, report, "officer", "Ý kiến của xã", element="plan")
    say(world, report, "verifier_b", "Hỏi về đường")
    threads = client.get(f"/reports/{report.pk}/comments/").context["threads"]
    assert [(t.element, t.unread) for t in threads] == [("roads", True), ("plan", False)]


def _queries(call: Any) -> int:
    with CaptureQueriesContext(connection) as found:
        call()
    return len(found)


@pytest.mark.parametrize("path", ["values/roads/", "comments/", "verify/", ""])
def test_pages_cost_the_same_with_two_remarks_and_with_twenty(as_person: Any, world: World, path: str) -> None:
    report = bring_to(world, "submitted")
    for number in range(2):
        say(world, report, "verifier_b", f"Hỏi {number}")
    client = as_person("officer") if path != "verify/" else as_person("coordinator")
    client.get(f"/reports/{report.pk}/{path}")
    two = _queries(lambda: client.get(f"/reports/{report.pk}/{path}"))
    for number in range(9):
        say(world, report, "officer", f"Đáp {number}")
        say(world, report, "officer", f"Đáp {number}", element="insured")
    assert _queries(lambda: client.get(f"/reports/{report.pk}/{path}")) == two
