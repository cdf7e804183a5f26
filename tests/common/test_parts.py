"""Parts that one app adds to another's page."""

from types import SimpleNamespace

import pytest
from django.utils.safestring import mark_safe

from mongcai_portal.common import parts
from mongcai_portal.common.parts import Part, parts_of, register_part


@pytest.fixture(autouse=True)
def alone(monkeypatch):
    monkeypatch.setattr(parts, "_parts", {})


def request(*permissions):
    return SimpleNamespace(user=SimpleNamespace(has_perm=lambda one: one in permissions))


def add(name, order=100, page="unit", permission="see", text="{name} of {uid}"):
    draw = lambda _request, uid: mark_safe(text.format(name=name, uid=uid))  # noqa: E731
    register_part(Part(page, name, permission, draw, order))


def test_parts_are_drawn_in_their_order_for_the_page_they_belong_to():
    add("money", 30)
    add("targets", 20)
    add("elsewhere", 10, page="overview")
    assert parts_of("unit", request("see"), uid="x") == ["targets of x", "money of x"]


def test_a_part_is_drawn_only_for_who_may_see_it_and_never_empty():
    add("secret", permission="other")
    add("empty", text="")
    assert parts_of("unit", request("see"), uid="x") == []


def test_the_same_part_again_replaces_it():
    add("targets", text="old")
    add("targets", text="new")
    assert parts_of("unit", request("see"), uid="x") == ["new"]
