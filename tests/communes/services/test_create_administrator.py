"""The first administrator of a new portal is made on its command line."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from communes.models import RoleAssignment
from mongcai_portal.accounts.models import User

pytestmark = pytest.mark.django_db


def made(username: str) -> str:
    out = StringIO()
    call_command("create_administrator", username, "Nguyễn Thị Quản Trị", stdout=out)
    return out.getvalue().split()[-1]


def test_the_password_that_is_printed_lets_in_and_has_to_be_changed_at_once() -> None:
    password, client = made("quantri"), Client()
    assert client.post("/login/", {"username": "quantri", "password": password}).status_code == 302
    assert client.get("/").headers["Location"].startswith("/password/change/")
    assert RoleAssignment.objects.get(user__username="quantri").role == "administrator"


def test_a_name_that_is_taken_is_refused_and_nothing_is_stored() -> None:
    made("quantri")
    with pytest.raises(CommandError, match="/username"):
        made("quantri")
    assert User.objects.count() == 1
