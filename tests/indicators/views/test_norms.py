"""Entering a norm on its pages: typed, shown with whom it concerns, confirmed; the queue of what is left."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from indicators.models import EvaluationRequest, IndicatorResult, Norm, NormDocument, NormEntry
from indicators.services.evaluation import evaluate, run_requests
from indicators.services.recheck import recheck
from tests.factories.files import EXE, upload
from tests.factories.norms import enter, scan, version_of
from tests.factories.world import REGION, World, bring_to, make_communes, make_person, make_report

pytestmark = pytest.mark.django_db

GOOD = {
    "value": "80",
    "region": "",
    "year": "",
    "valid_from": "",
    "decision": "12/QĐ-UBND",
    "issued_on": "05/06/2022",
    "issuer": "UBND tỉnh Quảng Ninh",
    "reason": "",
    "part": "",
    "language": "vi",
}


@pytest.fixture
def approved(world: World) -> World:
    bring_to(world, "approved")
    other = make_report(world, world.communes[1])
    bring_to(world, "approved", report=other, officer=world.people["other_officer"], changes={("roads", ""): "70"})
    run_requests()
    return world


@pytest.fixture
def coordinator(as_person: Callable[[str], Client]) -> Client:
    return as_person("coordinator")


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def path_of(code: str) -> str:
    return f"/criteria/norms/{version_of(code).pk}/"


def post(client: Client, code: str, action: str = "preview", **over: Any) -> Any:
    return client.post(path_of(code), {**GOOD, **over, "action": action})


def hidden(answer: Any) -> dict[str, str]:
    """The fields that the page of the second step sends on."""
    form = re.search(r'<form class="form-actions.*?</form>', answer.content.decode(), re.S)
    assert form
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form[0]))


def test_a_norm_is_entered_in_two_steps_and_the_second_names_who_turns(approved: World, coordinator: Client) -> None:
    preview = post(coordinator, "1.2", scan=upload("qd.pdf"))
    page = text_of(preview)
    assert preview.status_code == 200 and "Chưa ghi gì." in page
    assert "2 báo cáo đã duyệt được xét theo mức mới. 1 xã đổi kết quả." in page
    assert re.search(r"Xã Thử 2 .*Đạt.*4/4.*Chưa đạt.*3/4", page)
    assert "Tiêu chí 1. Tiêu chí 1" in page and "1.2 Số liệu roads" in page
    assert "12/QĐ-UBND, 05/06/2022, UBND tỉnh Quảng Ninh" in page
    # The outcomes on trial carry their marks, too: one rests on the norm of 2.1, which is not checked yet.
    assert 'title="mức chưa đối chiếu"' in preview.content.decode()
    # Nothing is stored but the scan, and no result has moved.
    assert not NormEntry.objects.exists() and not EvaluationRequest.objects.filter(done_at=None).exists()
    assert IndicatorResult.objects.filter(version=version_of("1.2"), outcome="met").count() == 2
    done = coordinator.post(path_of("1.2"), {**hidden(preview), "action": "confirm"}, follow=True)
    assert "Đã ghi mức của chỉ tiêu 1.2 theo 12/QĐ-UBND." in text_of(done)
    assert Norm.objects.get(version=version_of("1.2")).entry.document.name == "qd.pdf"
    run_requests()
    assert IndicatorResult.objects.get(unit=approved.communes[1], version=version_of("1.2")).outcome == "not_met"
    assert recheck() == []


def test_a_refused_form_names_every_fault_and_shows_again_all_that_was_typed(coordinator: Client) -> None:
    answer = post(coordinator, "1.2", value="140", issued_on="31/02/2022", issuer="", reason="Vì <sao>")
    page = answer.content.decode()
    assert answer.status_code == 422
    for message in ("Tỷ lệ không vượt quá 100%", "“31/02/2022” không phải là ngày", "Nhập cơ quan ban hành",
                    "Chọn bản quét của văn bản"):  # fmt: skip
        assert page.count(message) == 2, message  # above, and beside its field
    for kept in ('value="140"', 'value="31/02/2022"', 'value="12/QĐ-UBND"', "Vì &lt;sao&gt;</textarea>"):
        assert kept in page, kept
    assert not NormEntry.objects.exists()


def test_a_good_scan_is_kept_while_other_faults_are_mended(coordinator: Client) -> None:
    answer = post(coordinator, "1.2", value="", scan=upload("qd.pdf"))
    kept = NormDocument.objects.get()
    assert answer.status_code == 422
    assert "Đã giữ bản quét" in answer.content.decode()
    assert f'name="document" value="{kept.pk}"' in answer.content.decode()
    assert post(coordinator, "1.2", document=str(kept.pk)).status_code == 200
    assert NormDocument.objects.count() == 1


def test_a_scan_that_lies_is_named_with_the_other_faults(coordinator: Client) -> None:
    answer = post(coordinator, "1.2", decision="", scan=upload("qd.pdf", EXE))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "không phải là tệp PDF: nội dung là EXE" in page and "Nhập số, ký hiệu văn bản" in page
    assert "Chọn bản quét" not in page and not NormDocument.objects.exists()


def test_going_back_from_the_second_step_loses_nothing(coordinator: Client) -> None:
    preview = post(coordinator, "1.2", reason="Hướng dẫn", scan=upload("qd.pdf"))
    page = coordinator.post(path_of("1.2"), {**hidden(preview), "action": "edit"}).content.decode()
    for kept in ('value="80"', 'value="05/06/2022"', "Hướng dẫn</textarea>", "Đã giữ bản quét"):
        assert kept in page, kept


def test_the_second_window_is_told_and_sees_how_things_stand(world: World, coordinator: Client) -> None:
    preview = post(coordinator, "1.2", scan=upload("qd.pdf"))
    enter(world, "1.2", value="75")
    answer = coordinator.post(path_of("1.2"), {**hidden(preview), "action": "confirm"})
    page = text_of(answer)
    assert answer.status_code == 409 and "vừa được thay đổi ở cửa sổ khác" in page
    # What was typed now takes the place of a firm level, which asks for a reason.
    assert "ghi lý do thay mức" in page
    again = post(coordinator, "1.2", reason="Mức cũ là của năm trước", document=hidden(preview)["document"])
    assert "≥ 75%" in text_of(again)
    assert coordinator.post(path_of("1.2"), {**hidden(again), "action": "confirm"}).status_code == 302
    assert Norm.objects.get(version=version_of("1.2")).number == 80


def test_confirming_twice_stores_once(world: World, coordinator: Client) -> None:
    sent = {**hidden(post(coordinator, "1.2", scan=upload("qd.pdf"))), "action": "confirm"}
    assert [coordinator.post(path_of("1.2"), sent).status_code for _time in range(2)] == [302, 409]
    assert NormEntry.objects.count() == 1


@pytest.mark.parametrize("name", ["officer", "verifier_b", "leader", "administrator"])
def test_others_read_the_queue_but_do_not_enter(as_person: Callable[[str], Client], name: str) -> None:
    client = as_person(name)
    page = client.get("/criteria/norms/")
    assert page.status_code == 200 and path_of("1.2") not in page.content.decode()
    assert client.get(path_of("1.2")).status_code == post(client, "1.2").status_code == 403


def test_an_unknown_version_or_part_is_not_found(coordinator: Client) -> None:
    assert coordinator.get("/criteria/norms/404404/").status_code == 404
    assert coordinator.get(f"{path_of('1.2')}?part=x").status_code == 404


def test_the_form_comes_filled_with_what_the_queue_knows(coordinator: Client) -> None:
    page = coordinator.get(f"{path_of('2.1')}?region={REGION}&year=2023").content.decode()
    assert f'<option value="{REGION}" selected>' in page and '<option value="2023" selected>' in page
    assert "≥ 90%" in page and "chưa đối chiếu" in page
    yes = coordinator.get(path_of("1.1")).content.decode()
    assert '<option value="true" selected>' in yes
    word = coordinator.get(f"{path_of('4.1')}?part=14.1.c").content.decode()
    assert '<option value="mức độ 2">' in word


# --- The scan ----------------------------------------------------------------------------------------------------


def test_the_scan_behind_a_norm_is_for_all_readers_and_an_unused_one_for_its_sender(
    world: World, as_person: Callable[[str], Client]
) -> None:
    unused = scan(world, "nhap.png")
    path = f"/criteria/norms/documents/{unused.pk}/"
    assert as_person("coordinator").get(path).status_code == 200
    assert as_person("officer").get(path).status_code == 404
    norm = enter(world, "1.2", document=unused.pk)
    answer = as_person("officer").get(path)
    assert (answer.status_code, answer["X-Content-Type-Options"]) == (200, "nosniff")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert norm.entry.document_id == unused.pk


# --- The queue ---------------------------------------------------------------------------------------------------


def test_the_queue_says_how_many_results_rest_on_each_norm(approved: World, coordinator: Client) -> None:
    page = text_of(coordinator.get("/criteria/norms/"))
    assert re.search(r"1\.2 Số liệu roads .*chưa có mức .*2 kết quả còn để ngỏ hoặc theo phòng ban", page)
    assert re.search(r"2\.1 Số liệu insured .*≥ 90% .*Đồng bằng sông Hồng .*2 kết quả dựa trên mức này", page)
    enter(approved, "1.2")
    assert "Số liệu roads" not in text_of(coordinator.get("/criteria/norms/"))


def test_an_officer_counts_the_results_of_their_own_commune(
    approved: World, as_person: Callable[[str], Client]
) -> None:
    assert "1 kết quả dựa trên mức này" in text_of(as_person("officer").get("/criteria/norms/"))


@pytest.mark.parametrize(
    ("query", "roads", "insured"),
    [("kind=missing", True, False), ("kind=unverified", False, True), ("office=b", True, True),
     ("office=a", False, False), ("set=SMALL", True, True), ("set=OTHER", False, False), ("kind=x", True, True)],
)  # fmt: skip
def test_the_queue_is_filtered(world: World, coordinator: Client, query: str, roads: bool, insured: bool) -> None:
    page = text_of(coordinator.get(f"/criteria/norms/?{query}"))
    assert ("Số liệu roads" in page, "Số liệu insured" in page) == (roads, insured)
    assert ("Không có mức nào khớp bộ lọc" in page) is not (roads or insured)


@pytest.mark.parametrize("communes", [2, 20])
def test_the_pages_cost_the_same_with_more_communes(
    as_person: Callable[[str], Client], communes: int, django_assert_max_num_queries: Any, world: World
) -> None:
    for unit in [*world.communes, *make_communes(world.town, communes - 2, start=10)]:
        officer = make_person(f"o-{unit.uid}", "commune_officer", unit=unit)
        bring_to(world, "approved", report=make_report(world, unit=unit), officer=officer)
    evaluate(None)
    client, sent = as_person("coordinator"), {"document": str(scan(world).pk)}
    client.get("/criteria/norms/")
    post(client, "1.2", **sent)
    with django_assert_max_num_queries(16):
        client.get("/criteria/norms/")
    with django_assert_max_num_queries(30):
        assert post(client, "1.2", **sent).status_code == 200
