"""The leader's pages in a real browser: three widths, two languages, by keyboard, within the content policy."""

import re

import pytest

pytestmark = [pytest.mark.chromium, pytest.mark.worker]
PAGES = (
    "/?as_of=2023-12-31",
    "/measures/ntm.recognised.advanced/?as_of=2023-12-31",
    "/attainment/?as_of=2023-12-31&compare=2022-12-31",
    "/attainment/bac-son/criteria/17/?as_of=2023-12-31&compare=2022-12-31",
    "/attainment/bac-son/?as_of=2023-12-31",
    "/units/?as_of=2023-12-31",
    "/units/bac-son/?as_of=2023-12-31",
    "/units/hai-son-2025/?as_of=2025-07-01",
)

COORDINATED = (
    "/criteria/",
    "/criteria/NTM_XA_2021_2025/",
    "/criteria/norms/",
    "/recognitions/?as_of=2023-12-31",
    "/recognitions/new/",
    "/reports/",
    "/reports/import/",
    "/reports/completeness/",
    "/reports/remind/",
    "/reports/open/",
    "/periods/",
    "/audit/",
)
ADMINISTERED = ("/users/", "/users/new/", "/api-clients/")


# `make walk` looks at every page in every width and language; here the narrowest and the widest text meet.
@pytest.mark.parametrize(("width", "language"), [(360, "vi"), (768, "en")])
def test_no_page_is_wider_than_its_window_or_breaks_the_content_policy(as_user, width, language):
    page = as_user("leader", width=width, language=language)
    walk(page, PAGES)


@pytest.mark.parametrize(("width", "language"), [(360, "vi")])
def test_no_page_of_the_office_is_wider_than_its_window(as_user, width, language):
    coordinator = as_user("coordinator", width=width, language=language)
    coordinator.goto("/reports/")
    compared = coordinator.locator('a[href$="/verify/"]').first.get_attribute("href")
    walk(coordinator, (*COORDINATED, compared, compared.replace("verify", "changes")))
    walk(as_user("admin", width=width, language=language), ADMINISTERED)


def walk(page, paths):
    """Open each page; none may be wider than the window, miss a file, or break the content policy."""
    faults = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    for path in paths:
        answer = page.goto(path)
        page.wait_for_load_state("networkidle")
        beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert (answer.status, beyond) == (200, 0), path
        assert faults == [], path


def test_the_eleven_figures_of_the_review_stand_above_the_fold(as_user):
    page = as_user("leader", width=1366, height=768)
    page.goto("/?as_of=2023-12-31")
    shown = [
        re.sub(r"\s+", "", text)
        for text in page.locator(".ladder .pair > div:first-child .level-value").all_inner_texts()
    ]
    assert shown == ["05/05100%", "02/0540,0%", "01/0520,0%"]
    figures = [re.sub(r"\s+", "", text) for text in page.locator(".kpis .kpi-value .fig").all_inner_texts()]
    assert figures == ["09/09", "39/39", "0", "57", "76,611", "70,957", "29", "0"]
    for value in page.locator(".kpis .kpi-value").all():
        box = value.bounding_box()
        assert box["y"] + box["height"] <= 768


def test_the_map_is_walked_and_opened_by_keyboard(as_user):
    page = as_user("leader")
    page.goto("/?as_of=2023-12-31")
    page.locator("svg.tilemap a").first.focus()
    page.keyboard.press("Tab")
    place = page.evaluate("document.activeElement.getAttribute('aria-label')").split(":")[0]
    page.keyboard.press("Enter")
    page.wait_for_url("**/units/**")
    assert place in page.locator("h1").inner_text()


def test_another_day_is_chosen_without_losing_the_page(as_user):
    page = as_user("leader")
    page.goto("/?as_of=2023-12-31")
    page.locator("details.menu summary").nth(1).click()
    page.fill("#as-of", "2022-12-31")
    page.locator(".menu-form button").click()
    page.wait_for_url("**as_of=2022-12-31")
    assert "31/12/2022" in page.locator(".head p").inner_text()
