"""A task from a slipping criterion to its confirmation, in a browser: on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from communes.models import Office
from programmes.models import Task
from tests.factories.board import board
from tests.factories.files import pdf_bytes
from tests.factories.world import PASSWORD, make_person
from tests.programmes.views.test_overview import furnish, gap

pytestmark = [pytest.mark.chromium, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 360, "height": 740}


@pytest.fixture
def sign_in(live_server: Any, new_page: Callable[..., Any]) -> Callable[..., Any]:
    def enter(username: str, **window: int) -> Any:
        page = new_page(live_server.url, **window)
        page.goto("/login/")
        page.fill("input[name=username]", username)
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(lambda address: "/login/" not in address)
        return page

    return enter


def test_a_slipping_criterion_becomes_a_task_that_is_reported_with_evidence_and_confirmed(
    sign_in: Callable[..., Any],
) -> None:
    # Given a recognised commune whose figures no longer meet a criterion that an office judges
    town = furnish(board())
    gap(town, town.communes[1])
    office = Office.objects.get(code="an-office")
    make_person("phong", "sector_verifier", offices=[office])
    make_person("dieuphoi", "coordinator")

    # When the coordinator assigns a task from the overview
    desk = sign_in("dieuphoi")
    desk.goto("/?as_of=2023-12-31")
    line = desk.locator(".attend li", has_text="Xã 002: tụt chuẩn")
    line.get_by_role("link", name="Giao nhiệm vụ").click()
    desk.wait_for_url("**/tasks/new/**")
    assert desk.locator("#id_unit").input_value() == town.communes[1].uid
    assert desk.locator("#id_owner").input_value() == "an-office"
    assert "tiêu chí 3" in desk.locator("#id_title").input_value()
    # A deadline that is over is named, and nothing typed is lost
    desk.fill("#id_steps", "Lập danh sách")
    desk.fill("#id_due_on", (timezone.localdate() - timedelta(days=1)).isoformat())
    desk.click("main form .form-actions button")
    assert "Thời hạn này đã qua." in desk.locator("main").inner_text()
    assert desk.locator("#id_steps").input_value() == "Lập danh sách"
    desk.fill("#id_due_on", (timezone.localdate() + timedelta(days=30)).isoformat())
    desk.click("main form .form-actions button")
    desk.locator(".note-success").wait_for()
    task = Task.objects.get()
    assert (task.unit, task.owner, task.criterion, task.origin) == (town.communes[1], office, 3, "slipping")

    # And the office finds it in its menu and reports it from a phone, with evidence
    phone = sign_in("phong", **PHONE)
    phone.goto("/tasks/")
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    phone.get_by_role("link", name=task.title_vi).click()
    phone.wait_for_url(f"**/tasks/{task.pk}/")
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    phone.get_by_role("button", name="Xong: Lập danh sách").click()
    phone.locator(".task-steps .is-done").wait_for()
    phone.fill("#text-report", "Đã khắc phục, có biên bản")
    paper = {"name": "bien-ban.pdf", "mimeType": "application/pdf", "buffer": pdf_bytes()}
    phone.set_input_files("#files-report", paper)
    phone.click("button[name=move][value=report]")
    phone.locator(".note-success").wait_for()
    assert phone.locator("button[name=move][value=confirm]").count() == 0

    # Then the coordinator reads the evidence and confirms
    desk.goto(f"/tasks/{task.pk}/")
    assert "Đã khắc phục, có biên bản" in desk.locator(".task-result").inner_text()
    desk.get_by_text("bien-ban.pdf").click()
    desk.locator("dialog.preview[open]").wait_for()
    desk.keyboard.press("Escape")
    desk.click("button[name=move][value=confirm]")
    desk.locator(".note-success").wait_for()
    task.refresh_from_db()
    assert (task.status, task.reported_by, task.files.get().name) == ("done", "phong", "bien-ban.pdf")
    desk.goto("/tasks/")
    assert desk.locator("#column-done + ul .task-card").count() == 1
