"""A running portal as tests handle it: reports made ready, people at their windows, its database, its worker."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import requests

from tests.factories.people import Coordinator, Officer, Verifier
from tests.factories.windows import HttpWindow
from tests.portal import WORKER_PROCESSES, Portal, wait_until

# A lost message costs at most one turn of the sweep; a killed worker its lease and its new start as well.
SWEPT_SECONDS = 12
RECOVERED_SECONDS = 25


class LiveTown:
    """A running portal, with reports made ready through the services, and ways to hurt it."""

    def __init__(self, portal: Portal) -> None:
        self.portal = portal

    def stage(self, status: str, *units: str, period: str = "2024", short: tuple[str, ...] = ()) -> dict[str, int]:
        """Bring reports up to a status; those of `units` attain the standard, those of `short` do not."""
        options = [f"--unit={uid}" for uid in units] + [f"--short={uid}" for uid in short]
        told = self.portal.tell("stage", status, f"--period={period}", *options)
        return dict(json.loads(told))

    def window(self, username: str) -> HttpWindow:
        return HttpWindow(self.portal.url, self.portal.session(username))

    def token(self, role: str, *scopes: str) -> str:
        """Connect another system and return its bearer token."""
        options = [f"--scope={scope}" for scope in ("read", *scopes)]
        made = json.loads(self.portal.tell("create_api_client", f"{role} {scopes}", "--role", role, *options))
        answer = requests.post(
            f"{self.portal.url}/oauth/token/",
            data={"grant_type": "client_credentials", "scope": " ".join(("read", *scopes))},
            auth=(made["client_id"], made["client_secret"]),
            timeout=10,
        )
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])

    def coordinator(self, report_id: int) -> Coordinator:
        return Coordinator(self.window("coordinator"), report_id)

    def officer(self, unit: str, report_id: int) -> Officer:
        return Officer(self.window(f"officer.{unit.replace('-', '')}"), report_id)

    def verifier(self, username: str, report_id: int) -> Verifier:
        return Verifier(self.window(username), report_id)

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """Run one statement on the portal's database, from outside."""
        if self.portal.database.url.startswith("sqlite"):
            path = self.portal.database.url.removeprefix("sqlite:///")
            with closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as connection:
                return connection.execute(statement).fetchall()
        import psycopg2

        with closing(psycopg2.connect(self.portal.database.url)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall() if cursor.description else []

    def attained(self, report_id: int) -> str | None:
        """Return the stored standing of a report's commune at the standard, when it rests on this very report."""
        found = self.rows(
            "SELECT a.outcome FROM indicators_attainment a JOIN indicators_report r"
            " ON r.unit_id = a.unit_id AND r.period_id = a.period_id"
            " JOIN indicators_criteriaset s ON s.id = a.criteria_set_id"
            " JOIN indicators_level l ON l.id = s.level_id AND l.code = 'standard'"
            " JOIN indicators_reportrevision v ON v.report_id = r.id AND v.number = r.approved_revision"
            f" WHERE r.id = {report_id} AND a.data_up_to = v.approved_at"
        )
        return found[0][0] if found else None

    def evaluations_under_way(self) -> int:
        [(count,)] = self.rows(
            "SELECT count(*) FROM indicators_evaluationrequest WHERE done_at IS NULL AND taken_at IS NOT NULL"
        )
        return int(count)

    def events(self, kind: str, report_id: int) -> int:
        [(count,)] = self.rows(
            f"SELECT count(*) FROM audit_auditevent WHERE kind = '{kind}' AND object_id = '{report_id}'"
        )
        return int(count)

    def worker_family(self) -> set[int]:
        """The worker and the processes of its pool."""
        worker = self.portal.pids()["worker"]
        return {pid for pid in self.portal.family() if pid == worker or _parent(pid) == worker}

    def signal_worker(self, number: signal.Signals) -> None:
        for pid in self.worker_family():
            os.kill(pid, number)

    @contextmanager
    def worker_stopped(self) -> Iterator[None]:
        """Stop the worker between two tasks, so that nobody waits for a lock of one who stands still."""
        wait_until(lambda: len(self.worker_family()) == WORKER_PROCESSES, 15, "the worker and its pool stand")
        try:
            wait_until(self._stops_without_a_lock, 15, "the worker stops between two tasks")
            yield
        finally:
            self.signal_worker(signal.SIGCONT)

    def _stops_without_a_lock(self) -> bool:
        self.signal_worker(signal.SIGSTOP)
        if self._nobody_writes():
            return True
        self.signal_worker(signal.SIGCONT)
        return False

    def _nobody_writes(self) -> bool:
        if self.portal.database.url.startswith("sqlite"):
            path = self.portal.database.url.removeprefix("sqlite:///")
            try:
                with closing(sqlite3.connect(path, timeout=2, isolation_level=None)) as connection:
                    connection.execute("BEGIN IMMEDIATE")
                return True
            except sqlite3.OperationalError:  # locked
                return False
        return self.rows(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid != pg_backend_pid() AND state != 'idle'"
        ) == [(0,)]

    def wait_for_outcome(self, report_id: int, outcome: str, seconds: float) -> float:
        return wait_until(
            lambda: self.attained(report_id) == outcome,
            seconds,
            lambda: f"report {report_id}: {outcome}\n{self.portal.logs()}",
        )

    def nothing_differs(self) -> None:
        """The portal's own recomputation of everything agrees with what is stored."""
        wait_until(
            lambda: self.rows("SELECT count(*) FROM indicators_evaluationrequest WHERE done_at IS NULL") == [(0,)],
            SWEPT_SECONDS,
            "no request is left open",
        )
        self.portal.tell("recheck")  # ends with a fault when anything differs


def _parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:  # ended meanwhile
        return 0
