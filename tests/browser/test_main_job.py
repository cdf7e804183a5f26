"""The main job by clicking: a real browser, a real worker, from an officer's form to the leader's ratio."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from tests.browser.keyboard import Keyboard
from tests.components import database_is_postgres
from tests.factories.live import LiveTown
from tests.portal import PASSWORD, Database, running_portal, wait_until

pytestmark = [pytest.mark.chromium, pytest.mark.worker]

DAY = "2024-12-31"
WITHIN_SECONDS = 5
REASON = "Đây là số của năm 2023; đề nghị xã gửi số năm 2024."
# What this commune has not: (level, indicator, why).
NOT_APPLICABLE = [
    ("standard", "2.4", "Xã không có đường trục chính nội đồng"),
    ("standard", "13.4", "Xã không có làng nghề"),
    ("advanced", "2.4", "Xã không có đường trục chính nội đồng"),
    ("advanced", "7", "Xã không có chợ theo quy hoạch"),
    ("advanced", "13.7", "Xã không có điểm du lịch"),
    ("advanced", "18.3", "Xã không có công trình cấp nước tập trung"),
    ("advanced", "18.8", "Xã không có bãi chôn lấp"),
]
# Questions that the amended criteria ask from 2024 on: yes or no, and one figure.
NEW_QUESTIONS = [
    ("standard", "13.1"), ("standard", "15.4"), ("standard", "18.4"), ("advanced", "8.4"), ("advanced", "14.4"),
]  # fmt: skip
NEW_FIGURE = ("advanced", "3.4")


@pytest.fixture(scope="module")
def town(demo_database: Database) -> Iterator[LiveTown]:
    """A portal of this module's own: what is approved here would move other tests' figures."""
    with running_portal(postgres=database_is_postgres(), template=demo_database) as portal:
        yield LiveTown(portal)


@pytest.fixture
def enters(town: LiveTown, new_page: Callable[..., Any]) -> Callable[..., Any]:
    """`enters("leader")`: that person signs in by the keyboard and stands on their first page."""

    def sign_in(username: str, **window: Any) -> Any:
        page = new_page(town.portal.url, **window)
        page.faults = []
        page.on("pageerror", lambda fault: page.faults.append(str(fault)))
        # A value that cannot be is refused with 422, which Chromium calls an error too.
        page.on(
            "console",
            lambda line: page.faults.append(line.text) if line.type == "error" and "of 422" not in line.text else None,
        )
        page.goto("/login/")
        keys = Keyboard(page)
        if page.evaluate("document.activeElement.name") != "username":
            keys.reach(page.locator("input[name=username]"))
        page.keyboard.type(username)
        keys.reach(page.locator("input[name=password]"))
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda address: "/login/" not in address)
        return page

    return sign_in


@pytest.fixture(scope="module")
def asks(town: LiveTown) -> Callable[[str], dict[str, Any]]:
    """`asks("ntm.attained.standard")`: what another system gets with a client's token."""
    token = town.token("leader")

    def ask(code: str) -> dict[str, Any]:
        answer = requests.get(
            f"{town.portal.url}/api/v1/measures/",
            params={"as_of": DAY},
            headers={"Authorization": f"Bearer {token}"},
            timeout=10,
        )
        assert answer.status_code == 200, answer.text
        return {row["code"]: row for row in answer.json()["results"]}[code]

    return ask


# What the commune of the second test has not.
LACKING = [
    ("standard", "13.4", "Xã không có làng nghề"),
    ("advanced", "16.3", "Không có người yêu cầu"),
    ("advanced", "18.8", "Xã không có bãi chôn lấp"),
]
# What an office sends back to it: near the end of both pages, so that not every stop is passed again.
SENT_BACK = ("18.7", "advanced")


def ratios(page: Any) -> tuple[str, str]:
    """Return what the overview shows for the standard: recognised, and attained by the figures."""
    page.goto(f"/?as_of={DAY}")
    card = page.locator("section.level").first
    return tuple(re.sub(r"\s", "", text) for text in card.locator(".fig").all_inner_texts()[:2])  # type: ignore[return-value]


def row(page: Any, indicator: str, level: str = "standard") -> Any:
    """Return the row of an element: it stands under the lowest level that asks for it."""
    return page.locator(f'[data-section^="{level}-"] .entry-row, .verify-row').filter(
        has=page.locator(".code", has_text=re.compile(rf"^\s*{re.escape(indicator)}\s*$"))
    )


def settled(page: Any) -> None:
    page.locator(".cell.is-saving").first.wait_for(state="detached")
    assert page.locator(".cell.is-wrong, .cell.is-conflict").count() == 0


def says(page: Any, text: str) -> None:
    page.get_by_text(text).first.wait_for()


def fits(page: Any) -> None:
    """Nothing is wider than the window."""
    assert page.locator("html").evaluate("e => e.scrollWidth") <= page.viewport_size["width"]


def fill_in_the_form(page: Any) -> None:
    """Take last year's values, say what the commune has not, and answer what is new."""
    page.get_by_role("button", name=re.compile("^Lấy số .*vào ô trống")).click()
    says(page, "Hãy soát lại từng ô trước khi trình")
    for level, indicator, reason in NOT_APPLICABLE:
        line = row(page, indicator, level)
        element = line.get_attribute("data-row")
        line.locator("[data-more]").click()
        page.locator(f'select[name^="s:{element}:"]').select_option("not_applicable")
        page.locator(f'input[name^="r:{element}:"]').fill(reason)
        page.locator(f'input[name^="r:{element}:"]').press("Tab")
        line.locator(".save-state.saved").wait_for()
    for level, indicator in NEW_QUESTIONS:
        for yes in row(page, indicator, level).locator(".yes-no").all():
            yes.locator('input[value="true"]').check()
    figure = row(page, NEW_FIGURE[1], NEW_FIGURE[0]).locator('input[name^="v:"]')
    figure.fill("96,5")
    figure.press("Tab")
    settled(page)


def submit(page: Any) -> None:
    page.get_by_role("button", name="Kiểm tra và trình").click()
    says(page, "Đã trình báo cáo")


def test_from_the_officers_form_to_the_leaders_ratio(
    town: LiveTown, enters: Callable[..., Any], asks: Callable[[str], dict[str, Any]]
) -> None:
    leader = enters("leader")
    assert ratios(leader) == ("05/05", "04/05")
    assert asks("ntm.attained.standard")["numerator"] == 4

    # The officer opens this year's form from the list, fills it in and submits.
    officer = enters("officer.bacson")
    assert officer.url.endswith("/reports/")
    officer.locator("tr.urgent .w-go a").click()
    fill_in_the_form(officer)
    assert "Chưa đạt" in row(officer, "17.11").locator("[data-outcome]").inner_text()
    submit(officer)
    path = officer.url.removeprefix(town.portal.url)

    # The environment office sends one cell back with a reason.
    office = enters("verifier.tnmt")
    office.goto(f"{path}verify/")
    line = row(office, "17.11")
    line.locator('.decide input[value="return"]').check()
    line.locator(".reason").fill(REASON)
    office.get_by_role("button", name="Ghi các mục đã chọn").click()
    says(office, "Đã trả lại 1 mục kèm lý do")

    # The officer finds the reason on the list and in the form, corrects the cell and submits again.
    officer.goto("/reports/")
    says(officer, REASON)
    officer.locator("tr.urgent .w-go a").click()
    line = row(officer, "17.11")
    assert REASON in line.locator(".return-reason").inner_text()
    line.locator('input[name^="v:"]').fill("31,5")
    line.locator('input[name^="v:"]').press("Tab")
    line.locator(".save-state.saved").wait_for()
    settled(officer)
    # One typed value, judged side by side: 31.5 % reaches the standard (30) and not the advanced level (50).
    said = line.locator("[data-outcome]").inner_text().split("\n")
    assert [word for word in said if word in ("Đạt", "NTM", "Chưa đạt", "Nâng cao")] == [
        "Đạt",
        "NTM",
        "Chưa đạt",
        "Nâng cao",
    ]
    submit(officer)

    # The offices verify, judging where no norm is known; the coordinator approves.
    offices = enters("verifier.all")
    offices.goto(f"{path}verify/")
    for judged in offices.locator(".judge").all():
        judged.locator('input[value="met"]').check()
    offices.get_by_role("button", name="Thẩm định tất cả mục còn lại").click()
    says(offices, "Đã thẩm định")
    assert ratios(leader) == ("05/05", "04/05"), "nothing counts before it is approved"
    coordinator = enters("coordinator")
    coordinator.goto(f"{path}verify/")
    coordinator.get_by_role("button", name="Phê duyệt báo cáo").click()
    says(coordinator, "Đã phê duyệt")

    # Within seconds the leader sees the one ratio move and the other stay, and so do other systems.
    wait_until(lambda: ratios(leader) == ("05/05", "05/05"), WITHIN_SECONDS, "the overview shows 05/05 attained")
    attained, recognised = asks("ntm.attained.standard"), asks("ntm.recognised.standard")
    assert (attained["numerator"], attained["denominator"], attained["value"]) == (5, 5, "100.0")
    assert (recognised["numerator"], recognised["denominator"], recognised["value"]) == (5, 5, "100.0")
    for page in (leader, officer, office, offices, coordinator):
        assert page.faults == [], "no script failed and the content policy was kept"


def test_on_a_telephone_by_the_keyboard_alone(town: LiveTown, enters: Callable[..., Any]) -> None:
    """360 px wide, no pointer: fill in, mistype, submit; return, correct, submit; verify; approve; read the ratio."""
    [report] = town.stage("draft", "vinh-thuc").values()
    phone = {"width": 360, "height": 740}
    leader = enters("leader", **phone)
    before = ratios(leader)
    officer = enters("officer.vinhthuc", **phone)
    keys = Keyboard(officer)
    fits(officer)
    keys.press(officer.locator(f'tr.urgent .w-go a[href="/reports/{report}/"]'))
    officer.wait_for_url(f"**/reports/{report}/")
    fits(officer)
    keys.press(officer.get_by_role("button", name=re.compile("^Lấy số .*vào ô trống")))
    says(officer, "Hãy soát lại từng ô trước khi trình")
    fill_in_by_keys(officer, keys)
    keys.press(officer.get_by_role("button", name="Kiểm tra và trình"))
    says(officer, "Đã trình báo cáo")
    fits(officer)

    # An office sends one cell back; the officer finds the reason, corrects the cell and submits again.
    offices = enters("verifier.all", **phone)
    offices_keys = Keyboard(offices)
    open_from_the_list(offices, offices_keys, f"/reports/{report}/verify/")
    return_by_keys(offices, offices_keys)
    open_from_the_list(officer, keys, f"/reports/{report}/")
    correct_by_keys(officer, keys)

    keys = offices_keys
    open_from_the_list(offices, keys, f"/reports/{report}/verify/")
    for judged in offices.locator(".judge").all():
        # Tab leads to the button of a group that is chosen, and the arrows to the others.
        keys.reach(judged.locator("input:checked"))
        keys.picks("met")
    keys.press(offices.get_by_role("button", name="Thẩm định tất cả mục còn lại"))
    says(offices, "Đã thẩm định")

    coordinator = enters("coordinator", **phone)
    keys = Keyboard(coordinator)
    open_from_the_list(coordinator, keys, f"/reports/{report}/verify/")
    keys.press(coordinator.get_by_role("button", name="Phê duyệt báo cáo"))
    says(coordinator, "Đã phê duyệt")
    town.wait_for_outcome(report, "met", WITHIN_SECONDS)
    assert ratios(leader) == before, "the commune attained the standard before, and does so still"
    fits(leader)
    keys = Keyboard(leader)
    keys.press(leader.locator("section.level .why").first)
    leader.wait_for_url("**/measures/**")
    says(leader, "Vĩnh Thực")
    fits(leader)
    for page in (leader, officer, offices, coordinator):
        assert page.faults == []


def open_from_the_list(page: Any, keys: Keyboard, path: str) -> None:
    """Unfold the menu of a narrow window, go to the list of reports and open one there."""
    keys.press(page.locator("#nav-open"), "Space")
    keys.press(page.locator('.side-nav a[href="/reports/"]'))
    page.wait_for_url("**/reports/")
    fits(page)
    keys.press(page.locator(f'.w-go a[href="{path}"]'))
    page.wait_for_url(f"**{path}")
    fits(page)


def return_by_keys(page: Any, keys: Keyboard) -> None:
    """Send a cell back: from "later" the arrow leads to "return", and that asks for the reason."""
    decide = row(page, *SENT_BACK).locator(".decide")
    keys.reach(decide.locator("input:checked"), back=True)
    page.keyboard.press("ArrowUp")
    assert decide.locator(".reason").evaluate("e => e === document.activeElement")
    keys.types(REASON)
    fits(page)
    keys.press(page.get_by_role("button", name="Ghi các mục đã chọn"))
    says(page, "Đã trả lại 1 mục kèm lý do")


def correct_by_keys(page: Any, keys: Keyboard) -> None:
    """Go to the cell by the note that names it, correct it and submit again."""
    line = row(page, *SENT_BACK)
    keys.press(page.locator(f'.note-warning a[href="#{line.get_attribute("id")}"]'))
    assert REASON in line.locator(".return-reason").inner_text()
    keys.reach(line.locator('input[name^="v:"]'))
    keys.types("99,5")
    page.keyboard.press("Tab")
    line.locator(".save-state.saved").wait_for()
    settled(page)
    keys.press(page.get_by_role("button", name="Kiểm tra và trình"))
    says(page, "Đã trình báo cáo")


def fill_in_by_keys(page: Any, keys: Keyboard) -> None:
    """Mistype and correct one value, say what the commune has not, and answer what is new, from top to bottom."""
    page.wait_for_load_state("load")
    lines = [(level, indicator, None) for level, indicator in NEW_QUESTIONS]
    lines += [(level, indicator, reason) for level, indicator, reason in LACKING]  # type: ignore[misc]
    lines += [("standard", "10", None), (*NEW_FIGURE, None)]
    order = page.locator(".entry-row").evaluate_all("rows => rows.map(row => row.dataset.row)")
    found = [(row(page, indicator, level), level, indicator, reason) for level, indicator, reason in lines]
    found.sort(key=lambda one: order.index(one[0].get_attribute("data-row")))
    for line, level, indicator, reason in found:
        if reason:
            keys.reach(line.locator('input[name^="v:"]').first)
            page.keyboard.press("F2")
            element = line.get_attribute("data-row")
            assert page.evaluate("() => document.activeElement.name") == f"s:{element}:"
            keys.chooses("not_applicable")
            keys.reach(line.locator(f'input[name^="r:{element}:"]'))
            keys.types(reason)
            page.keyboard.press("Tab")
        elif (level, indicator) == ("standard", "10"):
            income = line.locator('input[name^="v:"]')
            keys.reach(income)
            keys.types("tám mươi")
            page.keyboard.press("Tab")
            line.locator(".cell.is-wrong").wait_for()
            assert income.input_value() == "tám mươi"
            fits(page)
            keys.reach(income, back=True)
            keys.types("80,5")
            page.keyboard.press("Enter")
        elif (level, indicator) == NEW_FIGURE:
            keys.reach(line.locator('input[name^="v:"]'))
            keys.types("100")
            page.keyboard.press("Tab")
        else:
            for yes in line.locator(".yes-no").all():
                keys.press(yes.locator("input").first, "Space")
        line.locator(".save-state.saved").first.wait_for()
    settled(page)
