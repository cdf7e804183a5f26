"""The pages of programmes: money against time, each amount once, results beside it, and only what one may see."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from indicators.services.evaluation import evaluate
from programmes.models import BudgetLine, ConversionRule
from tests.factories.budget import labour_rule, make_line, make_programmes
from tests.factories.world import World, bring_to, make_communes, make_world
from tests.indicators.views.test_units import client_of, recognise, text_of

pytestmark = pytest.mark.django_db
YEAR = "?year=2023"


@pytest.fixture
def world() -> World:
    """The first commune has 1 500 million of NTM, of which 1 000 shared with NQ06; the second 300 of GNBV."""
    make_programmes()
    world = make_world()
    first, second = world.communes
    make_line(first, planned=1_000_000_000, allocated=900_000_000, disbursed=450_000_000, shared_with=("NQ06",))
    make_line(first, component=2, planned=500_000_000, source="commune")
    make_line(second, programme="GNBV", planned=300_000_000, allocated=300_000_000, disbursed=300_000_000)
    make_line(first, source="people_cash", planned=40_000_000, disbursed=55_000_000)
    return world


@pytest.fixture
def leader(world: World) -> Client:
    return client_of(world, "leader")


def rows_of(answer: Any, heading: str) -> str:
    """Return the text of the page from a heading on."""
    page = text_of(answer)
    return page[page.index(heading) :]


def test_the_list_shows_each_programme_and_counts_a_shared_amount_once(leader):
    page = text_of(leader.get(f"/programmes/{YEAR}"))
    for expected in ("Chương trình và vốn năm 2023", "NTM", "GNBV", "NQ06", "Tổng cộng (không tính trùng)"):
        assert expected in page
    total = page[page.index("Tổng cộng (không tính trùng)") :]
    # 1 000 + 500 + 300 once; the 1 000 stand under NTM and under NQ06.
    assert "1.800" in total and "cộng các dòng sẽ thừa 1.000 triệu đồng" in page
    assert "750" in total  # disbursed by decision; what was mobilised stands apart
    assert "55" in total


def test_the_rate_is_held_against_the_time_that_is_over(leader):
    page = text_of(leader.get(f"/programmes/{YEAR}&as_of=2023-06-30"))
    assert "41,7%" in page and "kịp thời gian" not in page[: page.index("Các chương trình")]
    assert "chậm so với thời gian của năm" in page and "49,6% thời gian của năm đã qua" in page
    assert "chưa giải ngân hết trong năm" in text_of(leader.get(f"/programmes/{YEAR}&as_of=2023-12-31"))


def test_before_an_entry_its_money_is_not_there(leader):
    page = text_of(leader.get(f"/programmes/{YEAR}&as_of=2023-01-31"))
    assert "Chưa ghi vốn của năm này." in page and "1.800" not in page


def test_a_programme_shows_its_texts_components_and_money_beside_results(leader, world):
    recognise(world.commune)
    bring_to(world, "approved")
    evaluate(None)
    answer = leader.get(f"/programmes/NTM/{YEAR}")
    page = text_of(answer)
    for expected in (
        "Nghị quyết của NTM", "1. Dự án 1", "2. Dự án 2", "OCOP", "Giai đoạn", "Mục tiêu", "chưa đối chiếu",
        "Tiếp tục từ 01/01/2026 theo NQ 257:", "Xã Thử 1", "Theo nguồn vốn", "Theo năm",
    ):  # fmt: skip
        assert expected in page, expected
    units = page[page.index("Vốn bên cạnh kết quả") : page.index("Theo nguồn vốn")]
    assert "1.500" in units and "/4" in units and "2023" in units and "standard" in units
    assert "Xã Thử 2" not in units


def test_money_of_other_programmes_that_serves_one_is_told_apart(leader):
    page = text_of(leader.get(f"/programmes/NQ06/{YEAR}"))
    assert "Vốn dùng chung của NTM" in page and "1.000" in page
    assert "Chưa có danh mục thành phần của chương trình này trên cổng." in page


def test_an_unknown_programme_is_not_found(leader):
    assert leader.get("/programmes/NOPE/").status_code == 404


def test_a_programme_without_money_says_so(leader):
    page = text_of(leader.get("/programmes/NEXT/?year=2026"))
    assert "Chưa ghi vốn năm 2026" in page and "Kế thừa từ 01/01/2026" in page


def test_illustrative_money_is_marked(leader, world):
    BudgetLine.objects.first().entries.update(provenance="illustrative")
    assert "minh họa" in text_of(leader.get(f"/programmes/{YEAR}"))
    assert "minh họa" in text_of(leader.get("/units/commune-1/?as_of=2023-12-31"))


def test_an_officer_sees_the_money_of_the_own_commune_only(world):
    page = text_of(client_of(world, "other_officer").get(f"/programmes/{YEAR}"))
    assert "300" in page and "1.500" not in page and "1.800" not in page
    page = text_of(client_of(world, "other_officer").get(f"/programmes/NTM/{YEAR}"))
    assert "Chưa ghi vốn năm 2023" in page and "Xã Thử 1" not in page


def test_the_page_of_a_commune_has_its_money(leader, world):
    page = text_of(leader.get("/units/commune-1/?as_of=2023-12-31"))
    section = page[page.index("Vốn các chương trình năm 2023") :]
    assert "NTM" in section and "NQ06" in section and "1.500" in section
    assert "GNBV" not in section[: section.index("Từng dòng vốn")]


def test_a_commune_without_money_has_no_such_section(leader, world):
    make_communes(world.town, 1, start=7)
    assert "Vốn các chương trình" not in text_of(leader.get("/units/commune-7/?as_of=2023-12-31"))


def sheets(answer: Any) -> dict[str, list[tuple[Any, ...]]]:
    book = load_workbook(BytesIO(answer.getvalue() if answer.streaming else answer.content))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}


def test_excel_has_whole_dong_and_the_total_once(leader):
    found = sheets(leader.get(f"/programmes/{YEAR}&format=xlsx"))
    rows = {row[0]: row for row in found["Chương trình"]}
    assert rows["NTM"][1] == 1_500_000_000 and rows["NQ06"][1] == 1_000_000_000
    assert rows["Tổng cộng (không tính trùng)"][1:5] == (1_800_000_000, 0, 1_200_000_000, 750_000_000)
    found = sheets(leader.get(f"/programmes/NTM/{YEAR}&format=xlsx"))
    assert set(found) == {"Thành phần", "Nguồn vốn", "Đơn vị", "Năm"}


def test_english_has_its_own_words_and_numbers(leader):
    answer = leader.get(f"/programmes/{YEAR}", headers={"accept-language": "en"})
    leader.cookies["django_language"] = "en"
    page = text_of(leader.get(f"/programmes/{YEAR}"))
    assert answer.status_code == 200 and "1,800" in page and "Programme" in page


@pytest.mark.parametrize("path", [f"/programmes/{YEAR}", f"/programmes/NTM/{YEAR}", f"/programmes/lines/{YEAR}"])
def test_a_page_costs_the_same_with_two_rows_and_with_twenty(leader, world, path):
    def cost() -> int:
        with CaptureQueriesContext(connection) as found:
            assert leader.get(path).status_code == 200
        return len(found)

    cost()
    few = cost()
    for unit in make_communes(world.town, 9, start=10):
        make_line(unit, shared_with=("NQ06", "GNBV"))
        make_line(unit, component=2)
    assert cost() == few
    assert few <= 26


def test_no_rule_no_labour_and_the_page_of_rules_says_so(leader, world):
    ConversionRule.objects.all().delete()
    assert "Chưa có mức quy đổi" in text_of(leader.get("/programmes/conversions/"))
    labour_rule()
    page = text_of(leader.get("/programmes/conversions/"))
    assert "300.000" in page and "NQ 10/2021" in page and "Mức mới" not in page


def test_a_day_that_cannot_be_read_is_told(leader):
    assert "Không đọc được ngày đã chọn" in text_of(leader.get("/programmes/?as_of=31-12-2023"))


def test_the_year_with_money_is_shown_first(leader):
    assert timezone.localdate().year != 2023
    assert "Chương trình và vốn năm 2023" in text_of(leader.get("/programmes/"))
