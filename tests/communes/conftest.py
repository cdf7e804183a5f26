"""People who manage users, and the places they give roles for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from communes.models import Office, Unit
from communes.services.access import assign_role
from mongcai_portal.accounts.models import User
from mongcai_portal.accounts.services import create_user
from tests.factories.registers import registry
from tests.factories.windows import BACKEND
from tests.factories.world import make_unit

__all__ = ["registry"]  # a fixture

PASSWORD = "Mật-khẩu-thử-2024"


@dataclass
class Town:
    """Two administrators, an officer and a leader; a commune, a ward, an office."""

    admin: User
    second: User
    officer: User
    leader: User
    commune: Unit
    ward: Unit
    office: Office

    def client(self, user: User) -> Client:
        client = Client()
        client.force_login(User.objects.get(pk=user.pk), backend=BACKEND)
        return client


def person(username: str, role: str = "", **place: Any) -> User:
    user = create_user(
        username=username, by=None, full_name=username.title(), email=f"{username}@mongcai.gov.vn", password=PASSWORD
    )
    if role:
        assign_role(by=None, user=user, role=role, **place)
    return user


@pytest.fixture
def town(db: Any) -> Town:
    city = make_unit("pho", "Phố Thử", "city", None)
    commune = make_unit("hai-son", "Hải Sơn", "commune", city)
    ward = make_unit("tra-co", "Trà Cổ", "ward", city)
    office = Office.objects.create(code="yte", name_vi="Phòng Y tế", name_en="Health office", sort_key="y")
    return Town(
        admin=person("admin", "administrator"),
        second=person("admin2", "administrator"),
        officer=person("officer", "commune_officer", unit=commune),
        leader=person("leader", "leader"),
        commune=commune,
        ward=ward,
        office=office,
    )
