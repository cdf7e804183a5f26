"""Lines of money on pages: found, moved, refused at the field, and safe against a second window."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from programmes.models import BudgetImport, BudgetLine, ConversionRule
from tests.factories.budget import make_line, make_programmes
from tests.factories.budget_files import GOOD, OTHER, checked, upload, workbook
from tests.factories.world import World, make_world
from tests.indicators.views.test_units import client_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    make_programmes()
    return make_world()


@pytest.fixture
def office(world: World) -> Client:
    return client_of(world, "coordinator")


@pytest.fixture
def line(world: World) -> BudgetLine:
    return make_line(world.commune, planned=1_000, allocated=800)


def move(line: BudgetLine, **over: Any) -> dict[str, Any]:
    line.refresh_from_db()
    given = {"act": "move", "kind": "disbursed", "amount": "500", "on": "2023-03-01", "document": "UNC 7"}
    return {**given, "lock": line.lock, **over}


def test_a_disbursement_is_written_from_the_page(office, line):
    answer = office.post(f"/programmes/lines/{line.pk}/", move(line), follow=True)
    page = text_of(answer)
    assert "Đã ghi." in page and "UNC 7" in page
    line.refresh_from_db()
    assert line.disbursed == 500


def test_what_is_refused_stands_at_its_field_and_what_was_typed_stays(office, line):
    sent = move(line, amount="801", document="UNC 8", on="2023-03-01")
    answer = office.post(f"/programmes/lines/{line.pk}/", sent)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'id="id_amount_error"' in page and "Giải ngân vượt số đã phân bổ 1 đồng" in page
    assert 'value="801"' in page and 'value="UNC 8"' in page
    line.refresh_from_db()
    assert line.disbursed == 0


def test_every_fault_is_named_at_once_also_those_of_the_form(office, line):
    answer = office.post(f"/programmes/lines/{line.pk}/", move(line, amount="1,500", on="hôm qua", kind="x"))
    page = answer.content.decode()
    for name in ("amount", "on", "kind"):
        assert f'id="id_{name}_error"' in page, name


def test_a_second_window_is_told(office, line):
    first, second = move(line), move(line)
    office.post(f"/programmes/lines/{line.pk}/", first)
    answer = office.post(f"/programmes/lines/{line.pk}/", second)
    assert answer.status_code == 409 and "vừa được ghi ở cửa sổ khác" in text_of(answer)
    line.refresh_from_db()
    assert line.disbursed == 500


def test_a_broken_lock_is_no_way_around(office, line):
    assert office.post(f"/programmes/lines/{line.pk}/", move(line, lock="x")).status_code == 409


def test_the_rest_goes_to_the_next_year(office, line):
    sent = move(line, kind="carry", amount="200", on="2024-01-31")
    answer = office.post(f"/programmes/lines/{line.pk}/", sent, follow=True)
    assert "Đã kéo dài sang năm 2024" in text_of(answer)
    assert BudgetLine.objects.get(year=2024).carried_over == 200
    assert "Đã kéo dài sang năm sau 200" in text_of(office.get(f"/programmes/lines/{line.pk}/"))


def test_whom_a_line_serves_is_said_on_its_page(office, line):
    line.refresh_from_db()
    sent = {"act": "tags", "shared_with": ["NQ06"], "lock": line.lock}
    assert "Dùng chung với: NQ06" in text_of(office.post(f"/programmes/lines/{line.pk}/", sent, follow=True))
    line.refresh_from_db()
    answer = office.post(f"/programmes/lines/{line.pk}/", {"act": "tags", "shared_with": ["NTX"], "lock": line.lock})
    assert answer.status_code == 422


def new(**over: Any) -> dict[str, Any]:
    given = {
        "component": "NTM:2", "unit": "commune-1", "year": "2023", "source": "province", "kind": "planned",
        "amount": "1.500.000", "on": "2023-02-01", "document": "12/QĐ", "shared_with": ["NQ06"],
    }  # fmt: skip
    return {**given, **over}


def test_a_new_line_is_entered(office):
    answer = office.post("/programmes/lines/new/", new(), follow=True)
    assert "Đã ghi dòng vốn." in text_of(answer)
    made = BudgetLine.objects.get()
    assert (made.planned, made.shared_with, made.component.number) == (1_500_000, "NQ06", 2)


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"component": ""}, "component"), ({"component": "NTM:9"}, "component"), ({"unit": "nowhere"}, "unit"),
        ({"year": "năm nay"}, "year"), ({"year": "2019"}, "year"), ({"source": ""}, "source"),
        ({"amount": "1,500,000"}, "amount"), ({"on": "2999-01-01"}, "on"), ({"document": "x" * 201}, "document"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_new_line_stands_at_its_field(office, over, field):
    answer = office.post("/programmes/lines/new/", new(**over))
    assert answer.status_code == 422 and f'id="id_{field}_error"' in answer.content.decode()
    assert not BudgetLine.objects.exists()


def test_a_programme_that_nobody_knows_is_refused_not_dropped(office):
    answer = office.post("/programmes/lines/new/", new(shared_with=["NTX"]))
    assert answer.status_code == 422 and not BudgetLine.objects.exists()


def test_the_list_is_narrowed_and_taken_out(office, world, line):
    make_line(world.communes[1], programme="GNBV", source="commune", shared_with=("NTM",))
    page = text_of(office.get("/programmes/lines/?programme=NTM&year=2023"))
    assert "dùng chung với NTM" in page and "Xã Thử 1" in page
    page = text_of(office.get("/programmes/lines/?unit=commune-2"))
    assert "1. Dự án 1" in page and page.count("Nguồn commune") >= 2
    assert "Không có dòng vốn nào" in text_of(office.get("/programmes/lines/?year=2022"))
    book = load_workbook(BytesIO(office.get("/programmes/lines/?format=xlsx").content))
    rows = list(book.active.iter_rows(values_only=True))
    assert ("NTM", 1, "Dự án 1", None, "Xã Xã Thử 1", 2023, "Nguồn province", 1_000, 0, 800, 0) in [
        r[:11] for r in rows
    ]


def test_what_is_taken_out_can_be_brought_in_again_and_changes_nothing(office, world, line):
    content = office.get("/programmes/lines/?format=xlsx").content
    sent = office.post(
        "/programmes/files/",
        {"file": SimpleUploadedFile("von.xlsx", content, content_type=upload(b"").content_type), "on": "2023-12-31"},
    )
    row = BudgetImport.objects.get()
    assert sent.status_code == 302
    page = office.get(f"/programmes/files/{row.pk}/layout/")
    form = page.context["form"].initial
    answer = office.post(f"/programmes/files/{row.pk}/layout/", {k: v for k, v in form.items() if v not in (None, "")})
    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.status, row.counts["same"], row.counts["changed"], row.counts["new"]) == ("ready", 1, 0, 0), row.faults


def test_a_file_goes_from_sending_to_undoing_on_its_pages(office):
    office.post("/programmes/files/", {"file": upload(workbook(GOOD, OTHER)), "on": "2023-12-31"})
    row = BudgetImport.objects.get()
    page = office.get(f"/programmes/files/{row.pk}/layout/")
    assert "Đã giải ngân" in text_of(page)
    form = {k: v for k, v in page.context["form"].initial.items() if v not in (None, "")}
    answer = office.post(f"/programmes/files/{row.pk}/layout/", form, follow=True)
    assert "Nhập tất cả" in text_of(answer)
    page = text_of(office.post(f"/programmes/files/{row.pk}/confirm/", follow=True))
    assert "Các số của tệp đã được ghi." in page and BudgetLine.objects.count() == 2
    page = text_of(office.post(f"/programmes/files/{row.pk}/undo/", follow=True))
    assert "Đã hoàn tác" in page and not BudgetLine.objects.exists()


def test_faults_are_listed_by_cell_and_taken_out(office, world):
    row = checked(world.people["coordinator"], (*GOOD[:3], "Xã Lạ", *GOOD[4:6], "1,500,000,000", *GOOD[7:]))
    page = text_of(office.get(f"/programmes/files/{row.pk}/"))
    assert "Giải ngân!D4" in page and "Giải ngân!G4" in page and "Từ chưa hiểu" in page
    assert "Có phải 1.500.000.000?" in page
    only = text_of(office.get(f"/programmes/files/{row.pk}/?kind=planned"))
    assert "Giải ngân!G4" in only and "Giải ngân!D4" not in only
    book = load_workbook(BytesIO(office.get(f"/programmes/files/{row.pk}/?format=xlsx").content))
    assert any("Giải ngân!G4" in map(str, cells) for cells in book.active.iter_rows(values_only=True))
    answer = office.post(f"/programmes/files/{row.pk}/words/", {"word_0": "commune-1"}, follow=True)
    assert "Giải ngân!D4" not in text_of(answer)


def test_a_file_that_is_none_is_refused_at_its_field(office):
    answer = office.post("/programmes/files/", {"on": "2023-12-31"})
    assert answer.status_code == 422 and 'id="id_file_error"' in answer.content.decode()


def test_a_rule_is_entered_and_refused_at_its_field(office):
    sent = {"measure": "workday", "dong": "300.000", "valid_from": "2023-01-01", "basis": "NQ 5"}
    assert "300.000" in text_of(office.post("/programmes/conversions/", sent, follow=True))
    assert ConversionRule.objects.get().valid_from == date(2023, 1, 1)
    answer = office.post("/programmes/conversions/", {**sent, "dong": "x"})
    page = answer.content.decode()
    assert answer.status_code == 422 and 'id="id_dong_error"' in page and 'id="id_valid_from_error"' in page


@pytest.mark.parametrize("name", ["officer", "leader", "verifier_a", "administrator"])
def test_who_writes_no_money_reads_it_and_finds_no_form(world, line, name):
    client = client_of(world, name)
    answer = client.get(f"/programmes/lines/{line.pk}/")
    assert answer.status_code == 200 and 'name="amount"' not in answer.content.decode()
    assert client.post(f"/programmes/lines/{line.pk}/", move(line)).status_code == 403
    for path in ("lines/new/", "files/"):
        assert client.get(f"/programmes/{path}").status_code == 403


def test_the_line_of_another_commune_is_not_found(world, line):
    assert client_of(world, "other_officer").get(f"/programmes/lines/{line.pk}/").status_code == 404
