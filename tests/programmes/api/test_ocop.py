"""OCOP products as other systems read them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from programmes.models import OcopProduct
from tests.factories.board import Board, board
from tests.factories.clients import make_caller, pointers
from tests.factories.ocop import make_assessment, make_certificate, make_draft, make_product

pytestmark = pytest.mark.django_db

END = "2023-12-31"


@pytest.fixture
def town() -> Board:
    town = board(2)
    first, second = town.communes
    product = make_product(first, "Ghẹ lột", protected_name="Ghẹ Trà Cổ")
    make_certificate(product, date(2020, 6, 1))
    make_certificate(product, date(2023, 5, 1), 4)
    make_certificate(make_product(second, "Mật ong"), date(2020, 3, 1))
    make_assessment(make_product(second, "Nước mắm"), 5, date(2023, 8, 1), result="potential")
    return town


def listed(**query: Any) -> dict[str, dict[str, Any]]:
    answer = make_caller("leader").get("ocop-products/", as_of=END, **query)
    assert answer.status_code == 200, answer.content
    return {row["name"]: row for row in answer.json()["results"]}


def test_a_product_is_told_as_it_stands_on_the_day(town: Board) -> None:
    row = listed()["Ghẹ lột"]
    assert (row["state"], row["stars"], row["event"], row["units"]) == ("live", 4, "upgrade", ["xa-1"])
    assert (row["decided_on"], row["expires_on"], row["decision_number"]) == ("2023-05-01", "2026-05-02", "1/QĐ-UBND")
    assert (row["group"], row["group_name"], row["protected_name"]) == ("food", "Thực phẩm", "Ghẹ Trà Cổ")


def test_what_no_longer_holds_has_no_stars_and_potential_is_no_star(town: Board) -> None:
    rows = listed()
    assert (rows["Mật ong"]["state"], rows["Mật ong"]["stars"]) == ("expired", None)
    waiting = rows["Nước mắm"]
    assert (waiting["state"], waiting["stars"], waiting["potential_five_stars"]) == ("never", None, True)
    assert (waiting["decided_on"], waiting["expires_on"], waiting["event"]) == (None, None, "")


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"state": "live"}, {"Ghẹ lột"}),
        ({"state": "potential"}, {"Nước mắm"}),
        ({"stars": "4"}, {"Ghẹ lột"}),
        ({"unit": "xa-2"}, {"Mật ong", "Nước mắm"}),
        ({"group": "drink"}, set()),
        ({"q": "ghe"}, {"Ghẹ lột"}),
    ],
)
def test_the_list_is_filtered(town: Board, query: dict[str, str], names: set[str]) -> None:
    assert set(listed(**query)) == names


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"state": "shiny"}, "/state"), ({"stars": "6"}, "/stars"), ({"unit": "nowhere"}, "/unit"),
        ({"group": "x"}, "/group"), ({"colour": "red"}, "/colour"), ({"as_of": "31/12/2023"}, "/as_of"),
    ],
)  # fmt: skip
def test_a_value_that_does_not_exist_is_a_fault(town: Board, query: dict[str, str], pointer: str) -> None:
    answer = make_caller("leader").get("ocop-products/", **query)
    assert answer.status_code == 400 and list(pointers(answer)) == [pointer]


def test_one_product_comes_with_its_assessments_and_recognitions(town: Board) -> None:
    pk = OcopProduct.objects.get(name="Ghẹ lột").pk
    found = make_caller("leader").get(f"ocop-products/{pk}/", as_of=END).json()
    assert [(one["event"], one["state"], one["stars"]) for one in found["recognitions"]] == [
        ("upgrade", "live", 4), ("first", "expired", 3),
    ]  # fmt: skip
    newest = found["assessments"][0]
    assert (newest["total"], newest["scale"], newest["sheets"][0]["a"]) == ("78", "qd_148_2023", "33")
    quality = {
        "code": "c", "name": "Chất lượng sản phẩm", "provenance": "sourced", "source": "qd148",
        "items": "chỉ tiêu cảm quan, dinh dưỡng, tính độc đáo; tiêu chuẩn sản phẩm; khả năng xuất khẩu, phân phối tại "
        "thị trường quốc tế",
    }  # fmt: skip
    assert newest["parts"][2] == quality
    assert [(part["code"], part["provenance"], part["items"]) for part in found["assessments"][1]["parts"]] == [
        ("a", "unverified", ""), ("b", "unverified", ""), ("c", "unverified", ""),
    ]  # fmt: skip
    earlier = make_caller("leader").get(f"ocop-products/{pk}/", as_of="2022-01-01").json()
    assert (earlier["stars"], len(earlier["recognitions"])) == (3, 1)


def test_a_dossier_that_no_council_has_met_on_has_no_parts_yet(town: Board) -> None:
    product = OcopProduct.objects.get(name="Mật ong")
    make_draft(product)
    (draft, _) = make_caller("leader").get(f"ocop-products/{product.pk}/").json()["assessments"]
    assert (draft["scale"], draft["parts"]) == ("", [])


def test_a_caller_of_one_commune_sees_its_products_only(town: Board) -> None:
    caller = make_caller("commune_officer", units=["xa-1"])
    rows = caller.get("ocop-products/", as_of=END).json()["results"]
    assert [row["name"] for row in rows] == ["Ghẹ lột"]
    other = OcopProduct.objects.get(name="Mật ong").pk
    assert caller.get(f"ocop-products/{other}/").status_code == 404
    assert caller.get("ocop-products/", unit="xa-2").status_code == 400


def test_the_figure_and_its_explanation_come_from_the_register(town: Board) -> None:
    caller = make_caller("leader")
    value = caller.get("measures/ocop.recognised.count/", as_of=END).json()
    assert (value["value"], value["source"], value["unit"]) == ("1", "ocop_register", "product")
    assert (value["baseline"], value["change"]["amount"]) == ({"as_of": "2020-12-31", "value": "2"}, "-1")
    products = caller.get("measures/ocop.recognised.count/explanation/", as_of=END).json()["products"]
    assert [(one["name"], one["counts"], one["counted_before"]) for one in products] == [
        ("Ghẹ lột", True, True), ("Mật ong", False, True),
    ]  # fmt: skip
