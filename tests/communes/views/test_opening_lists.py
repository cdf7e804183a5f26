"""The pages of lists that the register begins with: who may, what is kept of what was typed, and what is shown."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from communes.models import Classification, Household, OpeningListFile
from communes.services.opening_lists import record_list
from tests.factories.files import upload
from tests.factories.households import make_household
from tests.factories.opening_lists import HEADINGS, SHEET, file_of, make_years, sent
from tests.factories.registers import Registry
from tests.factories.windows import BACKEND

pytestmark = pytest.mark.django_db
URL = "/households/opening/"
POOR = ("H1", "Chủ Hộ Một", "Thôn Một", "Hộ nghèo")
TYPED = {
    "standard": "central:2023", "number": "45/QĐ-UBND", "decided_on": "2022-12-15", "decided_by": "Chủ tịch Thử",
    "on": "2022-12-20", "whole": "",
}  # fmt: skip


@pytest.fixture(autouse=True)
def register(registry: Registry) -> None:
    make_household(registry.village, "H1", "Chủ Hộ Một")
    make_household(registry.village, "H2", "Chủ Hộ Hai")
    make_years()


def window(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


@pytest.fixture
def officer(registry: Registry) -> Client:
    return window(registry.officer)


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def page_of(row: OpeningListFile, act: str = "") -> str:
    return f"{URL}{row.pk}/{act}"


def test_a_list_goes_the_whole_way_through_the_pages(registry: Registry, officer: Client) -> None:
    page = text_of(officer.get(URL))
    assert "Chưa có danh sách đầu kỳ nào được ghi" in page and "chưa phân loại" in page and "central:2023" in page
    form = {**TYPED, "unit": registry.unit.pk, "file": file_of(POOR), "scan": upload("quyet-dinh.pdf")}
    answer = officer.post(URL, form)
    row = OpeningListFile.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, page_of(row))
    page = text_of(officer.get(page_of(row)))
    assert "Ghi danh sách" in page and "không có lỗi" in page
    assert officer.get(page_of(row, "scan/"))["Content-Type"] == "application/pdf"
    answer = officer.post(page_of(row, "record/"), follow=True)
    assert "1 hộ mới được phân loại" in text_of(answer)
    assert Classification.objects.get().status == "poor"
    page = text_of(officer.get(URL))
    assert "45/QĐ-UBND" in page and "hộ nghèo: 1<" in page and "hộ cận nghèo: 0<" in page and "15/12/2022" in page
    link = "/households/flows/?standard=central&amp;unit=hai-son&amp;from=2022-12-20"
    assert link in page and officer.get(link.replace("&amp;", "&") + "&to=2023-12-31").status_code == 200


def test_the_pages_of_the_register_lead_here(officer: Client) -> None:
    for page in ("/households/", "/households/imports/"):
        assert f'href="{URL}"' in text_of(officer.get(page)), page


def test_nothing_that_was_typed_is_lost_when_it_cannot_be(officer: Client) -> None:
    answer = officer.post(URL, {**TYPED, "on": "2022-12-01", "decided_by": ""})
    page = text_of(answer)
    assert answer.status_code == 422
    assert "Chưa chọn tệp." in page and "không thể có hiệu lực sớm hơn" in page and "Ghi người ký" in page
    assert 'value="45/QĐ-UBND"' in page and 'value="2022-12-15"' in page and 'value="2022-12-01"' in page
    assert '<option value="central:2023" selected' in page
    unreadable = officer.post(URL, {**TYPED, "on": "30/02/2022", "file": file_of(POOR)})
    assert unreadable.status_code == 422 and text_of(unreadable).count("Hãy nhập một ngày") == 1
    assert not OpeningListFile.objects.exists()


def test_faults_stand_on_the_page_by_cell(registry: Registry, officer: Client) -> None:
    row = sent(
        registry.officer, ("X9", "Chủ Hộ Một", "Thôn Một", "Hộ nghèo"), ("H2", "Chủ Hộ Hài", None, "Thoát nghèo")
    )
    page = text_of(officer.get(page_of(row)))
    for cell, words in (
        ("B4", "mang mã đó"), ("C5", "chủ hộ của mã này vào ngày đó là Chủ Hộ Hai"),
        ("E5", "chưa nói hộ có còn cận nghèo"),
    ):  # fmt: skip
        assert cell in page and words in page
    assert "Ghi danh sách<" not in page
    officer.post(page_of(row, "record/"))
    assert not Classification.objects.exists()


def test_columns_are_said_anew_and_what_is_wrong_with_them_stands_at_its_field(
    registry: Registry, officer: Client
) -> None:
    row = sent(registry.officer, POOR, headings=(*HEADINGS[:2], "Người đứng tên", *HEADINGS[3:]))
    assert "C · Người đứng tên" in text_of(officer.get(page_of(row)))
    form = {"sheet": SHEET, "head": 3, "first": 4, "column_code": 2, "column_status": 5}
    answer = officer.post(page_of(row), form)
    assert answer.status_code == 422 and "Chọn cột của mục này." in text_of(answer)
    assert officer.post(page_of(row), {**form, "column_head": 3}).status_code == 302
    row.refresh_from_db()
    assert (row.status, row.layout["columns"]["head"]) == ("ready", 3)


def test_a_second_window_changes_nothing(registry: Registry, officer: Client) -> None:
    row = sent(registry.officer, POOR)
    for _window in range(2):
        officer.post(page_of(row, "record/"))
    assert Classification.objects.count() == 1
    page = text_of(officer.post(page_of(row, "discard/"), follow=True))
    assert "đã được xử lý ở cửa sổ khác" in page and "đã ghi" in page
    row.refresh_from_db()
    assert row.status == "recorded"


def test_a_list_is_put_aside_and_checked_again(registry: Registry, officer: Client) -> None:
    row = sent(registry.officer, POOR)
    Household.objects.filter(code="H1").update(code="H1-MOI")
    officer.post(page_of(row, "check/"))
    row.refresh_from_db()
    assert row.status == "faulty"
    assert "Đã bỏ danh sách" in text_of(officer.post(page_of(row, "discard/"), follow=True))


def test_another_communes_list_is_not_found(registry: Registry) -> None:
    row = sent(registry.officer, POOR)
    stranger = window(registry.stranger)
    for act in ("", "scan/"):
        assert stranger.get(page_of(row, act)).status_code == 404
    for act in ("", "record/", "check/", "discard/"):
        assert stranger.post(page_of(row, act)).status_code == 404
    record_list(by=registry.officer, list_id=row.pk)
    assert "45/QĐ-UBND" not in text_of(stranger.get(URL))


def test_who_keeps_households_of_the_town_sees_what_was_recorded_and_records_nothing(registry: Registry) -> None:
    row = sent(registry.officer, POOR)
    record_list(by=registry.officer, list_id=row.pk)
    coordinator = window(registry.coordinator)
    page = text_of(coordinator.get(URL))
    assert "45/QĐ-UBND" in page and "Xã Hải Sơn" in page and "Gửi danh sách" not in page
    assert coordinator.post(URL, TYPED).status_code == 403
    assert coordinator.get(page_of(row)).status_code == coordinator.post(page_of(row, "record/")).status_code == 403


def test_leaders_see_no_list(registry: Registry) -> None:
    assert window(registry.leader).get(URL).status_code == 403


def test_an_officer_whose_commune_came_of_another_needs_not_say_which(registry: Registry) -> None:
    from datetime import date

    from communes.models import UnitVersion
    from communes.services.access import assign_role

    UnitVersion.objects.filter(unit=registry.ward).update(valid_to=date(2025, 6, 30))
    assign_role(by=None, user=registry.officer, role="commune_officer", unit=registry.ward)
    page = text_of(window(registry.officer).get(URL))
    assert f'<input type="hidden" name="unit" value="{registry.unit.pk}">' in page


def test_many_lists_cost_the_queries_of_one(registry: Registry, officer: Client) -> None:
    def cost(path: str) -> int:
        officer.get(path)
        with CaptureQueriesContext(connection) as found:
            assert officer.get(path).status_code == 200
        return len(found)

    first = sent(registry.officer, POOR, over={"number": "1/QĐ-UBND"})
    record_list(by=registry.officer, list_id=first.pk)
    few = cost(URL)
    for number in range(2, 8):
        make_household(registry.villages["thon-2"], f"N{number}", "Người Thử")
        row = sent(registry.officer, (f"N{number}", "Người Thử", None, "CN"), over={"number": f"{number}/QĐ-UBND"})
        record_list(by=registry.officer, list_id=row.pk)
    assert cost(URL) == few <= 30
    short = sent(registry.officer, ("X1", "Người Thử", None, "CN"))
    long = sent(registry.officer, *[(f"X{n}", "Người Thử", None, "CN") for n in range(150)])
    assert cost(page_of(short)) == cost(page_of(long)) <= 20
    assert "?page=2" in text_of(officer.get(page_of(long)))


def test_the_pages_read_in_english(registry: Registry, officer: Client) -> None:
    row = sent(registry.officer, ("X9", "Chủ Hộ Một", "Thôn Một", "Giàu"))
    officer.cookies["django_language"] = "en"
    for path in (URL, page_of(row)):
        page = text_of(officer.get(path))
        assert "Opening list" in page or "opening list" in page, path
