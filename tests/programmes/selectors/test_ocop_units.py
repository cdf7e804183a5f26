"""The products of one unit on a day: recognised by then, where they lie then, for who may see them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communes.models import Unit, UnitSuccession, UnitVersion
from communes.scope import Scope, scope_of
from programmes.selectors.ocop_units import UnitProducts, unit_products
from tests.factories.board import Board, board, person
from tests.factories.ocop import make_assessment, make_certificate, make_product

pytestmark = pytest.mark.django_db

DAY = date(2023, 12, 31)


@pytest.fixture
def town() -> Board:
    return board(2)


@pytest.fixture
def leader(town: Board) -> Scope:
    return scope_of(person("lanh-dao", "leader"))


def told(found: UnitProducts | None) -> list[tuple[str, str]]:
    assert found is not None
    return [(row.product.name, row.state) for row in found.recognised]


def succeed(town: Board, olds: list[Unit], uid: str, kind: str, day: date = date(2024, 1, 1)) -> Unit:
    heir = Unit.objects.create(uid=uid)
    UnitVersion.objects.create(
        unit=heir, name_vi=f"Xã {uid}", name_en=uid, kind="commune", parent=town.town, search_key=uid, sort_key=uid,
        valid_from=day,
    )  # fmt: skip
    for old in olds:
        UnitVersion.objects.filter(unit=old).update(valid_to=date(day.year - 1, 12, 31))
        UnitSuccession.objects.create(
            predecessor=old, successor=heir, effective_on=day, kind=kind, provenance="sourced"
        )
    return heir


def test_the_units_recognised_products_stand_with_their_state_those_that_hold_first(town: Board, leader: Scope) -> None:
    here, there = town.communes
    make_certificate(make_product(here, "A hết hạn"), date(2020, 3, 1))
    make_certificate(make_product(here, "B sắp hết"), date(2021, 3, 1))
    make_certificate(make_product(here, "C còn"), date(2023, 6, 1), 4)
    make_certificate(make_product(there, "D nơi khác"), date(2023, 6, 1))
    found = unit_products(leader, here, DAY)
    assert told(found) == [("B sắp hết", "expiring"), ("C còn", "live"), ("A hết hạn", "expired")]
    assert found is not None and (found.live, found.others) == (2, 0)
    assert told(unit_products(leader, here, date(2021, 12, 31))) == [("A hết hạn", "live"), ("B sắp hết", "live")]


def test_what_was_never_recognised_is_counted_apart(town: Board, leader: Scope) -> None:
    here = town.communes[0]
    make_product(here, "Mới ghi")
    make_assessment(make_product(here, "Tiềm năng"), 5, date(2023, 8, 1), result="potential")
    then, now = unit_products(leader, here, DAY), unit_products(leader, here, timezone.localdate())
    assert then is not None and (then.recognised, then.others) == ((), 1)
    assert now is not None and (now.recognised, now.others) == ((), 2)


def test_products_stand_with_the_unit_that_took_theirs_in_and_before_that_with_their_own(
    town: Board, leader: Scope
) -> None:
    first, second = town.communes
    make_certificate(make_product(first, "Ghẹ lột"), date(2023, 6, 1))
    make_certificate(make_product(second, "Khoai lang"), date(2023, 6, 1))
    heir = succeed(town, [first, second], "xa-moi", "merge")
    make_certificate(make_product(heir, "Mật ong"), date(2024, 3, 1))
    later = date(2024, 6, 1)
    assert {name for name, _state in told(unit_products(leader, heir, later))} == {"Ghẹ lột", "Khoai lang", "Mật ong"}
    assert told(unit_products(leader, first, DAY)) == [("Ghẹ lột", "live")]
    officer = scope_of(person("can-bo", "commune_officer", unit=heir))
    assert len(told(unit_products(officer, heir, later))) == 3


def test_a_product_of_a_split_unit_stands_with_each_part_in_which_it_may_lie(town: Board, leader: Scope) -> None:
    old = town.communes[0]
    make_certificate(make_product(old, "Ghẹ lột"), date(2023, 6, 1))
    parts = [succeed(town, [old], uid, "split") for uid in ("xa-dong", "xa-tay")]
    for part in parts:
        found = unit_products(leader, part, date(2024, 6, 1))
        assert found is not None and [len(row.places) for row in found.recognised] == [2]


def test_a_unit_that_is_no_commune_or_ward_of_the_day_has_none(town: Board, leader: Scope) -> None:
    assert unit_products(leader, town.town, DAY) is None
    succeed(town, [town.communes[0]], "xa-moi", "rename")
    assert unit_products(leader, town.communes[0], date(2024, 6, 1)) is None


def test_whoever_works_for_another_commune_is_told_of_none(town: Board) -> None:
    make_certificate(make_product(town.communes[0], "Ghẹ lột"), date(2023, 6, 1))
    other = scope_of(person("can-bo-khac", "commune_officer", unit=town.communes[1]))
    assert told(unit_products(other, town.communes[0], DAY)) == []


def test_it_costs_the_same_with_many_products(town: Board, leader: Scope) -> None:
    here = town.communes[0]

    def asked(day: date = DAY, unit: Any = here) -> int:
        with CaptureQueriesContext(connection) as found:
            unit_products(leader, unit, day)
        return len(found)

    assert asked() == 3
    make_certificate(make_product(here, "Sản phẩm đầu"), date(2023, 5, 1))
    few = asked()
    for at in range(12):
        make_certificate(make_product(here, f"Sản phẩm {at}"), date(2023, 5, 1))
    assert asked() == few == 6
    heir = succeed(town, [here], "xa-moi", "rename")
    assert asked(date(2024, 6, 1), heir) == 7
