"""Lists as tables: what becomes of each kind of value."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import load_workbook
from rest_framework import serializers

from mongcai_portal.common.api.fields import Computed, PlainDecimal, ValueField
from mongcai_portal.common.api.tables import columns_of, table_answer


class Place(serializers.Serializer):
    code = serializers.CharField()
    amount = PlainDecimal()
    value = ValueField()
    day = serializers.DateField()
    moment = serializers.DateTimeField()
    met = serializers.BooleanField()
    words = serializers.ListField()
    things = serializers.ListField()
    target = Computed(members={"year": serializers.IntegerField(), "value": PlainDecimal()})


HEADINGS = {name: name.title() for name in Place().fields} | {"target.year": "year", "target.value": "value"}
ROW = {
    "code": "07180",
    "amount": "-2.50",
    "value": "mức độ 2",
    "day": "2023-12-31",
    "moment": "2023-12-31T14:02:11+07:00",
    "met": False,
    "words": ["a", "b"],
    "things": [{"name": "Hải Sơn"}],
    "target": {"year": 2025, "value": "60.0"},
}
EMPTY = dict.fromkeys(ROW) | {"words": [], "things": []}


def made(kind: str, *rows):
    answer, tag = table_answer(kind, "places", columns_of(Place().fields, HEADINGS, kind), rows)
    return answer.getvalue(), tag


def lines(*rows) -> list[list[str]]:
    return list(csv.reader(io.StringIO(made("csv", *rows)[0].decode("utf-8-sig"), newline="")))


def test_an_object_is_a_column_a_member_and_a_list_of_objects_is_json():
    head, row = lines(ROW)
    assert head[-2:] == ["Target: year", "Target: value"]
    assert row == [
        "07180", "-2.5", "mức độ 2", "2023-12-31", "2023-12-31T14:02:11+07:00", "false", "a; b",
        '[{"name": "Hải Sơn"}]', "2025", "60",
    ]  # fmt: skip


def test_nothing_is_an_empty_cell_whatever_it_might_have_been():
    assert lines(EMPTY)[1] == [""] * 10


def test_a_workbook_has_numbers_and_days_and_keeps_codes_as_text():
    sheet = load_workbook(io.BytesIO(made("xlsx", ROW)[0])).active
    code, amount, value, day, moment, met, *_ = [cell.value for cell in sheet[2]]
    assert (code, amount, value, met) == ("07180", -2.5, "mức độ 2", "false")
    assert day.date() == date(2023, 12, 31)
    assert moment.isoformat() == "2023-12-31T14:02:11"
    assert sheet.freeze_panes == "B2"


def test_a_text_that_would_be_computed_is_disarmed():
    for attack in ("=1+1", "+84", "-1+1", "@SUM(A1)", " =1", "\t=1"):
        assert lines({**EMPTY, "code": attack})[1][0] == f"'{attack}"
        cell = load_workbook(io.BytesIO(made("xlsx", {**EMPTY, "code": attack})[0])).active["A2"]
        assert cell.data_type == "s"
    assert Decimal(lines({**EMPTY, "amount": "-1"})[1][1]) == -1


def test_the_same_cells_have_the_same_tag_and_a_workbooks_is_weak():
    assert made("csv", ROW) == made("csv", ROW)
    assert made("xlsx", ROW)[1] == made("xlsx", ROW)[1]
    assert made("xlsx", ROW)[1].startswith('W/"')
    assert made("csv", ROW)[1] != made("csv", ROW, ROW)[1] != made("csv", EMPTY, ROW)[1]


def test_a_fault_in_the_last_row_is_a_fault_and_no_short_file():
    def rows():
        yield ROW
        raise ValueError("gone")

    with pytest.raises(ValueError, match="gone"):
        table_answer("csv", "places", columns_of(Place().fields, HEADINGS, "csv"), rows())
