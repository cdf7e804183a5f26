"""What an address carries along, what it asks for, and how one address is page and panel."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import RequestFactory

from mongcai_portal.common.links import link
from mongcai_portal.common.views.asked import asked_day


def test_an_address_carries_what_is_set_and_nothing_else() -> None:
    assert link("attainment") == "/attainment/"
    assert link("attainment", as_of=date(2023, 12, 31), level="", compare=None) == "/attainment/?as_of=2023-12-31"
    assert link("attainment_criterion", "bac-son", 17, level="advanced").endswith("/criteria/17/?level=advanced")


def test_what_an_address_carries_is_escaped() -> None:
    assert link("attainment", cell="a&b=c d") == "/attainment/?cell=a%26b%3Dc+d"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", (None, True)),
        (" 2023-12-31 ", (date(2023, 12, 31), True)),
        ("31/12/2023", (None, False)),
        ("2023-02-29", (None, False)),
        ("0001-01-01", (None, False)),
        ("9999-12-31", (None, False)),
        ("\N{FULLWIDTH DIGIT TWO}023-12-31", (None, False)),
    ],
)
def test_a_day_is_read_or_said_to_be_unreadable(text: str, told: tuple[date | None, bool]) -> None:
    for key in ("as_of", "compare"):
        assert asked_day(RequestFactory().get("/", {key: text}), key) == told
