"""The overview beside tasks: what is overdue, and where a coordinator gives one."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from communes.models import Office
from programmes.services.tasks import report_result
from tests.factories.board import Board, board, person
from tests.factories.tasks import make_overdue, make_task
from tests.factories.world import fresh
from tests.programmes.views.test_overview import furnish, gap

pytestmark = pytest.mark.django_db
PATH = "/?as_of=2023-12-31"
BACKEND = "mongcai_portal.accounts.backends.PasswordBackend"


@pytest.fixture
def town() -> Board:
    """The second commune slipped from criterion 3, and a target of a past year was missed."""
    town: Board = furnish(board())
    gap(town, town.communes[1])
    town.aim("ocop.recognised.count", 2022, "50")
    return town


@pytest.fixture
def by(town: Board) -> Any:
    return person("dieuphoi", "coordinator")


def page(user: Any, path: str = PATH) -> str:
    client = Client()
    client.force_login(user, backend=BACKEND)
    answer = client.get(path)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_coordinator_is_led_from_what_slipped_and_what_is_late_to_a_task(town: Board, by: Any) -> None:
    for path in (PATH, "/attention/?as_of=2023-12-31"):
        shown = page(by, path)
        slipped = f"/tasks/new/?criterion=3&amp;level=standard&amp;unit={town.communes[1].uid}"
        assert slipped in shown, path
        assert "/tasks/new/?measure=ocop.recognised.count" in shown, path


def test_the_form_opened_from_a_late_target_says_where_the_task_comes_from(town: Board, by: Any) -> None:
    found = re.search(r'href="(/tasks/new/\?measure=ocop[^"]*)"', page(by))
    assert found, "nothing leads to a task"
    form = page(by, found[1].replace("&amp;", "&"))
    assert '<option value="late_target" selected>' in form
    assert '<option value="ocop.recognised.count" selected>' in form
    assert form.count('<select name="origin"') == 1 and '<option value="slipping" selected>' not in form


@pytest.mark.parametrize("query", ["measure=no.such", "measure=", "origin=late_target", "measure=ocop.recognised"])
def test_what_names_no_measure_fills_in_no_origin(town: Board, by: Any, query: str) -> None:
    form = page(by, f"/tasks/new/?{query}")
    assert '<select name="origin"' in form and '<option value="late_target"' in form
    assert '<option value="late_target" selected>' not in form


@pytest.mark.parametrize("role", ["leader", "administrator", "sector_verifier"])
def test_nobody_else_is_offered_to_give_one(town: Board, by: Any, role: str) -> None:
    page(by)  # drawn for a coordinator before
    office = Office.objects.first() if role == "sector_verifier" else None
    other = person(role, role, office=office) if office else person(role, role)
    for path in (PATH, "/attention/?as_of=2023-12-31", "/measures/ocop.recognised.count/?as_of=2023-12-31"):
        assert "/tasks/new/" not in page(other, path), path
    assert "tụt chuẩn" in page(other)


def test_a_measures_page_leads_a_coordinator_to_a_task_of_its_commune(town: Board, by: Any) -> None:
    shown = page(by, "/measures/ocop.recognised.count/?as_of=2023-12-31")
    assert 'href="/tasks/new/?measure=ocop.recognised.count"' in shown
    uid = town.communes[0].uid
    shown = page(by, f"/measures/ntm.attained.standard/?as_of=2023-12-31&unit={uid}")
    assert f"/tasks/new/?measure=ntm.attained.standard&amp;unit={uid}" in shown


def test_overdue_tasks_need_attention_until_they_are_reported(town: Board, by: Any) -> None:
    leader = person("leader", "leader")
    owner = Office.objects.get(code="an-office")
    make_task(by, title="Còn hạn", owner="an-office")
    assert "nhiệm vụ quá hạn" not in page(leader)
    unit = town.communes[0].uid
    late = make_overdue(by, title="Đã quá hạn", owner="an-office", unit=unit)
    make_overdue(by, title="Cũng quá hạn", owner="an-office", due_on=date(2024, 1, 5), assigned_on=date(2024, 1, 2),
                 document_on=date(2024, 1, 1))  # fmt: skip
    shown = page(leader)
    assert "2 nhiệm vụ quá hạn" in shown
    assert "Cũng quá hạn (hạn 05/01/2024) · Đã quá hạn (hạn" in shown and "Còn hạn" not in shown
    assert "/tasks/?view=list&amp;standing=overdue" in shown
    # Of a commune, its own alone.
    assert "1 nhiệm vụ quá hạn" in page(leader, f"{PATH}&unit={unit}")
    assert "nhiệm vụ quá hạn" not in page(leader, f"{PATH}&unit={town.communes[1].uid}")
    report_result(by=fresh(person("phong", "sector_verifier", office=owner)), task_id=late.pk, text="Xong")
    assert "1 nhiệm vụ quá hạn" in page(leader)


def test_what_slipped_names_only_the_criteria_that_are_not_met(town: Board, by: Any) -> None:
    assert "chưa đạt cả tiêu chí" not in page(by)
