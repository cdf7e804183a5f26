"""Plans and the chart of a measure in a real browser: drawn within the content policy, typed by keyboard."""

import re

import pytest

pytestmark = [pytest.mark.chromium, pytest.mark.worker]
MEASURE = "/measures/ntm.recognised.advanced/?as_of=2023-12-31"


def listened(page):
    faults = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    return faults


@pytest.mark.parametrize(("width", "language"), [(360, "vi"), (1366, "en")])
def test_the_chart_is_drawn_from_its_specification_and_says_what_is_a_projection(as_user, width, language):
    page = as_user("leader", width=width, language=language)
    faults = listened(page)
    page.goto(MEASURE)
    page.wait_for_selector("figure.chart.is-drawn svg")
    drawn = page.locator("figure.chart svg").text_content()
    table = page.locator("section.trend").inner_text()
    value = re.search(r"≈ [\d,.]+%", table).group()
    assert value in drawn
    words = {"vi": "dự báo, không phải số liệu", "en": "projection, not a figure"}[language]
    assert words in drawn and words in table
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    assert faults == []


def test_the_chart_follows_the_theme(as_user):
    page = as_user("leader")
    faults = listened(page)
    page.goto(MEASURE)
    page.wait_for_selector("figure.chart.is-drawn svg")
    inks = "() => [...document.querySelectorAll('figure.chart svg [stroke]')].map(e => e.getAttribute('stroke'))"
    light = set(page.evaluate(inks))
    page.evaluate("document.documentElement.setAttribute('data-bs-theme', 'dark')")
    page.evaluate("document.documentElement.setAttribute('data-theme', 'dark')")
    page.wait_for_function(f"before => JSON.stringify([...new Set(({inks})())].sort()) != before",
                           arg=str(sorted(light)))  # fmt: skip
    brand = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--brand').trim()")
    page.wait_for_function(f"brand => ({inks})().includes(brand)", arg=brand)
    assert brand not in light
    assert faults == []


def test_a_plan_is_typed_by_keyboard_and_its_fault_is_read_at_its_field(as_user):
    page = as_user("coordinator")
    page.goto("/targets/new/?measure=value_chains.count&unit=mong-cai")
    page.locator("[name=year]").focus()
    page.keyboard.type("2025")
    page.keyboard.press("Tab")
    page.keyboard.type("8")
    page.keyboard.press("Enter")
    page.wait_for_selector("[name=baseline_value][aria-invalid]")
    told = page.locator("[name=baseline_value]").get_attribute("aria-describedby")
    assert "phải có điểm xuất phát" in page.locator(f"#{told.split()[-1]}").inner_text()
    assert page.locator("[name=value]").input_value() == "8"
