"""A whole portal for tests: `manage.py supervise` with real web server, worker and beat, in a folder of its own."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import requests

from tests.components import POSTGRES_URL

BASE_DIR = Path(__file__).resolve().parent.parent
PASSWORD = "Cong-dieu-hanh-2023!"
READY_SECONDS = 60
QUEUES = ("evaluate", "maintenance", "mail")
WORKER_PROCESSES = 4  # the worker and the three of its pool


def wait_until(
    condition: Callable[[], object], seconds: float, what: str | Callable[[], str], pause: float = 0.1
) -> float:
    """Wait for a condition and say how long it took; fail with `what` when it does not come about in time.

    What is costly to say, or is to be read at the end of the waiting (logs), is a function.
    """
    started = time.monotonic()
    while time.monotonic() - started < seconds:
        if condition():
            return time.monotonic() - started
        time.sleep(pause)
    raise AssertionError(f"not within {seconds} s: {what if isinstance(what, str) else what()}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Database:
    """A database of the tests' own: a SQLite file, or a PostgreSQL database that is made and dropped."""

    url: str
    folder: Path | None = None

    @classmethod
    def create(cls, *, postgres: bool, folder: Path, template: Database | None = None) -> Database:
        if not postgres:
            path = folder / "portal.sqlite3"
            if template:
                shutil.copyfile(template.url.removeprefix("sqlite:///"), path)
            return cls(f"sqlite:///{path}", folder)
        name = f"portal_live_{uuid4().hex[:12]}"
        source = f' TEMPLATE "{template.name}"' if template else ""
        _on_server(f'CREATE DATABASE "{name}"{source}')
        return cls(urlunsplit(urlsplit(POSTGRES_URL)._replace(path=f"/{name}")), folder)

    @property
    def name(self) -> str:
        return urlsplit(self.url).path.lstrip("/")

    def analyse(self) -> None:
        """Have PostgreSQL count what lies in its tables, as it otherwise does a minute later; copies know it, too."""
        if self.url.startswith("postgres"):
            _on_server("ANALYZE", self.url)

    def drop(self) -> None:
        if self.url.startswith("postgres"):
            _on_server(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')


def _on_server(statement: str, url: str = POSTGRES_URL) -> None:
    import psycopg2

    connection = psycopg2.connect(url)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
    finally:
        connection.close()


@dataclass
class Portal:
    """One portal: its address, its folder, its processes."""

    var: Path
    database: Database
    broker_url: str = "filesystem://"
    port: int = field(default_factory=free_port)
    queue: str = field(default_factory=lambda: f"portal-test-{uuid4().hex[:8]}")
    settings: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    desk: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in {"DEBUG", "DJANGO_SETTINGS_MODULE"}}
        return {
            **kept,
            "DJANGO_SETTINGS_MODULE": "mongcai_portal.settings",
            "PORTAL_VAR_DIR": str(self.var),
            "PORTAL_BUILD_DIR": str(BASE_DIR / "var"),
            "PORTAL_STATIC_MANIFEST": "0",
            "PORTAL_DEMO_PASSWORD": PASSWORD,
            "PORTAL_QUEUE": self.queue,
            "DATABASE_URL": self.database.url,
            "CELERY_BROKER_URL": self.broker_url,
            "PORT": str(self.port),
            **self.settings,
        }

    def manage(self, *arguments: str) -> str:
        """Run a management command on this portal's data and return what it printed."""
        return self.run("manage.py", *arguments)

    def run(self, *arguments: str) -> str:
        """Run Python (`-m tests.…`, a script) on this portal's data and return what it printed."""
        answer = subprocess.run(
            [sys.executable, *arguments],
            cwd=BASE_DIR,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert answer.returncode == 0, f"{' '.join(arguments)}:\n{answer.stdout}\n{answer.stderr}"
        return answer.stdout

    def tell(self, *arguments: str) -> str:
        """Like `manage`, by one process that stays as long as the portal and has Django started (`tests.desk`)."""
        if self.desk is None:
            command = [sys.executable, "-m", "tests.desk"]
            self.desk = subprocess.Popen(
                command, cwd=BASE_DIR, env=self.environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
        assert self.desk.stdin is not None and self.desk.stdout is not None
        print(json.dumps(arguments), file=self.desk.stdin, flush=True)
        answer = json.loads(self.desk.stdout.readline())
        assert answer["fault"] is None, f"{' '.join(arguments)}:\n{answer['told']}\n{answer['fault']}"
        return str(answer["told"])

    def start(self) -> None:
        with (self.var / "supervise.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "supervise"],
                cwd=BASE_DIR,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_until(self.ready, READY_SECONDS, lambda: f"the portal is ready\n{self.logs()}")

    def stop(self) -> None:
        """Ask the portal to end, and see that nothing of it is left."""
        if self.desk:
            self.desk.communicate()
            self.desk = None
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                raise
            wait_until(lambda: not self.family(), 5, lambda: f"no process is left, but {self.family()}")
        if self.broker_url != "filesystem://":
            self._remove_queues()

    def ready(self) -> bool:
        if self.process and self.process.poll() is not None:
            raise AssertionError(f"the supervisor ended\n{self.logs()}")
        try:
            return requests.get(f"{self.url}/readyz", timeout=5).status_code == 200
        except requests.RequestException:
            return False

    def logs(self) -> str:
        files = [self.var / "supervise.log", *sorted((self.var / "log").glob("*.log"))]
        return "\n".join(f"--- {path.name}\n{path.read_text()[-3000:]}" for path in files if path.exists())

    def pids(self) -> dict[str, int]:
        """Web, worker and beat by name, from the supervisor's log; `announce` is left out, it ends by itself."""
        text = (self.var / "log" / "supervisord.log").read_text()
        return {name: int(pid) for name, pid in re.findall(r"spawned: '(web|worker|beat)' with pid (\d+)", text)}

    def family(self) -> set[int]:
        """Every process alive that belongs to this portal: it has the portal's folder in its environment."""
        mark = f"PORTAL_VAR_DIR={self.var}".encode()
        found = set()
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and int(entry.name) != os.getpid():
                try:
                    if mark in (entry / "environ").read_bytes().split(b"\0"):
                        found.add(int(entry.name))
                except OSError:
                    continue
        return found

    def session(self, username: str) -> requests.Session:
        """A signed-in HTTP session of a demonstration user."""
        session = requests.Session()
        session.get(f"{self.url}/login/", timeout=10).raise_for_status()
        token = session.cookies["csrftoken"]
        answer = session.post(
            f"{self.url}/login/",
            data={"username": username, "password": PASSWORD, "csrfmiddlewaretoken": token},
            headers={"Referer": f"{self.url}/login/"},
            timeout=10,
        )
        assert answer.ok and "/login/" not in answer.url, f"{username} could not sign in: {answer.status_code}"
        return session

    def _remove_queues(self) -> None:
        from kombu import Connection

        with Connection(self.broker_url) as connection:
            channel = connection.channel()
            for name in QUEUES:
                channel.queue_purge(f"{self.queue}.{name}")
                channel.queue_delete(f"{self.queue}.{name}")
                channel.exchange_delete(f"{self.queue}.{name}")
            channel.close()


@contextmanager
def running_portal(
    *,
    postgres: bool,
    broker_url: str = "filesystem://",
    template: Database | None = None,
    settings: dict[str, str] | None = None,
) -> Iterator[Portal]:
    """A portal that runs for the length of the block; with a template its data are a copy, else they are loaded."""
    var = Path(tempfile.mkdtemp(prefix="portal-live-"))
    database = Database.create(postgres=postgres, folder=var, template=template)
    portal = Portal(var, database, broker_url, settings=settings or {})
    try:
        if template is None:
            portal.manage("prepare")
        elif template.folder and (template.folder / "files").exists():
            # What the rows of the copy point to, and what they are encrypted with.
            shutil.copytree(template.folder / "files", var / "files")
            shutil.copy(template.folder / "data_keys", var)
        portal.start()
        yield portal
    finally:
        try:
            portal.stop()
        finally:
            portal.database.drop()
            shutil.rmtree(var, ignore_errors=True)
