"""From a target to the report that tells how it went, in a real browser: planned, reached, published, frozen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = [pytest.mark.chromium, pytest.mark.worker]
OF_MEASURE = "?measure=enterprises.investing.count&unit=mong-cai"


def sent(page: Any, form: str) -> None:
    with page.expect_navigation():
        page.locator(f"{form} .btn-primary").click()


def of_the_plan(page: Any) -> str:
    return " ".join(page.locator("#targets tr", has_text="Doanh nghiệp đầu tư vào nông nghiệp").inner_text().split())


def test_from_a_target_to_the_published_report(as_user: Callable[..., Any]) -> None:
    # Given a coordinator who sets a target for 2023 of which nothing is known yet
    page = as_user("coordinator")
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.goto(f"/targets/new/{OF_MEASURE}")
    for name, text in (
        ("year", "2023"), ("value", "8"), ("source", "KH 15/KH-UBND ngày 20/01/2021"), ("baseline_value", "5"),
        ("baseline_on", "2020-12-31"), ("baseline_source", "Báo cáo 90/BC-UBND"),
    ):  # fmt: skip
        page.fill(f"[name={name}]", text)
    sent(page, "#plan")
    assert "Đã đặt chỉ tiêu." in page.inner_text("main, .toasts")

    # When the report on the period is drafted, it says what was planned and that no figure is known
    page.goto("/documents/new/")
    page.fill("[name=since]", "2021-01-01")
    page.fill("[name=until]", "2023-12-31")
    sent(page, "main form")
    report = page.url
    line = of_the_plan(page)
    assert "2023 8 doanh nghiệp" in line and "chưa có số liệu" in line

    # And the figure is entered with its source
    page.goto(f"/statistics/new/{OF_MEASURE}")
    for name, text in (
        ("as_of", "2023-12-31"), ("value", "9"), ("printed", "09 doanh nghiệp"), ("source", "Báo cáo 120/BC-UBND"),
    ):  # fmt: skip
        page.fill(f"[name={name}]", text)
    sent(page, "#figure")
    page.goto("/targets/?as_of=2023-12-31&year=2023")
    assert "Đạt" in page.locator("tr", has_text="Doanh nghiệp đầu tư vào nông nghiệp").inner_text()

    # And the draft takes the newest figures and is published
    page.goto(report)
    page.get_by_role("button", name="Làm mới số liệu").click()
    page.wait_for_load_state("load")
    assert "2023 8 doanh nghiệp 9 doanh nghiệp Đạt" in of_the_plan(page)
    page.get_by_role("button", name="Phát hành").click()
    page.wait_for_load_state("load")

    # Then the leader reads it, and a later correction changes nothing in it and is told beside it
    leader = as_user("leader")
    leader.goto(report)
    assert "2023 8 doanh nghiệp 9 doanh nghiệp Đạt" in of_the_plan(leader)
    page.goto("/statistics/?year=2023&unit=mong-cai")
    page.locator("tr", has_text="Doanh nghiệp đầu tư vào nông nghiệp").get_by_role("link", name="9", exact=True).click()
    page.get_by_role("link", name="Sửa số liệu sai").click()
    page.fill("[name=value]", "7")
    page.fill("[name=reason]", "Một doanh nghiệp được kể hai lần")
    sent(page, "#figure")
    leader.reload()
    assert "9 doanh nghiệp" in of_the_plan(leader)
    told = leader.inner_text("#changes")
    assert "7 doanh nghiệp" in told and "sửa số liệu của một con số" in told
    assert "Một doanh nghiệp được kể hai lần" in told
    assert faults == []
