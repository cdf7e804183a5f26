"""The register of OCOP on a day: live and cumulative counts, filters, places of the day, and the cost of reading."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communes.models import Unit, UnitSuccession, UnitVersion
from communes.scope import scope_of
from programmes.selectors.ocop import OcopFilter, OcopRegister, register_on
from programmes.selectors.ocop_pages import product_page
from tests.factories.board import Board, board, person
from tests.factories.ocop import make_assessment, make_certificate, make_draft, make_producer, make_product

pytestmark = pytest.mark.django_db

DAY = date(2023, 12, 31)


@pytest.fixture
def town() -> Board:
    """Six products: alive, raised, about to expire, expired, withdrawn, potential."""
    town = board(2)
    first, second = town.communes
    make_certificate(make_product(first, "Ghẹ lột"), date(2023, 6, 1))
    raised = make_product(first, "Tôm chân trắng")
    make_certificate(raised, date(2021, 6, 1))
    make_certificate(raised, date(2023, 6, 1), 4)
    make_certificate(make_product(second, "Khoai lang"), date(2021, 3, 1))
    make_certificate(make_product(second, "Mật ong"), date(2020, 3, 1))
    gone = make_product(second, "Trà hoa vàng")
    make_certificate(
        gone, date(2023, 3, 1), withdrawn_on=date(2023, 9, 1), withdrawal_decision="1", withdrawal_reason="x"
    )
    make_assessment(make_product(second, "Nước mắm"), 5, date(2023, 8, 1), result="potential")
    return town


def register(day: date = DAY, **wanted: Any) -> OcopRegister:
    leader = scope_of(person(f"lanh-dao-{timezone.now().timestamp()}", "leader"))
    return register_on(leader, day, OcopFilter(**wanted))


def names(found: OcopRegister) -> list[str]:
    return [row.product.name for row in found.rows]


def test_live_expiring_expired_and_cumulative_are_counted_apart(town: Board) -> None:
    counts = register().counts
    assert (counts.live, counts.by_stars, counts.expiring) == (3, {4: 1, 3: 2}, 1)
    assert (counts.expired, counts.ever, counts.potential) == (2, 5, 1)


def test_the_counts_answer_another_day(town: Board) -> None:
    counts = register(date(2021, 12, 31)).counts
    assert (counts.live, counts.by_stars, counts.ever, counts.potential) == (3, {3: 3}, 3, 0)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"state": "live"}, ["Ghẹ lột", "Khoai lang", "Tôm chân trắng"]),
        ({"state": "expiring"}, ["Khoai lang"]),
        ({"state": "expired"}, ["Mật ong"]),
        ({"state": "withdrawn"}, ["Trà hoa vàng"]),
        ({"state": "potential"}, ["Nước mắm"]),
        ({"stars": 4}, ["Tôm chân trắng"]),
        ({"unit": "xa-1"}, ["Ghẹ lột", "Tôm chân trắng"]),
        ({"q": "TOM chan"}, ["Tôm chân trắng"]),
        ({"q": "hop tac xa", "state": "expired"}, ["Mật ong"]),
        ({"group": "drink"}, []),
    ],
)
def test_a_filter_finds_what_it_says(town: Board, wanted: dict[str, Any], found: list[str]) -> None:
    assert names(register(**wanted)) == found


def test_potential_five_stars_are_neither_four_nor_five_until_the_centre_decides(town: Board) -> None:
    row = next(row for row in register().rows if row.product.name == "Nước mắm")
    assert (row.state, row.last, row.potential.stars) == ("never", None, 5)
    make_certificate(row.product, date(2023, 10, 1), 5, assessment=make_assessment(row.product, 5, date(2023, 9, 1)))
    counts = register().counts
    assert (counts.potential, counts.by_stars) == (0, {5: 1, 4: 1, 3: 2})
    assert register(date(2023, 9, 30)).counts.potential == 0  # assessed again by then


def test_a_product_that_nobody_assessed_belongs_to_today(town: Board) -> None:
    make_product(town.communes[0], "Mới ghi")
    assert "Mới ghi" not in names(register())
    assert "Mới ghi" in names(register(timezone.localdate()))


def test_who_works_for_one_commune_sees_and_counts_its_products(town: Board) -> None:
    officer = scope_of(person("can-bo", "commune_officer", unit=town.communes[0]))
    found = register_on(officer, DAY)
    assert (names(found), found.counts.live) == (["Ghẹ lột", "Tôm chân trắng"], 2)
    assert [one.unit.uid for one in found.units] == ["xa-1"]


def merged(town: Board, day: date = date(2024, 1, 1)) -> Unit:
    heir = Unit.objects.create(uid="xa-moi")
    UnitVersion.objects.create(
        unit=heir, name_vi="Xã Mới", name_en="New", kind="commune", parent=town.town, search_key="moi", sort_key="moi",
        valid_from=day,
    )  # fmt: skip
    for unit in town.communes:
        UnitVersion.objects.filter(unit=unit).update(valid_to=date(2023, 12, 31))
        UnitSuccession.objects.create(
            predecessor=unit, successor=heir, effective_on=day, kind="merge", provenance="sourced"
        )
    return heir


def test_products_lie_in_the_unit_that_took_theirs_in(town: Board) -> None:
    heir = merged(town)
    later = register(date(2024, 2, 1))
    assert {place.unit.uid for row in later.rows for place in row.places} == {"xa-moi"}
    assert later.by_unit == {heir.pk: 3}
    assert {place.unit.uid for row in register().rows for place in row.places} == {"xa-1", "xa-2"}
    officer = scope_of(person("can-bo-moi", "commune_officer", unit=heir))
    assert register_on(officer, date(2024, 2, 1)).counts.live == 3


def test_the_page_of_a_day_tells_what_was_known_of_it(town: Board) -> None:
    leader = scope_of(person("lanh-dao", "leader"))
    product = next(row.product for row in register().rows if row.product.name == "Tôm chân trắng")
    page = product_page(leader, product.pk, DAY)
    assert [(one.event, one.state) for one in page.recognitions] == [("upgrade", "live"), ("first", "superseded")]
    earlier = product_page(leader, product.pk, date(2022, 1, 1))
    assert [(one.event, one.state) for one in earlier.recognitions] == [("first", "live")]
    assert (len(page.assessments), len(earlier.assessments)) == (2, 1)


def test_what_is_to_be_recognised_is_the_newest_approved_assessment_without_a_decision(town: Board) -> None:
    leader = scope_of(person("lanh-dao", "leader"))
    product = make_product(town.communes[0], "Mới chấm")
    assert product_page(leader, product.pk, DAY).to_recognise is None
    row = make_assessment(product, 3, date(2023, 11, 1))
    assert product_page(leader, product.pk, DAY).to_recognise == row
    make_certificate(product, date(2023, 12, 1), assessment=row)
    assert product_page(leader, product.pk, DAY).to_recognise is None
    draft = make_draft(product, purpose="renewal")
    assert product_page(leader, product.pk, DAY).open_assessment == draft


def test_the_list_costs_the_same_with_many_products(town: Board) -> None:
    leader = scope_of(person("lanh-dao", "leader"))
    counts = []
    for start in (0, 20):
        owner = make_producer(town.communes[0], f"HTX {start}")
        for at in range(start, start + 10):
            make_certificate(make_product(town.communes[0], f"Sản phẩm {at}", producer=owner), date(2023, 5, 1))
        with CaptureQueriesContext(connection) as found:
            register_on(leader, DAY)
        counts.append(len(found))
    assert counts == [5, 5]
