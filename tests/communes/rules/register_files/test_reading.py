"""What a sheet's rows state, and that every fault is named at its cell."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from communes.rules.register_files.layout import Layout
from communes.rules.register_files.places import Gazetteer, VillagePlace
from communes.rules.register_files.reading import read_stated
from communes.rules.register_files.stated import Stated
from mongcai_portal.common.grids import GridRow, OddCell

TODAY = date(2024, 6, 1)
KEYS = (
    "code", "village", "name", "relation", "birth_date", "identity_number", "income", "schooling", "nutrition",
    "farming", "education", "allowance",
)  # fmt: skip
COLUMNS = {key: at for at, key in enumerate(KEYS, start=1)}
PLACES = Gazetteer(
    [
        VillagePlace("v1", "Thôn 1", "thon", "hs", "Hải Sơn", "1"),
        VillagePlace("v2", "Thôn 2", "thon", "hs", "Hải Sơn", "1"),
    ]
)
HEAD = ("H1", "Thôn 1", "Chủ Hộ Thử", "Chủ hộ", "02/01/1980")
CHILD = ("H1", "Thôn 1", "Con Thử", "Con", "01/06/2010")


def read(
    *rows: tuple[Any, ...], on: date = TODAY, covered: Any = None, hidden: set[int] | None = None, **over: Any
) -> Stated:
    layout = Layout(**{"sheet": "S", "columns": COLUMNS, "day_shapes": ("dmy", "true_date", "year"), **over})
    grid = [
        GridRow(at, {c: v for c, v in enumerate(row, start=1) if v is not None}, at in (hidden or ()))
        for at, row in enumerate(rows, start=2)
    ]
    return read_stated(grid, layout, PLACES, covered=covered or {}, on=on, today=TODAY)


def faults(stated: Stated) -> set[tuple[int, str, str]]:
    names = {at: key for key, at in COLUMNS.items()}
    return {(fault.row, names.get(fault.column, ""), fault.code) for fault in stated.faults}


def test_rows_of_one_code_are_a_household() -> None:
    stated = read(HEAD, CHILD, ("H2", "Thôn 2", "Chủ Hộ Khác", "Chủ hộ", "1975"))
    assert stated.faults == [] and (stated.rows, stated.people) == (3, 3)
    first, second = stated.households
    assert (first.code, first.village and first.village.code) == ("H1", "v1")
    assert [(p.name, p.relation) for p in first.people] == [("Chủ Hộ Thử", "head"), ("Con Thử", "child")]
    assert second.people[0].birth is not None and second.people[0].birth.precision == "year"


def test_empty_rows_are_passed_over() -> None:
    assert read(HEAD, (None, "  ", ""), CHILD).rows == 2


def test_every_fault_is_named_not_the_first_alone() -> None:
    stated = read(
        ("H1", "Thôn Lạ", "", "Chủ hộ", "01/01/2030", "12", "1 triệu"),
        ("H1", "Thôn Lạ", "Con Thử", "cháu", "31/02/2010"),
    )
    assert faults(stated) == {
        (2, "village", "unknown_village"), (2, "name", "required"), (2, "birth_date", "in_future"),
        (2, "identity_number", "malformed"), (2, "income", "not_a_number"), (3, "relation", "unknown_word"),
        (3, "birth_date", "not_a_day"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ([HEAD[:4] + ("01/01/2030",)], (2, "birth_date", "in_future")),
        ([HEAD[:4] + ("01/01/1880",)], (2, "birth_date", "too_long_ago")),
        ([HEAD, CHILD[:4] + ("01/01/1984",)], (3, "birth_date", "child_too_old")),
        ([HEAD, CHILD[:3] + ("Mẹ", "01/01/1990")], (3, "birth_date", "parent_too_young")),
        ([HEAD, CHILD[:3] + ("Chủ hộ", "01/01/1990")], (3, "relation", "two_heads")),
        ([CHILD], (2, "relation", "no_head")),
        ([HEAD + (None, "1,5 tr")], (2, "income", "not_a_number")),
        ([("H1", "Thôn 9", *HEAD[2:])], (2, "village", "unknown_village")),
        ([HEAD, ("H2", *HEAD[1:]), CHILD], (4, "code", "code_reused")),
        ([HEAD + ("02228000123",)], (2, "identity_number", "zero_lost")),
        ([HEAD + ("0222800012X4",)], (2, "identity_number", "malformed")),
        ([HEAD, ("H1", "Thôn 2", *CHILD[2:])], (3, "village", "differs")),
        ([HEAD, (None, *CHILD[1:])], (3, "code", "required")),
        ([("H" * 41, *HEAD[1:])], (2, "code", "too_long")),
        ([HEAD[:2] + ("Chủ Hộ 022280001234", *HEAD[3:])], (2, "name", "holds_number")),
        ([HEAD[:2] + (OddCell("uncomputed"), *HEAD[3:])], (2, "name", "uncomputed")),
        ([HEAD[:2] + (OddCell("cell_error", "#REF!"), *HEAD[3:])], (2, "name", "cell_error")),
        ([HEAD[:4] + ("1/1/80",)], (2, "birth_date", "short_year")),
        ([HEAD + (None, None, "mẫu giáo")], (2, "schooling", "kindergarten")),
        ([HEAD + (None, None, None, "thấp còi")], (2, "nutrition", "not_a_child")),
        ([HEAD + (None, None, None, None, "chắc có")], (2, "farming", "unknown_word")),
    ],
)  # fmt: skip
def test_a_fault_stands_at_its_cell(rows: list[Any], fault: tuple[int, str, str]) -> None:
    stated = read(*rows)
    assert faults(stated) == {fault}
    assert not any(one.doubt for one in stated.faults)


@pytest.mark.parametrize(
    ("row", "doubt"),
    [
        (HEAD + (None, None, "tiểu học"), (2, "schooling", "school_age")),
        (HEAD[:4] + ("2015", None, None, None, None, None, "đại học"), (2, "education", "degree_age")),
        (HEAD + (None, None, None, None, None, None, "người cao tuổi"), (2, "allowance", "allowance_age")),
    ],
)
def test_what_is_hard_to_believe_is_a_doubt(row: Any, doubt: tuple[int, str, str]) -> None:
    stated = read(row)
    assert faults(stated) == {doubt} and all(one.doubt for one in stated.faults)


@pytest.mark.parametrize(("birth", "told"), [("31/12/2008", {"not_a_child"}), ("2008", set()), ("02/06/2008", set())])
def test_a_child_is_under_sixteen_on_the_day_whatever_the_year_leaves_open(birth: str, told: set[str]) -> None:
    stated = read(HEAD[:4] + (birth, None, None, None, "nhẹ cân"), on=date(2024, 12, 31) if told else TODAY)
    assert {fault.code for fault in stated.faults} == told


def test_a_birth_after_the_households_first_day_is_named() -> None:
    assert faults(read(HEAD, CHILD[:4] + ("01/05/2024",), on=date(2024, 1, 1))) == {(3, "birth_date", "born_later")}


def test_a_code_merged_over_its_rows_is_the_code_of_each() -> None:
    covered = {(3, 1): (2, 1), (4, 1): (2, 1), (3, 2): (2, 2), (4, 2): (2, 2)}
    stated = read(HEAD, (None, None, *CHILD[2:]), (None, None, "Con Hai", "Con", "2012"), covered=covered)
    assert stated.faults == [] and len(stated.households) == 1 and stated.people == 3


def test_a_merged_name_is_a_fault() -> None:
    covered = {(3, 3): (2, 3)}
    stated = read(HEAD, (*CHILD[:2], None, *CHILD[3:]), covered=covered)
    assert (3, "name", "merged") in faults(stated)


def test_a_code_in_the_first_row_alone_is_declared() -> None:
    rows = (HEAD, (None, None, *CHILD[2:]), ("H2", "Thôn 2", "Chủ Hộ Khác", "Chủ hộ", "1975"))
    assert read(*rows, first_row_only=True).faults == []
    assert (3, "code", "required") in faults(read(*rows))


def test_people_before_any_code_belong_nowhere() -> None:
    assert (2, "code", "required") in faults(read((None, None, *CHILD[2:]), HEAD, first_row_only=True))


def test_a_list_of_heads_has_one_household_a_row() -> None:
    columns = {key: at for key, at in COLUMNS.items() if key != "relation"}
    stated = read(HEAD, ("H2", *HEAD[1:]), rows_are="heads", columns=columns)
    assert [household.people[0].relation for household in stated.households] == ["head", "head"]
    assert {one.code for one in read(HEAD, HEAD, rows_are="heads", columns=columns).faults} == {"code_reused"}


def test_a_hidden_row_is_named() -> None:
    assert faults(read(HEAD, CHILD, hidden={3})) == {(3, "", "hidden_row")}


def test_an_empty_answer_is_no_where_that_was_declared() -> None:
    assert read(HEAD).households[0].answers == {}
    assert read(HEAD, blank_is_no=True).households[0].answers == {"farming": False}


def test_no_identity_number_is_repeated_in_a_fault() -> None:
    number = "022280001234"
    stated = read(
        (number, number, number, number, number, "X" + number, number, number, number, number),
        (HEAD[0], HEAD[1], "A", "Chủ hộ", "1980", number),
        ("H3", "Thôn 1", "B", "Chủ hộ", "1980", number),
    )
    assert len(stated.faults) > 5
    assert number not in "".join(f"{fault.given}{dict(fault.told)}" for fault in stated.faults)


def test_days_that_excel_changed_over_are_doubted() -> None:
    texts = [(f"T{n}", "Thôn 1", f"Người {n}", "Chủ hộ", f"{13 + n}/04/1980") for n in range(10)]
    dates = [(f"D{n}", "Thôn 1", f"Người {n}", "Chủ hộ", date(1980, 4, 1 + n)) for n in range(10)]
    stated = read(*texts, *dates)
    assert [(one.code, one.doubt, dict(one.told)) for one in stated.faults] == [
        ("days_swapped", True, {"dates": "10", "texts": "10"})
    ]
    assert read(*texts, *dates, ("D11", "Thôn 1", "Người", "Chủ hộ", date(1980, 4, 13))).faults == []
    assert read(*texts, *dates[:9]).faults == []
