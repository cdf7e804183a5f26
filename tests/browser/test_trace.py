"""The thread about a figure in a real browser: opened beside the row, answered without leaving the form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from indicators.models import Comment, Verdict
from tests.factories.world import PASSWORD, bring_to, make_world

pytestmark = [pytest.mark.chromium, pytest.mark.django_db(transaction=True)]


def test_both_sides_talk_beside_the_row_and_the_form_around_it_stays(
    live_server: Any, new_page: Callable[..., Any]
) -> None:
    report = bring_to(make_world(), "submitted")

    def sign_in(username: str) -> Any:
        page = new_page(live_server.url)
        page.goto("/login/")
        page.fill("input[name=username]", username)
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(lambda address: "/login/" not in address)
        return page

    # The office opens the history of a row, asks, and goes on with its verdicts in the same form.
    office = sign_in("verifier_b")
    office.goto(f"/reports/{report.pk}/verify/")
    office.locator('label:has(input[name="d:roads"][value="verify"])').click()
    trace = office.locator("#e-roads details.trace")
    trace.locator("summary").press("Enter")
    trace.locator("ins", has_text="88,5%").wait_for()
    trace.get_by_label("Ý kiến").fill("Số của <b>quý 3</b>?")
    trace.get_by_role("button", name="Gửi ý kiến").click()
    trace.locator(".comment-text", has_text="Số của <b>quý 3</b>?").wait_for()
    assert trace.get_by_label("Ý kiến").input_value() == ""
    trace.get_by_role("button", name="Gửi ý kiến").click()
    office.locator("#toasts", has_text="Ghi nội dung cần trao đổi.").wait_for()
    office.get_by_role("button", name="Ghi các mục đã chọn").click()
    office.get_by_text("Đã thẩm định 1 mục.").wait_for()
    assert Verdict.objects.get(report=report, element__code="roads").state == "verified"

    # The commune sees the mark, reads it in the panel of the row, and answers there.
    commune = sign_in("officer")
    commune.goto(f"/reports/{report.pk}/")
    commune.locator("#thread-roads", has_text="chưa đọc").wait_for()
    commune.locator("#e-roads .what").click()
    panel = commune.locator("[data-help-panel]")
    panel.locator("details.trace summary").click()
    panel.get_by_role("button", name="Đánh dấu đã đọc").click()
    panel.get_by_text("Xã đã đọc").wait_for()
    panel.get_by_label("Ý kiến").fill("Số cả năm.")
    panel.get_by_role("button", name="Gửi ý kiến").click()
    panel.locator(".comment-text", has_text="Số cả năm.").wait_for()
    assert list(Comment.objects.values_list("side", "text")) == [
        ("review", "Số của <b>quý 3</b>?"),
        ("commune", "Số cả năm."),
    ]
