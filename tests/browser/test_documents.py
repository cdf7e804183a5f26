"""A period report in a real browser: from the list to a draft, its charts, its letterhead, and on paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = [pytest.mark.chromium, pytest.mark.worker]


def test_a_coordinator_drafts_a_report_and_looks_at_it(as_user: Callable[..., Any]) -> None:
    page = as_user("coordinator")
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.goto("/documents/")
    page.click("text=Soạn báo cáo")
    page.fill("input[name=since]", "2022-01-01")
    page.fill("input[name=until]", "2023-12-31")
    page.click("main form button.btn-primary")
    page.wait_for_url("**/documents/*/")
    assert "02/05 xã (đạt 40,0%)" in page.inner_text("#figures")
    charts = page.locator("figure.doc-chart")
    assert charts.count() > 2
    page.wait_for_function("!document.querySelector('figure.doc-chart:not(.is-drawn)')")
    assert "Đạt theo số liệu" in page.locator("#levels figure svg").text_content()
    assert page.locator("figure.doc-chart svg").count() == charts.count()
    with page.expect_download() as word:
        page.click("text=Word")
    assert word.value.suggested_filename.endswith(".docx")
    page.click("text=Thể thức")
    page.fill("input[name=number]", "45/BC-UBND")
    page.click("main form button.btn-primary")
    page.wait_for_url("**/documents/*/")
    assert "45/BC-UBND" in page.inner_text(".head")
    page.wait_for_load_state("networkidle")  # a chart of a draft that is thrown away meanwhile is not found
    page.click("text=Bỏ bản nháp")
    page.wait_for_url("**/documents/")
    assert faults == []


def test_the_page_fits_a_phone_and_a_sheet_of_paper(as_user: Callable[..., Any]) -> None:
    page = as_user("leader", width=360, height=740)
    page.goto("/documents/")
    page.click(".doc-list a")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.emulate_media(media="print")
    assert page.is_visible(".doc-paper") and not page.is_visible(".head-actions")
    page.set_viewport_size({"width": 794, "height": 1123})
    assert page.evaluate("document.documentElement.scrollWidth") <= 794
