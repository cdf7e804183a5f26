"""Servers of the campaign's own, so that they can be killed without hurting anybody else's."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests.portal import QUEUES, free_port, wait_until

QUIET: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def folder_for(name: str, stack: ExitStack) -> Path:
    folder = Path(tempfile.mkdtemp(prefix=f"portal-faults-{name}-"))
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    return folder


class OwnPostgres:
    """A PostgreSQL cluster in a folder of its own, with its safeguards (fsync) on."""

    def __init__(self, stack: ExitStack) -> None:
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin")) or [Path(shutil.which("initdb") or "").parent]
        self.bin, self.port, self.folder = found[-1], free_port(), folder_for("postgres", stack)
        # PostgreSQL refuses to run as root.
        self.user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if self.user:
            shutil.chown(self.folder, "postgres")
        self._run("initdb", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8")
        self._pg_ctl("start")
        stack.callback(self._pg_ctl, "stop", "-m", "immediate")
        self.url = f"postgres://postgres@127.0.0.1:{self.port}/postgres"

    def _run(self, program: str, *options: str) -> None:
        command = [*self.user, str(self.bin / program), "-D", str(self.folder / "data"), *options]
        subprocess.run(command, check=True, cwd="/", **QUIET)

    def _pg_ctl(self, verb: str, *options: str) -> None:
        settings = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c shared_buffers=64MB"
        log = ("-l", str(self.folder / "log"), "-o", settings) if verb != "stop" else ()
        self._run("pg_ctl", verb, "-w", "-t", "60", *log, *options)

    def restart(self, mode: str) -> None:
        """Stop and start: `fast` ends every connection in order, `immediate` is a crash with recovery."""
        self._pg_ctl("restart", "-m", mode)


class Broker:
    """What the campaign does to a queue: empty it, and restart what holds it."""

    name = ""
    url = ""
    restarting = "restarted"

    def empty(self) -> None:
        raise NotImplementedError

    def restart(self) -> None:
        raise NotImplementedError


class FolderQueue(Broker):
    """The queue in the portal's folder; its restart is the loss of the whole folder."""

    name, url, restarting = "folder", "filesystem://", "removed"

    def __init__(self, var: Path) -> None:
        self.folder = var / "broker"

    def empty(self) -> None:
        for path in self.folder.rglob("*.msg"):
            path.unlink(missing_ok=True)

    def restart(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


class _Server(Broker):
    """A process that is killed and started again."""

    process: subprocess.Popen[bytes] | None = None

    def _start(self, command: Sequence[str], stack: ExitStack | None = None, **options: Any) -> None:
        self.process = subprocess.Popen(command, start_new_session=True, **QUIET, **options)
        if stack is not None:
            stack.callback(self._kill)
        wait_until(self._answers, 90, f"{self.name} answers", pause=0.2)

    def _kill(self) -> None:
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def _answers(self) -> bool:
        from kombu import Connection

        try:
            with Connection(self.url, connect_timeout=2) as connection:
                connection.ensure_connection(max_retries=1, timeout=2)
        except Exception:  # each transport has its own
            return False
        return True


class OwnRedis(_Server):
    """A Redis that keeps nothing on disk: its restart loses every message."""

    name = "redis"

    def __init__(self, stack: ExitStack) -> None:
        port = free_port()
        self.url = f"redis://127.0.0.1:{port}/0"
        self.command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self.folder = folder_for("redis", stack)
        self._start(self.command, stack, cwd=self.folder)

    def empty(self) -> None:
        import redis

        redis.Redis.from_url(self.url).flushall()

    def restart(self) -> None:
        self._kill()
        self._start(self.command, cwd=self.folder)


class OwnRabbit(_Server):
    """A RabbitMQ node with a name, a port and a folder of its own."""

    name = "rabbitmq"

    def __init__(self, stack: ExitStack, queue: str) -> None:
        port, self.queue = free_port(), queue
        self.url = f"amqp://guest:guest@127.0.0.1:{port}//"
        folder = folder_for("rabbitmq", stack)
        (folder / "plugins").write_text("[].\n")
        self.environment = {
            **os.environ,
            "HOME": str(folder),
            "RABBITMQ_NODENAME": f"faults{port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(port),
            "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_MNESIA_BASE": str(folder / "data"),
            "RABBITMQ_LOG_BASE": str(folder / "log"),
            "RABBITMQ_CONFIG_FILE": str(folder / "none"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        }
        self.command = [self.program()]
        self._start(self.command, stack, cwd=folder, env=self.environment)

    @staticmethod
    def program() -> str:
        """The script itself: the one on the path changes the user and the folder."""
        found = sorted(Path("/usr/lib/rabbitmq/lib").glob("*/sbin/rabbitmq-server"))
        return str(found[-1]) if found else shutil.which("rabbitmq-server") or ""

    def empty(self) -> None:
        from kombu import Connection

        with Connection(self.url) as connection:
            channel = connection.channel()
            for name in QUEUES:
                channel.queue_purge(f"{self.queue}.{name}")
            channel.close()

    def restart(self) -> None:
        self._kill()
        self._start(self.command, cwd=self.environment["HOME"], env=self.environment)


class SmallDisk:
    """The folder of the files people send, on a file system of a few megabytes that can be filled to the last byte."""

    def __init__(self, folder: Path, stack: ExitStack, *, megabytes: int = 32) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder, self.filler = folder, folder / "filler"
        mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0700", "tmpfs", str(folder)]
        answer = subprocess.run(mount, capture_output=True, text=True, check=False)
        if answer.returncode:
            raise SystemExit(
                f"the folder of files cannot be put on a small disk of its own ({answer.stderr.strip()}); "
                "run it as one who may mount (root)"
            )
        stack.callback(subprocess.run, ["umount", "--lazy", str(folder)], check=False)

    def fill(self) -> None:
        with self.filler.open("wb", buffering=0) as file:
            for size in (1 << 16, 1 << 9, 1):
                try:
                    while True:
                        file.write(b"\0" * size)
                except OSError:
                    continue

    def free(self) -> None:
        self.filler.unlink(missing_ok=True)
