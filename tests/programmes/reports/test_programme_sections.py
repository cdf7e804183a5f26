"""Sections on difficulties, tasks, OCOP and money: on the page, in Word and Excel, as of the last day of the period."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override
from openpyxl import load_workbook

from communes.models import Office
from programmes.models import PeriodReport
from programmes.reports.ground import Ground
from programmes.reports.registry import sections
from programmes.reports.snapshot import figures_of, take
from programmes.services.difficulties import Proposed, resolve_difficulty, withdraw_difficulty
from programmes.services.documents import Asked, draft, publish
from programmes.services.tasks import confirm_task, report_result
from tests.factories.board import Board, person
from tests.factories.budget import make_line, make_programmes
from tests.factories.difficulties import make_difficulty
from tests.factories.documents import SINCE, UNTIL, text_of
from tests.factories.ocop import make_certificate, make_product
from tests.factories.tasks import make_task
from tests.programmes.reports.test_sections import lacking
from tests.programmes.views.test_documents import content_of
from tests.programmes.views.test_overview import text_of as page_text

pytestmark = pytest.mark.django_db
CODES = ("ocop", "money", "tasks", "difficulties")
DAY = timedelta(days=1)


@pytest.fixture
def town(document_town: Board, document_writer: Any) -> Board:
    """A town with money, products, tasks and difficulties, of communes `xa-1` and `xa-2` and of the whole town."""
    make_programmes()
    for code in ("a", "b"):
        Office.objects.create(code=code, name_vi=f"Phòng {code}", name_en=f"Office {code}", sort_key=code)
    first, second = document_town.communes[:2]
    make_line(first, planned=1_000_000_000, allocated=900_000_000, disbursed=450_000_000, shared_with=("NQ06",))
    make_line(second, programme="GNBV", planned=500_000_000)
    make_line(second, year=2024, planned=7_000_000_000, on=date(2024, 2, 1))
    make_certificate(make_product(first, "Trà hoa vàng"), date(2021, 3, 1), stars=4)
    make_certificate(make_product(first, "Mật ong"), date(2020, 6, 1))
    make_certificate(make_product(second, "Khoai lang"), date(2023, 6, 1))
    difficulty(document_writer, text="Đường thôn vướng mặt bằng.", unit="xa-1", kind="limitation")
    difficulty(
        document_writer, text="Hướng dẫn ban hành chậm.", programme="GNBV", period="2020", provenance="illustrative",
        proposals=[Proposed("central", "Sửa thông tư."), Proposed("province", "Phân cấp cho xã.")],
    )  # fmt: skip
    task(document_writer, title="Lập danh sách hộ", due_on=UNTIL - DAY)
    task(document_writer, title="Nâng cấp đường", unit="xa-1", due_on=UNTIL, programme="NTM")
    return document_town


def difficulty(by: Any, **changes: Any) -> Any:
    return make_difficulty(by, **{"office": "a", "cause_subjective": "", "proposals": [], **changes})


def task(by: Any, **changes: Any) -> Any:
    given = {"assigned_on": date(2023, 1, 5), "document_on": date(2023, 1, 1), **changes}
    return make_task(by, **given)


def snapshot(area: str = "mong-cai", since: date = SINCE, until: date = UNTIL) -> dict[str, Any]:
    return json.loads(json.dumps(take(Ground(since, until, area, timezone.localdate()))))


def view(made: dict[str, Any], code: str) -> Any:
    section = next(one for one in sections() if one.code == code)
    return section.view(made["sections"][code])


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("code", CODES)
def test_a_section_says_what_its_shape_promises(town: Board, code: str, language: str) -> None:
    section = next(one for one in sections() if one.code == code)
    with override(language):
        assert lacking(view(snapshot(), code), section.shape(), code) == []


def test_the_page_the_word_file_and_the_workbook_tell_the_same(
    town: Board, window: Client, document_writer: Any
) -> None:
    report = draft(by=document_writer, asked=Asked("mong-cai", SINCE, UNTIL))
    page = page_text(window.get(f"/documents/{report.pk}/"))
    word = text_of(content_of(window.get(f"/documents/{report.pk}/report.docx")))
    book = load_workbook(BytesIO(content_of(window.get(f"/documents/{report.pk}/report.xlsx"))))
    excel = "\n".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)
    for told in (
        "Đường thôn vướng mặt bằng", "Hướng dẫn ban hành chậm", "Sửa thông tư", "Phân cấp cho xã", "Trung ương",
        "Lập danh sách hộ", "quá hạn 1 ngày", "Nâng cấp đường", "Trà hoa vàng", "NQ06", "Tổng cộng (không tính trùng)",
    ):  # fmt: skip
        assert told in word, told
        assert told in page, told
        assert told in excel, told
    for heading in ("V. SẢN PHẨM OCOP", "VI. VỐN", "VII. THỰC HIỆN", "IX. TỒN TẠI", "X. KIẾN NGHỊ", "1. Tồn tại, hạn"):
        assert heading in word, heading
    assert "- Sửa thông tư (GNBV; Cả địa bàn; minh họa)." in word
    assert "Có 2 nhiệm vụ: hoàn thành 0" in word and "Có 2 nhiệm vụ" in page
    assert {"Tồn tại, khó khăn, nguyên nhân", "Kiến nghị, đề xuất", "Nhiệm vụ", "Sản phẩm OCOP"} <= set(book.sheetnames)


def test_a_report_without_any_of_it_says_so(document_town: Board, window: Client, document_writer: Any) -> None:
    report = draft(by=document_writer, asked=Asked("mong-cai", SINCE, UNTIL))
    word = text_of(content_of(window.get(f"/documents/{report.pk}/report.docx")))
    page = page_text(window.get(f"/documents/{report.pk}/"))
    for told in (
        "Trong kỳ không ghi tồn tại, khó khăn nào trên cổng.", "Trong kỳ không ghi kiến nghị nào trên cổng.",
        "Trong kỳ không có nhiệm vụ nào trên cổng.", "Trong kỳ chưa ghi vốn của chương trình nào trên cổng.",
        "chưa có sản phẩm OCOP nào",
    ):  # fmt: skip
        assert told in word and told in page, told
    assert "Bảng 9." not in word and "Bảng 10." not in word


def test_a_report_on_a_commune_names_no_other(town: Board) -> None:
    made = snapshot("xa-1")
    text = json.dumps({code: made["sections"][code] for code in CODES}, ensure_ascii=False)
    for own in ("Đường thôn vướng mặt bằng", "Nâng cấp đường", "Trà hoa vàng", "NQ06"):
        assert own in text, own
    for foreign in ("Hướng dẫn ban hành", "Lập danh sách hộ", "Khoai lang", "GNBV"):
        assert foreign not in text, foreign


# --- Difficulties ---------------------------------------------------------------------------------------------------


def test_what_is_left_from_before_is_told_as_such_and_what_was_withdrawn_is_not(
    town: Board, document_writer: Any
) -> None:
    taken = difficulty(document_writer, text="Ghi nhầm.")
    withdraw_difficulty(by=document_writer, difficulty_id=taken.pk, text="Ghi nhầm xã")
    difficulty(document_writer, text="Của năm sau.", period="2024")
    found = view(snapshot(), "difficulties")
    assert [(row["text"], row["status"]) for row in found["limitations"]] == [
        ("Đường thôn vướng mặt bằng", "chưa giải quyết")
    ]
    (left,) = found["difficulties"]
    assert (left["text"], left["status"]) == ("Hướng dẫn ban hành chậm", "còn từ kỳ trước, chưa giải quyết")
    assert left["causes"] == "nguyên nhân khách quan: Giá đất tăng" and left["mark"] == "minh họa"


def test_an_entry_is_told_as_it_stood_on_the_last_day(town: Board, document_writer: Any) -> None:
    row = difficulty(document_writer, text="Thiếu vốn.", unit="xa-2", period="2022")
    resolve_difficulty(by=document_writer, difficulty_id=row.pk, text="Đã cấp vốn.", resolved_on=date(2023, 5, 4))
    told = {one["text"]: one["status"] for one in view(snapshot(), "difficulties")["difficulties"]}
    assert told["Thiếu vốn"] == "đã giải quyết ngày 04/05/2023: Đã cấp vốn"
    earlier = view(snapshot(until=date(2022, 12, 31)), "difficulties")["difficulties"]
    assert {one["text"]: one["status"] for one in earlier}["Thiếu vốn"] == "chưa giải quyết"
    later = view(snapshot(since=date(2024, 1, 1), until=date(2024, 12, 31)), "difficulties")["difficulties"]
    assert "Thiếu vốn" not in {one["text"] for one in later}


def test_proposals_stand_by_whom_they_are_made_to(town: Board) -> None:
    found = view(snapshot(), "difficulties")["proposals"]
    assert [row["text"] for row in found["central"]] == ["Sửa thông tư"]
    assert [row["text"] for row in found["province"]] == ["Phân cấp cho xã"]
    assert found["town"] == [] == found["commune"] and found["none"] == ""


def test_what_changed_since_publication_is_told_with_the_act(town: Board, window: Client, document_writer: Any) -> None:
    report = draft(by=document_writer, asked=Asked("mong-cai", SINCE, UNTIL))
    publish(by=document_writer, report_id=report.pk, lock=1)
    row = PeriodReport.objects.get().figures["sections"]["difficulties"]["rows"][0]
    resolve_difficulty(by=document_writer, difficulty_id=row["id"], text="Đã bàn giao.", resolved_on=UNTIL)
    page = page_text(window.get(f"/documents/{report.pk}/"))
    assert "1 con số nay khác" in page and "ghi kết quả giải quyết khó khăn" in page
    assert "đã giải quyết ngày 31/12/2023: Đã bàn giao" in page


# --- Tasks ----------------------------------------------------------------------------------------------------------


def test_what_is_due_on_the_last_day_is_not_overdue_yet(town: Board) -> None:
    rows = view(snapshot(), "tasks")["rows"]
    assert [(row["title"], row["status"]) for row in rows] == [
        ("Lập danh sách hộ", "đang thực hiện, quá hạn 1 ngày"), ("Nâng cấp đường", "đang thực hiện"),
    ]  # fmt: skip


def test_a_task_says_its_programme_and_a_report_of_before_names_none(town: Board) -> None:
    made = snapshot()
    section = next(one for one in sections() if one.code == "tasks")
    assert [row["programme"] for row in view(made, "tasks")["rows"]] == ["", "NTM"]
    (table,), (sheet,) = section.page(made["sections"]["tasks"]), section.tables(made["sections"]["tasks"])
    assert [row[1] for row in table.rows] == [row[1] for row in sheet.rows] == ["", "NTM"]
    for row in made["sections"]["tasks"]["rows"]:
        del row["programme"]
    assert [row["programme"] for row in view(made, "tasks")["rows"]] == ["", ""]


def test_a_task_is_told_as_it_stood_on_the_last_day(
    town: Board, document_writer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def at(moment: str) -> None:
        monkeypatch.setattr(timezone, "now", lambda: datetime.fromisoformat(moment))

    verifier = person("phongb", "sector_verifier", office=Office.objects.get(code="b"))
    made = task(document_writer, title="Kiểm tra nước", owner="b", due_on=date(2023, 11, 1))
    at("2023-11-02T09:00+07:00")
    report_result(by=verifier, task_id=made.pk, text="Đủ 12 mẫu.")
    at("2024-01-15T09:00+07:00")
    confirm_task(by=document_writer, task_id=made.pk)
    monkeypatch.undo()
    told = {row["title"]: row for row in view(snapshot(), "tasks")["rows"]}
    assert told["Kiểm tra nước"]["status"] == "đã báo cáo, báo cáo sau hạn"
    assert told["Kiểm tra nước"]["result"] == "Đủ 12 mẫu."
    later = {row["title"]: row for row in view(snapshot(until=date(2024, 12, 31)), "tasks")["rows"]}
    assert later["Kiểm tra nước"]["status"] == "hoàn thành, báo cáo sau hạn"
    # What had ended before a period began is not told in it.
    ended = snapshot(since=date(2025, 1, 1), until=date(2025, 12, 31))
    assert "Kiểm tra nước" not in {row["title"] for row in view(ended, "tasks")["rows"]}


# --- OCOP -----------------------------------------------------------------------------------------------------------


def test_products_count_live_and_ever_by_stars_and_level(town: Board) -> None:
    found = view(snapshot(), "ocop")
    assert (found["live"], found["ever"], found["new"]) == ("2", "3", "2")
    assert [(row["stars"], row["level"], row["live"], row["ever"]) for row in found["counts"]] == [
        ("4 sao", "cấp tỉnh", "1", "1"), ("3 sao", "cấp tỉnh", "1", "2"),
    ]  # fmt: skip
    assert [(row["name"], row["until"]) for row in found["expiring"]] == [("Trà hoa vàng", "01/03/2024")]


# --- Money ----------------------------------------------------------------------------------------------------------


def test_money_is_told_by_programme_and_once_in_all_of_the_years_of_the_period(town: Board) -> None:
    found = view(snapshot(), "money")
    rows = {(row["year"], row["label"]): row for row in found["rows"]}
    assert set(rows) == {("2023", "NTM"), ("2023", "GNBV"), ("2023", "NQ06")}
    ntm = rows["2023", "NTM"]
    assert (ntm["planned"], ntm["allocated"], ntm["disbursed"], ntm["rate"]) == ("1.000", "900", "450", "45,0%")
    (total,) = found["totals"]
    assert (total["planned"], total["disbursed"], total["rate"]) == ("1.500", "450", "30,0%")
    assert found["note"].startswith("Khoản vốn dùng chung")


def test_money_entered_after_the_last_day_is_not_told(town: Board) -> None:
    found = view(snapshot(until=date(2023, 1, 31)), "money")
    assert found["rows"] == [] == found["totals"] and found["none"]


def test_the_measures_of_money_are_those_of_the_section_of_money(town: Board) -> None:
    made = snapshot()
    figures = {row["code"]: row for row in made["sections"]["figures"]["rows"]}
    money = made["sections"]["money"]
    for row in (*money["rows"], *money["totals"]):
        name = row["code"].lower() or "all"
        rate = figures[f"money.{name}.disbursement_rate"]
        assert (rate["numerator"], rate["denominator"]) == (row["disbursed"], row["planned"] + row["carried_over"])
        assert figures[f"money.{name}.allocated"]["value"] == str(row["allocated"])
        assert figures[f"money.{name}.disbursed"]["value"] == str(row["disbursed"])
    lines = {row["label"]: row for row in view(made, "figures")["rows"]}
    told = lines["Tỷ lệ giải ngân: Nông thôn mới"]
    assert (told["text"], told["source"]) == ("45,0% (450/1.000 triệu đồng)", "Các dòng vốn ghi trên cổng")
    assert not [label for label in lines if label.startswith("Vốn đã")]  # amounts stand in the section of money
    assert view(made, "figures")["one"]["money_ntm_disbursed"]["text"] == "450 triệu đồng"
    assert figures_of(made)["money.all.disbursement_rate"].rests == ("budget",)


def test_rates_stand_on_the_page_in_word_and_excel(town: Board, window: Client, document_writer: Any) -> None:
    report = draft(by=document_writer, asked=Asked("mong-cai", SINCE, UNTIL))
    page = page_text(window.get(f"/documents/{report.pk}/"))
    word = text_of(content_of(window.get(f"/documents/{report.pk}/report.docx")))
    for text in (page, word):
        assert "Tỷ lệ giải ngân: Nông thôn mới" in text and "45,0% (450/1.000 triệu đồng)" in text
    book = load_workbook(BytesIO(content_of(window.get(f"/documents/{report.pk}/report.xlsx"))))
    rows = {row[0]: row for sheet in book for row in sheet.iter_rows(values_only=True) if row}
    assert rows["money.ntm.disbursement_rate"][2:5] == (450_000_000, 1_000_000_000, 45)
    assert rows["money.all.disbursed"][4:6] == (450_000_000, "đồng")


def test_figures_of_all_sections_have_keys_of_their_own(town: Board) -> None:
    found = figures_of(snapshot())
    assert {"ocop/live", "task/overdue", "money/2023/NTM", "money/2023/total"} <= set(found)
    assert found["task/overdue"].text == "1" and found["ocop/live"].text == "2"
    keys = [figure.key for section in sections() for figure in section.figures(snapshot()["sections"][section.code])]
    assert len(keys) == len(set(keys))


def test_the_sections_cost_the_same_for_any_number_of_rows(
    town: Board, document_writer: Any, django_assert_max_num_queries: Any
) -> None:
    for n in range(12):
        difficulty(document_writer, text=f"Khó khăn {n}", unit="xa-3", proposals=[Proposed("town", "x")])
        task(document_writer, title=f"Việc {n}", unit="xa-3", due_on=UNTIL)
    with django_assert_max_num_queries(60):
        take(Ground(SINCE, UNTIL, "mong-cai", timezone.localdate()))
