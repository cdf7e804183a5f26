"""The same call twice at the same time: one writes, the other waits and gets its answer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from django.db import connection

from indicators.models import ValueChange
from indicators.services import bulk
from mongcai_portal.audit.models import AuditEvent
from tests.factories.world import fresh, make_report, make_world


@pytest.mark.django_db(transaction=True)
def test_a_replay_that_comes_meanwhile_waits_and_writes_nothing(monkeypatch):
    world = make_world()
    make_report(world)
    rows = [{"unit": "commune-1", "period": "2023", "element": "roads", "value": "5"}]
    writing, asked = Event(), Event()
    real_store, real_claim = bulk.store, bulk.claim
    claims = []

    def store(*args: Any, **kwargs: Any) -> None:
        writing.set()
        assert asked.wait(60)
        real_store(*args, **kwargs)

    def claim(**kwargs: Any) -> Any:
        claims.append(kwargs["key"])
        if len(claims) == 2:
            asked.set()
        return real_claim(**kwargs)

    monkeypatch.setattr(bulk, "store", store)
    monkeypatch.setattr(bulk, "claim", claim)
    if connection.vendor == "sqlite":
        # The second cannot even begin before the first has ended.
        monkeypatch.setattr(bulk, "store", lambda *args, **kwargs: (writing.set(), real_store(*args, **kwargs)))

    def call() -> bulk.BulkAnswer:
        try:
            return bulk.save_bulk(by=fresh(world.people["officer"]), rows=rows, key="night-1")
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(call)
        assert writing.wait(60)
        second = pool.submit(call)
        answers = [first.result(60), second.result(60)]
    assert [(a.created, a.replayed) for a in answers] == [(1, False), (1, True)]
    assert ValueChange.objects.count() == 1
    assert AuditEvent.objects.filter(kind="report.values_saved").count() == 1
