"""A yearly review on a phone, from the opening of the round to the certificate; nothing typed is lost on the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from communes.models import Classification, HouseholdReview, ReviewRound
from communes.selectors.reviews.sheets import typed_cells
from tests.factories.files import pdf_bytes
from tests.factories.poverty import CODES
from tests.factories.reviews import Commune, make_commune
from tests.factories.world import PASSWORD

pytestmark = [pytest.mark.chromium, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 360, "height": 740}
PAPER = {"name": "van-ban.pdf", "mimeType": "application/pdf", "buffer": pdf_bytes()}


@pytest.fixture
def commune() -> Commune:
    return make_commune()


@pytest.fixture
def page(live_server: Any, new_page: Callable[..., Any], commune: Commune) -> Any:
    page = new_page(live_server.url, **PHONE)
    page.goto("/login/")
    page.fill("input[name=username]", commune.officer.username)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda address: "/login/" not in address)
    return page


def fits(page: Any) -> None:
    """Nothing is wider than the phone."""
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= PHONE["width"], (page.url, wide)


def open_round(page: Any) -> ReviewRound:
    page.goto("/households/reviews/")
    fits(page)
    page.goto("/households/reviews/open/")
    page.fill("input[name=held_in]", "2025")
    page.fill("input[name=on]", "2025-09-05")
    fits(page)
    page.click("main form button.btn-primary")
    page.wait_for_url("**/households/reviews/*/")
    fits(page)
    return ReviewRound.objects.get()


def answer(page: Any, name: str, value: str) -> None:
    page.locator(f'[data-cell="{name}"] input[type=radio][value="{value}"]').check(force=True)


def saved(page: Any, name: str) -> None:
    page.locator(f'[data-cell-state="{name}"] .save-state.saved').wait_for()


def fill(page: Any, review: HouseholdReview, deprived: int, a_score: str = "120") -> None:
    page.goto(f"/households/reviews/{review.round_id}/households/{review.pk}/")
    fits(page)
    page.locator('input[name="v:a_score:"]').fill(a_score)
    for n, code in enumerate(CODES):
        answer(page, f"answer:{code}", "true" if n < deprived else "false")
    page.locator('input[name="v:surveyor:"]').fill("Rà Soát Viên")
    page.locator('input[name="v:surveyed_on:"]').fill("10/10/2025")
    page.locator('input[name="v:surveyed_on:"]').press("Tab")
    saved(page, "surveyed_on:")


def live(page: Any) -> str:
    return str(page.locator('[data-outcome="result"]').inner_text())


def finish(page: Any) -> None:
    page.click("button[name=action][value=finish]")
    page.locator(".note-success").wait_for()


def test_a_yearly_round_from_its_opening_to_the_certificate_on_a_phone(page: Any, commune: Commune) -> None:
    round_ = open_round(page)
    for code, deprived, word in (("P1", 1, "hộ cận nghèo"), ("N1", 4, "hộ nghèo"), ("N2", 0, "hộ cận nghèo")):
        fill(page, commune.review(code), deprived)
        page.locator(f'[data-outcome="result"] .chip:has-text("{word}")').first.wait_for()
        answer(page, "cause:no_capital", "true")
        page.locator('[data-outcome="described"]', has_text="Đã ghi 1 nguyên nhân").wait_for()
        finish(page)
    page.goto(f"/households/reviews/{round_.pk}/")
    page.click("button[name=move][value=submit]")
    page.locator(".note-success").wait_for()
    for _village in commune.villages:
        page.locator("a.btn", has_text="Ghi biên bản họp dân").first.click()
        fits(page)
        page.fill("input[name=held_on]", "2025-11-03")
        page.fill("input[name=chaired_by]", "Trưởng Thôn")
        page.fill("input[name=present]", "40")
        page.fill("input[name=agreeing]", "38")
        page.set_input_files("input[name=minutes]", PAPER)
        page.click("main form button.btn-primary")
        page.locator(".note-success").wait_for()
    for _village in commune.villages:
        page.locator("a.btn", has_text="Ghi niêm yết").first.click()
        fits(page)
        page.fill("input[name=posted_on]", "2025-11-03")
        page.fill("input[name=place]", "Nhà văn hóa thôn")
        page.click("main form button.btn-primary")
        page.locator(".note-success").wait_for()
    fits(page)
    page.click("button[name=move][value=complete]")
    page.locator("a.btn", has_text="Ghi quyết định").click()
    fits(page)
    page.fill("input[name=number]", "215/QĐ-UBND")
    page.fill("input[name=decided_on]", "2025-11-06")  # the postings last to the end of that day
    page.fill("input[name=signer]", "Chủ tịch Thử")
    page.set_input_files("input[name=scan]", PAPER)
    page.click("main form button.btn-primary")
    assert "quyết định không thể sớm hơn" in page.locator(".field-error").first.inner_text()
    page.fill("input[name=decided_on]", "2025-11-07")
    page.set_input_files("input[name=scan]", PAPER)
    page.click("main form button.btn-primary")
    page.locator(".note-success").wait_for()
    fits(page)
    statuses = Classification.objects.filter(effective_year=2026).values_list("household__code", "status")
    assert set(statuses) == {("P1", "near_poor"), ("N1", "poor"), ("N2", "near_poor")}
    page.goto(f"/households/{commune.review('N1').household_id}/")
    fits(page)
    assert "Không có vốn sản xuất kinh doanh" in page.locator("#descriptions").inner_text()
    page.goto(f"/households/reviews/{round_.pk}/households/{commune.review('N1').pk}/certificate/")
    fits(page)
    assert "HỘ NGHÈO" in page.locator(".paper h2").inner_text()


def test_what_was_answered_without_a_line_survives_a_reload_and_is_sent_when_it_is_back(
    page: Any, commune: Commune
) -> None:
    round_ = open_round(page)
    review = commune.review("P1")
    address = f"/households/reviews/{round_.pk}/households/{review.pk}/"
    page.goto(address)
    page.on("dialog", lambda dialog: dialog.accept())
    page.route(f"**{address}", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    answer(page, "answer:water", "true")
    answer(page, "cause:illness", "true")
    unsent = page.locator('[data-cell-state="answer:water"] .save-state.wrong')
    unsent.wait_for()
    page.reload()
    unsent.wait_for()
    assert page.locator('[data-cell="answer:water"] input[value="true"]').is_checked()
    assert page.locator('[data-cell="cause:illness"] input[value="true"]').is_checked()
    assert typed_cells(review) == {}
    page.unroute(f"**{address}")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    saved(page, "answer:water")
    saved(page, "cause:illness")
    assert {cell.name: cell.value for cell in typed_cells(review).values()} == {
        "answer:water": "true", "cause:illness": "true",
    }  # fmt: skip
    assert "B 10" in " ".join(live(page).split())


def test_two_phones_over_one_sheet_see_each_other(page: Any, commune: Commune, new_page: Callable[..., Any]) -> None:
    round_ = open_round(page)
    review = commune.review("P1")
    page.goto(f"/households/reviews/{round_.pk}/households/{review.pk}/")
    other = page.context.new_page()
    other.goto(page.url)
    answer(other, "answer:toilet", "true")
    saved(other, "answer:toilet")
    answer(page, "answer:toilet", "false")
    page.locator('[data-cell-state="answer:toilet"] .save-state.conflict').wait_for()
    assert typed_cells(review)["answer:toilet"].value == "true"
    page.locator('[data-cell-state="answer:toilet"] [data-mine]').click()
    saved(page, "answer:toilet")
    assert typed_cells(review)["answer:toilet"].value == "false"
