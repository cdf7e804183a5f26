"""What a household is under every standard: side by side on its page, with the reason in words, and in the list."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from communes.models import Deprivation, Household, PovertyStandard, StandardYear, SurveyForm
from communes.services.households import register_household
from tests.factories.classifications import make_classification, make_standard
from tests.factories.registers import Registry, entry, family
from tests.factories.windows import LocalWindow

pytestmark = pytest.mark.django_db
YEAR = date.today().year  # noqa: DTZ011 - the standard counts whatever the day


@pytest.fixture
def household(registry: Registry) -> Household:
    return register_household(by=registry.officer, entry=entry())


def standard(code: str, name: str, line: int | None = 1_500_000, **over: Any) -> PovertyStandard:
    made = make_standard(code, name_vi=name, name_en=name, decision=f"Nghị định {code}/2021/NĐ-CP", **over)
    for year in (2023, YEAR):
        StandardYear.objects.create(
            standard=made, effective_year=year, provenance="sourced", round_provenance="missing"
        )
    if line:
        made.lines.create(
            area_type="rural", kind="poor", amount=line, provenance="sourced", a_most=None, a_provenance="missing"
        )
    return made


def page_of(household: Household) -> str:
    return LocalWindow("can-bo").get(f"/households/{household.pk}/").text


def test_two_standards_stand_side_by_side_with_their_reasons(household: Household) -> None:
    central, province = standard("07", "Chuẩn trung ương"), standard("13", "Chuẩn của tỉnh", 2_100_000)
    make_classification(household, central, status="not_poor", income=1_600_000, decided_by="Chủ tịch Thử")
    make_classification(household, province, status="near_poor", income=1_600_000)
    text = page_of(household)
    assert "Thu nhập 1.600.000 đồng/người/tháng, trên mức chuẩn 1.500.000 (nông thôn)." in text
    assert "Thu nhập 1.600.000 đồng/người/tháng, trong mức chuẩn 2.100.000 (nông thôn)." in text
    assert "hộ không nghèo" in text and "hộ cận nghèo" in text
    assert "Quyết định 12/QĐ-UBND ngày 10/12/2022, Chủ tịch Thử" in text
    assert "tính cho năm 2023, đợt rà soát năm 2022" in text


def test_what_stays_undetermined_says_why(household: Household) -> None:
    make_classification(
        household, standard("07", "Chuẩn trung ương"), status="undetermined", reason="no_income", income=None, basis=""
    )
    text = page_of(household)
    assert "chưa xác định" in text and "Chưa ghi thu nhập và chưa có điểm A." in text


def test_deprivations_are_named_and_open_ones_too(household: Household) -> None:
    form = SurveyForm.objects.create(
        code="f", name_vi="f", name_en="f", decision="1/TT", provenance="sourced", valid_from=date(2020, 1, 1)
    )
    for number, (code, name) in enumerate((("work", "Việc làm"), ("water", "Nước sạch")), start=1):
        Deprivation.objects.create(
            form=form, number=number, code=code, name_vi=name, name_en=name, dimension_vi="x", dimension_en="x",
            points=10, name_provenance="sourced", threshold_provenance="missing",
        )  # fmt: skip
    make_classification(
        household, standard("07", "Chuẩn trung ương"), form="f", deprived=["work"], unanswered=["water"],
        rests_on_unverified=True, disagrees=True,
    )  # fmt: skip
    text = page_of(household)
    assert "Thiếu hụt 1 chỉ số (mức từ 3): Việc làm." in text
    assert "Chưa trả lời 1 chỉ số: Nước sạch." in text
    assert "chưa đối chiếu" in text and "cho kết quả khác nhau" in text


def test_a_standard_without_an_answer_says_so_and_one_that_no_longer_counts_too(household: Household) -> None:
    standard("07", "Chuẩn trung ương")
    old = make_standard("59", name_vi="Chuẩn cũ", name_en="Old")
    make_classification(household, old, valid_from=date(2022, 1, 1), effective_year=2022, round_held=None)
    text = page_of(household)
    assert "chưa phân loại" in text and "Chưa có quyết định hay danh sách nào" in text
    assert "không còn tính cho năm này" in text and "đợt rà soát không rõ" in text


def test_a_list_says_that_nothing_more_is_known_and_earlier_answers_stay(household: Household) -> None:
    central = standard("07", "Chuẩn trung ương")
    make_classification(
        household, central, valid_from=date(2022, 1, 5), origin="opening_list", basis="", income=None, status="poor"
    )
    assert "căn cứ của từng hộ không có trong sổ" in page_of(household)
    make_classification(household, central, valid_from=date(2023, 12, 12), status="not_poor")
    text = page_of(household)
    assert "Những lần trước" in text and "05/01/2022 – hộ nghèo" in text
    day = LocalWindow("can-bo").get(f"/households/{household.pk}/?as_of=2022-06-01").text
    assert "05/01/2022 – hộ nghèo" not in day and "căn cứ của từng hộ không có trong sổ" in day


def test_the_list_shows_and_narrows_by_class(household: Household, registry: Registry) -> None:
    other = register_household(
        by=registry.officer, entry=entry(code="H2", village="thon-2", members=family(number="022280001235"))
    )
    central = standard("07", "Chuẩn trung ương")
    make_classification(household, central, status="poor")
    make_classification(other, central, status="near_poor")
    window = LocalWindow("can-bo")
    page = window.get("/households/")
    assert "07/2021/NĐ-CP" in page.text and "hộ nghèo" in page.text
    narrowed = window.get("/households/?of_class=07:near_poor")
    assert ">H2</td>" in narrowed.html and ">H1</td>" not in narrowed.html
    # Of two answers the later one counts.
    make_classification(other, central, valid_from=date(2023, 12, 1), status="not_poor")
    assert ">H2</td>" not in window.get("/households/?of_class=07:near_poor").html
    assert ">H1</td>" in window.get("/households/?of_class=nothing").html
