"""Opening reports in a browser: a tick and a choice never contradict each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = [pytest.mark.chromium, pytest.mark.worker]


def test_a_tick_chooses_the_ticked_ones_and_another_choice_takes_it_away(as_user: Callable[..., Any]) -> None:
    page = as_user("coordinator")
    page.goto("/reports/open/?period=2024")
    chosen, box = page.locator("input[name=which]:checked"), page.locator("input[name='u:bac-son']")
    assert chosen.get_attribute("value") == "all"
    box.check()
    assert chosen.get_attribute("value") == "ticked"
    page.check("input[name=which][value=all]")
    assert not box.is_checked()
