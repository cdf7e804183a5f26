"""The pages of OCOP: the register, a product, an assessment, and the forms of what is done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from communes.models import Office
from mongcai_portal.accounts.models import User
from programmes.models import OcopAssessment, OcopNotice, OcopPhoto, OcopProduct, OcopRecognition
from tests.factories import files
from tests.factories.board import Board, board, person
from tests.factories.files import upload
from tests.factories.ocop import (
    make_assessment,
    make_certificate,
    make_draft,
    make_notice,
    make_photo,
    make_producer,
    make_product,
    make_scan,
    make_sheet,
    ocop_law,
)
from tests.factories.windows import BACKEND

pytestmark = pytest.mark.django_db

END = "?as_of=2023-12-31"
DECIDED = {"level": "district", "decision_number": "12/QĐ-UBND", "decided_on": "2024-06-03"}


@pytest.fixture
def town() -> Board:
    ocop_law()
    return board(2)


@pytest.fixture
def people(town: Board) -> dict[str, User]:
    office = Office.objects.create(code="nn", name_vi="Phòng Kinh tế", name_en="Economy", sort_key="kinh te")
    return {
        "officer": person("can-bo", "commune_officer", unit=town.communes[0]),
        "other": person("can-bo-khac", "commune_officer", unit=town.communes[1]),
        "verifier": person("tham-dinh", "sector_verifier", office=office),
        "coordinator": person("dieu-phoi", "coordinator"),
        "leader": person("lanh-dao", "leader"),
    }


@pytest.fixture
def as_person(people: dict[str, User]) -> Callable[[str], Client]:
    def sign_in(name: str) -> Client:
        client = Client()
        client.force_login(people[name], backend=BACKEND)
        return client

    return sign_in


@pytest.fixture
def product(town: Board) -> OcopProduct:
    product = make_product(town.communes[0], "Ghẹ lột")
    make_certificate(product, date(2023, 6, 1))
    return product


def text_of(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()
    return str(answer.content.decode())


# --- The register ---


def test_the_list_says_which_count_is_live_and_which_cumulative(product: OcopProduct, as_person: Any) -> None:
    make_certificate(make_product(product.unit, "Hết hạn"), date(2020, 3, 1))
    text = text_of(as_person("leader").get(f"/ocop/{END}"))
    counts = as_person("leader").get(f"/ocop/{END}").context["counts"]
    assert (counts.live, counts.ever, counts.expired) == (1, 2, 1)
    assert "Còn hiệu lực" in text and "Lũy kế" in text and "01/06/2026" in text and "Hết hiệu lực" in text


def test_the_map_leads_to_a_commune_and_names_its_number(product: OcopProduct, as_person: Any) -> None:
    text = text_of(as_person("leader").get(f"/ocop/{END}"))
    assert 'aria-label="Xã 001: 1 sản phẩm còn hiệu lực"' in text
    assert "/ocop/?as_of=2023-12-31&amp;unit=xa-1" in text
    assert "tilemap" not in text_of(as_person("officer").get("/ocop/"))


def test_filters_stay_in_the_address_and_nonsense_shows_everything(product: OcopProduct, as_person: Any) -> None:
    make_product(product.unit, "Chưa chấm")
    leader = as_person("leader")
    assert [line.row.product.name for line in leader.get("/ocop/?state=never").context["lines"]] == ["Chưa chấm"]
    assert len(leader.get("/ocop/?state=nonsense&stars=9&page=x").context["lines"]) == 2
    assert "Không có sản phẩm nào khớp bộ lọc" in text_of(leader.get("/ocop/?q=khong-co"))
    assert "Không đọc được ngày đã chọn" in text_of(leader.get("/ocop/?as_of=hom-qua"))


def test_an_empty_register_says_what_to_do(town: Board, as_person: Any) -> None:
    assert "/ocop/new/" in text_of(as_person("officer").get("/ocop/"))
    assert "/ocop/new/" not in text_of(as_person("leader").get("/ocop/"))


def test_another_communes_product_is_not_found(product: OcopProduct, as_person: Any) -> None:
    assert "Ghẹ lột" not in text_of(as_person("other").get("/ocop/"))
    assert as_person("other").get(f"/ocop/{product.pk}/").status_code == 404
    assert as_person("other").get(f"/ocop/assessments/{product.assessments.get().pk}/").status_code == 404
    assert as_person("other").post(f"/ocop/{product.pk}/photos/").status_code == 404


def test_the_file_holds_the_list_with_both_counts_and_numbers_as_numbers(product: OcopProduct, as_person: Any) -> None:
    make_certificate(make_product(product.unit, "=1+1"), date(2020, 3, 1))
    answer = as_person("leader").get(f"/ocop/export/xlsx/{END}&state=live")
    sheet = load_workbook(BytesIO(answer.content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert "Còn hiệu lực trong ngày xem: 1 sản phẩm; lũy kế từng được công nhận: 2 sản phẩm" in [row[0] for row in rows]
    [line] = [row for row in rows if row[0] == "Ghẹ lột"]
    assert (line[6], line[11].date()) == (3, date(2026, 6, 1))
    assert not any(row[0] == "=1+1" for row in rows)
    assert "ocop-2023-12-31.xlsx" in answer["Content-Disposition"]
    assert "Ghẹ lột" in text_of(as_person("leader").get(f"/ocop/export/csv/{END}"))
    assert as_person("leader").get(f"/ocop/export/docx/{END}").status_code == 404


def test_the_list_costs_the_same_with_many_products(town: Board, as_person: Any) -> None:
    counts = []
    leader = as_person("leader")
    leader.get("/ocop/")
    for start in (0, 20):
        owner = make_producer(town.communes[0], f"HTX {start}")
        for at in range(start, start + 15):
            make_certificate(make_product(town.communes[0], f"Sản phẩm {at}", producer=owner), date(2023, 5, 1))
        with CaptureQueriesContext(connection) as found:
            assert leader.get(f"/ocop/{END}").status_code == 200
        counts.append(len(found))
    assert counts[0] == counts[1]


# --- A product ---


def test_the_page_tells_certificate_assessments_and_history(product: OcopProduct, as_person: Any) -> None:
    text = text_of(as_person("officer").get(f"/ocop/{product.pk}/"))
    assert "1/QĐ-UBND" in text and "công nhận lần đầu" in text and "148/QĐ-TTg" in text
    for act in ("edit/", "producer/", "assess/", "photos/"):
        assert f"/ocop/{product.pk}/{act}" in text
    seen = text_of(as_person("leader").get(f"/ocop/{product.pk}/"))
    assert "/edit/" not in seen and "withdraw" not in seen
    assert "/withdraw/" in text_of(as_person("coordinator").get(f"/ocop/{product.pk}/"))


def test_parts_are_told_by_name_and_an_unverified_name_is_marked(product: OcopProduct, as_person: Any) -> None:
    leader = as_person("leader")
    text = text_of(leader.get(f"/ocop/{product.pk}/"))
    assert "A. Sản phẩm và sức mạnh cộng đồng: tổ chức sản xuất; phát triển sản phẩm" in text
    old = make_assessment(product, 3, date(2021, 2, 1))
    page = leader.get(f"/ocop/assessments/{old.pk}/").content.decode()
    head = page[page.index("ocop-parts") : page.index("ocop-scales")]
    assert "B. Khả năng tiếp thị" in head and head.count("chưa đối chiếu") == 3
    scales = page[page.index("ocop-scales") :]
    assert "C. Chất lượng sản phẩm: chỉ tiêu cảm quan" in scales and scales.count("Khả năng tiếp thị") == 2


def test_registering_names_every_fault_and_keeps_what_was_typed(town: Board, as_person: Any) -> None:
    officer = as_person("officer")
    answer = officer.post("/ocop/new/", {"name": "Ruốc ghẹ", "producer_name": "HTX Biển"})
    text = text_of(answer, 422)
    assert 'value="Ruốc ghẹ"' in text and 'value="HTX Biển"' in text
    assert {"group", "producer_form"} <= set(answer.context["form"].errors)
    sent = {"name": "Ruốc ghẹ", "producer_name": "HTX Biển", "group": "food", "producer_form": "cooperative"}
    answer = officer.post("/ocop/new/", {**sent, "unit": "xa-1"}, follow=True)
    assert "Đã ghi sản phẩm vào sổ." in text_of(answer)
    assert OcopProduct.objects.get().producer.name == "HTX Biển"


def test_a_correction_that_comes_second_keeps_what_was_typed(product: OcopProduct, as_person: Any) -> None:
    officer = as_person("officer")
    page = officer.get(f"/ocop/{product.pk}/edit/")
    lock = page.context["form"]["lock"].value()
    sent = {"name": "Ghẹ lột", "group": "food", "lock": lock}
    assert officer.post(f"/ocop/{product.pk}/edit/", {**sent, "description": "Một"}).status_code == 302
    answer = officer.post(f"/ocop/{product.pk}/edit/", {**sent, "description": "Hai"})
    text = text_of(answer, 409)
    assert "Hai" in text and "cửa sổ khác" in text
    # Whoever presses again has been told.
    again = {**sent, "description": "Hai", "lock": answer.context["form"]["lock"].value()}
    assert officer.post(f"/ocop/{product.pk}/edit/", again).status_code == 302
    product.refresh_from_db()
    assert product.description == "Hai"


def test_a_producer_is_put_right(product: OcopProduct, as_person: Any) -> None:
    officer, path = as_person("officer"), f"/ocop/{product.pk}/producer/"
    text_of(officer.post(path, {"name": "", "form": ""}), 422)
    lock = officer.get(path).context["form"]["lock"].value()
    assert officer.post(path, {"name": "Công ty Sóng", "form": "enterprise", "lock": lock}).status_code == 302
    product.producer.refresh_from_db()
    assert (product.producer.name, product.producer.form) == ("Công ty Sóng", "enterprise")


def test_photos_are_added_shown_and_removed(product: OcopProduct, as_person: Any) -> None:
    officer, path = as_person("officer"), f"/ocop/{product.pk}/photos/"
    assert "Đã thêm 1 ảnh." in text_of(officer.post(path, {"photos": [upload("ghẹ.png")]}, follow=True))
    row = OcopPhoto.objects.get()
    shown = officer.get(f"/ocop/{product.pk}/photos/{row.pk}/file/")
    assert shown["Content-Type"] == "image/png" and "sandbox" in shown["Content-Security-Policy"]
    small = officer.get(f"/ocop/{product.pk}/photos/{row.pk}/thumbnail/")
    assert small["Content-Type"] == "image/webp"
    answer = officer.post(path, {"photos": [upload("giả.png", files.EXE)]})
    assert "Lần gửi này không ảnh nào được lưu." in text_of(answer, 422) and "giả.png" in answer.content.decode()
    assert "Đã bỏ" in text_of(officer.post(path, {"remove": row.pk}, follow=True))
    for odd in (row.pk, "x", "²", "9" * 30):
        assert "đã được bỏ trước đó" in text_of(officer.post(path, {"remove": odd}, follow=True))


def test_a_photo_is_served_to_those_in_scope_only(product: OcopProduct, as_person: Any, client: Client) -> None:
    row = make_photo(product)
    for what in ("file", "thumbnail"):
        path = f"/ocop/{product.pk}/photos/{row.pk}/{what}/"
        assert as_person("leader").get(path).status_code == 200
        assert as_person("other").get(path).status_code == 404
        assert client.get(path).status_code == 302
    own = make_product(OcopProduct.objects.get().unit, "Khác")
    assert as_person("officer").get(f"/ocop/{own.pk}/photos/{row.pk}/file/").status_code == 404


def test_a_notice_stands_on_the_list_until_it_is_put_aside(town: Board, people: Any, as_person: Any) -> None:
    row = make_certificate(make_product(town.communes[0], "Ruốc ghẹ"), date(timezone.localdate().year - 2, 1, 5))
    notice = make_notice(row, people["officer"])
    officer = as_person("officer")
    assert "Cần đánh giá lại" in text_of(officer.get("/ocop/"))
    assert as_person("other").post(f"/ocop/notices/{notice.pk}/").status_code == 404
    assert "Cần đánh giá lại" not in text_of(officer.post(f"/ocop/notices/{notice.pk}/", follow=True))
    assert OcopNotice.objects.get().dismissed_at is not None


# --- An assessment, from the dossier to the decision ---


def sheets(*rows: tuple[str, str, str, str], **more: Any) -> dict[str, Any]:
    data: dict[str, Any] = {"council": "district", "assessed_on": "2024-05-06", **more}
    for at, row in enumerate(rows):
        data |= {f"{name}-{at}": value for name, value in zip(("member", "a", "b", "c"), row, strict=True)}
    return data


def test_a_product_goes_from_the_dossier_to_its_certificate(town: Board, as_person: Any) -> None:
    product = make_product(town.communes[0])
    officer, verifier, coordinator = (as_person(name) for name in ("officer", "verifier", "coordinator"))
    answer = officer.post(f"/ocop/{product.pk}/assess/", {"purpose": "first", "note": "Nguyên liệu của xã"})
    path = answer["Location"]
    row = OcopAssessment.objects.get()
    assert path == f"/ocop/assessments/{row.pk}/"

    def move(client: Client, name: str, **more: str) -> Any:
        row.refresh_from_db()
        return client.post(f"{path}move/", {"move": name, "lock": row.lock, **more}, follow=True)

    assert "Đã nộp hồ sơ" in text_of(move(officer, "submit"))
    row.refresh_from_db()
    sent = sheets(("Ông Một", "25", "15", "20"), ("Bà Hai", "26,5", "15", "20,25"), lock=row.lock)
    assert "Đã lưu phiếu" in text_of(verifier.post(f"{path}sheets/", sent, follow=True))
    assert "60,875" in text_of(move(verifier, "verify"))
    assert "Đã phê duyệt" in text_of(move(coordinator, "approve"))
    page = text_of(coordinator.get(f"/ocop/{product.pk}/"))
    assert f"{path}recognise/" in page
    answer = coordinator.post(f"{path}recognise/", DECIDED, follow=True)
    assert "Đã ghi quyết định công nhận." in text_of(answer) and "03/06/2027" in answer.content.decode()


def test_every_fault_of_the_sheets_stands_at_its_field_and_nothing_typed_is_lost(town: Board, as_person: Any) -> None:
    row = make_draft(make_product(town.communes[0]), status="submitted")
    sent = sheets(("Ông Một", "41", "25", "35"), ("", "", "", ""), ("Bà Hai", "ba mươi", "", "20"), lock=row.lock)
    answer = as_person("verifier").post(f"/ocop/assessments/{row.pk}/sheets/", sent)
    text = text_of(answer, 422)
    assert 'value="ba mươi"' in text and 'value="41"' in text and "nhiều nhất 40 điểm" in text
    assert {"a-0-fault", "a-2-fault", "b-2-fault"} <= {
        name for name in ("a-0-fault", "a-2-fault", "b-2-fault") if name in text
    }
    assert not row.sheets.exists()


def test_sheets_of_a_second_window_stay_on_the_page(town: Board, as_person: Any) -> None:
    row = make_draft(make_product(town.communes[0]), status="submitted")
    verifier, path = as_person("verifier"), f"/ocop/assessments/{row.pk}/sheets/"
    sent = sheets(("Ông Một", "25", "15", "20"), lock=row.lock)
    assert verifier.post(path, sent).status_code == 302
    answer = verifier.post(path, {**sent, "a-0": "27"})
    text = text_of(answer, 409)
    assert 'value="27"' in text and "cửa sổ khác" in text
    row.refresh_from_db()
    assert f'name="lock" value="{row.lock}"' in text
    assert row.sheets.get().points_a == 25


def test_an_english_reader_types_a_decimal_point(town: Board, people: Any, as_person: Any) -> None:
    people["verifier"].language = "en"
    people["verifier"].save()
    row = make_draft(make_product(town.communes[0]), status="submitted")
    client = as_person("verifier")
    client.cookies["django_language"] = "en"
    sent = sheets(("Mr One", "25.5", "15", "20"), lock=row.lock)
    assert client.post(f"/ocop/assessments/{row.pk}/sheets/", sent).status_code == 302
    assert row.sheets.get().points_a == 25.5
    assert "25,5" in text_of(client.post(f"/ocop/assessments/{row.pk}/sheets/", {**sent, "a-0": "25,5"}), 422)


@pytest.mark.parametrize(("who", "move", "status"), [
    ("leader", "approve", 403), ("officer", "approve", 403), ("other", "approve", 404), ("verifier", "approve", 403),
    ("coordinator", "nonsense", 422), ("coordinator", "submit", 403),
])  # fmt: skip
def test_a_move_is_refused_to_whom_it_does_not_belong(
    town: Board, as_person: Any, who: str, move: str, status: int
) -> None:
    row = make_assessment(make_product(town.communes[0]), status="verified", approved_at=None)
    answer = as_person(who).post(f"/ocop/assessments/{row.pk}/move/", {"move": move, "lock": row.lock})
    assert answer.status_code == status


def test_a_move_that_comes_second_says_so(town: Board, as_person: Any) -> None:
    row = make_assessment(make_product(town.communes[0]), status="verified", approved_at=None)
    coordinator, path = as_person("coordinator"), f"/ocop/assessments/{row.pk}/move/"
    assert coordinator.post(path, {"move": "approve", "lock": row.lock}).status_code == 302
    answer = coordinator.post(path, {"move": "send_back", "reason": "Thiếu hồ sơ", "lock": row.lock})
    assert "đã phê duyệt kết quả" in text_of(answer, 409)


def test_sending_back_asks_for_a_reason(town: Board, as_person: Any) -> None:
    row = make_assessment(make_product(town.communes[0]), status="verified", approved_at=None)
    answer = as_person("coordinator").post(f"/ocop/assessments/{row.pk}/move/", {"move": "send_back", "lock": row.lock})
    assert "Ghi lý do trả lại." in text_of(answer, 422)


def test_a_result_cannot_be_settled_without_sheets(town: Board, as_person: Any) -> None:
    row = make_draft(make_product(town.communes[0]), status="submitted")
    answer = as_person("verifier").post(f"/ocop/assessments/{row.pk}/move/", {"move": "verify", "lock": row.lock})
    assert "Chưa có phiếu nào" in text_of(answer, 422)


def test_a_certificate_without_a_date_is_named_at_its_field(town: Board, as_person: Any) -> None:
    row = make_assessment(make_product(town.communes[0]), 3, date(2024, 5, 6))
    coordinator, path = as_person("coordinator"), f"/ocop/assessments/{row.pk}/recognise/"
    answer = coordinator.post(path, {**DECIDED, "decided_on": ""})
    assert list(answer.context["form"].errors) == ["decided_on"] and 'value="12/QĐ-UBND"' in text_of(answer, 422)
    answer = coordinator.post(path, {**DECIDED, "decided_on": "31/02/2024", "level": ""})
    assert set(answer.context["form"].errors) == {"decided_on", "level"}
    assert "31/02/2024" in text_of(answer, 422)


def test_a_refused_paper_loses_nothing_that_was_typed_and_asks_for_the_file_again(town: Board, as_person: Any) -> None:
    row = make_assessment(make_product(town.communes[0]), 3, date(2024, 5, 6))
    coordinator, path = as_person("coordinator"), f"/ocop/assessments/{row.pk}/recognise/"
    assert 'enctype="multipart/form-data"' in text_of(coordinator.get(path))
    answer = coordinator.post(path, {**DECIDED, "note": "Theo tờ trình 5", "scan": upload("giả.pdf", files.EXE)})
    text = text_of(answer, 422)
    assert list(answer.context["form"].errors) == ["scan"] and "Tệp cần chọn lại." in text
    for typed in ('value="12/QĐ-UBND"', 'value="2024-06-03"', "Theo tờ trình 5", '<option value="district" selected'):
        assert typed in text
    assert not OcopRecognition.records.exists()
    answer = coordinator.post(path, {**DECIDED, "scan": upload("QĐ 12.pdf")}, follow=True)
    assert "Đã ghi quyết định công nhận." in text_of(answer) and "QĐ 12.pdf" in answer.content.decode()


def test_a_paper_is_added_on_the_products_page_by_who_recognises(product: OcopProduct, as_person: Any) -> None:
    row, coordinator = product.recognitions.get(), as_person("coordinator")
    path = f"/ocop/recognitions/{row.pk}/scan/"
    assert path in text_of(coordinator.get(f"/ocop/{product.pk}/"))
    text = text_of(as_person("leader").get(f"/ocop/{product.pk}/"))
    assert "chưa có bản quét" in text and path not in text
    assert "1/QĐ-UBND" in text_of(coordinator.get(path))
    assert "Chọn bản quét của quyết định." in text_of(coordinator.post(path), 422)
    assert "tệp rỗng" in text_of(coordinator.post(path, {"scan": upload("a.pdf", b"")}), 422)
    assert "Đã lưu bản quét quyết định." in text_of(coordinator.post(path, {"scan": upload("a.pdf")}, follow=True))
    text = text_of(coordinator.get(f"/ocop/{product.pk}/"))
    assert f"{path}file/" in text and f'"{path}"' not in text and "chưa có bản quét" not in text
    assert "thêm bản quét quyết định công nhận OCOP" in text.lower().replace("ocop", "OCOP")
    assert "đã có bản quét" in text_of(coordinator.post(path, {"scan": upload("b.pdf")}), 422)


def test_the_paper_is_served_to_those_who_see_the_product_only(
    product: OcopProduct, as_person: Any, client: Client
) -> None:
    row = product.recognitions.get()
    path = f"/ocop/recognitions/{row.pk}/scan/file/"
    assert as_person("leader").get(path).status_code == 404, "there is none yet"
    make_scan(row)
    answer = as_person("officer").get(path)
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert b"".join(answer) == files.pdf_bytes() and "inline" in answer["Content-Disposition"]
    assert "attachment" in as_person("leader").get(f"{path}?download")["Content-Disposition"]
    assert as_person("other").get(path).status_code == 404
    assert client.get(path).status_code == 302
    for who in ("officer", "verifier", "leader"):
        assert as_person(who).post(f"/ocop/recognitions/{row.pk}/scan/", {}).status_code == 403


def test_stars_without_an_assessment_are_refused_on_the_page(town: Board, as_person: Any) -> None:
    row = make_draft(make_product(town.communes[0]))
    answer = as_person("coordinator").post(f"/ocop/assessments/{row.pk}/recognise/", DECIDED)
    assert "Chưa có kết quả đánh giá được phê duyệt" in text_of(answer, 422)
    assert not OcopRecognition.records.exists()


def test_withdrawing_and_annulling_leave_their_reasons(product: OcopProduct, as_person: Any) -> None:
    row, coordinator = product.recognitions.get(), as_person("coordinator")
    answer = coordinator.post(f"/ocop/recognitions/{row.pk}/withdraw/", {})
    assert set(answer.context["form"].errors) == {"decision_number", "withdrawn_on", "reason"}
    sent = {"decision_number": "3/QĐ", "withdrawn_on": "2024-01-02", "reason": "Ngừng sản xuất"}
    text = text_of(coordinator.post(f"/ocop/recognitions/{row.pk}/withdraw/", sent, follow=True))
    assert "Đã ghi quyết định thu hồi." in text and "Ngừng sản xuất" in text and "Đã thu hồi" in text
    text_of(coordinator.post(f"/ocop/recognitions/{row.pk}/annul/", {"reason": ""}), 422)
    text = text_of(coordinator.post(f"/ocop/recognitions/{row.pk}/annul/", {"reason": "Gõ nhầm"}, follow=True))
    assert "Gõ nhầm" in text and "Bản ghi đã hủy" in text and "Chưa được công nhận" in text
    late = coordinator.post(f"/ocop/recognitions/{row.pk}/annul/", {"reason": "Lần nữa"})
    assert "đã bị hủy" in text_of(late, 409)


def test_a_page_costs_the_same_with_many_assessments(product: OcopProduct, as_person: Any) -> None:
    leader, counts = as_person("leader"), []
    leader.get("/ocop/")
    for years in ((2020,), (2021, 2022)):
        for year in years:
            row = make_assessment(product, 3, date(year, 2, 1))
            make_sheet(row, "Bà Hai")
            make_scan(make_certificate(product, date(year, 3, 1), assessment=row))
        with CaptureQueriesContext(connection) as found:
            assert leader.get(f"/ocop/{product.pk}/").status_code == 200
        counts.append(len(found))
    assert counts[0] == counts[1]


# --- The overview ---


def test_the_overview_tells_of_certificates_that_end(product: OcopProduct, town: Board, as_person: Any) -> None:
    make_certificate(make_product(town.communes[1], "Khoai lang"), date(2021, 3, 1))
    make_certificate(make_product(town.communes[1], "Mật ong"), date(2020, 3, 1))
    text = text_of(as_person("leader").get(f"/attention/{END}"))
    assert "1 sản phẩm OCOP sắp hết hiệu lực công nhận" in text and "01/03/2024: Khoai lang" in text
    assert "1 sản phẩm OCOP đã hết hiệu lực, chưa được công nhận lại" in text and "Mật\N{NO-BREAK SPACE}ong" in text
    assert "/ocop/?as_of=2023-12-31&amp;state=expiring" in text
    assert "từ sổ OCOP" in text_of(as_person("leader").get(f"/{END}"))


def test_the_page_of_the_figure_lists_the_products(product: OcopProduct, as_person: Any) -> None:
    text = text_of(as_person("leader").get(f"/measures/ocop.recognised.count/{END}"))
    assert "Đếm từ sổ OCOP" in text and "Ghẹ lột" in text and "01/06/2026" in text
    assert "Ghẹ lột" not in text_of(as_person("other").get(f"/measures/ocop.recognised.count/{END}"))
