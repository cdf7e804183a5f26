"""The coordinator's pages: periods, opening reports, the grid."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from communes.models import UnitGroupMember, UnitVersion
from indicators.models import Period, Report
from tests.factories.world import bring_to, make_communes, make_report, make_unit

pytestmark = pytest.mark.django_db


def text_of(page):
    return page.content.decode()


# --- Periods -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-H1", date(2024, 1, 1), date(2024, 6, 30)),
        ("2024-Q3", date(2024, 7, 1), date(2024, 9, 30)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
    ],
)
def test_a_period_is_opened_by_its_code_and_its_days_follow(as_person, code, first, last):
    client = as_person("coordinator")
    assert client.post("/periods/", {"period": code, "due_on": "2025-01-15"}).status_code == 302
    period = Period.objects.get(code=code)
    assert (period.starts_on, period.ends_on, period.due_on) == (first, last, date(2025, 1, 15))
    assert client.post("/periods/", {"period": code, "due_on": "2025-01-15"}).status_code == 302
    assert Period.objects.filter(code=code).count() == 1


@pytest.mark.parametrize(
    ("posted", "field", "words"),
    [
        ({"period": "2024-Q9", "due_on": "2025-01-15"}, "period", "2024-Q9"),
        ({"period": "2024", "due_on": "2024-12-30"}, "due_on", "31/12/2024"),
        ({"period": "2024", "due_on": "mai"}, "due_on", "15/01/2025"),
        ({"period": "2023", "due_on": "2024-02-01"}, "due_on", "hạn nộp khác"),
    ],
)
def test_a_faulty_period_is_refused_at_its_field_and_what_was_typed_stays(as_person, posted, field, words):
    page = as_person("coordinator").post("/periods/", posted)
    assert page.status_code == 422 and words in str(page.context["form"][field].errors)
    assert f'value="{posted["period"]}"' in text_of(page)
    assert Period.objects.count() == 1


def test_a_deadline_is_moved_with_a_reason_and_its_history_reads(as_person):
    client = as_person("coordinator")
    page = client.post("/periods/2023/", {"due_on": "2023-12-01", "reason": "", "seen": "2024-01-15"})
    assert page.status_code == 422 and page.context["form"]["due_on"].errors and page.context["form"]["reason"].errors
    moved = client.post("/periods/2023/", {"due_on": "2024-01-31", "reason": "Nghỉ Tết", "seen": "2024-01-15"})
    assert moved.status_code == 302 and Period.objects.get().due_on == date(2024, 1, 31)
    text = text_of(client.get("/periods/2023/"))
    assert "Chuyển hạn nộp từ 15/01/2024 sang 31/01/2024" in text and "Nghỉ Tết" in text


def test_a_window_with_an_old_deadline_is_told_and_can_go_on(as_person, world):
    Period.objects.update(due_on=date(2024, 1, 20))
    client = as_person("coordinator")
    form = {"due_on": "2024-01-25", "reason": "Chậm", "seen": "2024-01-15"}
    page = client.post("/periods/2023/", form)
    assert page.status_code == 409 and "20/01/2024" in text_of(page) and "Chậm" in text_of(page)
    assert client.post("/periods/2023/", {**form, "seen": page.context["form"]["seen"].value()}).status_code == 302


@pytest.mark.parametrize("name", ["officer", "verifier_a", "leader", "administrator"])
def test_periods_and_opening_are_the_coordinators(as_person, name):
    client = as_person(name)
    for path in ("/periods/", "/periods/2023/", "/reports/open/"):
        assert client.get(path).status_code == client.post(path, {}).status_code == 403
    assert 'href="/periods/"' not in text_of(client.get("/reports/completeness/"))


def test_an_unknown_period_is_not_found(as_person):
    assert as_person("coordinator").get("/periods/1999/").status_code == 404


# --- Opening -----------------------------------------------------------------------------------------------------


def test_all_communes_are_opened_at_once_and_again_says_so(as_person):
    client = as_person("coordinator")
    first = client.post("/reports/open/", {"period": "2023", "which": "all"}, follow=True)
    assert "Đã mở 2 báo cáo: Xã Thử 1, Xã Thử 2" in text_of(first)
    again = client.post("/reports/open/", {"period": "2023", "which": "all"}, follow=True)
    assert "2 xã đã có báo cáo từ trước" in text_of(again) and "Đã mở" not in text_of(again)
    assert Report.objects.count() == 2


def test_the_communes_of_a_group_are_opened(as_person, world):
    UnitGroupMember.objects.filter(unit=world.communes[0]).delete()
    as_person("coordinator").post("/reports/open/", {"period": "2023", "which": "group:ntm_assessed"})
    assert list(Report.objects.values_list("unit__uid", flat=True)) == ["commune-2"]


def test_a_group_with_a_unit_that_is_gone_opens_nothing_and_names_it(as_person, world):
    gone = make_unit("cu", "Xã Cũ", "commune", world.town)
    UnitVersion.objects.filter(unit=gone).update(valid_to=date(2023, 6, 30))
    UnitGroupMember.objects.create(group=world.group, unit=gone)
    page = as_person("coordinator").post("/reports/open/", {"period": "2023", "which": "group:ntm_assessed"})
    assert page.status_code == 422 and "“Xã Cũ” không tồn tại vào ngày cuối kỳ" in text_of(page)
    assert not Report.objects.exists()


def test_ticked_communes_are_opened_and_ticks_survive_a_fault(as_person):
    client = as_person("coordinator")
    page = client.post("/reports/open/", {"period": "2023", "which": "ticked", "u:commune-2": "on", "u:khong-co": "on"})
    assert page.status_code == 422 and "khong-co" in text_of(page)
    assert [c["ticked"] for c in page.context["communes"]] == [False, True]
    assert client.post("/reports/open/", {"period": "2023", "which": "ticked", "u:commune-2": "on"}).status_code == 302
    assert list(Report.objects.values_list("unit__uid", flat=True)) == ["commune-2"]
    assert client.post("/reports/open/", {"period": "2023", "which": "ticked"}).status_code == 422


def test_ticks_beside_another_choice_are_not_guessed_about(as_person):
    page = as_person("coordinator").post("/reports/open/", {"period": "2023", "which": "all", "u:commune-2": "on"})
    assert page.status_code == 422 and "hãy chọn một cách" in text_of(page)
    assert [c["ticked"] for c in page.context["communes"]] == [False, True] and not Report.objects.exists()


def test_without_any_period_the_page_leads_to_one(as_person):
    Period.objects.all().delete()
    assert 'href="/periods/"' in text_of(as_person("coordinator").get("/reports/open/"))


# --- The grid ----------------------------------------------------------------------------------------------------


def test_the_grid_says_who_is_missing_by_how_much_and_how_complete_it_is(as_person, world):
    bring_to(world, "submitted")
    text = text_of(as_person("coordinator").get("/reports/completeness/"))
    assert "Đã nộp 1/2 (50,0%); đúng hạn 0/2 (0%)" in text
    assert "Xã Thử 2, Năm 2023: Chưa mở, quá hạn" in text
    assert "/reports/open/?period=2023&amp;unit=commune-2" in text


def test_an_illustrative_report_of_a_past_year_is_neither_late_nor_dated(as_person, world):
    report = bring_to(world, "approved")
    Report.objects.filter(pk=report.pk).update(illustrative=True)
    page = as_person("leader").get("/reports/completeness/")
    cell = page.context["lines"][0].cells[0]
    assert (cell.word, cell.detail, cell.late) == ("Đã duyệt", "minh họa", False)
    assert "trình lần đầu" not in cell.title and "không có ngày trình thật" in text_of(page)


def test_a_reader_who_may_not_open_is_led_to_no_opening(as_person):
    assert "/reports/open/" not in text_of(as_person("verifier_a").get("/reports/completeness/"))


def test_an_officer_reads_the_own_line_alone(as_person):
    text = text_of(as_person("officer").get("/reports/completeness/"))
    assert "Xã Thử 1" in text and "Xã Thử 2" not in text
    assert "Xã Thử 2" not in as_person("officer").get("/reports/completeness/export/?format=csv").content.decode()


def test_the_grid_leaves_as_csv_and_excel_with_the_same_rows(as_person, world):
    bring_to(world, "submitted")
    client = as_person("coordinator")
    csv = client.get("/reports/completeness/export/?format=csv").content.decode("utf-8-sig")
    assert "Xã Thử 2,Năm 2023,2024-01-15,Chưa mở,quá hạn" in csv and "1/2 (50,0%)" in csv
    book = load_workbook(BytesIO(client.get("/reports/completeness/export/?format=xlsx").content))
    rows = [row for row in book.active.iter_rows(values_only=True) if row[0] in ("Xã Thử 1", "Xã Thử 2")]
    assert [(row[0], row[3], row[6], row[7]) for row in rows] == [
        ("Xã Thử 1", "Đã trình", 1, 1),
        ("Xã Thử 2", "Chưa mở", 1, 0),
    ]
    assert client.get("/reports/completeness/export/?format=pdf").status_code == 404


def test_the_entry_of_the_present_page_alone_is_marked(as_person):
    page = as_person("coordinator").get("/reports/completeness/")
    assert [i.url for s in page.context["navigation"] for i in s.items if i.active] == ["/reports/completeness/"]


@pytest.mark.parametrize("path", ["/reports/completeness/", "/periods/", "/reports/open/", "/periods/2023/"])
def test_a_page_costs_the_same_with_twenty_communes(as_person, world, path):
    make_report(world)
    client = as_person("coordinator")

    def queries():
        client.get(path)
        with CaptureQueriesContext(connection) as found:
            assert client.get(path).status_code == 200
        return len(found)

    few = queries()
    for unit in make_communes(world.town, 20, start=10):
        make_report(world, unit=unit)
    assert queries() == few <= 15
