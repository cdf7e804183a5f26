"""The queue in a folder: order, one taker for each message, and a folder that goes away."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from kombu import Connection, Exchange, Queue

from mongcai_portal.celery import app

QUEUE = Queue("jobs", Exchange("jobs", type="direct"), routing_key="jobs")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "messages"


@pytest.fixture
def connection(folder: Path) -> Iterator[Connection]:
    assert app is not None  # importing it is what puts our transport behind `filesystem://`
    with Connection("filesystem://", transport_options={"data_folder_in": str(folder)}) as connection:
        yield connection


def _send(connection: Connection, *bodies: Any) -> None:
    producer = connection.Producer()
    for body in bodies:
        producer.publish(body, exchange=QUEUE.exchange, routing_key="jobs", declare=[QUEUE], serializer="json")


def _take(connection: Connection) -> Any:
    message = QUEUE(connection.default_channel).get(no_ack=True)
    return message.payload if message else None


def test_messages_come_out_in_the_order_in_which_they_went_in(connection: Connection) -> None:
    _send(connection, {"n": 1}, {"n": 2}, {"n": 3})
    assert [_take(connection) for _ in range(4)] == [{"n": 1}, {"n": 2}, {"n": 3}, None]


def test_a_message_taken_by_one_process_is_gone_for_the_others(connection: Connection, folder: Path) -> None:
    _send(connection, {"n": 1})
    with Connection("filesystem://", transport_options={"data_folder_in": str(folder)}) as other:
        QUEUE(other.default_channel).declare()
        assert _take(other) == {"n": 1}
    assert _take(connection) is None
    assert list(folder.iterdir()) == []


def test_reading_and_counting_survive_a_missing_folder(connection: Connection, folder: Path) -> None:
    channel = connection.default_channel
    shutil.rmtree(folder, ignore_errors=True)
    assert channel._size("jobs") == 0
    assert channel._purge("jobs") == 0
    with pytest.raises(Empty):
        channel._get("jobs")


def test_a_message_sent_after_the_folder_was_removed_arrives(connection: Connection, folder: Path) -> None:
    _send(connection, {"n": 1})
    shutil.rmtree(folder)
    _send(connection, {"n": 2})
    assert _take(connection) == {"n": 2}


def test_a_half_written_message_is_not_taken(connection: Connection, folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "00000000000000000001-x.jobs.msg.draft").write_text('{"bo')
    assert _take(connection) is None


def test_purging_empties_one_queue_only(connection: Connection) -> None:
    other = Queue("others", Exchange("others", type="direct"), routing_key="others")
    _send(connection, {"n": 1}, {"n": 2})
    connection.Producer().publish({"n": 3}, exchange=other.exchange, routing_key="others", declare=[other])
    assert QUEUE(connection.default_channel).purge() == 2
    assert other(connection.default_channel).get(no_ack=True).payload == {"n": 3}
