"""Verification in a real browser: returns with reasons, judgements, and approval from two windows."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from indicators.models import Judgement, Verdict
from tests.factories.world import PASSWORD, bring_to, make_world

pytestmark = [pytest.mark.chromium, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world() -> Any:
    return make_world()


@pytest.fixture
def sign_in(live_server: Any, new_page: Callable[..., Any]) -> Callable[..., Any]:
    def make(username: str, **window: Any) -> Any:
        page = new_page(live_server.url, **window)
        page.goto("/login/")
        page.fill("input[name=username]", username)
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(lambda address: "/login/" not in address)
        return page

    return make


@pytest.mark.parametrize("width", [1366, 360])
def test_an_office_judges_returns_with_a_reason_and_verifies_the_rest(sign_in, world, width):
    report = bring_to(world, "submitted")
    page = sign_in("verifier_b", width=width)
    page.goto(f"/reports/{report.pk}/verify/")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.locator('label:has(input[name="j:roads:SMALL"][value="met"])').click()
    page.locator('label:has(input[name="d:insured"][value="return"])').click()
    page.keyboard.type("Chưa tách nam, nữ")
    page.get_by_role("button", name="Thẩm định tất cả mục còn lại").click()
    page.get_by_text("Đã trả lại 1 mục kèm lý do.").wait_for()
    states = {v.element.code: v.state for v in Verdict.objects.filter(report=report).select_related("element")}
    assert (states["roads"], states["schooling"], states["insured"]) == ("verified", "verified", "returned")
    assert states["plan"] == "open"
    assert Judgement.objects.get(report=report).outcome == "met"

    officer = sign_in("officer", width=width)
    officer.goto("/reports/")
    officer.get_by_text("Chưa tách nam, nữ").wait_for()
    officer.get_by_role("link", name=re.compile("Sửa và trình lại")).click()
    officer.locator("#e-insured .return-reason").get_by_text("Chưa tách nam, nữ").wait_for()
    officer.fill('input[name="v:insured:male"]', "97")
    officer.press('input[name="v:insured:male"]', "Enter")
    officer.locator('[data-cell-state="insured:male"] .save-state.saved').wait_for()
    officer.click("[data-submit]")
    officer.get_by_text("Đã trình báo cáo").wait_for()


def test_approving_from_two_windows_approves_once_and_tells_the_second(sign_in, world):
    report = bring_to(world, "verified")
    first, second = sign_in("coordinator"), sign_in("coordinator")
    for page in (first, second):
        page.goto(f"/reports/{report.pk}/verify/")
    first.get_by_role("button", name="Phê duyệt báo cáo").click()
    first.get_by_text("Đã phê duyệt. Kết quả đạt chuẩn đang được tính lại.").wait_for()
    second.get_by_role("button", name="Phê duyệt báo cáo").click()
    second.get_by_text(re.compile("đã được phê duyệt lúc .* bởi coordinator")).wait_for()
    report.refresh_from_db()
    assert report.status == "approved"
