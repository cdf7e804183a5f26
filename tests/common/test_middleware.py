"""A NUL is refused at the door, on pages as in addresses."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.factories.windows import BACKEND
from tests.factories.world import World, bring_to, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def test_a_nul_in_a_form_is_refused_and_nothing_moves(world: World) -> None:
    report = bring_to(world, "approved")
    client = Client()
    client.force_login(world.people["coordinator"], backend=BACKEND)
    assert client.post(f"/reports/{report.pk}/reopen/", {"reason": "Nhập\0nhầm"}).status_code == 400
    report.refresh_from_db()
    assert report.status == "approved"
    assert client.post(f"/reports/{report.pk}/reopen/", {"reason": "Nhập nhầm"}).status_code == 302


@pytest.mark.parametrize("path", ["/login/?next=%00", "/healthz?a=%00"])
def test_a_nul_in_an_address_is_refused(path: str) -> None:
    assert Client().get(path).status_code == 400


def test_a_nul_in_a_name_at_the_login_is_refused() -> None:
    assert Client().post("/login/", {"username": "a\0", "password": "x"}).status_code == 400


@pytest.mark.parametrize("path", ["/login/", "/reports/1/"])
def test_a_form_above_the_limit_is_refused_before_it_is_read(client: Client, settings: Any, path: str) -> None:
    settings.MAX_REQUEST_BYTES = 100
    answer = client.post(path, {"text": "x" * 200})
    assert answer.status_code == 413
    assert "quá lớn" in answer.content.decode()
    assert client.post(path, {"text": "x"}).status_code != 413
