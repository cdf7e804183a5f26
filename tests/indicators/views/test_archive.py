"""The pages of the import of past years: template, dry run by cell, confirmation; and the mark that stays."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from indicators.models import HistoryImport, Report
from indicators.services.evaluation import run_requests
from tests.factories.files import MEDIA_TYPES, upload
from tests.factories.world import GOOD, World, bring_to
from tests.indicators.services.test_archive import book, good

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]


@pytest.fixture
def coordinator(as_person: SignIn) -> Client:
    return as_person("coordinator")


def text_of(response: Any) -> str:
    page = re.sub(r"<(script|style|title)[^>]*>.*?</\1>", " ", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def send(client: Client, file: Any, **more: Any) -> Any:
    return client.post("/reports/import/", {"file": file, "number_format": "vi", **more}, follow=True)


def template(client: Client, query: str = "") -> Any:
    answer = client.get(f"/reports/import/template/{query}")
    assert answer.status_code == 200
    return load_workbook(BytesIO(answer.content))


def as_upload(workbook: Any) -> SimpleUploadedFile:
    stream = BytesIO()
    workbook.save(stream)
    return SimpleUploadedFile("mau.xlsx", stream.getvalue(), MEDIA_TYPES["xlsx"])


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_template_is_downloaded_filled_in_sent_and_stored(coordinator: Client, world: World, language: str) -> None:
    coordinator.cookies["django_language"] = language
    workbook = template(coordinator, "?year=2022")
    names = workbook.sheetnames
    assert names == (
        ["Số liệu", "Công nhận", "Hướng dẫn", "Danh mục"]
        if language == "vi"
        else ["Values", "Recognitions", "How to", "Codes"]
    )
    sheet = workbook[names[0]]
    codes = [(row[0].value, row[1].value, row[2].value) for row in sheet.iter_rows(min_row=2)]
    # Two communes by all cells that 2022 asks for, ready to be given values.
    assert len(codes) == 2 * len(GOOD)
    assert {c[1] for c in codes} == {"2022"}
    values = {f"{e}:{p}" if p else e: v for (e, p), v in GOOD.items()}
    for row in sheet.iter_rows(min_row=2):
        if row[0].value.endswith("1"):
            value = values[row[2].value]
            row[3].value = value if isinstance(value, bool) or not value.replace(".", "").isdigit() else float(value)
    workbook[names[1]].append([codes[0][0], "standard", "5/QĐ-UBND", 2018])
    assert workbook[names[1]].max_row == 2
    answer = send(coordinator, as_upload(workbook))
    row = HistoryImport.objects.get()
    assert (row.status, row.faults) == ("ready", [])
    assert row.counts["blank"] == len(GOOD)
    assert not Report.objects.exists()
    answer = coordinator.post(f"/reports/import/{row.pk}/confirm/", follow=True)
    assert Report.objects.get().values.count() == len(GOOD)
    assert world.commune.recognitions.get().decision_number == "5/QĐ-UBND"
    assert ("Đã nhập 1 báo cáo với 9 số liệu và 1 quyết định" if language == "vi" else "1 reports") in text_of(answer)


def test_the_template_says_what_may_stand_in_its_cells(coordinator: Client, world: World) -> None:
    workbook = template(coordinator)
    values = workbook["Số liệu"]
    assert values.max_row == 1
    checks = {str(check.sqref): check.formula1 for check in values.data_validations.dataValidation}
    assert checks["A2:A2000"].startswith("'Danh mục'!$A$2:$A$")
    assert {area[0] for area in checks} == {"A", "C", "E"}
    codes = [[cell.value for cell in row] for row in workbook["Danh mục"].iter_rows()]
    flat = {value for row in codes for value in row}
    assert {"insured:male", "insured:female", "schooling:14.1.c", "Thử 1", "standard"} <= flat | {"Thử 1"}
    assert "Xã Thử 1" in flat
    assert "mức độ 1 / mức độ 2 / mức độ 3" in flat
    assert "Cách điền" in [row[0].value for row in workbook["Hướng dẫn"].iter_rows()]


def test_every_fault_is_shown_with_its_cell_and_what_stands_there(coordinator: Client, world: World) -> None:
    page = text_of(send(coordinator, book([("Thử 1", 2022, "roads", 142), ("Thử 9", 2022, "water", 5)])))
    assert "Số liệu!D2 142 Tỷ lệ không vượt quá 100%. Có phải 14,2?" in page
    assert "Số liệu!A3 Thử 9 Không có xã nào tên như vậy." in page
    assert "Chưa nhập gì" in page
    assert "Nhập tất cả" not in page
    row = HistoryImport.objects.get()
    sheet = load_workbook(BytesIO(coordinator.get(f"/reports/import/{row.pk}/?format=xlsx").content)).active
    cells = {cell.value for line in sheet.iter_rows() for cell in line}
    assert {"Số liệu!D2", "Số liệu!A3"} <= cells


def test_a_conflict_shows_both_values_and_the_way_to_the_report(coordinator: Client, world: World) -> None:
    report = bring_to(world, "approved")
    answer = send(coordinator, book([("Thử 1", 2023, "roads", 50)]))
    page = text_of(answer)
    assert "Số liệu!D2" in page
    assert "88,5 50 Báo cáo đã duyệt; muốn thay số này phải mở lại báo cáo." in page
    assert f'href="/reports/{report.pk}/"' in answer.content.decode()


def test_a_file_that_is_none_is_named_at_its_field(coordinator: Client, world: World) -> None:
    answer = coordinator.post("/reports/import/", {"number_format": "vi", "file": upload("a.pdf")})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"file"}
    assert coordinator.post("/reports/import/", {}).context["form"].errors.keys() == {"file", "number_format"}
    assert not HistoryImport.objects.exists()


def test_the_mark_stands_wherever_the_persons_of_the_workflow_are_shown(coordinator: Client, world: World) -> None:
    send(coordinator, book(good(period=2022)))
    row = HistoryImport.objects.get()
    coordinator.post(f"/reports/import/{row.pk}/confirm/")
    run_requests()
    report = Report.objects.get()
    for path in (
        "/reports/",
        f"/reports/{report.pk}/",
        f"/reports/{report.pk}/verify/",
        "/attainment/commune-1/?as_of=2022-12-31",
        "/units/commune-1/?as_of=2022-12-31",
    ):
        answer = coordinator.get(path)
        assert answer.status_code == 200, path
        assert "nhập từ hồ sơ" in text_of(answer), path
    assert "qua-khu.xlsx" in coordinator.get(f"/reports/{report.pk}/").content.decode()
    shown = coordinator.get(f"/api/v1/reports/{report.pk}/").json()
    assert shown["imported"]["file"] == "qua-khu.xlsx"
    assert shown["imported"]["by"] == "coordinator"
    assert shown["revisions"][0]["imported"] is True


def test_a_report_that_came_the_usual_way_carries_no_mark(coordinator: Client, world: World) -> None:
    report = bring_to(world, "approved")
    assert "nhập từ hồ sơ" not in text_of(coordinator.get(f"/reports/{report.pk}/"))
    assert coordinator.get(f"/api/v1/reports/{report.pk}/").json()["imported"] is None


def test_the_file_is_handed_out_as_it_was_sent_and_may_be_discarded(coordinator: Client, world: World) -> None:
    send(coordinator, book(good()))
    row = HistoryImport.objects.get()
    answer = coordinator.get(f"/reports/import/{row.pk}/file/")
    assert "attachment" in answer["Content-Disposition"]
    assert b"".join(answer)[:2] == b"PK"
    page = text_of(coordinator.post(f"/reports/import/{row.pk}/discard/", follow=True))
    assert "số liệu trên cổng không thay đổi" in page
    again = text_of(coordinator.post(f"/reports/import/{row.pk}/confirm/", follow=True))
    assert "không còn chờ xác nhận" in again
    assert coordinator.get("/reports/import/404404/").status_code == 404
    assert coordinator.post("/reports/import/404404/confirm/").status_code == 404


@pytest.mark.parametrize("who", ["officer", "verifier_a", "leader", "administrator"])
def test_others_do_not_come_in(as_person: SignIn, coordinator: Client, world: World, who: str) -> None:
    send(coordinator, book(good()))
    row = HistoryImport.objects.get()
    client = as_person(who)
    for path in ("", "template/", f"{row.pk}/", f"{row.pk}/file/"):
        assert client.get(f"/reports/import/{path}").status_code == 403
    for path in ("", f"{row.pk}/confirm/", f"{row.pk}/discard/"):
        assert client.post(f"/reports/import/{path}").status_code == 403
    row.refresh_from_db()
    assert row.status == "ready"


@pytest.mark.parametrize("path", ["/reports/import/", "/reports/import/{pk}/"])
def test_pages_carry_neither_inline_style_nor_script(coordinator: Client, world: World, path: str) -> None:
    send(coordinator, book([*good(), ("x", 1, "y", 2)]))
    page = coordinator.get(path.format(pk=HistoryImport.objects.get().pk)).content.decode()
    assert not re.search(r"\sstyle=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+=", page)


@pytest.mark.parametrize("rows", [2, 20])
def test_the_pages_cost_the_same_with_many_faults_and_files(
    coordinator: Client, world: World, rows: int, django_assert_max_num_queries: Any
) -> None:
    for _n in range(rows // 2):
        send(coordinator, book([*good(), *[(f"x{n}", 2022, "roads", 2) for n in range(rows)]]))
    row = HistoryImport.objects.first()
    assert row is not None
    for path, queries in (("/reports/import/", 8), (f"/reports/import/{row.pk}/", 9)):
        coordinator.get(path)
        with django_assert_max_num_queries(queries):
            coordinator.get(path)
