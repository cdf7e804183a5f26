"""What is said of a faulty survey sheet, and where."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from communes.rules.poverty.survey import Said, check
from communes.services.survey import message_of, read_sheet
from mongcai_portal.common.errors import Invalid
from tests.communes.rules.poverty.test_scores import TABLE, UNEQUAL
from tests.communes.rules.poverty.test_survey import junk
from tests.factories.poverty import CODES, FORM, answers


def faults(table: Any = None, form: Any = FORM, pointer: str = "", **said: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        read_sheet(Said(**{"language": "vi", **said}), form, table, pointer=pointer)
    return {fault.pointer: fault.message for fault in caught.value.faults}


def test_a_good_sheet_is_read():
    sheet = read_sheet(Said(income="1.500.000", answers=answers(3), language="vi"), FORM)
    assert (sheet.income, sheet.b_score) == (1_500_000, 30)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"income": "một triệu"}, {"/income": "“một triệu” không phải là số."}),
        ({"income": "-5"}, {"/income": "Thu nhập không được âm."}),
        ({"income": "1,5"}, {"/income": "Thu nhập phải là số nguyên đồng."}),
        ({"income": "1.500"}, {"/income": "“1.500” đọc được hai cách: hãy gõ 1500 hoặc 1,500."}),
        ({"income": True}, {"/income": "Giá trị phải là một số."}),
        ({"income": 10**11}, {"/income": "Thu nhập phải từ 0 đến 99.999.999.999 đồng/người/tháng."}),
        ({"a_score": "-1"}, {"/a_score": "Điểm A phải từ 0 đến 999."}),
        ({"a_score": "1,5"}, {"/a_score": "Điểm phải là số nguyên."}),
        ({"b_score": "130"}, {"/b_score": "Điểm B phải từ 0 đến 120."}),
        ({"b_score": "35"}, {"/b_score": "Mỗi chỉ số thiếu hụt được 10 điểm, nên điểm B không thể là 35."}),
        (
            {"b_score": "30", "answers": answers(2)},
            {"/b_score": "Các câu trả lời được 20 điểm, khác điểm B đã ghi (30)."},
        ),
        (
            {"b_score": "40", "answers": answers(2, unanswered=1)},
            {"/b_score": "Theo các câu trả lời, điểm B từ 20 đến 30, khác điểm đã ghi (40)."},
        ),
        ({"answers": {"cows": True}}, {"/answers/cows": "Mẫu phiếu không có chỉ số thiếu hụt “cows”."}),
        ({"answers": {"a/b": True}}, {"/answers/a~1b": "Mẫu phiếu không có chỉ số thiếu hụt “a/b”."}),
        ({"answers": {"water": "?"}}, {"/answers/water": "Chọn có hoặc không."}),
        ({"farming": "?"}, {"/farming": "Chọn có hoặc không."}),
        (
            {"screening": "x"},
            {"/screening": "Không có kết quả nhận dạng nhanh “x”; các kết quả: survey, screened_out."},
        ),
        (
            {"chosen": {"people": ["1"]}},
            {"/chosen": "Chưa nhập bảng điểm phiếu B1 cho vùng và khu vực này; hãy ghi điểm A."},
        ),
    ],
)
def test_every_fault_is_said_at_its_field(said, told):
    assert faults(**said) == told


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ({"cows": []}, {"/chosen/cows": "Bảng điểm không có mục “cows”."}),
        ({"people": ["9"]}, {"/chosen/people": "Mục “people” không có lựa chọn “9”."}),
        ({"people": ["1", "2"]}, {"/chosen/people": "Mục “people” chỉ được chọn một."}),
        ({"things": ["fridge", "fridge"]}, {"/chosen/things": "Mục “things” có lựa chọn ghi hai lần."}),
    ],
)
def test_choices_are_told_by_their_item(chosen, told):
    assert faults(TABLE, chosen=chosen) == told


def test_a_typed_a_score_is_held_against_the_items():
    chosen = {"people": ["2"], "things": []}
    assert faults(TABLE, chosen=chosen, a_score="50") == {
        "/a_score": "Các mục đã chọn được 40 điểm, khác điểm A đã ghi (50)."
    }
    assert faults(TABLE, a_score="96") == {"/a_score": "Điểm A phải từ 0 đến 95."}


def test_a_form_of_different_points_names_no_single_one():
    told = faults(form=UNEQUAL, b_score="10")
    assert told == {"/b_score": "Điểm B này không phải là tổng điểm của các chỉ số thiếu hụt."}


def test_faults_stand_below_the_sheets_own_place():
    assert set(faults(pointer="/sheets/3", income="x", answers={"water": 1})) == {
        "/sheets/3/income",
        "/sheets/3/answers/water",
    }


def test_numbers_are_told_as_the_reader_writes_them():
    with override("en"):
        assert faults(language="en", income=10**11) == {
            "/income": "Income must be from 0 to 99,999,999,999 đồng per person per month."
        }
    assert "99999999999" in faults(language="plain", income=10**11)["/income"]


@given(
    st.builds(
        Said,
        income=junk,
        a_score=junk,
        b_score=junk,
        answers=st.dictionaries(st.sampled_from((*CODES, "cows", "%(x)s")), junk, max_size=3),
        chosen=st.dictionaries(st.sampled_from(("people", "cows")), st.lists(st.text(max_size=2), max_size=2)),
        screening=st.text(max_size=3),
        farming=junk,
        language=st.sampled_from(("plain", "vi", "en")),
    )
)
def test_every_fault_has_words(said):
    found = check(said, FORM, TABLE)
    if isinstance(found, tuple):
        assert all(message_of(one, said.language) for one in found)
