"""The pages of the register: list, record, papers, and the forms that record, withdraw, put right and annul."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from communes.models import UnitVersion
from indicators.models import Recognition, RecognitionScan
from indicators.services.evaluation import evaluate
from tests.factories.board import board, person
from tests.factories.files import EXE, pdf_bytes, upload
from tests.factories.windows import BACKEND
from tests.factories.world import World, bring_to

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]


def text_of(response: Any) -> str:
    page = re.sub(r"<(script|style|title)[^>]*>.*?</\1>", " ", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def typed(world: World, **over: Any) -> dict[str, Any]:
    return {
        "unit": world.commune.uid,
        "level": "standard",
        "decided_on": "2022-07-22",
        "decision_number": "12/QĐ-UBND",
        "signer": "Phó Chủ tịch",
        "provenance": "sourced",
        "satisfaction": "met",
        "no_debt": "met",
        "security": "met",
        "scan": upload("qd12.pdf"),
        **over,
    }


def give(world: World, number: int = 0, **over: Any) -> Recognition:
    fields: dict[str, Any] = {"decided_on": date(2022, 7, 22), "provenance": "sourced", **over}
    return Recognition.objects.create(unit=world.communes[number], level=world.criteria_set.level, **fields)


@pytest.fixture
def coordinator(as_person: SignIn) -> Client:
    return as_person("coordinator")


def test_a_decision_is_recorded_and_shown_with_its_paper(coordinator: Client, world: World) -> None:
    answer = coordinator.post("/recognitions/new/", typed(world), follow=True)
    page = text_of(answer)
    assert "Đã ghi quyết định công nhận." in page
    for expected in ("12/QĐ-UBND", "22/07/2022", "Phó Chủ tịch", "qd12.pdf", "Còn hiệu lực", "đáp ứng", "coordinator"):
        assert expected in page
    assert "qd12.pdf" not in text_of(coordinator.get("/recognitions/"))
    assert "12/QĐ-UBND" in text_of(coordinator.get("/recognitions/"))


def test_every_fault_stands_at_its_field_and_what_was_typed_stays(coordinator: Client, world: World) -> None:
    wrong = typed(world, decided_on="31/02/2022", expires_on="2022-07-22", no_debt="", scan=upload("x.pdf", EXE))
    answer = coordinator.post("/recognitions/new/", wrong)
    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert set(errors) == {"decided_on", "no_debt", "scan"}
    assert "12/QĐ-UBND" in answer.content.decode()
    assert not Recognition.objects.exists()


def test_a_difference_from_the_figures_asks_for_its_reason_and_is_shown_as_news(
    coordinator: Client, world: World
) -> None:
    bring_to(world, "approved", changes={("water", ""): "60"})
    evaluate()
    late = {"decided_on": "2024-01-05"}
    answer = coordinator.post("/recognitions/new/", typed(world, **late))
    assert set(answer.context["form"].errors) == {"difference_reason"}
    assert "Năm 2023: đạt 3/4 tiêu chí" in text_of(answer)
    reason = {"difference_reason": "Hồ sơ bổ sung", "scan": upload("qd12.pdf")}
    page = text_of(coordinator.post("/recognitions/new/", typed(world, **late, **reason), follow=True))
    assert "Xã đang được công nhận ở mức này, nhưng số liệu của kỳ chưa đủ mọi tiêu chí." in page
    assert "Vì sao vẫn ghi: Hồ sơ bổ sung" in page


def test_the_figures_stand_beside_the_form(coordinator: Client, world: World) -> None:
    bring_to(world, "approved", changes={("water", ""): "60"})
    evaluate()
    asked = {"unit": world.commune.uid, "level": "standard", "decided_on": "2024-01-05"}
    fragment = text_of(coordinator.get("/recognitions/figures/", asked))
    assert "Năm 2023: đạt 3/4 tiêu chí" in fragment
    assert "3. Tiêu chí 3: Chưa đạt" in fragment
    assert "chưa rõ theo số liệu" in text_of(
        coordinator.get("/recognitions/figures/", {**asked, "decided_on": "2022-01-05"})
    )
    assert "Chọn xã, mức và ngày" in text_of(coordinator.get("/recognitions/figures/", {**asked, "decided_on": "x"}))


def test_a_withdrawal_before_its_recognition_is_refused_at_the_day(coordinator: Client, world: World) -> None:
    row = give(world)
    form = {"decision_number": "9/QĐ", "withdrawn_on": "2022-07-21", "reason": "Không còn đạt", "scan": upload("9.pdf")}
    answer = coordinator.post(f"/recognitions/{row.pk}/withdraw/", form)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"withdrawn_on"}
    assert "Ngày thu hồi (21/07/2022) không được trước ngày công nhận (22/07/2022)." in text_of(answer)
    row.refresh_from_db()
    assert row.withdrawn_on is None
    answer = coordinator.post(
        f"/recognitions/{row.pk}/withdraw/",
        {**form, "withdrawn_on": "2023-05-01", "scan": upload("9.pdf")},
        follow=True,
    )
    assert "Đã thu hồi" in text_of(answer)
    assert "Không còn đạt" in text_of(answer)


def test_an_unreadable_day_of_withdrawal_is_named_beside_what_else_is_missing(
    coordinator: Client, world: World
) -> None:
    row = give(world)
    answer = coordinator.post(f"/recognitions/{row.pk}/withdraw/", {"withdrawn_on": "hôm qua"})
    assert set(answer.context["form"].errors) == {"withdrawn_on", "decision_number", "reason", "scan"}


def test_a_wrong_record_is_put_right_by_a_successor(coordinator: Client, world: World) -> None:
    coordinator.post("/recognitions/new/", typed(world))
    old = Recognition.objects.get()
    page = coordinator.get(f"/recognitions/{old.pk}/correct/")
    assert page.context["form"].initial["satisfaction"] == "met"
    wrong = typed(world, decision_number="21/QĐ-UBND")
    del wrong["scan"]
    answer = coordinator.post(f"/recognitions/{old.pk}/correct/", wrong)
    assert set(answer.context["form"].errors) == {"correction_reason"}
    answer = coordinator.post(
        f"/recognitions/{old.pk}/correct/", {**wrong, "correction_reason": "Gõ đảo số"}, follow=True
    )
    page_text = text_of(answer)
    assert "21/QĐ-UBND" in page_text
    assert "Bản ghi này thay cho một bản ghi sai." in page_text
    assert "qd12.pdf" in page_text
    before = text_of(coordinator.get(f"/recognitions/{old.pk}/"))
    assert "Bản ghi này đã hủy và không được tính cho ngày nào." in before
    assert "Gõ đảo số" in before
    assert "12/QĐ-UBND" not in text_of(coordinator.get("/recognitions/"))
    assert "12/QĐ-UBND" in text_of(coordinator.get("/recognitions/?state=annulled"))


def test_a_record_without_paper_asks_for_it_when_it_is_put_right(coordinator: Client, world: World) -> None:
    row = give(world)
    path = f"/recognitions/{row.pk}/correct/"
    assert "Để trống nếu bản quét cũ vẫn đúng." not in text_of(coordinator.get(path))
    said = typed(world, correction_reason="Gõ đảo số")
    bare = {name: value for name, value in said.items() if name != "scan"}
    answer = coordinator.post(path, bare)
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"scan"})
    assert coordinator.post(path, said).status_code == 302
    new = Recognition.objects.get()
    assert "Để trống nếu bản quét cũ vẫn đúng." in text_of(coordinator.get(f"/recognitions/{new.pk}/correct/"))


def test_an_annulment_asks_for_its_reason(coordinator: Client, world: World) -> None:
    row = give(world)
    for said in ({"reason": " "}, {}):
        assert coordinator.post(f"/recognitions/{row.pk}/annul/", said).status_code == 422
    answer = coordinator.post(f"/recognitions/{row.pk}/annul/", {"reason": "Nhầm xã"}, follow=True)
    assert "Bản ghi đã hủy" in text_of(answer)
    again = coordinator.post(f"/recognitions/{row.pk}/annul/", {"reason": "Nhầm xã"}, follow=True)
    assert "Bản ghi này đã bị hủy ở cửa sổ khác." in text_of(again)


def test_the_paper_is_served_to_those_who_see_the_record_only(
    coordinator: Client, world: World, as_person: SignIn
) -> None:
    coordinator.post("/recognitions/new/", typed(world))
    scan = RecognitionScan.objects.get()
    path = f"/recognitions/{scan.recognition_id}/scans/{scan.pk}/"
    answer = as_person("officer").get(path)
    assert (answer.status_code, answer["Content-Type"], answer["X-Content-Type-Options"]) == (
        200,
        "application/pdf",
        "nosniff",
    )
    assert b"".join(answer) == pdf_bytes()
    assert as_person("other_officer").get(path).status_code == 404
    other = give(world, 1)
    assert coordinator.get(f"/recognitions/{other.pk}/scans/{scan.pk}/").status_code == 404


@pytest.mark.parametrize("who", ["officer", "leader", "verifier_a", "administrator"])
def test_others_read_the_register_and_record_nothing(as_person: SignIn, world: World, who: str) -> None:
    row = give(world)
    client = as_person(who)
    assert client.get("/recognitions/").status_code == 200
    assert "Ghi quyết định" not in text_of(client.get("/recognitions/"))
    assert "Ghi thu hồi" not in text_of(client.get(f"/recognitions/{row.pk}/"))
    for path in ("new/", "figures/", f"{row.pk}/withdraw/", f"{row.pk}/correct/", f"{row.pk}/annul/"):
        assert client.get(f"/recognitions/{path}").status_code == 403


def test_an_officer_sees_the_records_of_their_commune_only(as_person: SignIn, world: World) -> None:
    give(world, 0, decision_number="1/QĐ")
    other = give(world, 1, decision_number="2/QĐ")
    page = text_of(as_person("officer").get("/recognitions/"))
    assert "1/QĐ" in page
    assert "2/QĐ" not in page
    assert as_person("officer").get(f"/recognitions/{other.pk}/").status_code == 404


def test_the_list_is_filtered_by_level_unit_year_state_and_day(coordinator: Client, world: World) -> None:
    give(world, 0, decision_number="A1", decided_on=date(2020, 1, 1), expires_on=date(2023, 1, 1))
    give(world, 1, decision_number="B2", decided_on=date(2021, 1, 1), withdrawn_on=date(2022, 6, 1))
    give(world, 1, decision_number="C3", decided_on=date(2024, 1, 1))

    def shown(query: str) -> set[str]:
        page = text_of(coordinator.get(f"/recognitions/{query}"))
        return {number for number in ("A1", "B2", "C3") if number in page}

    assert shown("") == {"A1", "B2", "C3"}
    assert shown("?as_of=2023-12-31") == {"A1", "B2"}
    assert shown("?year=2021") == {"B2"}
    assert shown("?unit=commune-1") == {"A1"}
    assert shown("?level=advanced") == set()
    assert shown("?level=gold") == set()
    assert shown("?state=expired&as_of=2023-12-31") == {"A1"}
    assert shown("?state=in_force&as_of=2022-12-31") == {"A1"}
    assert shown("?state=withdrawn") == {"B2"}
    assert shown("?state=in_force") == {"C3"}
    assert shown("?state=nonsense&year=x") == {"A1", "B2", "C3"}


def test_a_title_of_a_commune_that_is_no_more_is_history(coordinator: Client, world: World) -> None:
    give(world, decision_number="A1")
    UnitVersion.objects.filter(unit=world.commune).update(valid_to=date(2025, 6, 30))
    before = text_of(coordinator.get("/recognitions/?as_of=2025-06-30"))
    after = text_of(coordinator.get("/recognitions/?as_of=2025-07-01"))
    assert "A1 22/07/2022 Còn hiệu lực" in re.sub(r"\s+", " ", before)
    assert "A1 22/07/2022 Thuộc lịch sử: xã không còn" in re.sub(r"\s+", " ", after)
    assert "A1" in text_of(coordinator.get("/recognitions/?as_of=2025-07-01&state=past"))
    assert "A1" not in text_of(coordinator.get("/recognitions/?as_of=2025-07-01&state=in_force"))


def test_slippage_and_the_withdrawal_rule_stand_on_list_record_and_unit(client: Client) -> None:
    town = board(communes=2)
    town.report(town.communes, "2022", {"standard": "met"})
    town.report(town.communes[:1], "2023", {"standard": "not_met"}, illustrative=True)
    row = town.recognise(town.communes[0], "standard", date(2023, 2, 1))
    client.force_login(person("leader", "leader"), backend=BACKEND)
    listed = text_of(client.get("/recognitions/?as_of=2023-12-31"))
    assert "Tụt chuẩn: 3. Thu nhập" in listed
    assert "Xem xét thu hồi: 1/3 = 33,3%, trong đó có Thu nhập minh họa" in listed
    record = text_of(client.get(f"/recognitions/{row.pk}/?as_of=2023-12-31"))
    assert "1/3 = 33,3%, trong đó có Thu nhập" in record
    assert "Cổng chỉ tính và cảnh báo; thu hồi là quyết định của UBND tỉnh." in record
    assert "minh họa" in record
    unit = text_of(client.get("/attainment/xa-1/?as_of=2023-12-31"))
    assert "Cần chú ý sau công nhận" in unit
    assert "Cần chú ý sau công nhận" not in text_of(client.get("/attainment/xa-2/?as_of=2023-12-31"))
    unit = text_of(client.get("/units/xa-1/?as_of=2023-12-31"))
    assert "Cần chú ý sau công nhận" in unit
    assert "1/3 = 33,3%, trong đó có Thu nhập" in unit
    assert "Cần chú ý sau công nhận" not in text_of(client.get("/units/xa-2/?as_of=2023-12-31"))
    overview = text_of(client.get("/?as_of=2023-12-31"))
    assert "Xã 001: tụt chuẩn tiêu chí 3" in overview
    assert "Xã 001: cần xem xét thu hồi công nhận (1/3 = 33,3%, trong đó có Thu nhập)" in overview
    assert Recognition.objects.get(pk=row.pk).withdrawn_on is None


def test_an_expiring_recognition_needs_attention_on_the_overview(client: Client) -> None:
    town = board(communes=2)
    town.report(town.communes, "2023", {"standard": "met"})
    town.recognise(town.communes[0], "standard", date(2021, 2, 1), expires_on=date(2024, 6, 1))
    client.force_login(person("leader", "leader"), backend=BACKEND)
    expected = "Xã 001: công nhận hết hiệu lực ngày 01/06/2024"
    assert expected in text_of(client.get("/?as_of=2023-12-31"))
    assert expected not in text_of(client.get("/?as_of=2023-11-30"))


def test_an_empty_register_says_so(coordinator: Client) -> None:
    assert "Chưa có quyết định công nhận đến ngày này" in text_of(coordinator.get("/recognitions/"))
    assert "Không có quyết định nào khớp bộ lọc" in text_of(coordinator.get("/recognitions/?year=1999"))


def test_the_page_is_english_where_english_is_asked(coordinator: Client, world: World) -> None:
    give(world, withdrawn_on=date(2023, 1, 1))
    coordinator.cookies["django_language"] = "en"
    page = text_of(coordinator.get("/recognitions/"))
    assert "Register of recognitions" in page
    assert "Withdrawn" in page
    assert "Thu hồi" not in page


@pytest.mark.parametrize(
    "path", ["/recognitions/", "/recognitions/new/", "/recognitions/{pk}/", "/recognitions/{pk}/withdraw/"]
)
def test_pages_carry_neither_inline_style_nor_script(coordinator: Client, world: World, path: str) -> None:
    page = coordinator.get(path.format(pk=give(world).pk)).content.decode()
    assert not re.search(r"\sstyle=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+=", page)


@pytest.mark.parametrize("communes", [2, 20])
@pytest.mark.parametrize(("path", "queries"), [("/recognitions/?as_of=2023-12-31", 13), ("/recognitions/{pk}/", 16)])
def test_the_cost_does_not_grow_with_records(
    client: Client, path: str, queries: int, communes: int, django_assert_max_num_queries: Any
) -> None:
    town = board(communes)
    town.report(town.communes, "2022", {"standard": "met"})
    town.report(town.communes, "2023", {"standard": "not_met"})
    rows = [town.recognise(unit, "standard", date(2023, 2, 1)) for unit in town.communes]
    client.force_login(person("leader", "leader"), backend=BACKEND)
    path = path.format(pk=rows[0].pk)
    client.get(path)
    with django_assert_max_num_queries(queries):
        assert client.get(path).status_code == 200
