"""OCOP in a real browser: the register at three widths and from the keyboard, and a council's sheets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = [pytest.mark.chromium, pytest.mark.worker]

LIST = "/ocop/?as_of=2023-12-31"


def faults_of(page: Any) -> list[str]:
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    return faults


@pytest.mark.parametrize(("width", "language"), [(360, "vi"), (768, "en"), (1366, "vi")])
def test_no_page_of_ocop_is_wider_than_its_window(as_user: Callable[..., Any], width: int, language: str) -> None:
    page = as_user("leader", width=width, language=language)
    faults = faults_of(page)
    page.goto(LIST)
    product = page.locator(".ocop-table th a").first.get_attribute("href")
    page.goto(product)
    assessment = page.locator("#assessments th a").first.get_attribute("href")
    for path in (LIST, product, assessment, "/measures/ocop.recognised.count/?as_of=2023-12-31"):
        answer = page.goto(path)
        beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert (answer.status, beyond) == (200, 0), path
    assert faults == []


def test_the_count_leads_to_its_products_and_the_map_to_a_commune(as_user: Callable[..., Any]) -> None:
    page = as_user("leader")
    page.goto(LIST)
    assert page.locator(".ocop-counts .fig").first.inner_text() == "29"
    page.locator(".ocop-counts .kpi-value a").first.click()
    page.wait_for_url("**state=live**")
    assert "29 sản phẩm" in page.locator("section.card0 > h2").last.inner_text()
    page.goto(LIST)
    tile = page.locator('a.tm[aria-label^="Hải Đông: "]')
    tile.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**unit=hai-dong**")
    assert page.locator(".ocop-table tbody tr").count() == 3


def test_a_photo_opens_in_the_preview(as_user: Callable[..., Any]) -> None:
    page = as_user("leader")
    page.goto(f"{LIST}&q=ghe")
    page.locator(".ocop-table th a").first.click()
    page.locator(".ocop-photos a").first.click()
    page.locator("dialog#preview[open] img").wait_for()
