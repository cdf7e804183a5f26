"""Plan against actual on pages: what readers see, how plans are typed, and who may."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from communes.models import UnitGroupMember
from mongcai_portal.common.models import Source
from programmes.models import Target
from tests.factories.board import Board, board, person
from tests.factories.world import make_communes
from tests.programmes.views.test_overview import text_of

pytestmark = pytest.mark.django_db
BACKEND = "mongcai_portal.accounts.backends.PasswordBackend"
END = date(2023, 12, 31)
DAY = "?as_of=2023-12-31"
FORM = {
    "measure": "poverty.near_poor.count", "unit": "mong-cai", "year": "2024", "value": "0", "baseline_value": "57",
    "baseline_on": "2023-12-31", "baseline_source": "mongcai_2024", "source": "KL 29/02/2024",
    "provenance": "sourced",
}  # fmt: skip


@pytest.fixture
def town() -> Board:
    town = board(3)
    town.observe("poverty.near_poor.count", END, "57")
    town.observe("ocop.recognised.count", date(2020, 12, 31), "20")
    town.observe("ocop.recognised.count", END, "29")
    town.aim("poverty.near_poor.count", 2024, "0")
    town.aim("ocop.recognised.count", 2025, "35", start="20", since=date(2020, 12, 31))
    town.aim("ocop.recognised.count", 2022, "30", start="20", since=date(2020, 12, 31))
    return town


def signed_in(role: str, **more: Any) -> Client:
    client = Client()
    client.force_login(person(role, role, **more), backend=BACKEND)
    return client


@pytest.fixture
def leader(town: Board) -> Client:
    return signed_in("leader")


@pytest.fixture
def coordinator(town: Board) -> Client:
    return signed_in("coordinator")


# --- The page --------------------------------------------------------------------------------------------------------


def test_plans_stand_by_programme_with_start_plan_actual_and_status(leader: Client) -> None:
    page = text_of(leader.get(f"/targets/{DAY}"))
    ntm, poverty = page.index("Xây dựng nông thôn mới 2 chỉ tiêu"), page.index("Giảm nghèo bền vững 1 chỉ tiêu")
    assert ntm < poverty
    # 29 of 20 to 35 in three of five years: nine of fifteen, as the line asks for.
    assert "2025 20 31/12/2020 35 29 31/12/2023 Đúng tiến độ 60%" in page
    assert "2022 20 31/12/2020 30 29 31/12/2023 Quá hạn 90%" in page
    assert "2024 57 31/12/2023 0 57 31/12/2023 Đúng tiến độ 0% theo tiến độ: 57" in page


def test_a_plan_is_reached_when_the_figure_is_there(leader: Client, town: Board) -> None:
    town.observe("poverty.near_poor.count", date(2024, 12, 31), "0")
    page = text_of(leader.get("/targets/?as_of=2024-12-31"))
    assert "2024 57 31/12/2023 0 0 31/12/2024 Đạt 100%" in page


@pytest.mark.parametrize(
    ("query", "years"),
    [("&programme=GNBV", {2024}), ("&year=2022", {2022}), ("&status=behind", {2022}), ("&programme=DTTS", set())],
)
def test_the_page_can_be_narrowed(leader: Client, query: str, years: set[int]) -> None:
    answer = leader.get(f"/targets/{DAY}{query}")
    found = {line.year for section in answer.context["view"].sections for line in section.lines}
    assert found == years
    assert ("Không có chỉ tiêu nào khớp bộ lọc" in answer.content.decode()) == (not years)


def test_a_commune_has_its_own_plans_and_stands_among_the_towns(leader: Client, town: Board) -> None:
    town.observe("cooperatives.effective.count", END, "2", area=town.communes[0])
    town.aim("cooperatives.effective.count", 2024, "4", start="2", since=date(2022, 12, 31), area=town.communes[0])
    assert "Xã 001" in text_of(leader.get(f"/targets/{DAY}"))
    page = text_of(leader.get(f"/targets/{DAY}&unit=xa-1"))
    assert "2024 2 31/12/2022 4 2 31/12/2023 Chậm 0% theo tiến độ: 3" in page
    assert "Giảm nghèo bền vững 1" not in page


def test_a_plan_over_a_group_is_held_against_the_group(leader: Client, town: Board) -> None:
    town.recognise(town.communes[0], "standard", date(2021, 1, 1))
    UnitGroupMember.objects.filter(group=town.groups["ntm_upgrade"], unit=town.communes[0]).delete()
    more = {"start": "0", "since": date(2020, 12, 31)}
    town.aim("ntm.recognised.standard", 2025, "100", **more)
    town.aim("ntm.recognised.standard", 2025, "100", group=town.groups["ntm_upgrade"], **more)
    rows = leader.get(f"/targets/{DAY}&programme=NTM").context["view"].sections[0].lines
    shown = {line.group: line.actual for line in rows if "chuẩn" in line.label}
    assert shown == {"": "33,3%", "Nhóm ntm_upgrade": "0%"}


def test_an_officer_reads_the_own_communes_plans_and_the_towns_only(town: Board) -> None:
    for unit in town.communes:
        town.aim("cooperatives.effective.count", 2025, "4", start="2", area=unit)
    officer = signed_in("commune_officer", unit=town.communes[0])
    lines = [line for one in officer.get(f"/targets/{DAY}").context["view"].sections for line in one.lines]
    assert {line.place for line in lines} == {"Móng Cái", "Xã 001"}
    assert officer.get(f"/targets/{DAY}&unit=xa-2").status_code == 404
    assert "Đặt chỉ tiêu" not in officer.get(f"/targets/{DAY}").content.decode()


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(path).status_code == 200
    return len(caught)


def test_a_public_text_is_told_by_its_title_and_any_other_source_as_it_was_typed(
    coordinator: Client, leader: Client, town: Board
) -> None:
    Source.objects.update_or_create(code="mongcai_2024", defaults={"title": "Báo cáo năm 2023 của thành phố"})
    made = coordinator.post("/targets/new/", {**FORM, "year": "2025"})
    page = text_of(leader.get(made.headers["Location"]))
    assert "57 (31/12/2023; Báo cáo năm 2023 của thành phố)" in page and "mongcai_2024" not in page
    assert "KL 29/02/2024" in page


def test_the_page_costs_the_same_for_two_communes_and_for_twenty(leader: Client, town: Board) -> None:
    leader.get(f"/targets/{DAY}")
    few = queries(leader, f"/targets/{DAY}")
    for at, unit in enumerate(make_communes(town.town, 20)):
        town.aim("cooperatives.effective.count", 2025, "4", start="2", area=unit)
        town.observe("cooperatives.effective.count", END, str(at), area=unit)
    assert queries(leader, f"/targets/{DAY}") == few


def test_a_day_that_cannot_be_read_says_so(leader: Client) -> None:
    assert "Không đọc được ngày đã chọn" in leader.get("/targets/?as_of=31-12").content.decode()
    assert leader.get(f"/targets/{DAY}&unit=atlantis").status_code == 404


def test_english_pages_are_in_english_form(leader: Client, town: Board) -> None:
    town.observe("income.rural.per_capita", END, "76.611")
    town.aim("income.rural.per_capita", 2025, "85.5", start="70")
    leader.cookies["django_language"] = "en"
    page = text_of(leader.get(f"/targets/{DAY}"))
    assert "85.5" in page and "31 Dec 2023" in page and "New rural development" in page


# --- One plan --------------------------------------------------------------------------------------------------------


def test_a_plan_shows_how_it_stands_and_every_version(coordinator: Client, town: Board) -> None:
    row = Target.objects.get(year=2024)
    coordinator.post(
        f"/targets/{row.pk}/revise/",
        {name: FORM[name] for name in FORM if name not in ("measure", "unit", "year")}
        | {"value": "10", "reason": "Kết luận của Thường trực"},
    )
    new = Target.objects.get(year=2024)
    page = text_of(coordinator.get(f"/targets/{new.pk}/{DAY}"))
    assert "2024 57 31/12/2023 10 57 31/12/2023 Đúng tiến độ" in page
    assert "Kết luận của Thường trực" in page
    old = text_of(coordinator.get(f"/targets/{row.pk}/"))
    assert "Chỉ tiêu này không còn được tính." in old and "Xem chỉ tiêu thay cho nó" in old


def test_a_plan_of_another_commune_is_not_found(town: Board) -> None:
    town.aim("cooperatives.effective.count", 2025, "4", start="2", area=town.communes[1])
    officer = signed_in("commune_officer", unit=town.communes[0])
    foreign = Target.objects.get(area=town.communes[1])
    assert officer.get(f"/targets/{foreign.pk}/").status_code == 404
    assert officer.get(f"/targets/{Target.objects.get(year=2024).pk}/").status_code == 200


# --- Typing ----------------------------------------------------------------------------------------------------------


def test_a_plan_is_typed_and_its_page_opens(coordinator: Client) -> None:
    Target.objects.all().delete()
    answer = coordinator.post("/targets/new/", FORM, follow=True)
    assert answer.status_code == 200
    assert "Đã đặt chỉ tiêu." in text_of(answer)
    row = Target.objects.get()
    assert (row.value, row.baseline_value, row.baseline_on) == (0, 57, END)
    assert "đã được đặt từ trước" in text_of(coordinator.post("/targets/new/", FORM, follow=True))
    assert Target.records.count() == 1


def test_the_form_begins_where_the_measure_stands(coordinator: Client) -> None:
    page = coordinator.get("/targets/new/?measure=ocop.recognised.count&as_of=2023-12-31").content.decode()
    for expected in ('name="baseline_value" value="29"', 'value="2023-12-31"', 'value="review"'):
        assert expected in page


def test_bad_input_stands_at_its_field_and_nothing_typed_is_lost(coordinator: Client) -> None:
    before = Target.records.count()
    typed = FORM | {"baseline_value": "", "baseline_on": "hôm qua", "value": "1.057", "year": "2024", "note": "Ghi chú"}
    answer = coordinator.post("/targets/new/", typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"baseline_value", "baseline_on", "value"}
    assert "phải có điểm xuất phát" in page and "đọc được hai cách" in page
    for kept in ("1.057", "hôm qua", "Ghi chú", "mongcai_2024"):
        assert kept in page
    assert Target.records.count() == before


def test_two_plans_for_one_year_are_told_at_the_year(coordinator: Client) -> None:
    answer = coordinator.post("/targets/new/", FORM | {"value": "5"})
    assert answer.status_code == 422
    assert "Đã có chỉ tiêu khác cho năm này (0)" in answer.context["form"].errors["year"][0]


def test_a_second_window_is_told(coordinator: Client) -> None:
    row = Target.objects.get(year=2024)
    typed = {name: FORM[name] for name in FORM if name not in ("measure", "unit", "year")} | {"reason": "a"}
    assert coordinator.post(f"/targets/{row.pk}/revise/", typed | {"value": "10"}).status_code == 302
    answer = coordinator.post(f"/targets/{row.pk}/revise/", typed | {"value": "20"}, follow=True)
    assert "ở cửa sổ khác" in text_of(answer)
    assert [one.value for one in Target.objects.filter(year=2024)] == [10]
    assert "ở cửa sổ khác" in text_of(coordinator.post(f"/targets/{row.pk}/withdraw/", {"reason": "a"}, follow=True))
    assert coordinator.get(f"/targets/{row.pk}/revise/").status_code == 302


def test_a_plan_is_withdrawn_with_a_reason(coordinator: Client) -> None:
    row = Target.objects.get(year=2024)
    assert coordinator.post(f"/targets/{row.pk}/withdraw/", {"reason": " "}).status_code == 422
    answer = coordinator.post(f"/targets/{row.pk}/withdraw/", {"reason": "Ghi nhầm"}, follow=True)
    assert "Ghi nhầm" in text_of(answer)
    assert not Target.objects.filter(year=2024).exists()


@pytest.mark.parametrize("path", ["/targets/new/", "/targets/{pk}/revise/", "/targets/{pk}/withdraw/"])
def test_who_plans_nothing_is_forbidden(leader: Client, path: str) -> None:
    path = path.format(pk=Target.objects.get(year=2024).pk)
    assert leader.get(path).status_code == 403
    assert leader.post(path, FORM).status_code == 403


# --- Where else they stand ---------------------------------------------------------------------------------------


def test_late_plans_stay_among_what_needs_attention(leader: Client, town: Board) -> None:
    page = text_of(leader.get(f"/attention/{DAY}"))
    assert "Sản phẩm OCOP 3-5 sao còn hiệu lực: đã qua hạn chỉ tiêu 2022" in page
    town.observe("ocop.recognised.count", date(2024, 1, 1), "30")
    assert "đã qua hạn chỉ tiêu 2022" not in text_of(leader.get("/attention/?as_of=2024-01-01"))


def test_a_communes_late_plan_needs_attention_too(leader: Client, town: Board) -> None:
    town.observe("cooperatives.effective.count", END, "2", area=town.communes[0])
    town.aim("cooperatives.effective.count", 2022, "4", start="2", area=town.communes[0])
    assert "Xã 001: Hợp tác xã hoạt động hiệu quả: đã qua hạn chỉ tiêu 2022" in text_of(leader.get(f"/attention/{DAY}"))


def test_the_commune_page_tells_its_plans_where_there_are_any(leader: Client, town: Board) -> None:
    town.observe("cooperatives.effective.count", END, "2", area=town.communes[0])
    town.aim("cooperatives.effective.count", 2024, "4", start="2", since=date(2022, 12, 31), area=town.communes[0])
    assert "2024 2 31/12/2022 4 2 31/12/2023 Chậm" in text_of(leader.get(f"/units/xa-1/{DAY}"))
    assert 'id="targets"' not in leader.get(f"/units/xa-2/{DAY}").content.decode()
