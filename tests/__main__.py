"""`python -m tests [pytest arguments]`: the whole suite on SQLite and, where there is one, on PostgreSQL.

What all parts start from is built first (`tests.built`), for both databases in the same time. Whole portals and
browsers are tried on both databases at once, as they wait as much as they compute. What needs no portal of its own
fills the time that they leave, one database after the other, two tests at a time; what asks no database is tried once,
and tests of what is read and said, and cases of one test, take turns.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.built import FOLDER, Built, place
from tests.components import LIVE_FOLDERS, POSTGRES_URL, STORED_ONLY, TURN, postgres_fault, required

IN_PROCESS = ("-n", "2", "-m", "not worker and not chromium")
LIVE = ("-m", "worker or chromium")
NO_TESTS = 5
STAND_BACK = 15  # how nice the tests that only compute are to those that time out


def command(
    database_url: str, part: tuple[str, ...], arguments: list[str], *, alone: bool
) -> tuple[list[str], dict[str, str]]:
    """Return the command and the environment of one part on one database; SQLite is the first one (`STORED_ONLY`)."""
    environment = {**os.environ, "DATABASE_URL": database_url}
    if database_url:
        environment[STORED_ONLY] = "1"
    if not alone:
        environment[TURN] = str(int(bool(database_url)))
    if part == LIVE and not any(Path(one.partition("::")[0]).exists() for one in arguments):
        arguments = [*LIVE_FOLDERS, *arguments]
    return [sys.executable, "-m", "pytest", "-q", *part, *arguments], environment


def run(database_url: str, part: tuple[str, ...], arguments: list[str], *, alone: bool) -> int:
    line, environment = command(database_url, part, arguments, alone=alone)
    process = subprocess.Popen(line, env=environment)
    os.setpriority(os.PRIO_PROCESS, process.pid, STAND_BACK)
    return process.wait()


@dataclass
class Live:
    """The part with whole portals on one database, at work beside the others; its output is kept until the end."""

    name: str
    output: Path
    process: subprocess.Popen[bytes]

    def finish(self) -> int:
        code = self.process.wait()
        announce(f"Whole portals and browsers on {self.name}")
        sys.stdout.write(self.output.read_text(encoding="utf-8", errors="replace"))
        sys.stdout.flush()
        return code


@contextmanager
def live_parts(databases: dict[str, str], arguments: list[str]) -> Iterator[list[Live]]:
    """Start the live part on every database at once."""
    running: list[Live] = []
    with tempfile.TemporaryDirectory(prefix="portal-tests-") as folder:
        try:
            for name, url in databases.items():
                line, environment = command(url, LIVE, arguments, alone=len(databases) == 1)
                output = Path(folder) / name
                with output.open("wb") as stream:
                    process = subprocess.Popen(line, env=environment, stdout=stream, stderr=subprocess.STDOUT)
                running.append(Live(name, output, process))
            yield running
        finally:
            for one in running:
                one.process.terminate()  # only when interrupted: otherwise it has ended
                one.process.wait()


@contextmanager
def built_for_all(databases: dict[str, str]) -> Iterator[None]:
    """Build what every part starts from, and tell the parts where it is."""
    with tempfile.TemporaryDirectory(prefix="portal-built-") as folder, ThreadPoolExecutor() as pool:
        shelves = [Built(bool(url), place(Path(folder), bool(url))) for url in databases.values()]
        try:
            for _ready in pool.map(lambda shelf: shelf.database("demo"), shelves):
                pass
            for shelf in shelves:
                shelf.write()
            os.environ[FOLDER] = folder
            yield
        finally:
            for shelf in shelves:
                shelf.drop()


def announce(title: str) -> None:
    print(f"\n=== {title} ===", flush=True)


def verdict(codes: list[int]) -> int:
    """Return the worst of the parts' codes; a part may be empty when the arguments choose tests of others only."""
    return NO_TESTS if set(codes) == {NO_TESTS} else max(code for code in codes if code != NO_TESTS)


def main() -> int:
    arguments = sys.argv[1:]
    fault = postgres_fault()
    databases = {"SQLite": ""} | ({"PostgreSQL": POSTGRES_URL} if fault is None else {})
    codes = []
    with built_for_all(databases), live_parts(databases, arguments) as live:
        for name, url in databases.items():
            announce(f"The suite on {name}")
            codes.append(run(url, IN_PROCESS, arguments, alone=len(databases) == 1))
        codes += [part.finish() for part in live]
    if fault and required():
        print(f"\nPORTAL_TEST_REQUIRE=all, but {fault}", file=sys.stderr)
        codes.append(3)
    return verdict(codes)


if __name__ == "__main__":
    sys.exit(main())
