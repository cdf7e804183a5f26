"""The form of a report in a real browser: cells save themselves, and nothing typed is ever lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from indicators.models import Period, ReportedValue
from indicators.services.values import value_text
from tests.factories.world import PASSWORD, bring_to, make_person, make_report, make_world

pytestmark = [pytest.mark.chromium, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world() -> Any:
    world = make_world()
    world.people["colleague"] = make_person("colleague", "commune_officer", unit=world.commune)
    return world


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


@pytest.fixture
def report(world: Any) -> Any:
    return make_report(world)


def field(name: str) -> str:
    return f'input[name="v:{name}"]'


def state(page: Any, name: str) -> Any:
    return page.locator(f'[data-cell-state="{name}"]')


def saved(page: Any, name: str) -> None:
    state(page, name).locator(".save-state.saved").wait_for()


def settled(page: Any) -> None:
    """Wait until nothing is under way (the page's policy refuses the evaluated strings of `wait_for_function`)."""
    page.locator(".cell.is-saving").first.wait_for(state="detached")


def stored(report: Any) -> dict[tuple[str, str], str]:
    rows = ReportedValue.objects.filter(report=report).select_related("element")
    return {(row.element.code, row.part): value_text(row) for row in rows}


def paste(page: Any, name: str, text: str) -> None:
    """Paste as a browser does: an event that carries the text."""
    page.evaluate(
        """([selector, text]) => {
            const data = new DataTransfer(); data.setData("text/plain", text);
            const target = document.querySelector(selector); target.focus();
            target.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        [field(name), text],
    )


def test_a_cell_is_saved_when_it_is_left_and_shows_its_outcome(sign_in, report):
    page = sign_in("officer")
    page.goto(f"/reports/{report.pk}/")
    page.fill(field("houses:"), "0")
    page.press(field("houses:"), "Tab")
    saved(page, "houses:")
    page.locator('[data-outcome="houses"] .outcome-met').wait_for()
    assert stored(report) == {("houses", ""): "0"}
    assert page.locator("[data-entered]").inner_text() == "1"
    page.locator('label:has(input[name="v:plan:"][value="false"])').click()
    saved(page, "plan:")
    assert stored(report)["plan", ""] == "false"
    page.reload()
    assert page.input_value(field("houses:")) == "0"


def test_a_wrong_cell_keeps_its_text_and_loses_no_other(sign_in, report):
    page = sign_in("officer")
    page.goto(f"/reports/{report.pk}/")
    page.fill(field("water:"), "142")
    page.press(field("water:"), "Enter")
    state(page, "water:").get_by_text("Có phải 14,2?").wait_for()
    page.fill(field("roads:"), "88,5")
    page.press(field("roads:"), "Enter")
    saved(page, "roads:")
    assert page.input_value(field("water:")) == "142"
    assert page.get_attribute(field("water:"), "aria-invalid") == "true"
    assert stored(report) == {("roads", ""): "88.5"}
    page.click("[data-submit]")
    page.locator(".toast-error").wait_for()
    assert page.evaluate("document.activeElement.name") == "v:water:"
    page.fill(field("water:"), "70")
    page.press(field("water:"), "Enter")
    saved(page, "water:")
    assert page.get_attribute(field("water:"), "aria-invalid") is None


def test_two_windows_are_told_of_each_other_and_choose(sign_in, report):
    first, second = sign_in("officer"), sign_in("colleague")
    for page in (first, second):
        page.goto(f"/reports/{report.pk}/")
    first.fill(field("roads:"), "70")
    first.press(field("roads:"), "Enter")
    saved(first, "roads:")
    second.fill(field("roads:"), "80")
    second.press(field("roads:"), "Enter")
    state(second, "roads:").get_by_text("officer sửa thành 70").wait_for()
    assert second.input_value(field("roads:")) == "80" and stored(report)["roads", ""] == "70"
    state(second, "roads:").get_by_role("button", name="Giữ của tôi").click()
    saved(second, "roads:")
    assert stored(report)["roads", ""] == "80"
    first.fill(field("roads:"), "75")
    first.press(field("roads:"), "Enter")
    state(first, "roads:").get_by_role("button", name="Lấy giá trị mới").click()
    saved(first, "roads:")
    assert first.input_value(field("roads:")) == "80" and stored(report)["roads", ""] == "80"


def test_an_unsettled_conflict_is_asked_again_after_a_reload_and_not_sent_again(sign_in, report):
    first, second = sign_in("officer"), sign_in("colleague")
    second.on("dialog", lambda dialog: dialog.accept())
    for page in (first, second):
        page.goto(f"/reports/{report.pk}/")
    first.fill(field("roads:"), "70")
    first.press(field("roads:"), "Enter")
    saved(first, "roads:")
    second.fill(field("roads:"), "80")
    second.press(field("roads:"), "Enter")
    state(second, "roads:").get_by_text("officer sửa thành 70").wait_for()
    sent = []
    second.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    second.reload()
    state(second, "roads:").get_by_text("officer sửa thành 70").wait_for()
    second.focus(field("roads:"))
    second.press(field("roads:"), "Enter")
    second.wait_for_timeout(300)
    assert (sent, second.locator(".toast").count(), second.input_value(field("roads:"))) == ([], 0, "80")
    state(second, "roads:").get_by_role("button", name="Giữ của tôi").click()
    saved(second, "roads:")
    assert stored(report)["roads", ""] == "80" and second.evaluate("localStorage.length") == 0


def test_the_keyboard_alone_fills_the_form(sign_in, report):
    page = sign_in("officer")
    page.goto(f"/reports/{report.pk}/")
    page.locator('input[name="v:plan:"]').first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == "v:roads:"
    page.keyboard.type("88,5")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.name") == "v:insured:male"
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.name") == "v:roads:"
    saved(page, "roads:")
    page.keyboard.type("99")
    page.keyboard.press("Escape")
    assert page.input_value(field("roads:")) == "88,5"
    page.keyboard.press("F2")
    assert page.evaluate("document.activeElement.name") == "s:roads:"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.name") == "v:roads:"
    saved(page, "plan:")
    assert stored(report) == {("plan", ""): "true", ("roads", ""): "88.5"}


def test_not_applicable_asks_for_its_reason(sign_in, report):
    page = sign_in("officer")
    page.goto(f"/reports/{report.pk}/")
    page.focus(field("roads:"))
    page.keyboard.press("F2")
    page.select_option('select[name="s:roads:"]', "not_applicable")
    assert page.evaluate("document.activeElement.name") == "r:roads:"
    page.keyboard.type("Xã đảo")
    page.keyboard.press("Tab")
    saved(page, "roads:")
    assert stored(report) == {("roads", ""): "not_applicable"}
    page.fill(field("roads:"), "12")
    page.press(field("roads:"), "Enter")
    settled(page)
    assert page.input_value('select[name="s:roads:"]') == ""
    assert stored(report) == {("roads", ""): "12"}


def test_a_block_from_excel_fills_down_and_across(sign_in, report):
    page = sign_in("officer")
    page.goto(f"/reports/{report.pk}/")
    paste(page, "roads:", "88,5\r\n95\r\nchín sáu\r\n0\r\n")
    for name in ("roads:", "insured:male", "houses:"):
        saved(page, name)
    state(page, "insured:female").get_by_text("không phải là số").wait_for()
    assert page.input_value(field("insured:female")) == "chín sáu"
    paste(page, "insured:male", "91,5\t92,5\r\n1\r\n")
    saved(page, "insured:female")
    saved(page, "houses:")
    settled(page)
    found = stored(report)
    assert (found["insured", "male"], found["insured", "female"], found["houses", ""]) == ("91.5", "92.5", "1")


def test_what_could_not_be_sent_is_kept_and_sent_later(sign_in, report):
    page = sign_in("officer")
    page.goto(f"/reports/{report.pk}/")
    page.context.set_offline(True)
    page.fill(field("roads:"), "88,5")
    page.press(field("roads:"), "Enter")
    state(page, "roads:").get_by_text("Mất kết nối").wait_for()
    page.context.set_offline(False)
    saved(page, "roads:")
    assert stored(report) == {("roads", ""): "88.5"}
    assert page.evaluate("localStorage.length") == 0


def test_typing_survives_leaving_the_page_while_offline(sign_in, report):
    page = sign_in("officer")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"/reports/{report.pk}/")
    page.context.set_offline(True)
    page.fill(field("water:"), "66")
    page.press(field("water:"), "Enter")
    state(page, "water:").get_by_text("Mất kết nối").wait_for()
    page.goto("about:blank")
    page.context.set_offline(False)
    page.goto(f"/reports/{report.pk}/")
    saved(page, "water:")
    assert page.input_value(field("water:")) == "66" and stored(report) == {("water", ""): "66"}


@pytest.fixture
def held() -> list[Any]:
    return []


@pytest.fixture
def slowly(sign_in, report, held):
    """A page on a slow line: its first save is held until the test lets it go."""
    page = sign_in("officer")
    page.goto(f"/reports/{report.pk}/")
    page.route(
        f"**/reports/{report.pk}/",
        lambda route: route.continue_() if held or route.request.method == "GET" else held.append(route),
    )
    return page


def let_go(page: Any, held: list[Any]) -> None:
    for _turn in range(100):
        if held:
            break
        page.wait_for_timeout(50)
    held[0].continue_()


def typed_while_it_is_held(page: Any, held: list[Any], *texts: str) -> None:
    for text in texts:
        page.fill(field("roads:"), text)
        page.press(field("roads:"), "Tab")
        page.wait_for_timeout(100)
    let_go(page, held)


def test_a_choice_changed_while_it_is_being_saved_is_saved_too(slowly, held, report):
    slowly.locator('label:has(input[name="v:plan:"][value="false"])').click()
    slowly.wait_for_timeout(100)
    slowly.locator('label:has(input[name="v:plan:"][value="true"])').click()
    let_go(slowly, held)
    saved(slowly, "plan:")
    assert stored(report)["plan", ""] == "true"


def test_a_text_changed_while_it_is_being_saved_is_saved_too(slowly, held, report):
    typed_while_it_is_held(slowly, held, "80", "85")
    saved(slowly, "roads:")
    assert stored(report) == {("roads", ""): "85"}


def test_a_value_put_back_while_it_is_being_saved_is_empty_again(slowly, held, report):
    typed_while_it_is_held(slowly, held, "80", "")
    slowly.locator("[data-entered]").get_by_text("0", exact=True).wait_for()
    settled(slowly)
    assert stored(report).get(("roads", ""), "") == ""


def test_an_ended_session_loses_nothing(sign_in, report):
    page = sign_in("officer")
    page.goto(f"/reports/{report.pk}/")
    cookies = page.context.cookies()
    page.context.clear_cookies(name="sessionid")
    page.fill(field("roads:"), "88,5")
    page.press(field("roads:"), "Enter")
    page.locator("#session-dialog[open]").wait_for()
    assert page.locator("#session-dialog a").get_attribute("target") == "_blank"
    assert page.input_value(field("roads:")) == "88,5" and stored(report) == {}
    page.locator("#session-dialog button").click()
    page.context.add_cookies([cookie for cookie in cookies if cookie["name"] == "sessionid"])
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    saved(page, "roads:")
    assert stored(report) == {("roads", ""): "88.5"}


def test_the_form_works_without_javascript(browser, live_server, world, report):
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False, locale="vi-VN")
    page = context.new_page()
    page.goto("/login/")
    page.fill("input[name=username]", "officer")
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.goto(f"/reports/{report.pk}/")
    page.fill(field("roads:"), "88,5")
    page.fill(field("water:"), "142")
    page.fill('textarea[name="n:roads:"]', "Theo biểu 02")
    page.get_by_role("button", name="Lưu", exact=True).last.click()
    assert page.input_value(field("water:")) == "142"
    assert page.get_by_text("Có phải 14,2?").first.is_visible()
    assert stored(report) == {("roads", ""): "88.5"}
    page.fill(field("water:"), "70")
    page.press(field("water:"), "Enter")
    assert stored(report) == {("roads", ""): "88.5", ("water", ""): "70"}
    assert ReportedValue.objects.get(report=report, element__code="roads").note == "Theo biểu 02"
    context.close()


def test_the_whole_job_is_done_on_a_phone(sign_in, world):
    earlier = Period.objects.create(
        code="2022", starts_on=date(2022, 1, 1), ends_on=date(2022, 12, 31), due_on=date(2023, 1, 15)
    )
    bring_to(world, "approved", report=make_report(world, period=earlier))
    report = make_report(world)
    page = sign_in("officer", width=360, height=740)
    page.goto("/reports/")
    page.get_by_role("link", name=re.compile("Nhập số liệu")).click()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.fill(field("roads:"), "91")
    page.get_by_role("button", name=re.compile("vào ô trống")).click()
    page.get_by_text(re.compile("Đã điền")).wait_for()
    assert page.input_value(field("roads:")) == "91" and len(stored(report)) == 9
    page.click("[data-submit]")
    page.get_by_text("Đã trình báo cáo").wait_for()
    report.refresh_from_db()
    assert report.status == "submitted"


def test_leaving_with_unsaved_typing_asks_first(sign_in, report):
    page = sign_in("officer")
    page.goto(f"/reports/{report.pk}/")
    page.fill(field("roads:"), "abc")
    page.press(field("roads:"), "Enter")
    state(page, "roads:").get_by_text("không phải là số").wait_for()
    asked = []

    def answer(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)
    page.goto("/reports/")
    assert asked == ["beforeunload"]
