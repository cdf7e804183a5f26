"""Money from the finance office's workbook to the pages of the town, and back again."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from programmes.models import BudgetImport
from tests.factories.budget import make_programmes
from tests.factories.budget_files import GOOD, OTHER, upload, workbook
from tests.factories.world import World, make_world
from tests.indicators.views.test_units import client_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    make_programmes()
    return make_world()


def given_a_declared_workbook(office: Client, *rows: Any) -> BudgetImport:
    office.post("/programmes/files/", {"file": upload(workbook(*rows)), "on": "2023-12-31"})
    row = BudgetImport.objects.latest("pk")
    form = office.get(f"/programmes/files/{row.pk}/layout/").context["form"].initial
    office.post(f"/programmes/files/{row.pk}/layout/", {k: v for k, v in form.items() if v not in (None, "")})
    row.refresh_from_db()
    return row


def test_a_workbook_reaches_the_leader_the_commune_and_other_systems(world: World) -> None:
    office, leader, officer = (client_of(world, name) for name in ("coordinator", "leader", "officer"))
    # Given the workbook of the finance office, checked without a fault
    row = given_a_declared_workbook(office, GOOD, OTHER)
    assert row.status == "ready"
    # When nobody has confirmed it, then nobody sees any of it
    assert "Chưa ghi vốn của năm này." in text_of(leader.get("/programmes/?year=2023"))
    # When the coordination office confirms it
    office.post(f"/programmes/files/{row.pk}/confirm/")
    # Then the leader sees each amount once, though one serves two programmes
    page = text_of(leader.get("/programmes/?year=2023"))
    assert "1.800" in page[page.index("Tổng cộng (không tính trùng)") :]
    assert "thừa 1.500 triệu đồng" in page
    # and the officer the money of the own commune alone
    assert "1.500" in text_of(officer.get("/units/commune-1/?as_of=2023-12-31"))
    assert "1.800" not in text_of(officer.get("/programmes/?year=2023"))
    # and other systems the same total
    totals = leader.get("/api/v1/budget-lines/totals/?year=2023").json()["results"]
    assert totals[-1]["key"] == "total" and totals[-1]["planned"] == 1_800_000_000
    # When it is taken back, then it is as if it had never come
    office.post(f"/programmes/files/{row.pk}/undo/")
    assert "Chưa ghi vốn của năm này." in text_of(leader.get("/programmes/?year=2023"))
    assert "Vốn các chương trình" not in text_of(officer.get("/units/commune-1/?as_of=2023-12-31"))


def test_a_workbook_with_one_bad_cell_brings_nothing(world: World) -> None:
    office = client_of(world, "coordinator")
    # Given a good row and one that spends more than was allocated
    row = given_a_declared_workbook(office, GOOD, (*OTHER[:9], "350.000.001"))
    # Then the cell is named, and confirming it all the same stores nothing of either row
    assert "Giải ngân!J5" in text_of(office.get(f"/programmes/files/{row.pk}/"))
    page = text_of(office.post(f"/programmes/files/{row.pk}/confirm/", follow=True))
    assert "có lỗi" in page
    assert "Chưa ghi vốn của năm này." in text_of(office.get("/programmes/?year=2023"))
