"""Figures with their sources on pages: what is known, what differs, and how they are typed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from programmes.models import ObservedStatistic
from tests.factories.board import Board, board, person
from tests.factories.plans import make_figure
from tests.programmes.views.test_overview import text_of

pytestmark = pytest.mark.django_db
BACKEND = "mongcai_portal.accounts.backends.PasswordBackend"
END = date(2023, 12, 31)
FORM = {
    "measure": "cooperatives.effective.count", "unit": "xa-1", "as_of": "2023-12-31", "value": "3",
    "source": "Báo cáo 12/BC-UBND", "provenance": "sourced", "printed": "03 HTX",
}  # fmt: skip


@pytest.fixture
def town() -> Board:
    return board(2)


def signed_in(role: str, **more: Any) -> Client:
    client = Client()
    client.force_login(person(role, role, **more), backend=BACKEND)
    return client


@pytest.fixture
def officer(town: Board) -> Client:
    return signed_in("commune_officer", unit=town.communes[0])


def test_a_year_of_a_commune_tells_what_is_known_and_what_is_missing(officer: Client, town: Board) -> None:
    make_figure(town.communes[0], printed_vi="03 HTX")
    page = text_of(officer.get("/statistics/?year=2023"))
    assert "Xã 001, 2023" in page and "01/09 con số đã có" in page
    assert "Báo cáo 12/BC-UBND" in page and "03 HTX" in page
    assert page.count("chưa nhập") == 8


def test_the_unit_that_is_shown_is_the_one_chosen_whoever_reads(officer: Client, town: Board) -> None:
    def chosen(uid: str) -> tuple[list[str], bool]:
        answer = officer.get(f"/statistics/?year=2023&unit={uid}")
        options = [code for code, _label in answer.context["units"]]
        return options, f'<option value="{uid}" selected>' in answer.content.decode()

    assert chosen("mong-cai") == (["mong-cai", "xa-1"], True)
    assert chosen("xa-1") == (["xa-1"], True)


def test_sources_that_differ_are_called_so(officer: Client, town: Board) -> None:
    make_figure(town.communes[0])
    make_figure(town.communes[0], source="Niên giám", value=3)
    assert "các nguồn nêu khác nhau" not in officer.get("/statistics/?year=2023").content.decode()
    make_figure(town.communes[0], source="Báo", value=4)
    assert "các nguồn nêu khác nhau" in officer.get("/statistics/?year=2023").content.decode()


def test_a_figure_is_typed_and_stands_in_its_year(officer: Client) -> None:
    answer = officer.post("/statistics/new/", FORM, follow=True)
    assert "Đã ghi số liệu kèm nguồn." in text_of(answer)
    row = ObservedStatistic.objects.get()
    assert (row.value, row.printed_vi, row.source) == (3, "03 HTX", "Báo cáo 12/BC-UBND")
    assert "đã được ghi từ trước" in text_of(officer.post("/statistics/new/", FORM, follow=True))
    assert ObservedStatistic.records.count() == 1


def test_bad_input_stands_at_its_field_and_nothing_typed_is_lost(officer: Client) -> None:
    answer = officer.post("/statistics/new/", FORM | {"value": "1.234", "source": "", "unit_code": "household"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"value", "source", "unit_code"}
    assert "đọc được hai cách" in page and "tính bằng hợp tác xã, không phải hộ" in page
    assert 'value="1.234"' in page and "03 HTX" in page
    assert not ObservedStatistic.records.exists()


def test_an_officer_is_offered_the_own_commune_and_no_figure_of_the_area(officer: Client) -> None:
    form = officer.get("/statistics/new/").context["form"]
    assert [code for code, _label in form.fields["unit"].choices] == ["", "xa-1"]
    assert "income.rural.per_capita" not in dict(form.fields["measure"].choices)
    answer = officer.post("/statistics/new/", FORM | {"unit": "xa-2"})
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"unit"})


def test_the_coordination_office_types_for_the_town(town: Board) -> None:
    coordinator = signed_in("coordinator")
    typed = FORM | {
        "measure": "income.rural.per_capita",
        "unit": "mong-cai",
        "value": "76,611",
        "printed": "76.611 triệu",
    }
    assert coordinator.post("/statistics/new/", typed).status_code == 302
    page = text_of(coordinator.get("/measures/income.rural.per_capita/?as_of=2023-12-31"))
    assert "76,611" in page and "76.611 triệu" in page


def test_a_correction_keeps_the_wrong_figure_readable(officer: Client, town: Board) -> None:
    row = make_figure(town.communes[0])
    typed = {name: FORM[name] for name in FORM if name not in ("measure", "unit")} | {"value": "4"}
    assert officer.post(f"/statistics/{row.pk}/correct/", typed).status_code == 422
    answer = officer.post(f"/statistics/{row.pk}/correct/", typed | {"reason": "Đếm sót"}, follow=True)
    assert "Đếm sót" in text_of(answer)
    page = text_of(officer.get(f"/statistics/{row.pk}/"))
    assert "Số liệu này không còn được tính." in page and "Xem số đúng" in page
    assert [one.value for one in ObservedStatistic.objects.all()] == [4]


def test_a_second_window_is_told(officer: Client, town: Board) -> None:
    row = make_figure(town.communes[0])
    typed = {name: FORM[name] for name in FORM if name not in ("measure", "unit")} | {"reason": "a"}
    assert officer.post(f"/statistics/{row.pk}/correct/", typed | {"value": "4"}).status_code == 302
    again = officer.post(f"/statistics/{row.pk}/correct/", typed | {"value": "5"}, follow=True)
    assert "ở cửa sổ khác" in text_of(again)
    assert [one.value for one in ObservedStatistic.objects.all()] == [4]


def test_a_figure_is_withdrawn_with_a_reason(officer: Client, town: Board) -> None:
    row = make_figure(town.communes[0])
    assert officer.post(f"/statistics/{row.pk}/withdraw/", {"reason": ""}).status_code == 422
    assert "Ghi nhầm xã" in text_of(
        officer.post(f"/statistics/{row.pk}/withdraw/", {"reason": "Ghi nhầm xã"}, follow=True)
    )
    assert not ObservedStatistic.objects.exists()


def test_what_is_another_communes_is_not_found_and_what_is_the_towns_is_not_changed(
    officer: Client, town: Board
) -> None:
    foreign, towns = make_figure(town.communes[1]), make_figure(town.town)
    for what in ("", "correct/", "withdraw/"):
        assert officer.get(f"/statistics/{foreign.pk}/{what}").status_code == 404
    assert officer.get(f"/statistics/{towns.pk}/").status_code == 200
    assert officer.get(f"/statistics/{towns.pk}/correct/").status_code == 403
    assert officer.get("/statistics/?unit=xa-2").status_code == 404


def test_who_only_reads_types_nothing(town: Board) -> None:
    leader = signed_in("leader")
    assert leader.get("/statistics/new/").status_code == 403
    assert leader.get("/statistics/?unit=xa-1&year=2023").status_code == 200


def test_the_page_costs_the_same_for_one_figure_and_for_twenty(officer: Client, town: Board) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert officer.get("/statistics/?year=2023").status_code == 200
        return len(caught)

    make_figure(town.communes[0])
    queries()
    few = queries()
    for at in range(20):
        make_figure(town.communes[0], source=f"Nguồn {at}")
    assert queries() == few
