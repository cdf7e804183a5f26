"""`/healthz` and `/readyz`, as other systems watch them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from mongcai_portal import health
from mongcai_portal.common.models import Heartbeat

pytestmark = pytest.mark.django_db

NAMES = {"database", "migrations", "queue", "worker", "beat"}


@pytest.fixture
def alive() -> None:
    for component in ("beat", "evaluate", "maintenance", "mail"):
        Heartbeat.objects.create(component=component, at=timezone.now())


def test_healthz_answers_without_a_session(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_readyz_is_200_when_all_is_there(client: Client, alive: None) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "checks": dict.fromkeys(NAMES, "ok")}


@pytest.mark.parametrize(
    ("component", "check"),
    [("evaluate", "worker"), ("maintenance", "worker"), ("mail", "worker"), ("beat", "beat")],
)
def test_readyz_is_503_when_a_heartbeat_is_older_than_a_minute(
    client: Client, alive: None, component: str, check: str
) -> None:
    Heartbeat.objects.filter(component=component).update(at=timezone.now() - timedelta(seconds=61))
    answer = client.get("/readyz")
    checks = answer.json()["checks"]
    assert answer.status_code == 503
    assert {name for name, state in checks.items() if state != "ok"} == {check}
    assert "61 s ago" in checks[check]
    if check == "worker":
        assert checks[check].startswith(f"{component}: "), "which queue nobody works on is told"


def test_readyz_is_200_while_a_heartbeat_is_younger_than_a_minute(client: Client, alive: None) -> None:
    Heartbeat.objects.update(at=timezone.now() - timedelta(seconds=55))
    assert client.get("/readyz").status_code == 200


def test_readyz_is_503_when_no_heartbeat_ever_came(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    checks = answer.json()["checks"]
    assert checks["beat"] == "no heartbeat yet"
    assert checks["worker"].split("; ") == [f"{name}: no heartbeat yet" for name in ("evaluate", "maintenance", "mail")]


def test_readyz_tells_a_fault_without_its_text(client: Client, alive: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> Any:
        raise OperationalError("could not connect to 10.1.2.3 as portal")

    monkeypatch.setitem(health.CHECKS, "database", fail)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["database"] == "OperationalError"
    assert b"10.1.2.3" not in answer.content


def test_readyz_names_a_queue_that_is_away(client: Client, alive: None, settings: Any) -> None:
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["queue"] != "ok"


def test_health_is_only_read(client: Client) -> None:
    assert client.post("/healthz").status_code == 405
    assert client.post("/readyz").status_code == 405
