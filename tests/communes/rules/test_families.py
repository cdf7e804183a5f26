"""Who can be what to whom, how exactly a birth is known, and what an identity number looks like."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communes.models.households import Relation
from communes.rules.ethnic_groups import CODES, ETHNIC_GROUPS, is_minority
from communes.rules.families import (
    GENERATION,
    HEAD,
    OLDEST,
    RELATIONS,
    UNRELATED,
    Born,
    FamilyFault,
    Kin,
    birth_fault,
    born,
    code_holds_identity,
    family_faults,
    holds_identity,
    is_identity,
    number_of_code,
    plain_identity,
    relation_after,
)
from communes.rules.places import area_type

HEAD_BORN = Born(date(1980, 5, 15), date(1980, 5, 15))


def known(birth: date, precision: str = "day") -> Born:
    found = born(birth, precision)
    assert found is not None
    return found


def codes(*members: Kin) -> list[tuple[int | None, str, str]]:
    return [(fault.position, fault.field, fault.code) for fault in family_faults(members)]


def test_the_words_of_the_rules_are_those_of_the_database() -> None:
    assert set(RELATIONS) == set(Relation.values)


@pytest.mark.parametrize(
    ("birth", "precision", "first", "last"),
    [
        (date(1980, 5, 15), "day", date(1980, 5, 15), date(1980, 5, 15)),
        (date(1980, 2, 1), "month", date(1980, 2, 1), date(1980, 2, 29)),
        (date(1980, 12, 9), "month", date(1980, 12, 1), date(1980, 12, 31)),
        (date(1980, 1, 1), "year", date(1980, 1, 1), date(1980, 12, 31)),
    ],
)
def test_a_birth_leaves_open_what_is_not_known(birth: date, precision: str, first: date, last: date) -> None:
    assert born(birth, precision) == Born(first, last)
    assert born(None, precision) is None


@pytest.mark.parametrize(
    ("birth", "precision", "code"),
    [
        (date(2024, 1, 1), "day", ""),
        (date(2024, 1, 2), "day", "in_future"),
        (date(2024, 1, 1), "year", ""),
        (date(2025, 1, 1), "year", "in_future"),
        (date(1899, 1, 1), "day", ""),
        (date(1898, 12, 31), "day", "too_long_ago"),
        (date(1899, 1, 1), "year", ""),
        (date(1898, 1, 1), "year", "too_long_ago"),
    ],
)
def test_a_birth_is_in_the_past_and_within_a_life(birth: date, precision: str, code: str) -> None:
    assert OLDEST == 125
    assert birth_fault(known(birth, precision), date(2024, 1, 1)) == code
    assert birth_fault(None, date(2024, 1, 1)) == ""


def test_a_household_has_one_head() -> None:
    assert codes() == [(None, "members", "no_head")]
    assert codes(Kin("spouse")) == [(None, "members", "no_head")]
    assert codes(Kin(HEAD), Kin(HEAD), Kin("child"), Kin(HEAD)) == [
        (1, "relation", "two_heads"),
        (3, "relation", "two_heads"),
    ]
    assert codes(Kin(HEAD), Kin("friend")) == [(1, "relation", "unknown")]
    assert codes(Kin(HEAD)) == []


@pytest.mark.parametrize(
    ("relation", "birth", "code"),
    [
        # A child of 40 of a head of 43.
        ("child", known(date(1983, 5, 15)), "child_too_old"),
        ("child", known(date(1992, 5, 14)), "child_too_old"),
        ("child", known(date(1992, 5, 15)), ""),
        ("child", known(date(1992, 1, 1), "year"), ""),
        ("child", known(date(1991, 1, 1), "year"), "child_too_old"),
        ("step_child", known(date(1983, 5, 15)), ""),
        ("child_in_law", known(date(1970, 5, 15)), ""),
        ("grandchild", known(date(2004, 5, 14)), "grandchild_too_old"),
        ("grandchild", known(date(2004, 5, 15)), ""),
        ("parent", known(date(1968, 5, 16)), "parent_too_young"),
        ("parent", known(date(1968, 5, 15)), ""),
        ("grandparent", known(date(1956, 5, 16)), "grandparent_too_young"),
        ("grandparent", known(date(1956, 1, 1), "year"), ""),
        ("spouse", known(date(1940, 1, 1)), ""),
        ("sibling", known(date(2010, 1, 1)), ""),
        ("child", None, ""),
    ],
)
def test_generations_are_years_apart(relation: str, birth: Born | None, code: str) -> None:
    assert GENERATION == 12
    found = codes(Kin(HEAD, HEAD_BORN), Kin(relation, birth))
    assert found == ([(1, "birth_date", code)] if code else [])
    # Nothing is said of a head whose birth nobody recorded, nor where it is not clear who the head is.
    assert codes(Kin(HEAD), Kin(relation, birth)) == []
    assert [one[2] for one in codes(Kin(HEAD, HEAD_BORN), Kin(HEAD), Kin(relation, birth))] == ["two_heads"]


def test_a_birth_on_the_29th_of_february_has_its_anniversary_on_the_1st_of_march() -> None:
    leap = known(date(1980, 2, 29))
    assert codes(Kin(HEAD, leap), Kin("grandchild", known(date(2004, 2, 28)))) == [
        (1, "birth_date", "grandchild_too_old")
    ]
    # 12 years later there is such a day.
    assert codes(Kin(HEAD, leap), Kin("child", known(date(1992, 2, 29)))) == []
    assert family_faults([Kin(HEAD, known(date(1981, 2, 28))), Kin("child", known(date(1993, 2, 28)))]) == []


def test_faults_are_found_for_each_member_apart() -> None:
    family = [Kin(HEAD, HEAD_BORN), Kin("child", known(date(1985, 1, 1))), Kin("parent", known(date(1979, 1, 1)))]
    assert family_faults(family) == [
        FamilyFault(1, "birth_date", "child_too_old"),
        FamilyFault(2, "birth_date", "parent_too_young"),
    ]


@pytest.mark.parametrize(
    ("new_head", "was", "becomes"),
    [
        ("spouse", "head", "spouse"),
        ("spouse", "parent", "parent_in_law"),
        ("spouse", "child", None),
        ("child", "head", "parent"),
        ("child", "child", "sibling"),
        ("child", "spouse", None),
        ("parent", "child", "grandchild"),
        ("sibling", "parent", None),
        ("other_relative", "head", None),
        ("child", "unrelated", "unrelated"),
        ("unrelated", "head", "unrelated"),
        ("unrelated", "spouse", "unrelated"),
    ],
)
def test_what_follows_of_a_new_head_is_derived_and_no_more(new_head: str, was: str, becomes: str | None) -> None:
    assert relation_after(new_head, was) == becomes


@given(st.sampled_from(RELATIONS), st.sampled_from(RELATIONS))
def test_what_is_derived_is_a_relation_and_never_a_second_head(new_head: str, was: str) -> None:
    assert relation_after(new_head, was) in (None, *RELATIONS) and relation_after(new_head, was) != HEAD
    if new_head == UNRELATED:
        assert relation_after(new_head, was) == UNRELATED


@pytest.mark.parametrize(
    ("number", "good"),
    [
        ("022199001234", True), ("001080000001", True), ("096300999999", True), ("097199001234", False),
        ("000199001234", False), ("122199001234", False), ("100123456", True), ("10012345", False),
        ("02219900123", False), ("0221990012345", False), ("02219900123a", False), ("", False),
        ("٠٢٢١٩٩٠٠١٢٣٤", False),
    ],
)  # fmt: skip
def test_an_identity_number_has_twelve_digits_or_an_old_cards_nine(number: str, good: bool) -> None:
    assert is_identity(number) is good


def test_numbers_are_typed_in_groups() -> None:
    assert plain_identity(" 022 199-001.234\u00a0") == "022199001234"


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("Tổ 5, số 022199001234", True), ("CCCD:022 199 001 234, ở nhờ", True), ("0221.9900.1234", True),
        ("022  199\n001234", True), ("", False), ("Tổ 5", False), ("122199001234", False), ("097199001234", False),
        ("02219900123", False), ("0221990012345", False), ("100123456", False), ("ĐT 0912 345 678 25/3", False),
        ("ĐT 0912345678\n12 nhân khẩu", False), ("0912345678, 0987654321", False),
    ],
)  # fmt: skip
def test_a_text_holds_a_number_of_twelve_digits_in_any_groups_and_a_telephone_number_is_none(
    text: str, holds: bool
) -> None:
    assert holds_identity(text) is holds


@pytest.mark.parametrize(
    ("code", "holds", "number"),
    [
        ("022199001234", True, ""), ("HS-022 199 0012 34", True, ""), ("22199001234", False, "022199001234"),
        ("2200000001", False, "002200000001"), ("100123456", False, "100123456"), ("10012345", False, ""),
        ("HS-0012", False, ""), ("H100123456", False, ""), ("", False, ""),
    ],
)  # fmt: skip
def test_a_code_of_fewer_digits_is_a_number_only_if_someone_has_it(code: str, holds: bool, number: str) -> None:
    assert (code_holds_identity(code), number_of_code(code)) == (holds, number)


def test_ethnic_groups_are_fifty_four_and_foreigners() -> None:
    assert (len(ETHNIC_GROUPS), ETHNIC_GROUPS["01"], ETHNIC_GROUPS["09"], ETHNIC_GROUPS["54"]) == (
        54, "Kinh", "Dao", "Rơ-măm",
    )  # fmt: skip
    assert len(CODES) == 55 and len(set(ETHNIC_GROUPS.values())) == 54
    assert [is_minority(code) for code in ("01", "02", "54", "55", "")] == [False, True, True, False, None]


@pytest.mark.parametrize(
    ("kind", "area"), [("commune", "rural"), ("ward", "urban"), ("special_zone", None), ("city", None), ("", None)]
)
def test_the_kind_of_the_unit_decides_the_line(kind: str, area: str | None) -> None:
    assert area_type(kind) == area
