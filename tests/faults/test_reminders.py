"""A reminder that the coordinator asks for leaves as a letter, by the real worker."""

from __future__ import annotations

import pytest

from tests.factories.live import LiveTown
from tests.factories.windows import send
from tests.portal import Portal, wait_until

pytestmark = pytest.mark.worker


def letters_to(town: LiveTown, address: str) -> list[str]:
    folder = town.portal.var / "mail"
    texts = [path.read_text(encoding="utf-8") for path in folder.glob("*.log")] if folder.exists() else []
    return [text for text in texts if f"To: {address}" in text]


def test_the_worker_writes_the_letter_of_a_reminder_once(live_portal: Portal) -> None:
    town = LiveTown(live_portal)
    town.stage("draft", "quang-nghia", period="2024-05")
    window = town.window("coordinator")
    for _ in range(2):
        form = window.get("/reports/remind/?period=2024-05").form("remind")
        form.fields["u:quang-nghia"] = "on"  # who was reminded today is not ticked any more
        answer = send(window, form)
        assert answer.status == 200, answer.text
    address = "officer.quangnghia@demo.invalid"
    wait_until(lambda: letters_to(town, address), 15, lambda: f"a letter to {address}\n{town.portal.logs()}")
    sent = "SELECT count(*) FROM indicators_reminder WHERE mail = 'sent' AND sent_at IS NOT NULL"
    wait_until(lambda: town.rows(sent) == [(1,)], 5, "the reminder is marked as sent")
    [letter] = letters_to(town, address)
    assert f"{town.portal.url}/reports/" in letter or "base64" in letter
