"""`/households/`: the register as each reader sees it, narrowed and searched."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communes.models import Household
from communes.services.households import end_household, register_household, register_households
from tests.factories.registers import NUMBER, Registry, entry, family, someone
from tests.factories.windows import Answer, LocalWindow, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(registry: Registry) -> LocalWindow:
    register_household(by=registry.officer, entry=entry())
    other = replace(
        entry(code="H2", village="thon-2"), members=family(someone("Bé Ba", date(2012, 3, 4)), number="022280001235")
    )
    register_household(by=registry.officer, entry=other)
    elsewhere = replace(entry(code="TC1", village="thon-tra-co"), members=family(number="022280001236"))
    register_household(by=registry.stranger, entry=elsewhere)
    return LocalWindow("can-bo")


def codes_on(answer: Answer) -> set[str]:
    return {code for code in ("H1", "H2", "TC1") if f">{code}</td>" in answer.html}


def search(window: LocalWindow, q: str, **more: str) -> Answer:
    return send(window, window.get("/households/").form("search"), q=q, **more)


def test_an_officer_sees_the_own_communes_households_and_no_others(officer: LocalWindow) -> None:
    page = officer.get("/households/")
    assert page.status == 200 and codes_on(page) == {"H1", "H2"}
    assert "2 hộ" in page.text
    assert codes_on(LocalWindow("dieu-phoi").get("/households/")) == {"H1", "H2", "TC1"}
    assert codes_on(LocalWindow("nguoi-khac").get("/households/")) == {"TC1"}


def test_whoever_looks_after_no_households_finds_neither_page_nor_entry(officer: LocalWindow) -> None:
    assert LocalWindow("lanh-dao").get("/households/").status == 403
    assert 'href="/households/"' not in LocalWindow("lanh-dao").get("/units/").html
    assert 'href="/households/"' in officer.get("/units/").html


@pytest.mark.parametrize(("q", "found"), [("chu ho thu h2", {"H2"}), ("Chủ Hộ", {"H1", "H2"}), ("h1", {"H1"})])
def test_a_search_needs_no_tone_marks_and_stands_in_no_address(officer: LocalWindow, q: str, found: set[str]) -> None:
    page = search(officer, q)
    assert codes_on(page) == found
    assert "s=" in page.path and q not in page.path and "q=" not in page.path
    assert f'value="{q}"' in page.html
    # The address alone brings it back in the same session, and says nothing in another one.
    assert codes_on(officer.get(page.path)) == found
    other = LocalWindow("can-bo").get(page.path)
    assert codes_on(other) == {"H1", "H2"} and "đã cũ" in other.text


def test_a_whole_identity_number_leads_to_its_household_and_is_kept_nowhere(
    officer: LocalWindow, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for typed in (NUMBER, "022 280 001 234"):
        page = search(officer, typed)
        assert page.path == f"/households/{Household.objects.get(code='H1').pk}/"
        assert NUMBER not in page.html and typed not in page.html
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_data FROM accounts_opensession")
        assert all(NUMBER not in str(row) for row in cursor.fetchall())
    assert NUMBER not in caplog.text


@pytest.mark.parametrize("number", ["022280009999", NUMBER[:11], NUMBER[1:], "022280001236"])
def test_a_part_a_wrong_or_a_foreign_number_finds_nothing_and_comes_back_nowhere(
    officer: LocalWindow, number: str
) -> None:
    page = search(officer, number)
    assert (page.status, page.path, codes_on(page)) == (200, "/households/", set())
    assert "Không có hộ nào khớp" in page.text and number not in page.html


def test_the_list_is_narrowed_by_unit_village_and_state(officer: LocalWindow) -> None:
    coordinator = LocalWindow("dieu-phoi")
    assert codes_on(coordinator.get("/households/?unit=tra-co")) == {"TC1"}
    assert codes_on(officer.get("/households/?village=thon-2")) == {"H2"}
    household = Household.objects.get(code="H2")
    end_household(by=None, household_id=household.pk, on=date(2023, 5, 1), because="moved_out")
    assert codes_on(officer.get("/households/")) == {"H1"}
    assert codes_on(officer.get("/households/?state=gone")) == {"H2"}
    assert codes_on(officer.get("/households/?state=all")) == {"H1", "H2"}
    # What does not exist, or is another's, narrows nothing.
    assert codes_on(officer.get("/households/?unit=tra-co&village=x&state=y&start=-5")) == {"H1"}


def test_the_same_queries_whatever_the_length_of_the_list(officer: LocalWindow, registry: Registry) -> None:
    def cost(path: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            officer.get(path)
        return len(seen)

    officer.get("/households/?state=all")
    for path in ("/households/", "/households/?village=thon-1"):
        first = cost(path)
        assert cost(path) == first - 1, "the first reading of a day is noted, by one insert"
    before = cost("/households/"), cost("/households/?village=thon-1")
    more = [replace(entry(code=f"X{n}"), members=family(number="")) for n in range(60)]
    register_households(by=registry.officer, entries=more)
    assert (cost("/households/"), cost("/households/?village=thon-1")) == before
    first, second = officer.get("/households/"), officer.get("/households/?start=50")
    assert first.html.count('<th scope="row">') == 50 and second.html.count('<th scope="row">') == 12
    assert "start=50" in first.html and "start=0" in second.html


def test_an_empty_register_says_how_it_begins(registry: Registry) -> None:
    page = LocalWindow("can-bo").get("/households/")
    assert "Sổ chưa có hộ nào" in page.text and "/households/new/" in page.html
    assert "/households/new/" not in LocalWindow("dieu-phoi").get("/households/").html
