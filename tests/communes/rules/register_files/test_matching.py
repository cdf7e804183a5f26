"""Whoever stands in a file twice or in the register already is found, under any spelling of the name."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communes.rules.register_files.cells import Birth
from communes.rules.register_files.layout import Layout
from communes.rules.register_files.matching import Known, against, birth_key, likeness, within
from communes.rules.register_files.places import VillagePlace
from communes.rules.register_files.stated import StatedHousehold, StatedPerson

LAYOUT = Layout(sheet="S", columns={"code": 1, "name": 2, "identity_number": 3})
V1, V2 = (VillagePlace(f"v{n}", f"Thôn {n}", "thon", "hs", "Hải Sơn", "1") for n in (1, 2))
DAY = date(1980, 4, 3)
ONE, OTHER = "022280001234", "022280005678"


def home(
    row: int, name: str, number: str = "", *, day: date = DAY, village: Any = V1, precision: str = "day"
) -> StatedHousehold:
    person = StatedPerson(row, name, "head", Birth(day, precision), number)
    return StatedHousehold(row, f"H{row}", village, people=[person])


def twice(*homes: StatedHousehold) -> list[tuple[int, str, bool]]:
    return [(fault.row, fault.code, fault.doubt) for fault in within(homes, LAYOUT)]


def test_one_number_for_two_is_a_fault() -> None:
    assert twice(home(1, "A", ONE), home(2, "B", ONE)) == [(2, "number_twice", False)]


@pytest.mark.parametrize("code", [ONE, "022 280 001234", "HS-022280001234"])
def test_a_code_of_the_form_of_a_number_is_refused_whosever_it_is(code: str) -> None:
    coded = StatedHousehold(2, code, V1, people=[StatedPerson(2, "B", "head")])
    assert twice(home(1, "A", OTHER), coded) == [(2, "code_is_number", False)]


@pytest.mark.parametrize(("code", "number"), [("100123456", "100123456"), ("22280001234", ONE)])
def test_a_code_of_fewer_digits_is_refused_where_someone_of_the_file_has_that_number(code: str, number: str) -> None:
    coded = StatedHousehold(2, code, V1, people=[StatedPerson(2, "B", "head")])
    assert twice(home(1, "A", number), coded) == [(2, "code_is_number", False)]
    assert twice(home(1, "A", OTHER), coded) == []


@given(st.sampled_from(["Nguyễn Văn Hòa", "Đặng Thị Thúy"]), st.sampled_from(["NFC", "NFD"]))
def test_one_name_birth_and_village_is_a_doubt_in_any_spelling(name: str, form: Any) -> None:
    other = name.replace("Hòa", "Hoà").replace("Thúy", "Thuý")
    spelled = unicodedata.normalize(form, other.upper())
    assert twice(home(1, name), home(2, spelled)) == [(2, "person_twice", True)]


@pytest.mark.parametrize(
    "other",
    [
        home(2, "Lê Văn Hóa"),
        home(2, "Lê Văn Hòa", day=date(1980, 4, 4)),
        home(2, "Lê Văn Hòa", village=V2),
        home(2, "Lê Văn Hòa", precision="year"),
    ],
)
def test_another_name_birth_or_village_is_another_person(other: StatedHousehold) -> None:
    assert twice(home(1, "Lê Văn Hòa"), other) == []


@pytest.mark.parametrize("precision", ["year", "month"])
def test_a_birth_that_is_known_to_the_year_or_month_makes_a_doubt_too(precision: str) -> None:
    born = {"precision": precision}
    assert twice(home(1, "Lê Văn Hòa", **born), home(2, "Lê Văn Hoà", **born)) == [(2, "person_twice", True)]
    assert twice(home(1, "A", ONE, **born), home(2, "A", OTHER, **born)) == []
    stored = Known(people={likeness("A", birth_key(DAY, precision), "v1"): [("", "H9")]})
    assert known(home(2, "A", **born), known=stored) == [(2, "person_known", True)]
    assert known(home(2, "A"), known=stored) == [], "a day of that year may be anybody's"


def test_another_year_or_month_is_another_person() -> None:
    other = date(1981, 5, 3)
    assert twice(home(1, "A", precision="year"), home(2, "A", precision="year", day=other)) == []
    assert twice(home(1, "A", precision="month"), home(2, "A", precision="month", day=DAY.replace(month=5))) == []
    assert twice(home(1, "A", precision="month"), home(2, "A", precision="year")) == []


def test_two_numbers_tell_two_of_one_name_apart() -> None:
    assert twice(home(1, "A", ONE), home(2, "A", OTHER)) == []
    assert twice(home(1, "A", ONE), home(2, "A")) == [(2, "person_twice", True)]
    assert twice(home(1, "A", ONE), home(2, "A", OTHER), home(3, "A")) == [(3, "person_twice", True)]


def known(*homes: StatedHousehold, known: Known, digests: Any = None) -> list[tuple[int, str, bool]]:
    return [(fault.row, fault.code, fault.doubt) for fault in against(homes, LAYOUT, known, digests or {})]


def test_what_the_register_has_is_found_by_code_number_and_likeness() -> None:
    stored = Known(
        codes=frozenset({"H1"}),
        digests=frozenset({"digest-old"}),
        people={likeness("Lê Văn Hoà", DAY.isoformat(), "v1"): [("", "H9")]},
    )
    digests = {ONE: ("digest-new", "digest-old")}
    homes = (home(1, "A"), home(2, "B", ONE), home(3, "LÊ VĂN HÒA"), home(4, "C", OTHER))
    assert known(*homes, known=stored, digests=digests) == [
        (1, "code_used", False), (2, "number_known", False), (3, "person_known", True),
    ]  # fmt: skip


def test_a_number_of_ones_own_tells_apart_from_who_has_another() -> None:
    stored = Known(people={likeness("A", DAY.isoformat(), "v1"): [("digest-1", "H9")]})
    assert known(home(2, "A", OTHER), known=stored, digests={OTHER: ("digest-2",)}) == []
    assert known(home(2, "A"), known=stored) == [(2, "person_known", True)]
