"""The revisions of a report on its pages: who reopened it and why, each one whole, two side by side."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.models import Report
from indicators.services.reports import approve, reopen, submit
from indicators.services.values import CellInput, save_values
from indicators.services.verification import verify
from tests.factories.world import World, bring_to, fresh

pytestmark = pytest.mark.django_db


def reopened(world: World, *cells: CellInput, until: str = "draft") -> Report:
    """A report approved with two temporary houses, reopened because of them and brought up to a status."""
    report = bring_to(world, "approved", changes={("houses", ""): "2"})
    report = reopen(by=world.people["coordinator"], report_id=report.pk, reason="Đếm nhầm <nhà> tạm")
    officer = fresh(world.people["officer"])
    if cells:
        save_values(by=officer, report_id=report.pk, cells=cells, all_or_none=True)
    if until in ("verified", "approved"):
        submit(by=officer, report_id=report.pk)
        verify(by=world.people["verifier_all"], report_id=report.pk, judgements={"roads": "met"})
    if until == "approved":
        approve(by=world.people["coordinator"], report_id=report.pk)
    report.refresh_from_db()
    return report


ZERO = CellInput("houses", raw="0", note="Đã xóa hai nhà", language="plain")


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.mark.parametrize("path", ["", "verify/"])
def test_the_report_says_which_revision_it_is_by_whom_and_why(as_person: Any, world: World, path: str) -> None:
    report = reopened(world)
    page = text(as_person("coordinator").get(f"/reports/{report.pk}/{path}"))
    assert re.search(r"Bản 2 – mở lại ngày \d\d/\d\d/\d{4} bởi coordinator vì: Đếm nhầm &lt;nhà&gt; tạm", page)
    assert "Bản 1 đã duyệt vẫn được tính cho đến khi bản 2 được duyệt." in page


def test_a_report_that_was_never_reopened_says_nothing_of_revisions(as_person: Any, world: World) -> None:
    report = bring_to(world, "approved")
    page = text(as_person("coordinator").get(f"/reports/{report.pk}/"))
    assert "mở lại ngày" not in page and "vẫn được tính cho đến khi" not in page


def test_reopening_from_a_window_that_saw_an_older_report_is_refused(as_person: Any, world: World) -> None:
    report = reopened(world, ZERO, until="approved")
    client = as_person("coordinator")
    answer = client.post(f"/reports/{report.pk}/reopen/", {"reason": "Lần nữa", "lock": report.lock - 3})
    assert answer.status_code == 409
    assert Report.objects.get(pk=report.pk).revision == 2
    assert client.post(f"/reports/{report.pk}/reopen/", {"reason": "Lần nữa", "lock": report.lock}).status_code == 302
    assert Report.objects.get(pk=report.pk).revision == 3


@pytest.mark.parametrize("who", ["officer", "verifier_all", "leader"])
def test_only_who_may_reopen_is_offered_it(as_person: Any, world: World, who: str) -> None:
    report = bring_to(world, "approved")
    page = as_person(who).get(f"/reports/{report.pk}/revisions/").content.decode()
    assert "#reopen" not in page and "Văn phòng điều phối mở lại" in page
    assert as_person(who).post(f"/reports/{report.pk}/reopen/", {"reason": "x"}).status_code == 403
    assert "#reopen" in as_person("coordinator").get(f"/reports/{report.pk}/revisions/").content.decode()


def test_a_reason_that_is_too_long_is_refused_and_kept(as_person: Any, world: World) -> None:
    report = bring_to(world, "approved")
    page = as_person("coordinator").post(f"/reports/{report.pk}/reopen/", {"reason": "Đ" * 2001})
    assert page.status_code == 422 and "Đ" * 2001 in page.content.decode()
    assert "2.000 ký tự" in page.content.decode()


def test_the_list_tells_which_revision_counts_and_who_did_what(as_person: Any, world: World) -> None:
    report = reopened(world, ZERO, until="verified")
    page = as_person("officer").get(f"/reports/{report.pk}/revisions/")
    lines = page.context["lines"]
    assert [(x.revision.number, x.counts, x.current, x.entered) for x in lines] == [
        (2, False, True, 9),
        (1, True, False, 9),
    ]
    assert "Đếm nhầm &lt;nhà&gt; tạm" in page.content.decode()
    assert f"/reports/{report.pk}/changes/?from=1&amp;to=2" in page.content.decode()


def test_each_revision_stays_readable_with_its_values_verdicts_and_judgements(as_person: Any, world: World) -> None:
    report = reopened(world, ZERO, until="approved")
    client = as_person("leader")

    def houses(number: int) -> tuple[str, str, str]:
        page = client.get(f"/reports/{report.pk}/revisions/{number}/")
        assert page.status_code == 200
        row = next(r for s in page.context["sections"] for r in s.rows if r.element == "houses")
        return row.cells[0].text, row.cells[0].typed.note, row.outcomes[0].code

    assert houses(1) == ("2", "", "not_met")
    assert houses(2) == ("0", "Đã xóa hai nhà", "met")
    old = text(client.get(f"/reports/{report.pk}/revisions/1/"))
    assert "bản cũ, chỉ để đọc" in old and "đánh giá: verifier_all" in old
    assert "Trình: officer" in old and "Phê duyệt: coordinator" in old
    assert "<textarea" not in client.get(f"/reports/{report.pk}/revisions/1/").content.decode()


@pytest.mark.parametrize("number", ["0", "3", "99999999999999999999"])
def test_a_revision_that_never_was_is_404(as_person: Any, world: World, number: str) -> None:
    report = reopened(world)
    assert as_person("coordinator").get(f"/reports/{report.pk}/revisions/{number}/").status_code == 404


@pytest.mark.parametrize("path", ["revisions/", "revisions/1/", "changes/"])
def test_a_foreign_report_is_404(as_person: Any, world: World, path: str) -> None:
    report = reopened(world)
    assert as_person("other_officer").get(f"/reports/{report.pk}/{path}").status_code == 404
    assert as_person("officer").get(f"/reports/{report.pk}/{path}").status_code == 200


def test_changes_lie_side_by_side_and_the_unchanged_are_hidden_with_their_number(as_person: Any, world: World) -> None:
    report = reopened(world, ZERO, until="verified")
    client = as_person("coordinator")
    page = client.get(f"/reports/{report.pk}/changes/?from=1&to=2")
    view = page.context["changes"]
    assert [(r.element, [(c.before.text, c.after.text, c.word) for c in r.cells]) for r in view.rows] == [
        ("houses", [("2", "0", "sửa giá trị")])
    ]
    assert (view.hidden, view.cells_changed) == (5, 1)
    assert "5 mục không đổi được ẩn." in text(page)
    whole = client.get(f"/reports/{report.pk}/changes/?from=1&to=2&all=1").context["changes"]
    assert (len(whole.rows), whole.hidden) == (6, 0)


def test_without_being_asked_the_approved_revision_is_compared_with_the_present_one(
    as_person: Any, world: World
) -> None:
    report = reopened(world, ZERO)
    pair = as_person("officer").get(f"/reports/{report.pk}/changes/").context["pair"]
    assert (pair.old, pair.new) == (1, 2)


def test_a_report_of_one_revision_has_nothing_to_compare(as_person: Any, world: World) -> None:
    report = bring_to(world, "approved")
    assert "chỉ có một bản" in text(as_person("officer").get(f"/reports/{report.pk}/changes/"))


def test_every_wrong_number_is_named(as_person: Any, world: World) -> None:
    report = reopened(world)
    client = as_person("coordinator")
    page = client.get(f"/reports/{report.pk}/changes/?from=²&to=7")
    assert page.status_code == 422
    assert page.context["faults"] == [
        "Không có bản “²”; báo cáo này có các bản từ 1 đến 2.",
        "Không có bản “7”; báo cáo này có các bản từ 1 đến 2.",
    ]
    assert "Chọn hai bản khác nhau" in text(client.get(f"/reports/{report.pk}/changes/?from=2&to=2"))


def test_the_approver_has_the_comparison_on_the_page_of_approval(as_person: Any, world: World) -> None:
    report = reopened(world, ZERO, until="verified")
    page = as_person("coordinator").get(f"/reports/{report.pk}/verify/")
    html = page.content.decode()
    card = text(page).partition("Thay đổi từ bản 1 sang bản 2")[2]
    assert html.index('id="changes"') < html.index(f"/reports/{report.pk}/approve/")
    assert "1 ô thay đổi" in card and "Tiêu chí 2. Tiêu chí 2: Chưa đạt → Đạt" in card
    row = next(v for g in page.context["offices"] for v in g.rows if v.row.element == "houses")
    assert row.change.changed and "Khác bản 1:" in text(page)


def test_a_report_in_its_first_revision_shows_no_comparison(as_person: Any, world: World) -> None:
    report = bring_to(world, "verified")
    assert as_person("coordinator").get(f"/reports/{report.pk}/verify/").context["changes"] is None


def _queries(call: Any) -> int:
    with CaptureQueriesContext(connection) as found:
        call()
    return len([q for q in found if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))])


@pytest.mark.parametrize(
    ("path", "most"), [("revisions/", 8), ("revisions/2/", 17), ("changes/?all=1", 14), ("verify/", 26)]
)
def test_pages_cost_the_same_with_one_change_and_with_many(as_person: Any, world: World, path: str, most: int) -> None:
    report = reopened(world, ZERO)
    client = as_person("coordinator")
    url = f"/reports/{report.pk}/{path}"
    client.get(url)
    one = _queries(lambda: client.get(url))
    cells = [CellInput(e, p, state="no_data") for e, p in (("plan", ""), ("roads", ""), ("water", ""))]
    save_values(by=fresh(world.people["officer"]), report_id=report.pk, cells=cells, all_or_none=True)
    assert _queries(lambda: client.get(url)) == one <= most
