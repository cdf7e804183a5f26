"""What is done to the portal, in an order and at moments drawn from one seed."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import requests

from tests.campaign.ledger import Ledger
from tests.campaign.servers import Broker, OwnPostgres, SmallDisk
from tests.portal import Portal, wait_until

# Of each fault so many in one leg.
TIMES = {
    "web killed": 6,
    "web process killed": 4,
    "worker killed": 6,
    "worker process killed": 4,
    "beat killed": 4,
    "broker emptied": 4,
    "broker restarted": 3,
    "database restarted": 3,
    "disk filled": 3,
}


def children(portal: Portal, parent: int) -> list[int]:
    found = []
    for pid in portal.family():
        try:
            stat = Path(f"/proc/{pid}/stat").read_text()
        except OSError:  # ended meanwhile
            continue
        if int(stat.rpartition(")")[2].split()[1]) == parent:
            found.append(pid)
    return sorted(found)


class Injector(threading.Thread):
    """Goes through the plan; `progress` is how much of it is done, from 0 to 1."""

    def __init__(
        self, portal: Portal, ledger: Ledger, rng: random.Random, broker: Broker, disk: SmallDisk,
        postgres: OwnPostgres | None, times: dict[str, int],
    ) -> None:  # fmt: skip
        super().__init__(daemon=True)
        self.portal, self.ledger, self.rng, self.broker, self.disk = portal, ledger, rng, broker, disk
        self.postgres, self.modes = postgres, ["immediate", "fast"]
        self.done: Counter[str] = Counter()
        self.web_back: list[float] = []
        self.progress, self.fault = 0.0, ""
        self.plan = [name for name, n in times.items() for _ in range(n) if postgres or name != "database restarted"]
        rng.shuffle(self.plan)

    def run(self) -> None:
        deeds: dict[str, Callable[[], object]] = {
            "web killed": self._web,
            "web process killed": self._web_process,
            "worker killed": lambda: self._kill("worker"),
            "worker process killed": lambda: self._kill_child("worker"),
            "beat killed": lambda: self._kill("beat"),
            "broker emptied": self.broker.empty,
            "broker restarted": self.broker.restart,
            "database restarted": self._database,
            "disk filled": self._disk,
        }
        try:
            for number, name in enumerate(self.plan, 1):
                time.sleep(self.rng.uniform(0.2, 2.5))
                deeds[name]()
                self.done[self._said(name)] += 1
                self.progress = number / len(self.plan)
        except Exception as fault:  # told at the end with everything else
            self.fault = f"{type(fault).__name__}: {fault}"
        finally:
            self.disk.free()
            self.progress = 1.0

    def _said(self, name: str) -> str:
        """A fault of the queue by the name of what holds it."""
        if not name.startswith("broker"):
            return name
        return f"{self.broker.name} {self.broker.restarting if name == 'broker restarted' else 'emptied'}"

    def missing(self) -> list[str]:
        """Kinds of fault that have not happened; on SQLite there is no database to restart."""
        kinds = [self._said(name) for name in TIMES if self.postgres or name != "database restarted"]
        return [name for name in kinds if not self.done[name]]

    def _kill(self, name: str) -> int:
        pid = self.portal.pids()[name]
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:  # the last blow is not yet mended
            wait_until(lambda: self.portal.pids()[name] != pid, 30, f"{name} has a new process")
            pid = self.portal.pids()[name]
            os.kill(pid, signal.SIGKILL)
        return pid

    def _web(self) -> None:
        begun = time.monotonic()
        pid = self._kill("web")
        try:
            wait_until(lambda: self.portal.pids()["web"] != pid and self._answers(), 60, "web answers", pause=0.05)
        finally:
            self.ledger.web_was_down(begun)
        self.web_back.append(time.monotonic() - begun)

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self.portal.url}/healthz", timeout=2).status_code == 200
        except requests.RequestException:
            return False

    def _web_process(self) -> None:
        begun = self._kill_child("web")
        time.sleep(0.5)
        self.ledger.web_was_down(begun)

    def _kill_child(self, name: str) -> float:
        """Kill one of the processes that `name` has started, as soon as there is one; return the moment before."""
        found: list[int] = []

        def there() -> bool:
            found[:] = children(self.portal, self.portal.pids()[name])
            return bool(found)

        wait_until(there, 30, f"{name} has processes")
        begun = time.monotonic()
        os.kill(self.rng.choice(found), signal.SIGKILL)
        return begun

    def _database(self) -> None:
        assert self.postgres is not None
        mode = self.modes[self.done["database restarted"] % 2]
        self.postgres.restart(mode)

    def _disk(self) -> None:
        """Full until somebody was refused: a disk that nobody needed meanwhile proves nothing."""
        refused = self.ledger.answers[507]
        self.disk.fill()
        try:
            wait_until(lambda: self.ledger.answers[507] > refused, 60, "somebody is refused for want of room")
        finally:
            self.disk.free()
