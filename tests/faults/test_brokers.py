"""The same portal on Redis and on RabbitMQ: worker and beat find each other there, and the main job works."""

from __future__ import annotations

import pytest
import requests

from tests.factories.live import SWEPT_SECONDS, LiveTown
from tests.portal import Portal, wait_until

pytestmark = pytest.mark.worker


def test_worker_takes_what_beat_sends(portal_on_broker: Portal) -> None:
    log = portal_on_broker.var / "log" / "worker.log"
    taken = log.read_text().count("indicators.tasks.sweep_requests")
    wait_until(
        lambda: log.read_text().count("indicators.tasks.sweep_requests") > taken, 15, "the worker takes another sweep"
    )
    assert requests.get(f"{portal_on_broker.url}/readyz", timeout=5).json()["checks"]["queue"] == "ok"
    assert not (portal_on_broker.var / "broker").exists(), "the folder queue is not in use"


def test_an_approval_reaches_the_worker_and_the_standing_appears(portal_on_broker: Portal) -> None:
    town = LiveTown(portal_on_broker)
    [report] = town.stage("verified", "bac-son").values()
    assert town.coordinator(report).approves().status == 200
    town.wait_for_outcome(report, "met", SWEPT_SECONDS)
    log = (portal_on_broker.var / "log" / "worker.log").read_text()
    assert "indicators.tasks.evaluate_request" in log, "by its message, not only by the sweep"
    town.nothing_differs()
