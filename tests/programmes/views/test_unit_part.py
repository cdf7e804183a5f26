"""What programmes add to a commune's page: its OCOP products."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from mongcai_portal.accounts.models import User
from programmes.presenters import ocop as look
from programmes.views.unit_part import unit_ocop
from tests.factories.board import Board, board, person
from tests.factories.ocop import make_certificate, make_product
from tests.factories.windows import BACKEND

pytestmark = pytest.mark.django_db

PAGE = "/units/xa-1/?as_of=2023-12-31"


@pytest.fixture
def town() -> Board:
    return board(2)


@pytest.fixture
def leader(town: Board) -> Client:
    client = Client()
    client.force_login(person("lanh-dao", "leader"), backend=BACKEND)
    return client


def section(client: Client, path: str = PAGE) -> str:
    """The section as it is read, without tags."""
    page = client.get(path).content.decode()
    (found,) = re.findall(r'<section class="card0" id="ocop">.*?</section>', page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found).split())


def test_a_communes_page_lists_its_products_with_stars_state_and_last_day(town: Board, leader: Client) -> None:
    product = make_product(town.communes[0], "Ghẹ lột")
    make_certificate(product, date(2023, 6, 1), 4)
    make_certificate(make_product(town.communes[0], "Khoai lang"), date(2021, 3, 1))
    make_certificate(make_product(town.communes[0], "Mật ong"), date(2020, 3, 1))
    make_certificate(make_product(town.communes[1], "Nơi khác"), date(2023, 6, 1))
    told = section(leader)
    assert "2 sản phẩm còn hiệu lực" in told
    assert "Ghẹ lột Hợp tác xã Thử 4 sao Còn hiệu lực 01/06/2026" in told
    assert "3 sao Sắp hết hiệu lực còn 61 ngày" in told and "– Hết hiệu lực 01/03/2023" in told
    assert "Nơi khác" not in told
    page = leader.get(PAGE).content.decode()
    assert f'href="/ocop/{product.pk}/?as_of=2023-12-31"' in page
    assert 'href="/ocop/?as_of=2023-12-31&amp;unit=xa-1"' in page


def test_a_commune_without_a_recognised_product_says_so_plainly(town: Board, leader: Client) -> None:
    said = "Đến 31/12/2023, chưa có sản phẩm nào ở đây được công nhận OCOP."
    assert said in section(leader)
    make_product(town.communes[0], "Mới ghi")
    assert "chưa được công nhận" not in section(leader), "it was registered later"
    now = section(leader, "/units/xa-1/")
    assert "chưa có sản phẩm nào ở đây" in now and "1 sản phẩm đã ghi sổ, chưa được công nhận" in now
    make_certificate(make_product(town.communes[0], "Ghẹ lột"), date(2024, 6, 1))
    assert said in section(leader), "it was recognised later"


def test_the_town_itself_has_no_section(town: Board, leader: Client) -> None:
    assert 'id="ocop"' not in leader.get("/units/mong-cai/?as_of=2023-12-31").content.decode()


def test_who_may_not_see_ocop_is_shown_nothing(town: Board, rf: RequestFactory) -> None:
    request: Any = rf.get(PAGE)
    request.user = person("khong-vai-tro", "leader")
    about = {"unit": town.communes[0], "day": date(2023, 12, 31)}
    assert unit_ocop(request, **about) is not None
    request.user = User.objects.create_user("nguoi-la")
    assert unit_ocop(request, **about) is None


def test_an_officer_reads_the_own_commune_only(town: Board) -> None:
    make_certificate(make_product(town.communes[0], "Ghẹ lột"), date(2023, 6, 1))
    own, other = Client(), Client()
    own.force_login(person("can-bo", "commune_officer", unit=town.communes[0]), backend=BACKEND)
    other.force_login(person("can-bo-khac", "commune_officer", unit=town.communes[1]), backend=BACKEND)
    assert "Ghẹ lột" in section(own)
    assert other.get(PAGE).status_code == 404
    assert "Ghẹ lột" not in section(other, "/units/xa-2/?as_of=2023-12-31")


def test_a_long_list_leads_to_the_register(town: Board, leader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(look, "UNIT_SHOWN", 2)
    for at in range(5):
        make_certificate(make_product(town.communes[0], f"Sản phẩm {at}"), date(2023, 5, 1))
    told = section(leader)
    assert "Sản phẩm 1" in told and "Sản phẩm 2" not in told and "và 3 sản phẩm khác từng được công nhận" in told


def test_the_page_costs_the_same_with_one_product_and_with_many(town: Board, leader: Client) -> None:
    make_certificate(make_product(town.communes[0], "Sản phẩm đầu"), date(2023, 5, 1))

    def asked() -> Any:
        leader.get(PAGE)
        with CaptureQueriesContext(connection) as found:
            assert leader.get(PAGE).status_code == 200
        return len(found)

    few = asked()
    for at in range(8):
        make_certificate(make_product(town.communes[0], f"Sản phẩm {at}"), date(2023, 5, 1))
    assert asked() == few
