"""pytest plugin: finds the servers and the browser that some tests need, and says loudly what was left out and why.

With PORTAL_TEST_REQUIRE=all a missing component stops the run, and any skipped test fails it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

POSTGRES_URL = os.environ.get("TEST_DATABASE_URL") or "postgres://postgres@127.0.0.1:5432/postgres"
REDIS_URL = os.environ.get("TEST_REDIS_URL") or "redis://127.0.0.1:6379/15"
RABBITMQ_URL = os.environ.get("TEST_RABBITMQ_URL") or "amqp://guest:guest@127.0.0.1:5672//"
HERE = Path(__file__).parent
SWEEPS = HERE / "meta"
LOADER = HERE / "programmes" / "services" / "test_demo.py"
OF_A_DATABASE = {"test_masking.py"}  # what a server says of a fault differs, and must not tell what it found
OF_PAGES_ALONE = {"test_no_address_shows_a_number_to_any_role"}  # among these
STORED_ONLY = "PORTAL_TEST_STORED_ONLY"  # the environment's word that pure rules were tried in another run
TURN = "PORTAL_TEST_TURN"  # the environment's word that another run does every other of what takes turns
SAYING = {"api", "measures", "presenters", "reports", "selectors", "test_api_conformance.py", "views"}
# Where tests of whole portals stand; `tests/meta/test_suite.py` looks for others.
LIVE_FOLDERS = ("tests/backup", "tests/browser", "tests/faults", "tests/flows")
# Chromium without a window of its own comes first: the same engine draws the page at half the processor's time.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def postgres_fault() -> str | None:
    import psycopg2

    try:
        psycopg2.connect(POSTGRES_URL, connect_timeout=3).close()
    except psycopg2.Error as fault:
        return f"no PostgreSQL: {str(fault).strip().splitlines()[0]}"
    return None


def _broker_fault(name: str, url: str) -> str | None:
    from kombu import Connection

    try:
        with Connection(url, connect_timeout=3) as connection:
            connection.ensure_connection(max_retries=1, timeout=3)
    except Exception as fault:  # each transport has its own
        return f"no {name}: {fault}"
    return None


def browser_path() -> str | None:
    return next((path for path in map(shutil.which, BROWSERS) if path), None)


FAULTS: dict[str, Callable[[], str | None]] = {
    "postgres": cache(postgres_fault),
    "redis": cache(lambda: _broker_fault("Redis", REDIS_URL)),
    "rabbitmq": cache(lambda: _broker_fault("RabbitMQ", RABBITMQ_URL)),
    "chromium": cache(lambda: None if browser_path() else f"no Chromium ({', '.join(BROWSERS)}) on the path"),
    "libreoffice": cache(
        lambda: (
            ", ".join(f"no {name} on the path" for name in ("soffice", "pdftoppm") if not shutil.which(name)) or None
        )
    ),
}


def required() -> bool:
    return os.environ.get("PORTAL_TEST_REQUIRE") == "all"


def database_is_postgres() -> bool:
    from django.conf import settings

    return settings.DATABASES["default"]["ENGINE"].endswith("postgresql")


def asks_a_database(item: pytest.Item) -> bool:
    """Whether the database in use can make a difference to a test; see docs/decisions/0032 on sweeps."""
    if item.path == LOADER or item.name in OF_PAGES_ALONE or item.get_closest_marker("libreoffice"):
        return False
    if item.path.parent == SWEEPS and item.path.name not in OF_A_DATABASE:
        return False
    fixtures = {"db", "transactional_db", "demo_database", "live_portal", "own_portal"}
    marks = ("django_db", "postgres", "worker")
    return any(map(item.get_closest_marker, marks)) or not fixtures.isdisjoint(getattr(item, "fixturenames", ()))


def _shared_out_by(item: pytest.Item) -> object:
    """Return what a test takes turns with: its file where it asks what is read and said, else other cases of its own.

    Nothing for a test of one case, of what the database itself refuses, of a whole portal, or of what is tried on one
    database anyway.
    """
    if any(map(item.get_closest_marker, ("postgres", "worker", "chromium"))) or not asks_a_database(item):
        return None
    if not SAYING.isdisjoint(item.path.relative_to(HERE).parts):
        return item.path
    if item.path.stem.endswith("constraints") or not hasattr(item, "callspec"):
        return None
    return item.path, getattr(item, "originalname", item.name)


def of_another_turn(items: list[pytest.Item], turn: int) -> set[pytest.Item]:
    """Return every other test of what takes turns, so that both databases have some of each."""
    seen: dict[object, int] = {}
    left_out = set()
    for item in items:
        if (shared := _shared_out_by(item)) is None:
            continue
        position = seen[shared] = seen.get(shared, -1) + 1
        if position % 2 != turn:
            left_out.add(item)
    return left_out


# What these load or copy once serves many tests: one of the processes does all of each.
TOGETHER = (
    "tests/flows/town/",
    "tests/flows/test_api_conformance.py",
    "tests/programmes/services/test_demo.py",
    "tests/programmes/services/test_country.py",
    "tests/meta/test_content_policy.py",
    "tests/meta/test_source_rules.py",
)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Spread tests over the processes one by one, but for those that belong together, which come first."""
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            return next((place for place in TOGETHER if nodeid.startswith(place)), nodeid)

    return Scheduling(config, log)


def _on_controller(config: pytest.Config) -> bool:
    return not hasattr(config, "workerinput")


def pytest_sessionstart(session: pytest.Session) -> None:
    if required() and _on_controller(session.config):
        missing = [fault for find in FAULTS.values() if (fault := find())]
        if missing:
            pytest.exit("PORTAL_TEST_REQUIRE=all, but " + "; ".join(missing), returncode=3)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what cannot run.

    Tests marked `postgres` belong to the run on PostgreSQL; in the run on SQLite they are deselected, not skipped.
    So are those that ask no database, and every other one of those that take turns, in a run that was told to leave
    them to another one.
    """
    left_out = set() if database_is_postgres() else {item for item in items if item.get_closest_marker("postgres")}
    if FAULTS["postgres"]():
        left_out = set()
    if os.environ.get(STORED_ONLY):
        left_out |= {item for item in items if not asks_a_database(item)}
    if turn := os.environ.get(TURN):
        left_out |= of_another_turn(items, int(turn))
    if left_out:
        config.hook.pytest_deselected(items=list(left_out))
        items[:] = [item for item in items if item not in left_out]
    for item in items:
        for name, find in FAULTS.items():
            if item.get_closest_marker(name) and (fault := find()):
                item.add_marker(pytest.mark.skip(reason=fault))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    reasons: dict[str, int] = {}
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        reasons[reason] = reasons.get(reason, 0) + 1
    absent = FAULTS["postgres"]() if not database_is_postgres() else None
    if reasons or absent:
        terminalreporter.section("NOT TESTED", sep="!", red=True, bold=True)
        for reason, count in sorted(reasons.items()):
            terminalreporter.line(f"{count} tests skipped: {reason.removeprefix('Skipped: ')}")
        if absent:
            terminalreporter.line(f"nothing of this ran on PostgreSQL: {absent}")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    if not (required() and _on_controller(session.config)):
        return
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if exitstatus == 0 and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
