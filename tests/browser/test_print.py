"""What comes out of the printer: A4 pages that begin with what they are about, and papers of one page."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from mongcai_portal.accounts.models import User
from tests.factories.registers import Registry, entry, family
from tests.factories.registers import registry as registry
from tests.factories.reviews import make_decided
from tests.factories.world import PASSWORD

pytestmark = [pytest.mark.chromium, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def printed(live_server: Any, new_page: Callable[..., Any]) -> Callable[[User, str], list[str]]:
    """Print an address as somebody, and return what the pages say."""

    def print_it(who: User, path: str) -> list[str]:
        page = new_page(live_server.url)
        page.goto("/login/")
        page.fill("input[name=username]", who.username)
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(lambda address: "/login/" not in address)
        page.goto(path)
        return [one.extract_text() for one in PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages]

    return print_it


def test_a_long_list_begins_on_the_page_of_its_heading(
    registry: Registry, printed: Callable[[User, str], list[str]]
) -> None:
    from communes.services.households import register_households

    entries = [entry(code=f"H{n:02d}", members=family(number=f"0222800{n:05d}")) for n in range(1, 41)]
    register_households(by=registry.officer, entries=entries)
    pages = printed(registry.officer, "/households/")
    assert "H01" in "".join(pages[0].split())
    assert len(pages) > 1
    assert all(page.strip() for page in pages)


def test_a_certificate_is_one_page_under_the_name_of_the_state(
    registry: Registry, printed: Callable[[User, str], list[str]]
) -> None:
    review = make_decided(registry.unit, "H1")
    pages = printed(registry.officer, f"/households/reviews/{review.round_id}/households/{review.pk}/certificate/")
    assert len(pages) == 1
    # Some fonts are read with gaps between the letters that have marks.
    lines = ["".join(line.split()) for line in pages[0].splitlines()]
    assert "CỘNGHÒAXÃHỘICHỦNGHĨAVIỆTNAM" in lines
