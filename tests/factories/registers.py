"""A small register: a commune and a ward with villages, and the people who look after it. Names are placeholders."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pytest

from communes.models import Unit, Village
from communes.services.households import HouseholdEntry, MemberEntry, PersonEntry
from mongcai_portal.accounts.models import User
from mongcai_portal.common.errors import Invalid
from tests.factories.households import make_village
from tests.factories.world import make_person, make_unit

START = date(2022, 1, 1)
NUMBER = "022280001234"


def someone(name: str, birth: date | None = date(1980, 1, 1), **over: Any) -> PersonEntry:
    return PersonEntry(**{"name": name, "birth_date": birth, **over})


ADULT = someone("Chủ Hộ Thử", date(1980, 1, 2), sex="male", ethnicity="09", identity_number=NUMBER)
CHILD = someone("Con Thử", date(2010, 6, 1))


def family(*children: PersonEntry, number: str = NUMBER) -> tuple[MemberEntry, ...]:
    """A head of 42 and children."""
    head = replace(ADULT, identity_number=number)
    return (
        MemberEntry(relation="head", person=head),
        *(MemberEntry(relation="child", person=child) for child in children or (CHILD,)),
    )


def entry(**over: Any) -> HouseholdEntry:
    return HouseholdEntry(**{"code": "H1", "village": "thon-1", "on": START, "members": family(), **over})


@dataclass
class Registry:
    """Handles to what was made."""

    unit: Unit
    ward: Unit
    village: Village
    officer: User
    stranger: User
    coordinator: User
    leader: User
    villages: dict[str, Village] = field(default_factory=dict)


@pytest.fixture
def registry(db: Any) -> Registry:
    unit = make_unit("hai-son", "Hải Sơn", "commune", None)
    ward = make_unit("tra-co", "Trà Cổ", "ward", None)
    since = {"valid_from": date(2020, 1, 1)}
    villages = {
        "thon-1": make_village(unit, "thon-1", "Thôn Một", **since),
        "thon-2": make_village(unit, "thon-2", "Thôn Hai", **since),
        "thon-tra-co": make_village(ward, "thon-tra-co", "Khu Trà Cổ", kind="khu", **since),
    }
    return Registry(
        unit=unit,
        ward=ward,
        village=villages["thon-1"],
        officer=make_person("can-bo", "commune_officer", unit=unit),
        stranger=make_person("nguoi-khac", "commune_officer", unit=ward),
        coordinator=make_person("dieu-phoi", "coordinator"),
        leader=make_person("lanh-dao", "leader"),
        villages=villages,
    )


def faults_of(write: Callable[[], Any]) -> set[tuple[str, str]]:
    with pytest.raises(Invalid) as caught:
        write()
    return {(fault.pointer, fault.code) for fault in caught.value.faults}
