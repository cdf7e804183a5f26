"""The pages of period reports: list, new, one with what moved since, its files, its letterhead, the templates."""

from __future__ import annotations

import json
import re
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.services import record
from programmes.models import PeriodReport, ReportTemplate
from programmes.reports.snapshot import charts_of
from programmes.selectors.documents import changed_since
from programmes.services.documents import Asked, draft, publish
from programmes.services.statistic_reading import StatisticTyped
from programmes.services.statistics import correct_statistic, withdraw_statistic
from programmes.services.target_reading import TargetTyped
from programmes.services.targets import revise_target
from tests.factories.board import Board
from tests.factories.documents import SINCE, UNTIL, make_period_report, make_template, text_of, upload, word_bytes
from tests.factories.ocop import make_certificate, make_product
from tests.programmes.views.test_overview import text_of as page_text

pytestmark = pytest.mark.django_db


# --- The list, and a new one ----------------------------------------------------------------------------------------


def test_the_list_shows_who_writes_drafts_and_others_what_is_published(
    window: Client,
    document_reader: Client,
    published_report: PeriodReport,
    document_writer: Any,
) -> None:
    draft(by=document_writer, asked=Asked("mong-cai", UNTIL, UNTIL))
    own, others = page_text(window.get("/documents/")), page_text(document_reader.get("/documents/"))
    assert "Bản nháp" in own and "Đã phát hành" in own and "Soạn báo cáo" in own
    assert "Bản nháp" not in others and "Đã phát hành" in others and "Soạn báo cáo" not in others
    assert "Thành phố Móng Cái" in others and "2021–2023" in others


def test_an_empty_list_says_so(window: Client) -> None:
    assert "Chưa có báo cáo nào" in page_text(window.get("/documents/"))


def test_a_new_report_is_drafted_and_opened(window: Client) -> None:
    assert "Lấy số liệu" in page_text(window.get("/documents/new/"))
    answer = window.post("/documents/new/", {"area": "mong-cai", "since": "2021-01-01", "until": "31/12/2023"})
    made = PeriodReport.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/documents/{made.pk}/")
    assert (made.since, made.until) == (SINCE, UNTIL)


def test_every_fault_of_a_new_report_stands_at_its_field_and_what_was_typed_stays(window: Client) -> None:
    answer = window.post("/documents/new/", {"area": "mong-cai", "since": "2023-12-31", "until": "nay"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "Hãy nhập một ngày" in page and 'value="2023-12-31"' in page
    answer = window.post("/documents/new/", {"area": "mong-cai", "since": "2023-12-31", "until": "2023-01-01"})
    assert answer.status_code == 422 and "Ngày cuối kỳ phải không trước ngày đầu kỳ." in page_text(answer)


@pytest.mark.parametrize("path", ["/documents/new/", "/documents/templates/"])
def test_who_only_reads_neither_drafts_nor_sees_templates(document_reader: Client, path: str) -> None:
    assert document_reader.get(path).status_code == 403


# --- One report -----------------------------------------------------------------------------------------------------


def test_a_draft_shows_its_figures_and_what_can_be_done(window: Client, draft_report: PeriodReport) -> None:
    page = page_text(window.get(f"/documents/{draft_report.pk}/"))
    for expected in ("03/05 xã (đạt 60,0%)", "76,611 triệu đồng/người/năm", "Phát hành", "Làm mới số liệu", "Xã 001"):
        assert expected in page
    assert "Chưa có số liệu:" in page


def test_a_draft_is_none_to_who_only_reads(document_reader: Client, draft_report: PeriodReport) -> None:
    for path in ("", "report.docx", "report.xlsx", "charts/levels.svg"):
        assert document_reader.get(f"/documents/{draft_report.pk}/{path}").status_code == 404


def test_a_published_report_says_that_nothing_moved(document_reader: Client, published_report: PeriodReport) -> None:
    page = page_text(document_reader.get(f"/documents/{published_report.pk}/"))
    assert "Không con số nào thay đổi" in page and "Thu hồi" not in page


def test_what_moved_since_is_told_with_both_values_and_the_act_that_moved_it(
    window: Client,
    document_reader: Client,
    published_report: PeriodReport,
    document_town: Board,
    document_writer: Any,
) -> None:
    from indicators.services.recognition import recognise

    recognise(
        by=document_writer, unit=document_town.communes[3], level="standard", decided_on=date(2023, 6, 1),
        provenance="sourced", decision_number="7/QĐ-UBND",
    )  # fmt: skip
    answer = window.get(f"/documents/{published_report.pk}/")
    page = page_text(answer)
    assert "2 con số nay khác với báo cáo" in page
    assert "03/05 xã (đạt 60,0%) 04/05 xã (đạt 80,0%) ghi quyết định công nhận" in page
    assert "Xã 004: mức công nhận chưa được công nhận Mức standard ghi quyết định công nhận" in page
    assert "Dieuphoi" in page.split("Con số nào thay đổi")[1]
    others = page_text(document_reader.get(f"/documents/{published_report.pk}/"))
    assert "ghi quyết định công nhận" in others
    assert "Dieuphoi" not in others.split("Con số nào thay đổi")[1]
    # The file and the tables stay what they were.
    assert "03/05 xã (đạt 60,0%)" in text_of(content_of(window.get(f"/documents/{published_report.pk}/report.docx")))


def test_acts_lead_back_to_the_report_and_a_stale_one_says_so(window: Client, draft_report: PeriodReport) -> None:
    for act, lock, told in (
        ("refresh", 1, "Đã lấy số liệu mới nhất."),
        ("refresh", 1, "Báo cáo đã được sửa ở cửa sổ khác."),
        ("publish", 2, "Đã phát hành"),
    ):
        answer = window.post(f"/documents/{draft_report.pk}/{act}/", {"lock": lock}, follow=True)
        assert answer.redirect_chain == [(f"/documents/{draft_report.pk}/", 302)] and told in page_text(answer)
    answer = window.post(f"/documents/{draft_report.pk}/withdraw/", {"lock": 3, "reason": ""})
    assert answer.status_code == 422 and "Ghi lý do thu hồi." in page_text(answer)
    answer = window.post(f"/documents/{draft_report.pk}/withdraw/", {"lock": 3, "reason": "Sai kỳ"}, follow=True)
    assert "Đã thu hồi" in page_text(answer) and "Sai kỳ" in page_text(answer)


def test_a_discarded_draft_is_gone(window: Client, draft_report: PeriodReport) -> None:
    answer = window.post(f"/documents/{draft_report.pk}/discard/", {"lock": 1})
    assert answer["Location"] == "/documents/" and not PeriodReport.objects.exists()


def test_an_act_that_does_not_exist_is_not_found_and_reading_does_nothing(
    window: Client, draft_report: PeriodReport
) -> None:
    assert window.post(f"/documents/{draft_report.pk}/burn/").status_code == 404
    assert window.get(f"/documents/{draft_report.pk}/publish/").status_code == 405
    assert window.post("/documents/404404/publish/").status_code == 404
    assert PeriodReport.objects.get().status == "draft"


@pytest.mark.parametrize("act", ["refresh", "publish", "withdraw", "discard"])
def test_who_only_reads_acts_on_nothing(document_reader: Client, published_report: PeriodReport, act: str) -> None:
    assert (
        document_reader.post(f"/documents/{published_report.pk}/{act}/", {"lock": 2, "reason": "x"}).status_code == 403
    )
    assert PeriodReport.objects.get().status == "published"


# --- The letterhead -------------------------------------------------------------------------------------------------


def test_the_letterhead_is_written_and_a_second_window_keeps_what_it_typed(
    window: Client, draft_report: PeriodReport
) -> None:
    path = f"/documents/{draft_report.pk}/edit/"
    typed = {"title": "Sơ kết", "agency": "UBND", "issued_on": "2024-02-29", "template": "0", "lock": "1"}
    assert window.get(path).status_code == 200
    assert window.post(path, typed)["Location"] == f"/documents/{draft_report.pk}/"
    assert PeriodReport.objects.get().issued_on == date(2024, 2, 29)
    answer = window.post(path, typed | {"title": "Sơ kết của cửa sổ khác"})
    assert answer.status_code == 409
    assert "Sơ kết của cửa sổ khác" in answer.content.decode() and PeriodReport.objects.get().title == "Sơ kết"


def test_every_fault_of_the_letterhead_stands_at_its_field(window: Client, draft_report: PeriodReport) -> None:
    given = {"title": "", "agency": "UBND", "issued_on": "mai", "number": "x" * 61, "template": "0", "lock": "1"}
    answer = window.post(f"/documents/{draft_report.pk}/edit/", given)
    page = page_text(answer)
    assert answer.status_code == 422
    for fault in ("Ghi trích yếu của báo cáo.", "Hãy nhập một ngày", "Dài quá 60 ký tự."):
        assert fault in page
    assert PeriodReport.objects.get().lock == 1


def test_a_day_that_cannot_be_read_stores_nothing_of_the_rest(window: Client, draft_report: PeriodReport) -> None:
    given = {"title": "Sơ kết", "agency": "UBND", "issued_on": "mai", "template": "0", "lock": "1"}
    assert window.post(f"/documents/{draft_report.pk}/edit/", given).status_code == 422
    assert PeriodReport.objects.get().lock == 1


# --- Files ----------------------------------------------------------------------------------------------------------


def content_of(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_the_word_file_of_a_published_report_is_the_one_that_was_kept(
    document_reader: Client, published_report: PeriodReport
) -> None:
    answer = document_reader.get(f"/documents/{published_report.pk}/report.docx")
    published_report.document.file.open()
    assert content_of(answer) == published_report.document.file.read()
    assert "attachment" in answer["Content-Disposition"] and "no-store" in answer["Cache-Control"]


def test_the_workbook_has_every_section_and_its_numbers_are_numbers(window: Client, draft_report: PeriodReport) -> None:
    book = load_workbook(BytesIO(content_of(window.get(f"/documents/{draft_report.pk}/report.xlsx"))))
    assert book.sheetnames[:4] == ["Báo cáo", "Các con số chủ yếu", "Các con số qua các năm", "Số xã theo mức"]
    rows = {row[0]: row for row in book["Các con số chủ yếu"].iter_rows(values_only=True)}
    assert rows["ntm.recognised.standard"][2:5] == (3, 5, 60)
    assert rows["income.rural.per_capita"][4] == 76.611


def test_charts_come_as_picture_and_as_specification(window: Client, draft_report: PeriodReport) -> None:
    answer = window.get(f"/documents/{draft_report.pk}/charts/levels.svg")
    assert answer["Content-Type"].startswith("image/svg+xml") and "Được công nhận" in answer.content.decode()
    assert window.get(f"/documents/{draft_report.pk}/charts/levels.png").content.startswith(b"\x89PNG")
    specification = json.loads(window.get(f"/documents/{draft_report.pk}/charts/levels.json").content)
    assert {row["communes"] for row in specification["data"]["values"]} >= {3, 4}
    assert specification["title"]["subtitle"] == "Móng Cái, đến 31/12/2023"
    for path in ("charts/nothing.svg", "charts/levels.gif", "charts/nothing.csv"):
        assert window.get(f"/documents/{draft_report.pk}/{path}").status_code == 404


def test_the_numbers_of_a_chart_come_as_csv_with_area_and_day(window: Client, draft_report: PeriodReport) -> None:
    answer = window.get(f"/documents/{draft_report.pk}/charts/criteria.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8" and "no-store" in answer["Cache-Control"]
    assert 'filename="bao-cao-mong-cai-2021-01-01-2023-12-31-criteria.csv"' in answer["Content-Disposition"]
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "Xã đạt chuẩn nông thôn mới: số tiêu chí đạt của từng xã"
    assert lines[1] == '"Móng Cái, đến 31/12/2023"'
    assert lines[4:] == ["Xã,Tiêu chí đạt,Còn thiếu", *(f"Xã 00{n},3,0" for n in range(1, 5)), "Xã 005,2,1"]


def test_a_name_in_a_charts_csv_is_no_formula(window: Client, draft_report: PeriodReport) -> None:
    rows = draft_report.figures["sections"]["criteria"]["rows"]
    rows[0]["commune"] = {"vi": "=HYPERLINK(1)", "en": "=HYPERLINK(1)"}
    draft_report.save()
    text = window.get(f"/documents/{draft_report.pk}/charts/criteria.csv").content.decode()
    assert "'=HYPERLINK(1),3,0" in text


def test_the_page_draws_each_chart_from_its_specification_and_has_its_numbers(
    window: Client, draft_report: PeriodReport
) -> None:
    page = window.get(f"/documents/{draft_report.pk}/").content.decode()
    found = charts_of(draft_report.figures)
    assert set(found) == {"levels", "criteria", "trend_recognised"}
    for code, chart in found.items():
        path = f"/documents/{draft_report.pk}/charts/{code}"
        assert f'data-chart="{path}.json"' in page and f'<img src="{path}.png"' in page
        assert all(f'href="{path}.{kind}"' in page for kind in ("svg", "png", "csv", "json"))
        assert f'role="img" aria-label="{chart.title}, Móng Cái, đến 31/12/2023"' in page
        behind = page.split(f'data-chart="{path}.json"')[1].split("</details>")[0]
        assert 'class="doc-numbers"' in behind
        assert behind.split("<tbody>")[1].count("<tr>") == len(chart.rows) > 0
    whole = re.sub(r"<[^>]+>", " ", page.partition('charts/criteria.json">')[2].split("</details>")[0])
    assert all(f"Xã 00{n}" in whole for n in range(1, 6)), "the picture draws every commune, and so does its table"
    assert "vega-embed" in page


def test_a_page_without_charts_loads_nothing_to_draw_them(window: Client, document_town: Board) -> None:
    report = make_period_report(document_town.communes[0])
    page = window.get(f"/documents/{report.pk}/").content.decode()
    assert "vega" not in page and "data-chart" not in page


@pytest.mark.parametrize("path", ["", "report.docx", "report.xlsx", "charts/levels.png"])
def test_a_snapshot_from_before_the_series_opens_as_ever(window: Client, draft_report: PeriodReport, path: str) -> None:
    del draft_report.figures["sections"]["figures"]["trends"]
    draft_report.save()
    assert window.get(f"/documents/{draft_report.pk}/{path}").status_code == 200
    assert window.get(f"/documents/{draft_report.pk}/charts/trend_recognised.svg").status_code == 404


# --- Templates ------------------------------------------------------------------------------------------------------


def test_the_page_of_templates_lists_versions_and_every_field(window: Client) -> None:
    make_template(1)
    page = page_text(window.get("/documents/templates/"))
    for expected in ("Phiên bản 1: mau-1.docx", "Mẫu có sẵn của cổng", "{{ report.title }}", "{{ row.decision }}"):
        assert expected in page
    assert "{{ figures.one.ntm_recognised_model.text }}" in page


def test_a_version_and_the_built_in_template_can_be_fetched(window: Client) -> None:
    content = word_bytes("{{ report.title }}")
    make_template(1, content)
    assert content_of(window.get("/documents/templates/1.docx")) == content
    assert "CỘNG HÒA" in text_of(content_of(window.get("/documents/templates/0.docx")))
    assert window.get("/documents/templates/2.docx").status_code == 404


def test_a_new_version_is_taken_and_a_faulty_one_names_every_fault(window: Client) -> None:
    bad = upload(word_bytes("{{ report.wrong }}", "{{ report.bad }}"))
    answer = window.post("/documents/templates/", {"file": bad, "note": "Thử"})
    page = page_text(answer)
    assert answer.status_code == 422 and "Chưa nhận mẫu: 2 lỗi." in page
    assert "“report.wrong”" in page and "“report.bad”" in page and 'value="Thử"' in answer.content.decode()
    answer = window.post("/documents/templates/", {"file": upload(word_bytes("{{ report.title }}"))}, follow=True)
    assert "Đã nhận mẫu: Phiên bản 1" in page_text(answer) and ReportTemplate.objects.count() == 1


# --- Cost -----------------------------------------------------------------------------------------------------------


def test_the_list_costs_the_same_for_any_number_of_reports(
    document_reader: Client,
    document_town: Board,
    django_assert_max_num_queries: Any,
) -> None:
    for n in range(20):
        make_period_report(document_town.town, "published", title=f"Báo cáo {n}")
    with django_assert_max_num_queries(9):
        assert "Báo cáo 19" in document_reader.get("/documents/").content.decode()


def test_a_draft_is_shown_from_its_snapshot_alone(
    window: Client, draft_report: PeriodReport, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(9):
        window.get(f"/documents/{draft_report.pk}/")


# --- Why a figure moved ---------------------------------------------------------------------------------------------


def causes(report: PeriodReport, key: str) -> list[tuple[str, str]]:
    """The events told beside a figure that moved: kind and label."""
    since = changed_since(report, today=date(2024, 2, 1))
    return [
        (event.kind, event.object_label) for one in since.changes if one.moved.figure.key == key for event in one.events
    ]


def test_a_corrected_figure_is_told_with_its_correction_and_the_reason(
    window: Client, document_town: Board, document_writer: Any
) -> None:
    row = document_town.observe("enterprises.investing.count", UNTIL, "9", source="120/BC-UBND")
    other = document_town.observe("cooperatives.effective.count", UNTIL, "3", area=document_town.communes[0])
    report = published(document_writer)
    typed = StatisticTyped(row.measure, "mong-cai", UNTIL, "7", source=row.source)
    correct_statistic(by=document_writer, statistic_id=row.pk, typed=typed, reason="Một doanh nghiệp được kể hai lần")
    withdraw_statistic(by=document_writer, statistic_id=other.pk, reason="Nhập nhầm xã")
    assert [kind for kind, _label in causes(report, row.measure)] == ["statistic.corrected"]
    page = page_text(window.get(f"/documents/{report.pk}/")).split("Con số nào thay đổi")[1]
    assert "sửa số liệu của một con số" in page and "Lý do: Một doanh nghiệp được kể hai lần" in page


def test_a_revised_plan_is_told_with_its_revision_and_no_other_ones(document_town: Board, document_writer: Any) -> None:
    mine = document_town.aim("income.rural.per_capita", 2025, "90", start="70")
    other = document_town.aim("poverty.near_poor.count", 2025, "0")
    report = published(document_writer)
    for row, value, reason in ((mine, "95", "Kết luận mới"), (other, "5", "Rà soát lại")):
        typed = TargetTyped(
            row.measure, "mong-cai", "2025", value, str(row.baseline_value), row.baseline_on, "review", source="KL 1"
        )
        revise_target(by=document_writer, target_id=row.pk, typed=typed, reason=reason)
    told = causes(report, "plan/income.rural.per_capita/2025")
    assert [kind for kind, _label in told] == ["target.revised"]
    assert "income.rural.per_capita" in told[0][1]
    assert [kind for kind, _label in causes(report, "income.rural.per_capita/target")] == ["target.revised"]


def test_a_recognised_product_is_told_as_the_cause_of_the_count(document_town: Board, document_writer: Any) -> None:
    report = published(document_writer)
    make_certificate(make_product(document_town.communes[0]), date(2023, 6, 1))
    told = {"obj_type": "ocop_recognition", "obj_id": 1, "label": "Sản phẩm Thử", "unit_uid": "xa-1"}
    record(kind=Kind.OCOP_RECOGNISED, by=document_writer, **told)
    assert ("ocop.recognised", "Sản phẩm Thử") in causes(report, "ocop.recognised.count")


def published(by: Any) -> PeriodReport:
    return publish(by=by, report_id=draft(by=by, asked=Asked("mong-cai", SINCE, UNTIL)).pk, lock=1)
