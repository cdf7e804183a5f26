"""A set as a document: what holds on a day, every version, every level with where it came from."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from communes.services.units import load_units
from indicators.models import IndicatorVersion, Norm
from indicators.services.criteria import ADVANCED, MODEL, NEXT_STANDARD, STANDARD, load_criteria
from tests.factories.norms import enter, version_of
from tests.factories.world import REGION, World, make_person

pytestmark = pytest.mark.django_db
BACKEND = "mongcai_portal.accounts.backends.PasswordBackend"


@pytest.fixture
def law(db: Any) -> Client:
    """A reader of the four sets of the reference files."""
    load_units(by=None)
    load_criteria(by=None, files=(STANDARD, ADVANCED, MODEL, NEXT_STANDARD))
    client = Client()
    client.force_login(make_person("reader", "leader"), backend=BACKEND)
    return client


def text_of(answer: Any) -> str:
    page = re.sub(r"<(script|style|title)[^>]*>.*?</\1>", " ", answer.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def indicator(answer: Any, code: str) -> str:
    """The text of one indicator of the document."""
    found = re.search(rf'<article class="doc-ind" id="indicator-{re.escape(code)}">.*?</article>',
                      answer.content.decode(), re.S)  # fmt: skip
    assert found, code
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[0]))


def test_the_list_shows_every_set_and_which_is_a_draft(law: Client) -> None:
    page = text_of(law.get("/criteria/"))
    assert "10/10 tiêu chí, 0/47 chỉ tiêu" in page and "19/19 tiêu chí, 57/57 chỉ tiêu" in page
    (draft,) = [li for li in law.get("/criteria/").content.decode().split("<li ") if "NTM_XA_2026_2030" in li]
    assert "dự thảo" in draft
    (standard,) = [li for li in law.get("/criteria/").content.decode().split("<li ") if 'NTM_XA_2021_2025/"' in li]
    assert "đã ban hành" in standard and "dự thảo" not in standard


def test_a_draft_set_says_so_and_lists_its_criteria(law: Client) -> None:
    page = text_of(law.get("/criteria/NTM_XA_2026_2030/"))
    assert "chưa xã nào báo cáo hay được xét theo bộ này" in page and "Đã nhập 0/47 chỉ tiêu" in page
    assert "51/2025/QĐ-TTg" in page and "Chưa nhập chỉ tiêu nào của tiêu chí này." in page


def test_the_version_in_force_on_the_day_stands_first_and_the_other_is_readable(law: Client) -> None:
    for day, now, other in (
        ("2024-02-29", "Tỷ lệ dân số", "Xã triển khai"),
        ("2024-03-01", "Xã triển khai", "Tỷ lệ dân"),
    ):
        shown = indicator(law.get(f"/criteria/NTM_XA_2021_2025/?as_of={day}"), "15.4")
        assert shown.index(now) < shown.index("1 phiên bản khác") < shown.index(other), day
        assert "từ 01/01/2021 đến 29/02/2024 · 318/QĐ-TTg" in shown and "từ 01/03/2024 · 211/QĐ-TTg" in shown


def test_all_versions_can_be_opened_to_be_printed(law: Client) -> None:
    closed = law.get("/criteria/NTM_XA_2021_2025/").content.decode()
    opened = law.get("/criteria/NTM_XA_2021_2025/?versions=all").content.decode()
    assert '<details class="doc-others" open>' not in closed
    assert opened.count('<details class="doc-others" open>') == closed.count('<details class="doc-others">') > 0


def test_levels_by_region_and_year_are_a_table_with_marks(law: Client) -> None:
    page = law.get("/criteria/NTM_XA_2021_2025/").content.decode()
    income = re.search(r'id="indicator-10">.*?</article>', page, re.S)
    assert income
    (row,) = re.findall(r'<tr><th scope="row">Đồng bằng sông Hồng</th>.*?</tr>', income[0], re.S)
    assert (
        "<caption>triệu đồng/người/năm</caption>" in income[0] and "≥ 56 " in row and row.count("chưa đối chiếu") == 5
    )
    assert [c for c in ("2021", "2022", "2023", "2024", "2025") if f">{c}</th>" not in income[0]] == []


def test_a_derived_level_is_explained(law: Client) -> None:
    shown = indicator(law.get("/criteria/NTM_XA_KIEU_MAU_2021_2025/"), "2")
    assert "≥ 1,10 × mức nâng cao (chỉ tiêu 10) cùng vùng, cùng năm" in shown
    assert "lấy từ kết quả đạt chuẩn" in indicator(law.get("/criteria/NTM_XA_KIEU_MAU_2021_2025/"), "1")


def test_components_men_and_women_who_sets_the_level_and_what_is_missing_are_said(law: Client) -> None:
    page = law.get("/criteria/NTM_XA_2021_2025/")
    school = indicator(page, "14.1")
    assert "≥ mức độ 2" in school and "mức độ 1 < mức độ 2 < mức độ 3" not in indicator(page, "17.1")
    insured = next(one for one in ("15.1",) if "Nam và nữ đều phải đạt mức này." in indicator(page, one))
    assert insured
    assert "mức do UBND cấp tỉnh quy định" in indicator(page, "2.2")
    assert "chưa có mức đạt chuẩn" in indicator(page, "2.2")
    assert "xét theo mức của vùng Trung du miền núi phía Bắc" in text_of(page)


def test_there_is_no_such_set_and_a_garbled_day_is_said(law: Client) -> None:
    assert law.get("/criteria/ATLANTIS/").status_code == 404
    answer = law.get("/criteria/NTM_XA_2021_2025/?as_of=hom-qua")
    assert answer.status_code == 200 and "Không đọc được ngày đã chọn" in text_of(answer)


def test_english_is_shown_where_it_is_asked(law: Client) -> None:
    law.cookies["django_language"] = "en"
    page = text_of(law.get("/criteria/NTM_XA_KIEU_MAU_2021_2025/"))
    assert "≥ 1.10 × the advanced level (indicator 10) of the same region and year" in page


# --- Norms entered by hand ---------------------------------------------------------------------------------------


def test_the_level_that_held_stays_readable_with_who_when_why(world: World, as_person: Callable[[str], Client]) -> None:
    enter(world, "2.1", value="92", region=REGION, reason="Đối chiếu bản gốc")
    shown = indicator(as_person("officer").get("/criteria/SMALL/"), "2.1")
    now, _sign, before = shown.partition("mức khác: trước đây hoặc về sau")
    assert "≥ 92%" in now and "12/QĐ-UBND, 05/06/2022, UBND tỉnh Quảng Ninh" in now and "quyet-dinh.pdf" in now
    assert "≥ 90%" in before and "được thay" in before
    assert "coordinator" in before and "Đối chiếu bản gốc" in before and "chưa đối chiếu" in before


def test_a_level_that_begins_later_shows_on_its_day(world: World, as_person: Callable[[str], Client]) -> None:
    enter(world, "1.2", value="70")
    enter(world, "1.2", value="85", valid_from="2024-01-01")
    reader = as_person("leader")
    for day, level in (("2023-12-31", "≥ 70%"), ("2024-01-01", "≥ 85%")):
        now, _sign, _others = indicator(reader.get(f"/criteria/SMALL/?as_of={day}"), "1.2").partition("mức khác")
        assert level in now, day


def test_only_who_may_enter_sees_where(world: World, as_person: Callable[[str], Client]) -> None:
    path = f"/criteria/norms/{version_of('1.2').pk}/"
    assert path in as_person("coordinator").get("/criteria/SMALL/").content.decode()
    assert path not in as_person("leader").get("/criteria/SMALL/").content.decode()


def test_the_navigation_marks_the_inner_page_alone(as_person: Callable[[str], Client]) -> None:
    for path in ("/criteria/", "/criteria/norms/"):
        page = as_person("coordinator").get(path).content.decode()
        assert re.findall(r'<a href="([^"]*)" class="active" aria-current="page">', page) == [path]


@pytest.mark.parametrize("path", ["/criteria/", "/criteria/SMALL/?versions=all", "/criteria/norms/"])
def test_pages_carry_neither_inline_style_nor_script(as_person: Callable[[str], Client], path: str) -> None:
    page = as_person("coordinator").get(path).content.decode()
    assert not re.search(r"\sstyle=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+=", page)


def test_a_document_costs_the_same_however_much_it_holds(
    world: World, as_person: Callable[[str], Client], django_assert_max_num_queries: Any
) -> None:
    reader = as_person("coordinator")
    reader.get("/criteria/SMALL/")
    with django_assert_max_num_queries(14):
        reader.get("/criteria/SMALL/")
    old = IndicatorVersion.objects.get(indicator__code="1.1")
    for year in range(2001, 2021):
        IndicatorVersion.objects.create(
            indicator=old.indicator, valid_from=f"{year}-01-01", valid_to=f"{year}-12-31", decision="x", name_vi="x",
            name_en="x", name_provenance="sourced", element=old.element, value_type=old.value_type, unit=old.unit,
            comparison=old.comparison,
        )  # fmt: skip
        Norm.objects.create(version=old, year=year, boolean=True, provenance="sourced", decision="x")
    with django_assert_max_num_queries(14):
        reader.get("/criteria/SMALL/")
