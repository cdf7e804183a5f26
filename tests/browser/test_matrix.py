"""The matrix and its side panel in a real browser, by keyboard alone."""

import pytest

pytestmark = [pytest.mark.chromium, pytest.mark.worker]
FOCUSED = "document.activeElement.dataset.panel || document.activeElement.id"


def test_a_cell_is_reached_opened_and_left_by_keyboard(as_user):
    page = as_user("leader")
    faults = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.goto("/attainment/?as_of=2023-12-31&compare=2022-12-31")
    start = page.url
    page.locator("table[data-grid] td a").first.focus()
    first = page.evaluate(FOCUSED)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    cell = page.evaluate(FOCUSED)
    assert cell != first and cell.endswith(".2")
    page.keyboard.press("Enter")
    page.wait_for_selector("#panel[open] .rerun")
    assert page.evaluate(FOCUSED) == "panel-title"
    assert f"cell={cell}" in page.url
    opened = page.url
    # Tab does not leave the open panel.
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("!!document.activeElement.closest('#panel') || document.activeElement === document.body")
    page.keyboard.press("Escape")
    page.wait_for_function("!document.getElementById('panel').open")
    page.wait_for_url(start)
    assert page.evaluate(FOCUSED) == cell
    # The address that was shown while it was open opens it again, for whoever gets it.
    page.goto(opened)
    page.wait_for_selector("#panel[open] .rerun")
    assert page.evaluate(FOCUSED) == "panel-title"
    page.keyboard.press("Escape")
    page.wait_for_function("!document.getElementById('panel').open")
    assert page.evaluate(FOCUSED) == cell and "cell=" not in page.url
    assert faults == []


def test_the_matrix_scrolls_in_its_box_on_a_phone_and_the_names_stay(as_user):
    page = as_user("leader", width=360, height=740)
    page.goto("/attainment/?as_of=2023-12-31&compare=2022-12-31")
    name = page.locator("table[data-grid] tbody th").first
    before = name.bounding_box()["x"]
    page.evaluate("document.querySelector('.mx-box').scrollLeft = 400")
    assert page.evaluate("document.querySelector('.mx-box').scrollLeft") > 0
    assert abs(name.bounding_box()["x"] - before) < 4, "only the space between cells is taken up"
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_on_paper_the_matrix_stands_alone_and_whole(as_user):
    page = as_user("leader")
    page.goto("/attainment/?as_of=2023-12-31&level=advanced")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 1060, "height": 750})  # A4 across, without its margins
    assert not page.locator("aside.side").is_visible() and not page.locator("[data-print]").is_visible()
    table = page.locator("table[data-grid]")
    assert table.is_visible() and page.locator(".legend").first.is_visible() and page.locator("h1").is_visible()
    box = page.evaluate("(b => [b.scrollWidth, b.clientWidth])(document.querySelector('.mx-box'))")
    assert box[0] <= box[1] + 1, "no column is cut off"
