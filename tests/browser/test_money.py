"""Money on a phone: a line from its plan to what is spent, and the finance office's workbook, taken over and back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mongcai_portal.common.contents import KINDS
from programmes.models import BudgetLine
from tests.factories.budget import make_programmes
from tests.factories.budget_files import GOOD, OTHER, workbook
from tests.factories.world import PASSWORD, World, make_world

pytestmark = [pytest.mark.chromium, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 360, "height": 740}


@pytest.fixture
def world() -> World:
    make_programmes()
    return make_world()


@pytest.fixture
def page(live_server: Any, new_page: Callable[..., Any], world: World) -> Any:
    page = new_page(live_server.url, **PHONE)
    page.goto("/login/")
    page.fill("input[name=username]", "coordinator")
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda address: "/login/" not in address)
    return page


def fits(page: Any) -> None:
    """Nothing is wider than the phone."""
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= PHONE["width"], (page.url, wide)


def move(page: Any, kind: str, amount: str, on: str) -> None:
    page.select_option("select[name=kind]", kind)
    page.fill("input[name=amount]", amount)
    page.fill("input[name=on]", on)
    page.click("button[value=move]")
    page.wait_for_load_state()
    fits(page)


def test_a_line_goes_from_its_plan_to_what_is_spent(page: Any) -> None:
    page.goto("/programmes/lines/new/?year=2023")
    fits(page)
    page.select_option("select[name=component]", "NTM:2")
    page.select_option("select[name=unit]", "commune-1")
    page.select_option("select[name=source]", "province")
    page.check("input[name=shared_with][value=NQ06]")
    page.fill("input[name=amount]", "1,500,000,000")
    page.fill("input[name=on]", "2023-01-15")
    page.click("main form button.btn-primary")
    page.wait_for_selector("#id_amount_error")
    assert "1.500.000.000" in page.inner_text("#id_amount_error")
    assert page.input_value("input[name=amount]") == "1,500,000,000"
    page.fill("input[name=amount]", "1.500.000.000")
    page.click("main form button.btn-primary")
    page.wait_for_url("**/programmes/lines/*/")
    fits(page)
    move(page, "disbursed", "5.000.000", "2023-03-01")
    assert "chưa có phân bổ" in page.inner_text("#id_amount_error")
    move(page, "allocated", "1.200.000.000", "2023-02-20")
    move(page, "disbursed", "900.000.000", "2023-09-30")
    line = BudgetLine.objects.get()
    assert (line.planned, line.allocated, line.disbursed) == (1_500_000_000, 1_200_000_000, 900_000_000)
    page.goto("/programmes/?year=2023&as_of=2023-09-30")
    fits(page)
    assert "60,0%" in page.inner_text("#programmes tfoot")
    page.click("#programmes tbody a >> nth=0")
    page.wait_for_url("**/programmes/NTM/*")
    fits(page)
    assert "Xã Thử 1" in page.inner_text("#units")


def test_the_workbook_of_the_finance_office_is_taken_over_and_taken_back(page: Any) -> None:
    page.goto("/programmes/files/")
    fits(page)
    content = workbook(GOOD, OTHER)
    page.set_input_files(
        "input[name=file]", {"name": "giai-ngan.xlsx", "mimeType": KINDS["xlsx"].media_type, "buffer": content}
    )
    page.fill("input[name=on]", "2023-12-31")
    page.click("main form button.btn-primary")
    page.wait_for_url("**/layout/")
    fits(page)
    assert page.input_value("select[name=column_disbursed]") == "10"
    page.click("main form[method=post] button.btn-primary")
    page.wait_for_url(lambda address: address.rstrip("/").split("/")[-1].isdigit())
    fits(page)
    page.click("text=Nhập tất cả")
    page.wait_for_selector("text=Các số của tệp đã được ghi.")
    assert BudgetLine.objects.count() == 2
    page.click("text=Hoàn tác cả tệp")
    page.wait_for_selector("text=Các khoản của tệp đã được rút")
    assert not BudgetLine.objects.exists()
