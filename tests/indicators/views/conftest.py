"""Clients of the pages: the small world, and a signed-in client for each of its people."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from indicators.models import Report
from tests.factories.world import World, fresh, make_report, make_world


@pytest.fixture
def world(db: Any) -> World:
    return make_world()


@pytest.fixture
def report(world: World) -> Report:
    return make_report(world)


@pytest.fixture
def as_person(world: World) -> Callable[[str], Client]:
    def sign_in(name: str) -> Client:
        client = Client()
        client.force_login(fresh(world.people[name]), backend="mongcai_portal.accounts.backends.PasswordBackend")
        return client

    return sign_in


JSON = {"headers": {"accept": "application/json"}}


def posted(page: Any) -> dict[str, str]:
    """Every field of the form as the page shows it: what a browser without JavaScript would send."""
    data = dict(re.findall(r'<input type="hidden" name="(language|lock)" value="([^"]*)">', page.content.decode()))
    for section in page.context["sections"]:
        for row in section.rows:
            for cell in row.cells:
                typed = cell.typed
                data |= {f"k:{cell.name}": cell.token, f"v:{cell.name}": typed.raw, f"s:{cell.name}": typed.state}
                data |= {f"r:{cell.name}": typed.reason, f"n:{cell.name}": typed.note}
    return data


def cell_of(page: Any, name: str) -> Any:
    """One cell as the page shows it, by its name `element:part`."""
    return next(c for section in page.context["sections"] for row in section.rows for c in row.cells if c.name == name)
