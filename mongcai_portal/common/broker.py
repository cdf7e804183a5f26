"""A Celery queue in a folder, for machines without RabbitMQ or Redis.

Kombu ships such a transport; three of its habits do not suit a portal that must survive its folder being emptied or
removed while it runs: it dies with the folder, it keeps the routing in files that other processes read half-written,
and a reader can take a message before it is all there. Here a message is one file that appears under its name only
when it is complete, it is claimed by a rename, folders are made again when missing, and routing is what each process
has itself declared (Celery declares its queue before each first publication).

What it keeps of kombu's: a message that a killed process had taken is lost. Work in the portal is a row, not a
message; beat sweeps the rows.
"""

from __future__ import annotations

import json
import time
import uuid
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import base, virtual


class Channel(virtual.Channel):
    """Messages of all queues as files in `data_folder_in`, named by time, so that the oldest comes first."""

    supports_fanout = False

    @property
    def folder(self) -> Path:
        return Path(self.connection.client.transport_options["data_folder_in"])

    def _waiting(self, queue: str) -> list[Path]:
        try:
            return sorted(self.folder.glob(f"*.{queue}.msg"))
        except FileNotFoundError:
            return []

    def _put(self, queue: str, message: dict[str, Any], **kwargs: Any) -> None:
        name = f"{time.time_ns():020d}-{uuid.uuid4().hex}.{queue}.msg"
        draft, final = self.folder / f"{name}.draft", self.folder / name
        for last_try in (False, True):
            self.folder.mkdir(parents=True, exist_ok=True)
            try:
                draft.write_text(json.dumps(message), encoding="utf-8")
                draft.rename(final)
                return
            except FileNotFoundError:  # the folder went away between the two lines
                if last_try:
                    raise

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        for path in self._waiting(queue):
            claimed = path.with_name(f"{path.name}.{uuid.uuid4().hex}.claimed")
            try:
                path.rename(claimed)
                text = claimed.read_text(encoding="utf-8")
                claimed.unlink()
            except FileNotFoundError:  # another worker was first, or the folder was removed
                continue
            return json.loads(text)
        raise Empty()

    def _size(self, queue: str) -> int:
        return len(self._waiting(queue))

    def _purge(self, queue: str) -> int:
        waiting = self._waiting(queue)
        for path in waiting:
            path.unlink(missing_ok=True)
        return len(waiting)


class Transport(virtual.Transport):
    """`filesystem://` with the transport options `data_folder_in` and `polling_interval` (seconds)."""

    Channel = Channel
    implements = base.Transport.implements.extend(asynchronous=False, exchange_type=frozenset(["direct"]))
    global_state = virtual.BrokerState()  # type: ignore[no-untyped-call]  # kombu gives no types here
    default_port = None
    driver_type = "filesystem"
    driver_name = "filesystem"

    def __init__(self, client: Any, **kwargs: Any) -> None:
        super().__init__(client, **kwargs)  # type: ignore[no-untyped-call]
        self.state = self.global_state

    def driver_version(self) -> str:
        return "portal"
