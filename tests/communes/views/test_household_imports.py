"""The pages of imports: sending, declaring, faults by cell, confirming, undoing, and who may."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from communes.models import Household, HouseholdImport
from communes.services.household_imports import declare_import
from communes.services.households import correct_household
from tests.factories.household_files import CHILD, HEAD, LAYOUT, OTHER, checked, file_of, run_jobs, sent
from tests.factories.registers import NUMBER, Registry
from tests.factories.windows import BACKEND

pytestmark = pytest.mark.django_db
URL = "/households/imports/"
FORM = {
    "sheet": LAYOUT.sheet, "head_first": 3, "head_last": 3, "data_first": 4, "rows_are": "members",
    "day_shapes": ["dmy", "year"], "number_format": "vi", "income_unit": 1, "save_as": "",
    **{f"column_{key}": column for key, column in LAYOUT.columns.items()},
}  # fmt: skip


def window(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


@pytest.fixture
def officer(registry: Registry) -> Client:
    return window(registry.officer)


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_file_goes_the_whole_way_through_the_pages(registry: Registry, officer: Client) -> None:
    answer = officer.post(URL, {"file": file_of(HEAD, CHILD, OTHER), "on": "2024-01-01", "unit": "", "source": ""})
    row = HouseholdImport.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"{URL}{row.pk}/layout/")
    page = text_of(officer.get(f"{URL}{row.pk}/layout/"))
    assert "D · Họ và tên" in page and "Chủ Hộ Thử" in page and NUMBER not in page
    assert officer.post(f"{URL}{row.pk}/layout/", FORM)["Location"] == f"{URL}{row.pk}/"
    assert "hx-trigger" in text_of(officer.get(f"{URL}{row.pk}/"))
    run_jobs()
    page = text_of(officer.get(f"{URL}{row.pk}/"))
    assert "Nhập tất cả" in page and "hx-trigger" not in page
    officer.post(f"{URL}{row.pk}/confirm/")
    run_jobs()
    assert Household.objects.count() == 2
    assert "Hoàn tác cả tệp" in text_of(officer.get(f"{URL}{row.pk}/"))
    officer.post(f"{URL}{row.pk}/undo/")
    run_jobs()
    assert not Household.objects.exists() and "đã hoàn tác" in text_of(officer.get(URL))


def test_what_is_wrong_with_a_sending_stands_at_its_field(officer: Client, registry: Registry) -> None:
    answer = officer.post(URL, {"on": "", "unit": "", "source": ""})
    assert answer.status_code == 422
    assert "Chưa chọn tệp." in text_of(answer) and "Ghi ngày các hộ vào sổ." in text_of(answer)


def test_what_is_wrong_with_a_declaration_stands_at_its_field(officer: Client, registry: Registry) -> None:
    row = sent(registry.officer)
    answer = officer.post(f"{URL}{row.pk}/layout/", {**FORM, "column_code": "", "day_shapes": []})
    assert answer.status_code == 422
    assert "Chọn cột của mục này." in text_of(answer) and "cổng không đoán" in text_of(answer)
    row.refresh_from_db()
    assert row.status == "sent"


def test_the_heading_is_read_again_where_the_reader_says(officer: Client, registry: Registry) -> None:
    row = sent(registry.officer)
    asked = {"sheet": LAYOUT.sheet, "head_first": 2, "head_last": 3, "data_first": 4}
    page = text_of(officer.get(f"{URL}{row.pk}/layout/", asked))
    assert "A · Ngày lập 01/01/2024 › Mã hộ" in page
    assert officer.get(f"{URL}{row.pk}/layout/", {"head_first": "x", "sheet": "Không có"}).status_code == 200


def test_faults_are_shown_by_cell_and_kind(officer: Client, registry: Registry) -> None:
    row = checked(registry.officer, HEAD[:5] + ("31/02/1980", "2", "12", "1 triệu"), CHILD)
    page = text_of(officer.get(f"{URL}{row.pk}/"))
    for cell, words in (("F4", "Không phải là ngày."), ("H4", "12 chữ số"), ("I4", "Không phải là số.")):
        assert cell in page and words in page
    assert "“2” nghĩa là" in page
    only = text_of(officer.get(f"{URL}{row.pk}/?kind=malformed"))
    assert "H4" in only and "F4" not in only


def test_a_word_is_given_its_meaning(officer: Client, registry: Registry) -> None:
    row = checked(registry.officer, HEAD[:6] + ("2", *HEAD[7:]))
    officer.post(f"{URL}{row.pk}/words/", {"word_0": "female"})
    run_jobs()
    row.refresh_from_db()
    assert (row.status, row.layout["words"]["sex"]) == ("ready", {"20": "female"})


def test_the_faults_leave_as_a_workbook_with_their_cells_marked_and_no_number(
    officer: Client, registry: Registry
) -> None:
    row = checked(registry.officer, HEAD[:5] + ("31/02/1980", *HEAD[6:]), CHILD)
    answer = officer.get(f"{URL}{row.pk}/faults/")
    assert "no-store" in answer["Cache-Control"]
    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    listed, marked = book.worksheets
    assert [cell.value for cell in listed[4]][:4] == ["F4", "ngày sinh", "31/02/1980", "Không phải là ngày."]
    assert marked["F4"].fill.fgColor.rgb == "FFF9D0CB" and marked["F5"].fill.fgColor.rgb != "FFF9D0CB"
    assert marked["D4"].value == "Chủ Hộ Thử" and marked["H4"].value == "•••" and "ngày" in marked["J4"].value
    everything = repr([[cell.value for cell in line] for sheet in book.worksheets for line in sheet])
    assert NUMBER not in everything


def test_doubts_ask_for_a_tick(officer: Client, registry: Registry) -> None:
    row = checked(registry.officer, HEAD[:7] + (None, None), ("H2", *HEAD[1:7], None, None))
    assert "doubts_right" in text_of(officer.get(f"{URL}{row.pk}/"))
    answer = officer.post(f"{URL}{row.pk}/confirm/", follow=True)
    assert "đánh dấu rằng chúng đúng" in text_of(answer)
    officer.post(f"{URL}{row.pk}/confirm/", {"doubts_right": "on"})
    run_jobs()
    assert Household.objects.count() == 2


def test_what_rests_on_an_import_is_named(officer: Client, registry: Registry) -> None:
    row = checked(registry.officer)
    officer.post(f"{URL}{row.pk}/confirm/")
    run_jobs()
    household = Household.objects.get(code="H1")
    correct_household(by=registry.officer, household_id=household.pk, changes={"address": "Tổ 9"})
    assert "Hộ H1: đã thay đổi sau khi nhập." in text_of(officer.post(f"{URL}{row.pk}/undo/", follow=True))
    assert Household.objects.count() == 2


def test_a_file_is_put_aside(officer: Client, registry: Registry) -> None:
    row = sent(registry.officer)
    assert "sổ hộ không thay đổi" in text_of(officer.post(f"{URL}{row.pk}/discard/", follow=True))
    assert officer.get(f"{URL}{row.pk}/layout/").status_code == 404
    assert officer.get(f"{URL}{row.pk}/faults/").status_code == 404


def test_work_that_has_failed_says_so(officer: Client, registry: Registry) -> None:
    row = sent(registry.officer)
    declare_import(by=registry.officer, import_id=row.pk, layout=LAYOUT)
    HouseholdImport.objects.filter(pk=row.pk).update(status="sent", error="failed")
    assert "Có lỗi của cổng" in text_of(officer.get(f"{URL}{row.pk}/"))


def test_a_file_of_another_unit_is_not_found_and_not_listed(registry: Registry) -> None:
    row = sent(registry.officer, name="cua-hai-son.xlsx")
    stranger = window(registry.stranger)
    assert "cua-hai-son" not in text_of(stranger.get(URL))
    for path in ("", "layout/", "faults/"):
        assert stranger.get(f"{URL}{row.pk}/{path}").status_code == 404
    for act in ("confirm", "check", "words", "discard", "undo"):
        assert stranger.post(f"{URL}{row.pk}/{act}/").status_code == 404
    assert window(registry.coordinator).get(f"{URL}{row.pk}/").status_code == 200
    assert window(registry.leader).get(URL).status_code == 403


def test_the_pages_cost_the_same_for_few_and_many(
    officer: Client, registry: Registry, django_assert_max_num_queries: Any
) -> None:
    rows = [(f"N{n}", "Thôn Lạ", None, f"Người {n}", "Cháu", "x", "2", "12", "y") for n in range(60)]
    row = checked(registry.officer, *rows)
    with django_assert_max_num_queries(22):
        officer.get(f"{URL}{row.pk}/")
