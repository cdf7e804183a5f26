"""Money on the overview and on the pages of measures: fresh, in one's own language, and to whom it belongs."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from programmes.models import BudgetEntry
from programmes.services.budget import Move, enter_move
from tests.factories.board import Board, board, person
from tests.factories.budget import make_line, make_programmes
from tests.factories.clients import make_caller
from tests.programmes.views.test_overview import furnish, text_of

pytestmark = pytest.mark.django_db
BACKEND = "mongcai_portal.accounts.backends.PasswordBackend"
DAY = "?as_of=2023-12-31"
RATE = "money.ntm.disbursement_rate"


@pytest.fixture
def town() -> Board:
    town = furnish(board(3))
    make_programmes()
    first, second, _third = town.communes
    make_line(first, allocated=600_000_000, disbursed=500_000_000, shared_with=("NQ06",))
    make_line(second, programme="GNBV", allocated=600_000_000, disbursed=100_000_000)
    return town


def signed_in(role: str, **more: Any) -> Client:
    client = Client()
    client.force_login(person(role, role, **more), backend=BACKEND)
    return client


def test_the_overview_has_one_strip_with_the_rate_of_each_programme(town: Board) -> None:
    page = text_of(signed_in("leader").get(f"/{DAY}"))
    assert "Giải ngân vốn năm 2023 100% thời gian của năm đã qua" in page
    assert re.search(r"Tổng cộng \(không tính trùng\) 30,0% .*Nông thôn mới 50,0% .*Giảm nghèo bền vững 10,0%", page)
    assert "Vùng DTTS và miền núi" not in page.split("Giải ngân vốn năm 2023")[1].split("Cần chú ý")[0]


def test_without_money_there_is_no_strip(town: Board) -> None:
    assert "Giải ngân vốn năm" not in text_of(signed_in("leader").get("/?as_of=2022-12-31"))


def test_one_commune_has_its_own_strip(town: Board) -> None:
    answer = signed_in("leader").get(f"/{DAY}&unit=xa-2")
    assert [one.rate for one in answer.context["page"].money.rates] == ["10,0%", "10,0%"]


def test_a_new_disbursement_freshens_the_overview(town: Board) -> None:
    leader = signed_in("leader")
    for _time in range(2):
        with CaptureQueriesContext(connection) as asked:
            assert "Nông thôn mới 50,0%" in text_of(leader.get(f"/{DAY}"))
    assert len(asked) <= 5
    line = BudgetEntry.objects.get(amount=500_000_000).line
    enter_move(by=None, line_id=line.pk, move=Move("disbursed", 100_000_000, date(2023, 6, 1), "9/QĐ-UBND"))
    assert "Nông thôn mới 60,0%" in text_of(leader.get(f"/{DAY}"))


def test_an_illustrative_amount_is_marked_where_it_shows(town: Board) -> None:
    BudgetEntry.objects.update(provenance="illustrative")
    leader = signed_in("leader")
    strip = leader.get(f"/{DAY}").context["page"].money
    assert (strip.mark, {one.mark for one in strip.rates}) == ("illustrative", {""})
    assert "minh họa" in text_of(leader.get(f"/measures/{RATE}/{DAY}"))


def test_a_rate_behind_its_plan_needs_attention(town: Board) -> None:
    target = town.aim(RATE, 2023, "95", start="0", since=date(2023, 1, 1))
    page = signed_in("leader").get(f"/{DAY}").context["page"]
    items = [one for one in (*page.attention, *page.more_attention) if f"/targets/{target.pk}/" in one.url]
    assert [one.title for one in items] == ["Tỷ lệ giải ngân: Nông thôn mới: chậm so với chỉ tiêu 2023"]
    assert "Chậm so với chỉ tiêu 2023: 95,0%" in [one.target for one in page.money.rates]


def test_the_page_of_a_rate_and_the_api_say_the_same(town: Board) -> None:
    answer = signed_in("leader").get(f"/measures/{RATE}/{DAY}")
    page, row = text_of(answer), make_caller("leader").get(f"measures/{RATE}/", as_of="2023-12-31").json()
    assert (row["value"], row["numerator"], row["denominator"]) == ("50.0", 500_000_000, 1_000_000_000)
    for told in ("50,0% 500/1.000 triệu đồng", "500.000.000 đồng", "1.000.000.000 đồng", "Nghị quyết của NTM"):
        assert told in page, told
    assert "/programmes/lines/?programme=NTM&amp;year=2023" in answer.content.decode()


def test_the_page_of_an_amount_leads_to_its_chart_in_millions(town: Board) -> None:
    make_line(town.communes[0], year=2022, allocated=900_000_000, disbursed=900_000_000, on=date(2022, 5, 1))
    leader = signed_in("leader")
    assert "600 triệu đồng" in text_of(leader.get(f"/measures/money.all.disbursed/{DAY}"))
    chart = leader.get(f"/measures/money.all.disbursed/chart.json{DAY}").json()
    assert [(one["value"], one["text"]) for one in chart["data"]["values"]] == [
        (900.0, "900"),
        (600.0, "600"),
    ]


def test_a_programme_without_money_says_so_on_its_page(town: Board) -> None:
    page = text_of(signed_in("leader").get(f"/measures/money.dtts.disbursement_rate/{DAY}"))
    assert "Đến ngày này chưa ghi vốn nào của năm cho địa bàn." in page


def test_the_page_is_english_where_english_is_asked(town: Board) -> None:
    leader = signed_in("leader")
    leader.cookies["django_language"] = "en"
    page = text_of(leader.get(f"/measures/{RATE}/{DAY}"))
    assert "Disbursement rate: New rural development" in page and "VND 500/1,000 million" in page
    assert "Disbursement in 2023" in text_of(leader.get(f"/{DAY}"))


def test_an_officer_reads_the_own_commune_and_of_the_town_the_figure_alone(town: Board) -> None:
    officer = signed_in("commune_officer", unit=town.communes[0])
    assert officer.get(f"/measures/{RATE}/{DAY}&unit=xa-1").status_code == 200
    assert officer.get(f"/measures/{RATE}/{DAY}&unit=xa-2").status_code == 404
    page = text_of(officer.get(f"/measures/money.all.disbursement_rate/{DAY}"))
    assert "30,0%" in page and "1 dòng vốn khác ngoài phạm vi của bạn" in page and "Xã 002" not in page


def test_money_costs_the_overview_no_query_more_with_more_lines(town: Board) -> None:
    leader, counts = signed_in("leader"), []
    leader.get(f"/{DAY}")
    for component, source in ((2, "province"), (1, "city"), (2, "city")):
        for unit in town.communes:
            make_line(unit, component=component, source=source)
        with CaptureQueriesContext(connection) as asked:
            leader.get(f"/{DAY}")
        counts.append(len([q for q in asked if "SAVEPOINT" not in q["sql"]]))
    assert len(set(counts)) == 1 and counts[0] <= 21
