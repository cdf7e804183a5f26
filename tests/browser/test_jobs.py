"""The page of background work on a phone: changes come by themselves, the focus stays, and the keyboard is enough."""

import pytest

from tests.factories.live import LiveTown

pytestmark = [pytest.mark.chromium, pytest.mark.worker]

# It waits for years, so that no worker takes it.
WAITING = (
    "INSERT INTO common_job (kind, state, asked_by, asked_at, not_before, attempts, taken_by, done, cancel_asked,"
    " cancelled_by, result, error) VALUES ('clear_past_work', 'waiting', 'x', '2024-01-01 00:00:00',"
    " '2099-01-01 00:00:00', 1, '', 0, FALSE, '', '{}', 'OSError')"
)


def test_a_change_comes_by_itself_the_focus_stays_and_enter_cancels(as_user, live_portal):
    town = LiveTown(live_portal)
    town.rows(WAITING)
    page = as_user("admin", width=360, height=740)
    faults = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.goto("/jobs/")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.locator("#work button[id^=cancel-]").first.focus()
    focused = page.evaluate("document.activeElement.id")
    town.rows("UPDATE common_job SET attempts = 2 WHERE kind = 'clear_past_work' AND state = 'waiting'")
    page.wait_for_selector("text=lần chạy thứ 2, nhiều nhất 3 lần")
    assert page.evaluate("document.activeElement.id") == focused
    page.keyboard.press("Enter")
    page.wait_for_selector("text=đã hủy, việc này không chạy nữa")
    assert town.rows("SELECT state FROM common_job WHERE kind = 'clear_past_work'") == [("cancelled",)]
    assert faults == []
