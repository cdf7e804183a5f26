"""Life signs of beat and of the queues' workers."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mongcai_portal.common import heartbeats


@pytest.mark.django_db(transaction=True)
def test_a_sign_is_one_statement_of_its_own_so_that_who_stops_in_it_holds_nobody_up() -> None:
    heartbeats.beat(heartbeats.MAIL)
    with CaptureQueriesContext(connection) as caught:
        heartbeats.beat(heartbeats.MAIL)
    assert [query["sql"].split()[0] for query in caught.captured_queries] == ["UPDATE"]


@pytest.mark.django_db
def test_a_first_sign_and_every_later_one_say_that_the_queue_is_served() -> None:
    assert heartbeats.signs()[heartbeats.EVALUATE].at is None
    heartbeats.beat(heartbeats.EVALUATE)
    first = heartbeats.signs()[heartbeats.EVALUATE]
    heartbeats.beat(heartbeats.EVALUATE)
    later = heartbeats.signs()[heartbeats.EVALUATE]
    assert first.at and later.at and first.alive and later.alive and first.at < later.at
    assert not heartbeats.signs()[heartbeats.MAIL].alive
